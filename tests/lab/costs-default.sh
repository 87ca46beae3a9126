#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# host: --icount
# timeout: 600
# What an exit costs with the kernel's default mitigations, in instructions.
# shellcheck disable=SC1091
. /usr/lib/kvm-hv/tests/lib.inc
. /usr/lib/kvm-hv/tests/costs.inc

costs auto
