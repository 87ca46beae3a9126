#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# host: --icount --append mitigations=off
# timeout: 300
# What hvtop costs beside a guest that exits all the time, in instructions, of which one is one nanosecond here.
# shellcheck disable=SC1091,SC2154,SC2016
. /usr/lib/kvm-hv/tests/lib.inc

stock && skip_all "only our own backend keeps statistics"

# hvtop_costs WHAT COMMAND...: the instructions of two of its tables, against those of the guest alone in the time of
# two tables by default, 4 s. (Four times as fast here: exits are slow in an emulator.)
hvtop_costs() {
	what=$1
	shift
	"$@" >top.txt 2>&1 &
	sleep 0.6
	top=$(pgrep -x hvtop)
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
hvtop_costs "hvtop -b" hvtop -b -d 0.5 -n 4
check "... at more than 100,000 exits a second" awk '$1 == "hvrun" && $3 == "0" { n++; if ($4 > 100000) fast++ }
	END { exit !(n == 4 && fast >= 3) }' top.txt
diag top.txt
kill $vmm
wait $vmm 2>/dev/null

done_testing
