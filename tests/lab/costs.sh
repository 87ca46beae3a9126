#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# host: --icount --append mitigations=off
# timeout: 150
# What an exit costs (./hv bench has the whole of it): limits on instructions
# per round trip, from issue 3.
# shellcheck disable=SC1091,SC2154
. /usr/lib/kvm-hv/tests/lib.inc

stock && skip_all "limits are for our own backend"
hvrun -T 100 -r r6=5 -r r7=10 "$payloads/exits_bench.bin" >bench.out 2>&1
ok $? "the rows of ./hv bench --suite exits run"

# cost ROW: the median of five, in instructions
cost() {
	awk -v row="$1" '$1 == "sample" && $2 == row { printf "%d\n", $4 / $3 * 1e9 / 512e6 }' bench.out |
		sort -n | sed -n 3p
}

at_most() { # ROW LIMIT
	c=$(cost "$1")
	check "$1 takes at most $2 instructions (${c:-none})" test "${c:-999999}" -le "$2"
}

at_most H_REMOVE-none 340
at_most H_CONFER-any 700
at_most hcall-user 5000
at_most empty-loop 10
diag bench.out
done_testing
