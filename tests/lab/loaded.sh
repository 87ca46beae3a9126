#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# timeout: 120
# What a VMM loads into a vCPU's interrupt controller (migration, loadvm) is what the guest finds.
# shellcheck disable=SC1091,SC2154
. /usr/lib/kvm-hv/tests/lib.inc

if stock && [ "$HV_MACHINE" = 10 ]; then
	skip_all "Linux 6.12 loads nothing into a POWER10's interrupt controller"
fi
/usr/lib/kvm-hv/tests/oddxive "${HV_BACKEND:-hv}" >odd.out 2>&1
take_tap "loaded" odd.out $?
done_testing
