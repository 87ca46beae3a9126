#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# timeout: 600
# What an idle guest costs, halt polling, and more vCPUs than CPUs.
# shellcheck disable=SC1091,SC2154
. /usr/lib/kvm-hv/tests/lib.inc

# Two idle vCPUs that wake once a second: under 1 % of a CPU
payload idle -c 2 -r r6=1 -r r7=20
hvrun -T 500 -c 2 -r r6=1 -r r7=500 "$payloads/idle.bin" >idle.out 2>&1 &
pid=$!
wait_for 60 guest_runs $pid
sleep 1
least=$(least_cpu_time $pid 4)
kill $pid
wait $pid 2>/dev/null
check "4 s of an idle guest cost $least us of the host's CPU, under 1 %" test "$least" -gt 0 -a "$least" -lt 40000

# statistic NAME: of the one VM there is
statistic() {
	cat /sys/kernel/debug/kvm/*-*/"$1"
}

# polls NS: how often the VM's vCPUs poll before they sleep
polls() {
	echo "$1" >/sys/module/kvm/parameters/halt_poll_ns
	hvrun -T 200 -c 2 -r r6=0 -r r7=800 "$payloads/irq.bin" >polls.out 2>&1 &
	pid=$!
	polled=0
	while kill -0 $pid 2>/dev/null; do
		n=$(statistic halt_attempted_poll 2>/dev/null)
		waited=$(statistic halt_wait_ns 2>/dev/null)
		[ -z "$n" ] || polled=$n
		[ -z "$waited" ] || slept=$waited
		sleep 0.1
	done
	wait $pid
	take_tap "halt_poll_ns=$1" polls.out $?
}

if stock; then
	skip "halt polling" "the kernel's own backend polls on POWER8 only"
else
	mountpoint -q /sys/kernel/debug || mount -t debugfs none /sys/kernel/debug
	default=$(cat /sys/module/kvm/parameters/halt_poll_ns)
	slept=0
	polls 0
	check "halt_poll_ns=0: $polled polls, $slept ns slept" test "$polled" = 0 -a "$slept" -gt 0
	polls 20000000
	check "halt_poll_ns=20 ms: $polled polls" test "$polled" -gt 100
	echo "$default" >/sys/module/kvm/parameters/halt_poll_ns
fi

payload fair -c 3 -r r6=40
done_testing
