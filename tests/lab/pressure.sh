#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# timeout: 900
# A guest that is larger than the memory its cgroup gets: swap, KSM, huge pages; and what the
# backend itself needs is charged to that cgroup.
# shellcheck disable=SC1091,SC2154
. /usr/lib/kvm-hv/tests/lib.inc

group=/sys/fs/cgroup/kvm-hv-test
[ -e /sys/fs/cgroup/cgroup.controllers ] || mount -t cgroup2 none /sys/fs/cgroup
echo +memory >/sys/fs/cgroup/cgroup.subtree_control 2>/dev/null
mkdir -p $group
[ -e $group/memory.max ] || skip_all "no memory controller in this kernel"

dd if=/dev/zero of=swapfile bs=1M count=192 2>/dev/null
chmod 600 swapfile
mkswap swapfile >/dev/null
swapon swapfile || skip_all "no swap"

# in_group COMMAND... &: run in the cgroup, as the process $! is then
in_group() {
	# shellcheck disable=SC2016
	exec sh -c 'echo $$ >$0/cgroup.procs; exec "$@"' $group "$@"
}

# What a VM with a table of 16 MiB (2^24) needs: the table, its reverse map, and little more
before=$(cat $group/memory.current)
in_group hvrun -m 16M -o 24 -r r6=8 -r r7=100000 -T 100 "$payloads/exits.bin" >/dev/null 2>&1 &
pid=$!
charged() {
	charged=$((($(cat $group/memory.current) - before) / 1024))
	[ $charged -gt 32000 ]
}
if stock; then
	sleep 4
	charged
	echo "# charged: $charged kB"
else
	wait_for 60 charged
	ok $? "table and reverse map are charged to the cgroup ($charged kB)"
fi
kill $pid
wait $pid 2>/dev/null

echo 1000 >/sys/kernel/mm/ksm/pages_to_scan
echo 1 >/sys/kernel/mm/ksm/run
# of each 64 KB the payload touches four pages, if they have 4 KB. Not memory.max: the kernel's OOM killer
# comes when all that the cgroup has is just on its way to swap, which a slow disk makes likely
if [ "$(getconf PAGESIZE)" -eq 4096 ]; then room=16M; else room=48M; fi
echo $room >$group/memory.high
out=$(sed -n 's/^pswpout //p' /proc/vmstat)
: >merged	# what the guest has typed in: it waits for that
in_group hvrun -m 128M -o 20 -T 600 -r r6=80 -r r7=2 "$payloads/pressure.bin" >pressure.out 2>&1 <merged &
pid=$!
merged=0
while kill -0 $pid 2>/dev/null; do
	now=$(cat /sys/kernel/mm/ksm/pages_sharing)
	[ "$now" -le "$merged" ] || merged=$now
	[ "$merged" -le 50 ] || echo >merged
	sleep 0.3
done
wait $pid
take_tap pressure pressure.out $?
swapped=$(($(sed -n 's/^pswpout //p' /proc/vmstat) - out))
check "guest pages were swapped out ($swapped)" test $swapped -gt 100
check "and merged ($merged)" test "$merged" -gt 50
echo 0 >/sys/kernel/mm/ksm/run
echo max >$group/memory.high
swapoff swapfile
rmdir $group
done_testing
