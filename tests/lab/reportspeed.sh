#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# host: --icount
# timeout: 240
# hvtrace report beside perf kvm stat report on one file: the single events of 10^5
# hypercalls, some 40 MB. The limits are issue 4's, for 1 GB; both grow with the file.
# shellcheck disable=SC1091,SC2154
. /usr/lib/kvm-hv/tests/lib.inc

stock && skip_all "one backend's recording is enough"

# cpu OUTPUT CMD...: seconds of CPU that CMD took
cpu() {
	output=$1
	shift
	(
		"$@" >"$output" 2>&1
		times
	) | awk 'NR == 2 { gsub(/s/, ""); for (i = 1; i <= 2; i++) { split($i, t, "m"); sum += 60 * t[1] + t[2] } print sum }'
}

events=kvm_guest_enter,kvm_guest_exit,kvm_hcall_enter,kvm_hcall_exit,kvm_partition_switch
hvtrace record -o t.data -e $events -- hvrun -r r6=1 -r r7=11200 "$payloads/hpt.bin" >guest.out 2>record.err
ok $? "recorded"
diag record.err
ours=$(cpu ours hvtrace report -i t.data)
theirs=$(cpu theirs perf kvm -i t.data stat report)
check "hvtrace report finds a hundred thousand exits" \
	test "$(awk '$1 == "SYSCALL" { print $2; exit }' ours)" -gt 100000
check "perf finds them too" test "$(awk '$1 == "SYSCALL" { print $2; exit }' theirs)" -gt 100000
echo "# $(wc -c <t.data) bytes: $ours s of CPU, perf $theirs s"
check "hvtrace takes a third of perf's time at most" awk "BEGIN { exit !($ours > 0 && 3 * $ours <= $theirs) }"
hvtrace report -i t.data >ours 2>&1 &
pid=$!
most=0
while now=$(awk '/^VmHWM/ { print $2 }' /proc/$pid/status 2>/dev/null) && [ -n "$now" ]; do
	most=$now
	sleep 0.1
done
wait $pid
check "... and less than 256 MB of memory ($most kB)" test "$most" -gt 0 -a "$most" -lt 262144
done_testing
