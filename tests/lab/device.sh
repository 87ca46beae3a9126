#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# timeout: 300
# /dev/kvm-hv: who may read it, what odd readers get, vCPUs that go meanwhile, statistics switched off.
# shellcheck disable=SC1091,SC2016,SC2154
. /usr/lib/kvm-hv/tests/lib.inc

dev=/dev/kvm-hv
[ -e $dev ] || skip_all "only our own backend has it"
knob=/sys/module/kvm_hv/parameters/statistics

counts() {
	hvtrace stat -p $vmm -d 0.2 2>/dev/null | grep -q '^H_REMOVE '
}

# spin: a guest that never leaves KVM_RUN but when it is killed; $vmm
spin() {
	hvrun -T 300 -r r6=1 -r r7=30000000 "$payloads/hpt.bin" >/dev/null 2>&1 &
	vmm=$!
	wait_for 60 counts
}

as_nobody() {
	setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}

check "it is root's alone" test "$(stat -c '%U %a' $dev)" = "root 600"
as_nobody hvtrace stat -d 0.1 >out 2>err
check "who may not read it is told so: $(cat err)" test $? != 0 -a "$(grep -c 'may not open' err)" = 1
chgrp nogroup $dev && chmod 640 $dev
as_nobody hvtrace stat -d 0.1 >out 2>err
ok $? "who was given it by its group reads it"
diag err
check "... and no more than that" sh -c "! setpriv --reuid 65534 --regid 65534 --clear-groups sh -c ': >$dev' 2>err"
chgrp root $dev && chmod 600 $dev

spin
first=$vmm
spin
/usr/lib/kvm-hv/tests/oddreader gone $vmm >out
ok $? "a VMM is killed while a reader is at the vCPUs before"
wait $vmm 2>/dev/null
check "... each vCPU is told of once, the one that went is gone ($(tr '\n' ' ' <out))" \
	awk '{ n[$1]++; gone += $2 == 4 } END { for (i in n) if (n[i] != 1) exit 1; exit !(NR == 2 && gone == 1) }' out
/usr/lib/kvm-hv/tests/oddreader odd >out
ok $? "odd reads and ioctls, while a guest runs"
diag out

# counters: what is told of the vCPU, without the head and the time of reading in it
counters() {
	tail -c +41 $dev | cksum
}
still() {
	before=$(counters)
	sleep 1
	[ "$(counters)" = "$before" ]
}
go_on() {
	[ "$(counters)" != "$before" ]
}
echo 0 >$knob
check "statistics that are off stand still, though the guest has not left KVM_RUN" wait_for 2 still
echo 1 >$knob
check "... and go on when they are on again" wait_for 60 go_on
exec 5<$dev
kill $first
wait $first 2>/dev/null
check "the module stays while somebody has the device open" sh -c '! rmmod kvm_hv 2>/dev/null'
exec 5<&-
done_testing
