#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# timeout: 400
# The module comes and goes; the kernel's own takes its place and gives it back.
# shellcheck disable=SC1091,SC2154
. /usr/lib/kvm-hv/tests/lib.inc

loaded() {
	grep -q '^kvm_hv ' /proc/modules
}

stock && skip_all "about our own module"
own=/lib/modules/$(uname -r)/kernel/arch/powerpc/kvm/kvm-hv.ko
[ -e "$own" ] || own=$own.xz

check "our module is the one that modprobe finds" \
	test "$(modinfo -n kvm-hv 2>/dev/null)" = "/lib/modules/$(uname -r)/updates/kvm-hv.ko"
check "and it is loaded" loaded

hvrun -T 300 -r r6=8 -r r7=1000000 "$payloads/exits.bin" >/dev/null 2>&1 &
pid=$!
wait_for 60 guest_runs $pid
rmmod kvm_hv 2>err
status=$?
[ $status != 0 ] && loaded && grep -q -i 'in use' err
ok $? "unload is refused while a VM lives: $(head -1 err)"
kill -9 $pid
wait $pid 2>/dev/null

bad=0
for _ in 1 2 3 4 5 6 7 8 9 10; do
	modprobe -r kvm-hv || rmmod kvm_hv || bad=$((bad + 1))
	! loaded || bad=$((bad + 1))
	modprobe kvm-hv || bad=$((bad + 1))
	hvrun "$payloads/hello.bin" >/dev/null || bad=$((bad + 1))
done
check "loaded and unloaded ten times, a guest each time ($bad failures)" test $bad = 0

modprobe -r kvm-hv
modprobe kvm
insmod "$own" 2>err
ok $? "after that the kernel's own loads"
[ ! -s err ] || diag err
hvrun "$payloads/hello.bin" >/dev/null
ok $? "and runs a guest"
modprobe -r kvm-hv
modprobe kvm-hv
[ -d /sys/kernel/tracing/events/kvm_hv/kvm_partition_switch ]
ok $? "and ours comes back"
hvrun "$payloads/hello.bin" >/dev/null
ok $? "and runs a guest"
done_testing
