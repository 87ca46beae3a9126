#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# timeout: 240
# VMs come and go, are killed at any point and driven oddly: nothing is left.
# shellcheck disable=SC1091,SC2154
. /usr/lib/kvm-hv/tests/lib.inc

tests=/usr/lib/kvm-hv/tests

free_kb() {
	sync
	echo 3 >/proc/sys/vm/drop_caches
	sed -n 's/^MemFree:[^0-9]*\([0-9]*\) kB/\1/p' /proc/meminfo
}

# Lets delayed frees happen: RCU callbacks, work queues.
settle() {
	sleep 2
}

hvrun "$payloads/hello.bin" >/dev/null
settle
before=$(free_kb)

# More VMs than POWER8 has partition numbers to spare, one after the other.
failed=0
for _ in $(seq 320); do
	hvrun -m 2M -o 18 "$payloads/hello.bin" >/dev/null || failed=$((failed + 1))
done
check "320 VMs one after the other ($failed failed)" test $failed = 0

# kill -9 anywhere between start and page faults and hypercalls of two vCPUs
i=0
while [ $i -lt 40 ]; do
	i=$((i + 1))
	hvrun -c 2 -r r6=20 "$payloads/demo.bin" >/dev/null 2>&1 &
	pid=$!
	awk -v i=$i 'BEGIN { srand(i); system("sleep " rand() * 0.25) }'
	kill -9 $pid
	wait $pid 2>/dev/null
done
ok 0 "forty VMMs killed at random points"

"$tests/oddvmm" "$(stock && echo stock)" >odd.out 2>&1
take_tap "odd VMM" odd.out $?

# Two VMs of two vCPUs at the same time, one killed, the other must not notice.
hvrun -c 2 -r r6=2 "$payloads/demo.bin" >one.out 2>&1 &
one=$!
hvrun -c 2 -r r6=20 "$payloads/demo.bin" >two.out 2>&1 &
two=$!
sleep 1
kill -9 $two
wait $two 2>/dev/null
wait $one
ok $? "a VM next to one that is killed ends well"

settle
after=$(free_kb)
check "no memory lost: $((before - after)) kB" test $((before - after)) -lt 16000
check "no hvrun left" none_left hvrun
payload smp -c 2 -r r6=20
done_testing
