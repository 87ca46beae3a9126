#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# host: --cpus 2
# timeout: 200
# hvtrace record with its default settings at the highest rate of exits that there is here, that of guests which
# make nothing but hypercalls: all of it is in the recording, by the statistics' own count. On one
# processor, on two at once, and while one of them goes.
# shellcheck disable=SC1091,SC2016,SC2086,SC2154
. /usr/lib/kvm-hv/tests/lib.inc

[ -e "$tracing/events/kvm_hv/kvm_records/id" ] || skip_all "only our own backend counts all exits"
[ "$(nproc)" -ge 2 ] || skip_all "needs two host CPUs"

# all FILE WHAT: the first number after "WHAT: ", which is of all VMs
all() {
	awk -v what="$2: " 'index($0, what) == 1 { print substr($0, length(what) + 1) + 0; exit }' "$1"
}

# all_there WHAT GUESTS SCRIPT: what SCRIPT's guests did is recorded, one for one. Their last hypercalls, which
# nothing ends, are in the recording alone.
all_there() {
	hvtrace record -a -o t.data -- hvtrace stat -- sh -c "$3" >stat.txt 2>err
	ok $? "$1: recorded"
	hvtrace report -i t.data >report.txt
	check "... nothing lost" grep -q '^lost: 0 events' report.txt
	for what in exits hypercalls; do
		counted=$(all stat.txt $what) recorded=$(all report.txt $what)
		check "... and all $counted + $2 $what are there ($recorded)" \
			test "${counted:-0}" -ge $(($2 * 9 * turns)) -a "$recorded" = $((${counted:-0} + $2))
	done
	diag err
}

turns=3000	# of nine hypercalls
export guest="hvrun -T 100 -r r6=1 -r r7=$turns $payloads/hpt.bin"
all_there "one guest" 1 'taskset -c 0 $guest >guest.out'
all_there "two guests" 2 'taskset -c 0 $guest >a.out & taskset -c 1 $guest >b.out; wait'
all_there "a CPU that goes" 2 '
	$guest >a.out & a=$!; $guest >b.out & b=$!
	for i in 1 2 3; do
		taskset -a -p -c 1 $a; taskset -a -p -c 1 $b; sleep 0.2
		echo 0 >/sys/devices/system/cpu/cpu1/online || exit 1; sleep 0.2
		echo 1 >/sys/devices/system/cpu/cpu1/online
	done >moves.out 2>&1
	wait $a && wait $b'

# What is recorded changes while the image writes it: of each hypercall all is there, or nothing. By perf, which
# sets no filter of its own. (A number read twice from the filter's table once made damaged records.)
# The guest starts in the midst of the changes: once it was through before they began.
perf record -q -a -m 1M -e kvm_hv:kvm_records -o storm.data -- taskset -c 0 /usr/lib/kvm-hv/tests/filterstorm \
	sh -c 'exec taskset -c 1 $guest >a.out' >changes 2>err
ok $? "$(cat changes) changes of the filter beside a guest"
check "the guest ran to its end" grep -q '^1\.\.' a.out
hvtrace report -i storm.data >report.txt 2>>err
ok $? "and what was recorded can be read"
check "... $(all report.txt hypercalls) of $((turns * 9)) hypercalls" \
	test "$(all report.txt hypercalls)" -gt 100 -a "$(all report.txt hypercalls)" -lt $((turns * 9))
hvtrace script -i storm.data --fields event,trap,req,where 2>>err | awk '
	/guest_exit.*SYSCALL/ { exits++ }
	/hcall_enter/ { if (/H_/) entered++; else odd++ }
	/hcall_exit/ { if (/H_/) left++; else odd++ }
	END { print exits, entered, left, odd + 0 }' >counts
read -r exits entered left odd <counts
check "each with its number and its end ($exits exits, $entered, $left, $odd odd)" test "$exits" = "$entered" -a "$odd" = 0
diag err

# Whoever else listens then sees no more: a partition switch goes with its exit.
hvtrace record -a --exits HV_DECREMENTER -o t.data -- perf record -q -a -e kvm_hv:kvm_partition_switch \
	-e kvm_hv:kvm_guest_exit -o single.data -- $guest >a.out 2>err
ok $? "single events beside a recording of timer interrupts"
diag err
hvtrace script -i single.data --fields event,trap,to_guest >single.txt 2>err
exits=$(grep -c HV_DECREMENTER single.txt) switches=$(grep -c 'partition_switch.*0$' single.txt)
check "... have these alone, and their switches ($exits exits, $switches)" \
	test "$exits" -gt 3 -a "$switches" = "$exits" -a "$(grep -c guest_exit single.txt)" = "$exits"
diag err

# A vCPU that sleeps when the recording begins is in it as soon as it wakes up. These two do once a second.
hvrun -T 600 -c 2 -r r6=1 -r r7=500 "$payloads/idle.bin" >idle.out 2>&1 &
idle=$!
sleep 2
full=0
for _ in 1 2 3 4 5 6; do
	hvtrace record -a -d 3 -o t.data 2>err
	hvtrace script -i t.data --fields event,vcpu_id 2>>err | awk '/guest_exit/ { seen[$NF] = 1 }
		END { for (v in seen) n++; exit n != 2 }' && full=$((full + 1))
done
check "recordings of sleeping vCPUs have both of them ($full of 6)" test $full = 6
diag err
check "... which still sleep" grep -q '^State:.*sleeping' /proc/$idle/status
kill $idle

# The statistics are read and switched while guests run: what the image counts and what readers add up stay one.
taskset -c 0 /usr/lib/kvm-hv/tests/statstorm 15 >storm.out 2>err &
storm=$!
for _ in 1 2 3; do
	taskset -c 1 $guest >a.out & a=$!
	hvrun -T 100 -r r6=0 -r r7=3000 "$payloads/exits.bin" >b.out
	wait $a
done
wait $storm
ok $? "statistics that are read and switched while guests run"
diag err
read -r reads switches gone <storm.out
check "... ($reads reads, $switches switches, $gone vCPUs went)" test "$reads" -gt 20 -a "$switches" -gt 5 -a "$gone" -ge 2
done_testing
