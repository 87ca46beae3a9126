#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# timeout: 240
# Floating-point and vector registers: the guest's, the VMM's, and those of others who have the processor meanwhile.
# shellcheck disable=SC1091,SC2154
. /usr/lib/kvm-hv/tests/lib.inc

if stock; then
	skip_all "a VMM that the scheduler interrupted in KVM_RUN gets the guest's registers from Linux 6.12"
fi
/usr/lib/kvm-hv/tests/oddmath >odd.out 2>&1
take_tap "registers" odd.out $?
done_testing
