#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Every kind of load and store to a device of the VMM's, and its event.
# shellcheck disable=SC1091,SC2154
. /usr/lib/kvm-hv/tests/lib.inc

payload mmio
if ! stock; then
	# switched on alone: it needs no other event to be heard
	perf stat -a -x, -o mmio.csv -e kvm_hv:kvm_mmio -- hvrun "$payloads/mmio.bin" >mmio.out 2>&1
	n=$(sed -n 's/^\([0-9]*\),.*kvm_mmio.*/\1/p' mmio.csv)
	check "accesses to devices have an event (${n:-none})" test "${n:-0}" -gt 10
fi
done_testing
