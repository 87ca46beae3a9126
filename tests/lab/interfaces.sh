#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# docs/interfaces.md tells the truth: capabilities, and what is refused, with one line.
# shellcheck disable=SC1091,SC2154
. /usr/lib/kvm-hv/tests/lib.inc

/usr/lib/kvm-hv/tests/caps "$HV_MACHINE" >caps.out 2>&1
take_tap capabilities caps.out $?
done_testing
