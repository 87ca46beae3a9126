#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# host: --icount --append mitigations=off
# timeout: 240
# What it costs to be watched, in instructions per exit, everything told: the image's
# and the module's work, perf's, the recorder's own and the file system's. From runs of two lengths
# each, so that what starting and ending cost does not count. Limits: issue 4.
# shellcheck disable=SC1091,SC2154
. /usr/lib/kvm-hv/tests/lib.inc

stock && skip_all "limits are for our own backend"
knob=/sys/module/kvm_hv/parameters/statistics
[ -w $knob ] || skip_all "this backend keeps no statistics"

# once KIND TIMES WRAPPER...: a guest of so many exits, its instructions to stdout. One of them is one ns.
once() {
	once_kind=$1 once_times=$2
	shift 2
	if [ "$once_kind" = real-mode ]; then
		set -- "$@" hvrun -T 100 -r r6=1 -r "r7=$once_times" "$payloads/hpt.bin"
	else
		set -- "$@" hvrun -T 100 -r r6=0 -r "r7=$once_times" "$payloads/exits.bin"
	fi
	start=$(date +%s%N)
	"$@" >guest.out 2>err || diag err >&2
	echo $(($(date +%s%N) - start))
}

# slope KIND WRAPPER...: instructions per exit, with a decimal
slope() {
	slope_kind=$1
	shift
	each=1
	[ "$slope_kind" = user-space ] || each=$calls
	a=$(once "$slope_kind" 2000 "$@")
	b=$(once "$slope_kind" 12000 "$@")
	awk "BEGIN { printf \"%.1f\", ($b - $a) / (10000 * $each) }"
}

# at_most WHAT LIMIT NOW A B: B costs at most LIMIT more than A; what does not yet may not get worse than NOW
at_most() {
	if awk "BEGIN { exit !($5 - $4 <= $2 || $5 - $4 > $3) }"; then
		check "$1 costs at most $2 instructions per exit (from $4 to $5)" awk "BEGIN { exit !($5 - $4 <= $2) }"
	else
		tap_count=$((tap_count + 1))
		echo "not ok $tap_count - $1 costs at most $2 instructions per exit (from $4 to $5) # TODO"
	fi
}

# How many hypercalls there are in one turn of the real-mode guest
hvtrace record -o a.data -- hvrun -r r6=1 -r r7=100 "$payloads/hpt.bin" >guest.out 2>&1
hvtrace record -o b.data -- hvrun -r r6=1 -r r7=200 "$payloads/hpt.bin" >guest.out 2>&1
count() { hvtrace report -i "$1" | awk '$1 == "hypercalls:" { print $2; exit }'; }
calls=$((($(count b.data) - $(count a.data)) / 100))
check "a turn of the real-mode guest has hypercalls ($calls)" test "$calls" -gt 0

for kind in real-mode user-space; do
	case $kind in
	real-mode) limit=100 now=350 ;;
	*) limit=700 now=1400 ;;
	esac
	echo 0 >$knob
	off=$(slope $kind)
	echo 1 >$knob
	on=$(slope $kind)
	record=$(slope $kind hvtrace record -o c.data --)
	echo "# $kind: statistics off $off, on $on, recorded $record"
	at_most "$kind: statistics" 25 120 "$off" "$on"
	at_most "$kind: hvtrace record" $limit $now "$on" "$record"
	hvtrace report -i c.data >report.txt
	check "$kind: nothing lost" grep -q '^lost: 0 events' report.txt
done

hvrun -T 60 -r r6=0 -r r7=100000000 "$payloads/exits.bin" >guest.out 2>&1 &
vmm=$!
# hvtop's own CPU time in ten seconds, of which it sees five tables
hvtop -b -d 2 -n 5 >top.txt &
top=$!
sleep 9
cpu=$(awk '{ print $14 + $15 }' /proc/$top/stat)
wait $top
kill $vmm
check "hvtop takes less than 1 % of the CPU ($cpu ticks of 900)" test "${cpu:-900}" -lt 9
diag top.txt
done_testing
