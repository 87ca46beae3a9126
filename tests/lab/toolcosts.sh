#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# host: --icount --append mitigations=off
# timeout: 1200
# What the tools cost, in instructions, of which one is one nanosecond here: hvtop beside a
# guest that exits all the time; hvtrace report beside perf kvm stat report on the same file. How
# long both take to start does not count: it is the difference of two files.
# tests/hv/report1g.sh has a file of 1 GB.
# shellcheck disable=SC1091,SC2154,SC2016
. /usr/lib/kvm-hv/tests/lib.inc

stock && skip_all "one backend's recording is enough"

# hvtop_costs WHAT COMMAND...: the instructions of two of its tables, against those of the guest alone in the time of
# two tables by default, 4 s. (Four times as fast here: exits are slow in an emulator.)
hvtop_costs() {
	what=$1
	shift
	"$@" -d 0.5 -n 10 >top.txt 2>&1 &
	until top=$(pgrep -x hvtop); do
		kill -0 $! || break
		sleep 0.1
	done
	sleep 1.6	# how it starts does not count
	a=$(cpu_time "$top") b=$(cpu_time $vmm)
	sleep 1
	a=$(($(cpu_time "$top") - a)) b=$(($(cpu_time $vmm) - b))
	wait $!
	[ -n "${percent-}" ] || percent=$(awk '$1 == "hvrun" && $3 == "0" { gu = $7 } END { print gu }' top.txt)
	guest=$((4 * b * ${percent:-0} / 100))
	check "$what: two tables take less than 1 % of the guest's own instructions in 4 s ($a of $guest thousand)" \
		test "$a" -gt 0 -a $((100 * a)) -lt $guest
}

hvrun -T 200 -r r6=0 -r r7=100000000 "$payloads/exits.bin" >guest.out 2>&1 &
vmm=$!
hvtop_costs "hvtop -b" hvtop -b
check "... at more than 100,000 exits a second" awk '$1 == "hvrun" && $3 == "0" { n++; if ($4 > 100000) fast++ }
	END { exit !(n == 10 && fast >= 9) }' top.txt
diag top.txt
# a terminal of its own; nobody types
hvtop_costs "hvtop on a screen" env TERM=vt100 /usr/lib/kvm-hv/tests/inpty 40 132 hvtop
check "... which it draws" grep -q "vCPUs\{0,1\}: .* exits/s" top.txt
kill $vmm
wait $vmm 2>/dev/null

# took CMD...: instructions, the second time
took() {
	"$@" >took.out 2>&1
	start=$(work)
	"$@" >took.out 2>&1 || diag took.out >&2
	echo $(($(work) - start))
}

# turns N: a recording of single events of so many turns of the payload, each nine hypercalls and more
turns() {
	hvtrace record -o "$1.data" -e kvm_guest_enter,kvm_guest_exit,kvm_hcall_enter,kvm_hcall_exit,kvm_partition_switch \
		-- hvrun -T 200 -r r6=1 -r "r7=$1" "$payloads/hpt.bin" >guest.out 2>&1
	ok $? "recorded $1 turns: $(wc -c <"$1.data") bytes"
	eval "ours_$1=$(took hvtrace report -i "$1.data")"
	seen=$(awk '$1 == "SYSCALL" { print $2; exit }' took.out)
	eval "theirs_$1=$(took perf kvm -i "$1.data" stat report)"
	theirs=$(awk '$1 == "SYSCALL" { print $2; exit }' took.out)
	check "hvtrace report finds $seen hypercalls in it, perf $theirs" test "$seen" -ge $((9 * $1)) -a $((seen - theirs)) -le 1
}

turns 500
turns 2000
# shellcheck disable=SC2154 # by eval
ours=$((ours_2000 - ours_500)) theirs=$((theirs_2000 - theirs_500))
check "hvtrace report takes a third of perf's instructions at most ($ours, perf $theirs)" \
	test $ours -gt 0 -a $((3 * ours)) -le $theirs
check "... and has enough with 256 MB of memory" sh -c 'ulimit -v 262144 && hvtrace report -i 2000.data >/dev/null'
done_testing
