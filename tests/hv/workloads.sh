#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# boots: yes
# timeout: 600
# ./hv bench --suite workloads in short: a Debian guest in a lab host, and the number of instructions that the
# emulator's plug-in counted is near what is known to be executed.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.inc"

between() { # ROW LOW HIGH
	awk -F, -v row="$1" -v low="$2" -v high="$3" '$6 == row && $12 > low && $12 < high { ok = 1 } END { exit !ok }' work.csv
}

hv bench --suite workloads --quick --kernel stock --machine power9 --backend hv --output work.json
ok "workloads of a Debian guest: status 0" status_is 0
"$(dirname "$HV")/build/native/bench/hvbench/hvbench" show -f csv work.json | tail -n +2 >work.csv
ok "... each with instructions" [ "$(grep -c ',instructions,1,' work.csv)" = 8 ]
# getppid of Linux; a store or two to each number below 2^20 and a look at each; a boot
ok "... a system call's" between syscall 300 3000
ok "... a sieve's" between cpu 8e6 25e6
ok "... a boot's" between boot 1e9 9e9
sed 's/^/# /' work.csv
finish
