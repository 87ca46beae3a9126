#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# host: --icount --append mitigations=off
# timeout: 240
# What it costs to be watched, in instructions per hypercall of a guest, everything told: the image's
# and the module's work, perf's, the recorder's own and the file system's. Against bench/limits.
# shellcheck disable=SC1091,SC2154
. /usr/lib/kvm-hv/tests/lib.inc

stock && skip_all "limits are for our own backend"
knob=/sys/module/kvm_hv/parameters/statistics
[ -w $knob ] || skip_all "this backend keeps no statistics"

# guest WRAPPER...: 50,000 of each hypercall: for the recorder a dozen turns
guest() {
	"$@" hvrun -T 200 -r r6=100 -r r7=100 -r r8=0x14 "$payloads/bench.bin"
}

# cost FILE ROW: the mean of all calls of a run, the recorder's turns included
cost() {
	awk -v row="$2" '$1 == "sample" && $2 == row { ticks += $4; n += $3 }
		END { if (n) printf "%.1f", ticks / n * 1e9 / 512e6 }' "$1"
}

echo 0 >$knob
guest >off.out 2>&1
echo 1 >$knob
guest >statistics.out 2>&1
guest hvtrace record -o t.data -- >records.out 2>&1
ok $? "a guest of hypercalls is recorded"
hvtrace report -i t.data >report.txt
check "nothing is lost" grep -q '^lost: 0 events' report.txt

grep -v '^#' /usr/lib/kvm-hv/limits >limits
while read -r row what limit; do
	case $what in
	statistics) before=off ;;
	records) before=statistics ;;
	*) continue ;;
	esac
	a=$(cost "$before.out" "$row") b=$(cost "$what.out" "$row")
	check "$row: $what cost at most $limit instructions (from ${a:-none} to ${b:-none})" \
		awk "BEGIN { exit !(${a:-0} > 0 && ${b:-0} > 0 && ${b:-0} - ${a:-0} <= $limit) }"
	tested=yes
done <limits
check "there are limits" test -n "$tested"
grep -v ^sample records.out >err
diag err
done_testing
