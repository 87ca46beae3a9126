#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# host: --icount --append mitigations=off
# timeout: 1200
# What it costs to be watched, in instructions per hypercall of a guest. Statistics: the guest's own
# samples, with them and without. Records, everything told (the image's and the module's work, perf's, the
# recorder's own and the file system's): how much more a longer run takes when it is recorded. A
# host's own work, as much as 20,000 instructions now and then, is not to decide: some runs of each. Against
# bench/limits.
# shellcheck disable=SC1091,SC2154
. /usr/lib/kvm-hv/tests/lib.inc

stock && skip_all "limits are for our own backend"
knob=/sys/module/kvm_hv/parameters/statistics
[ -w $knob ] || skip_all "this backend keeps no statistics"

# guest ROWS SAMPLES PERCENT [WRAPPER...]: rows are those of bench/rows.h, as a mask
guest() {
	rows=$1 samples=$2 percent=$3
	shift 3
	"$@" hvrun -T 200 -r "r6=$samples" -r "r7=$percent" -r "r8=$rows" "$payloads/bench.bin"
}

# sampled WHAT ROW: the mean of all calls of a run, the cheapest one
sampled() {
	awk -v row="$2" '$1 == "sample" && $2 == row { ticks[FILENAME] += $4; n[FILENAME] += $3 }
		END {
			for (f in n)
				if (!least || ticks[f] / n[f] < least)
					least = ticks[f] / n[f]
			if (least)
				printf "%.1f", least * 1e9 / 512e6
		}' "$1".out.*
}

worked() {
	start=$(work)
	"$@" >>guests.log 2>&1 || { echo 0; return; }
	echo $(($(work) - start))
}

exits() {
	hvtrace report -i "$1" | awk '$1 == "exits:" { n += $2 } END { print n + 0 }'
}

# recorded ROW-MASK FEW MANY: what a record costs, by the least of five runs of each kind
recorded() {
	for _ in 1 2 3 4 5; do
		for samples in "$2" "$3"; do
			worked guest "$1" "$samples" 100
			worked guest "$1" "$samples" 100 hvtrace record -o last.data --
			exits last.data
		done | tr '\n' ' '
		echo
	done | awk '{ for (i = 1; i <= 6; i++) if ($i && (!least[i] || $i < least[i])) least[i] = $i }
		END { if (least[6] > least[3]) printf "%.1f", ((least[5] - least[2]) - (least[4] - least[1])) / (least[6] - least[3]) }'
}

for run in 1 2 3; do
	echo 0 >$knob
	guest 0x14 100 100 >off.out.$run 2>&1
	echo 1 >$knob
	guest 0x14 100 100 >statistics.out.$run 2>&1
done

grep -v '^#' /usr/lib/kvm-hv/limits >limits
while read -r row what limit; do
	case $what/$row in
	statistics/*)
		a=$(sampled off "$row") b=$(sampled statistics "$row")
		cost=$(awk "BEGIN { if (${a:-0} && ${b:-0}) print $b - $a }") ;;
	records/H_REMOVE-none) cost=$(recorded 4 100 1500) ;;
	records/hcall-user) cost=$(recorded 0x10 10 100) ;;
	off/* | auto/*) continue ;;
	*) cost='' ;;	# a misspelt name
	esac
	check "$row: $what cost at most $limit instructions (${cost:-not measured})" awk "BEGIN { exit !(${cost:-$limit + 1} <= $limit) }"
	tested=yes
done <limits
check "there are limits" test -n "$tested"
hvtrace report -i last.data >report.txt
check "nothing is lost" grep -q '^lost: 0 events' report.txt
grep -v ^sample guests.log >err
diag err
done_testing
