#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Every kind of load and store to a device of the VMM's.
# shellcheck disable=SC1091,SC2154
. /usr/lib/kvm-hv/tests/lib.inc

payload mmio
done_testing
