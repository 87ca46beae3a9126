#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# host: --cpus 2
# timeout: 500
# An unprivileged VMM issues random ioctls (evilvmm.c): the host lives, nobody
# else's memory changes, nothing is left. HV_EVIL_SECONDS makes it a soak test,
# HV_EVIL_SEED repeats one.
# shellcheck disable=SC1091,SC2154
. /usr/lib/kvm-hv/tests/lib.inc
. /usr/lib/kvm-hv/tests/hostile.inc

stock && skip_all "the kernel's own backend does not survive it"
cgroup=/sys/fs/cgroup/evil
limit=$((700 << 20))
seconds=${HV_EVIL_SECONDS:-12}
seed=${HV_EVIL_SEED:-$(date +%s)}

mountpoint -q /sys/fs/cgroup || mount -t cgroup2 cgroup2 /sys/fs/cgroup
echo +memory >/sys/fs/cgroup/cgroup.subtree_control
mkdir -p $cgroup
echo $limit >$cgroup/memory.max
chmod 666 /dev/kvm

# evil SECONDS SEED: as nobody, in the cgroup
evil() {
	sh -c "echo 0 >$cgroup/cgroup.procs; exec setpriv --reuid 65534 --regid 65534 --clear-groups \
		$tests/evilvmm $1 $2" >evil.out 2>&1 </dev/null
}

check "a canary lives" canary_start 128
# a first round fills the kernel's caches
evil 3 1
check "a first round runs to its end" test $? -le 1
host_mark
evil "$seconds" "$seed"
take_tap "seed $seed" evil.out $?
host_unharmed 6000 8000 200
# rev, and the table itself when it does not come from the CMA area: 2^25 bytes each
sh -c "echo 0 >$cgroup/cgroup.procs; exec hvrun -o 25 $payloads/hello.bin" >/dev/null
peak=$(cat $cgroup/memory.peak)
check "a guest's page table is charged to its VMM (cgroup's peak $((peak >> 20)) MB)" \
	test "$peak" -gt $((32 << 20)) -a "$peak" -le $limit
check "the canary is unharmed" canary_end
hvrun "$payloads/hello.bin" >/dev/null
ok $? "a guest runs as before"
rmdir $cgroup
chmod 600 /dev/kvm
done_testing
