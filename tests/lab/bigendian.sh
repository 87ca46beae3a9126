#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# timeout: 240
# Big-endian guests: interrupts taken big endian (LPCR[ILE]=0), registers kept, ONE_REG,
# page faults, the loads and stores that leave as MMIO, and one next to a little-endian guest.
# shellcheck disable=SC1091,SC2154
. /usr/lib/kvm-hv/tests/lib.inc

be=0x8000000000001000	# MSR: SF, ME, not LE

# be_payload NAME [HVRUN-OPTION...]: as payload, big endian
be_payload() {
	name=$1
	shift
	hvrun --time-limit 100 -r msr=$be "$@" "$payloads/$name-be.bin" >"$name.out" 2>&1
	take_tap "$name, big endian" "$name.out" $?
}

hvrun -r msr=$be -r r6=7 "$payloads/hello-be.bin" >out
[ $? = 7 ] && grep -q "POWER$HV_MACHINE" out
ok $? "a big-endian guest says hello and what it was asked to"

flag=0
stock && flag=1
flush=0x$(awk '$3 == "hrfi_flush_fallback" { print $1 }' /proc/kallsyms)
hvrun -T 100 -r r6=2 -r r7=6 -r r8=$flag -r "r9=$flush" "$payloads/state.bin" >other.out 2>&1 &
other=$!
be_payload state -r r6=1 -r r7=6 -r r8=$flag -r "r9=$flush"
wait $other
take_tap "a little-endian guest beside it" other.out $?

be_payload onereg -r r6=$flag
be_payload paging
be_payload vpa -r r6=$flag
be_payload hcalls -r r6=$flag
be_payload smp -c 2 -r r6=10
for kind in 1 2 3; do be_payload exits -r r6=$kind -r r7=50; done

be_payload mmio
be_payload irq -c 2 -r r6=0 -r r7=300
be_payload slots -c 2
mmio_exit "$payloads/exits-be.bin" -r msr=$be
done_testing
