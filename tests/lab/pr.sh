#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# host: --kernel lab --backend pr
# timeout: 600
# hvtop and hvtrace on the kernel's kvm-pr alone: it has no statistics, and few trace events, of its own.
# shellcheck disable=SC1091,SC2154,SC2016
. /usr/lib/kvm-hv/tests/lib.inc

n=1000
hvtrace record -o t.data -- hvrun -t pr -T 100 -r r6=0 -r r7=$n "$payloads/exits.bin" >guest.out 2>record.err
ok $? "a recording of a guest that makes $n hypercalls"
hvtrace report -i t.data >report.txt
check "nothing lost" grep -q '^lost: 0 events' report.txt
hcalls=$(awk '$1 == "hypercalls:" { print $2 }' report.txt)
check "all hypercalls are there, and the few around them ($hcalls)" test "${hcalls:-0}" -ge $n -a "${hcalls:-0}" -lt $((n + 20))
check "as many exits as perf finds in the file" \
	test "$(awk '$1 == "exits:" { print $2 }' report.txt)" = "$(perf script -i t.data 2>/dev/null | grep -c 'kvm_pr:kvm_exit:')"
diag report.txt

: >guest.out
hvrun -t pr -T 600 -r r6=86400 "$payloads/demo.bin" >guest.out 2>&1 &
vmm=$!
wait_for 60 grep -q 'vCPU 0' guest.out
hvtop -b -n 2 -d 1 >top
check "hvtop says whose numbers they are" grep -q ', kvm-pr, by trace events, 1 VM$' top
check "it shows the vCPU, and that user space's time is not known" awk '
	$1 == "hvrun" && $3 == "0" && $4 > 10 && $5 > 10 && $6 == "-" && $7 > 0 && $10 == "-" { seen++ } END { exit seen != 2 }' top
diag top
kill $vmm
wait $vmm 2>/dev/null
done_testing
