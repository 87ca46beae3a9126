#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# host: --cpus 2
# timeout: 300
# Two host CPUs: vCPUs run at the same time, move, and are kicked by doorbells.
# shellcheck disable=SC1091,SC2154
. /usr/lib/kvm-hv/tests/lib.inc

[ "$(nproc)" -ge 2 ] || skip_all "needs two host CPUs"

payload smp -c 2 -r r6=100
payload smp -c 6 -r r6=50
if ! stock || [ "$HV_MACHINE" != 10 ]; then	# see irq.sh
	payload irq -c 2 --xics -r r6=1 -r r7=200
fi
payload irq -c 2 -r r6=0 -r r7=200
# as in state.sh
state_options="-r r8=$(stock && echo 1 || echo 0) -r r9=0x$(awk '$3 == "hrfi_flush_fallback" { print $1 }' /proc/kallsyms)"
# shellcheck disable=SC2086
payload state -r r6=5 -r r7=6 $state_options

# One vCPU, moved from CPU to CPU while it checks its state.
# shellcheck disable=SC2086
hvrun -T 100 -r r6=6 -r r7=30 $state_options "$payloads/state.bin" >moved.out 2>&1 &
pid=$!
while kill -0 $pid 2>/dev/null; do
	for cpu in 0 1; do
		for task in /proc/"$pid"/task/*; do
			taskset -p -c $cpu "${task##*/}" >/dev/null 2>&1
		done
		sleep 0.1
	done
done
wait $pid
take_tap "state while moved" moved.out $?

# A signal for a thread that is in the guest on the other CPU is an IPI there:
# doorbell on POWER9 and POWER10, XICS external on POWER8.
if [ "$HV_MACHINE" = 8 ]; then trap=0x500; else trap=0xe80; fi
taskset -p -c 0 $$ >/dev/null
trace_start kvm_guest_exit "trap == $trap"
taskset -c 1 hvrun -T 60 -r r6=8 -r r7=1000000 "$payloads/exits.bin" >kicked.out 2>&1 &
pid=$!
for _ in $(seq 200); do	# a loaded machine starts the guest late
	kill -0 $pid || { diag kicked.out; break; }
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		kill -STOP $pid
		kill -CONT $pid
	done
	sleep 0.05
	! grep -q ' kvm_guest_exit: ' "$tracing/trace" || break
done
kill $pid
wait $pid 2>/dev/null
trace_stop trace.out
seen=$(wc -l <trace.out)
check "kicks from the other CPU leave the guest at once (trap $trap, $seen exits)" test "$seen" -ge 1

# Stopped and continued from its first moment on, a VMM gets its VM and its guest runs.
interrupted=0
for _ in $(seq 30); do
	hvrun -T 60 "$payloads/hello.bin" >hello.out 2>&1 &
	pid=$!
	while kill -STOP $pid 2>/dev/null && kill -CONT $pid 2>/dev/null; do :; done
	wait $pid || { interrupted=$((interrupted + 1)); tail -n 1 hello.out; }
done >interrupted.out
check "a VMM that is stopped while it starts: $interrupted of 30 failed" test $interrupted = 0
diag interrupted.out

# Four guests on two CPUs, all must make progress.
for i in 1 2 3 4; do
	hvrun -T 60 -c 2 -r r6=3 "$payloads/demo.bin" >"demo.$i" 2>&1 &
	eval "pid$i=$!"
done
# shellcheck disable=SC2154
for p in $pid1 $pid2 $pid3 $pid4; do
	wait "$p"
	ok $? "a guest of four with two vCPUs each on two CPUs"
done
done_testing
