#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# timeout: 600
# VMs come and go, are killed at any point and driven oddly: nothing is left.
# shellcheck disable=SC1091,SC2154
. /usr/lib/kvm-hv/tests/lib.inc
. /usr/lib/kvm-hv/tests/hostile.inc

# 160 VMs one after the other, 15 VMMs killed, two VMs of which one is killed
one_round() {
	failed=0
	for _ in $(seq 160); do
		hvrun -m 2M -o 18 "$payloads/hello.bin" >/dev/null || failed=$((failed + 1))
	done
	check "160 VMs one after the other ($failed failed)" test $failed = 0

	# anywhere between start and the page faults and hypercalls of two vCPUs
	for i in $(seq 15); do
		hvrun -c 2 -r r6=20 "$payloads/demo.bin" >/dev/null 2>&1 &
		pid=$!
		awk -v i="$i" 'BEGIN { srand(i); system("sleep " rand() * 0.25) }'
		kill -9 $pid
		wait $pid 2>/dev/null
	done

	"$tests/oddvmm" "$(stock && echo stock)" >odd.out 2>&1
	take_tap "odd VMM" odd.out $?

	hvrun -c 2 -r r6=2 "$payloads/demo.bin" >one.out 2>&1 &
	one=$!
	hvrun -c 2 -r r6=20 "$payloads/demo.bin" >two.out 2>&1 &
	two=$!
	sleep 1
	kill -9 $two
	wait $two 2>/dev/null
	wait $one
	ok $? "a VM next to one that is killed ends well"
}

# The first round fills the kernel's per-CPU lists and caches, the second must
# not need more. Together they make
# more than 600 VMs, 100 of them at the same time, each with an LPID of its own.
one_round
sleep 2
before=$(free_kb)
one_round
for _ in $(seq 30); do	# what is freed later: RCU callbacks, work queues
	sleep 2
	lost=$((before - $(free_kb)))
	[ "$lost" -ge 8000 ] || break
done
check "the second round lost no memory ($lost kB)" test "$lost" -lt 8000
check "no hvrun is left" none_left hvrun
payload smp -c 2 -r r6=20
done_testing
