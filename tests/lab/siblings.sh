#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# host: --qemu-arg -smp --qemu-arg 2,cores=1,threads=2
# Sibling threads online: VMs are refused, with the command that helps.
# shellcheck disable=SC1091,SC2154
. /usr/lib/kvm-hv/tests/lib.inc

stock && skip_all "the kernel's own backend runs with siblings on POWER9 and POWER10"
[ "$(nproc)" = 2 ] || skip_all "this host has no sibling threads"

hvrun "$payloads/hello.bin" >out 2>err
status=$?
check "a VM is refused: $(head -1 err)" test "$status $(wc -l <err)" = "2 1"
dmesg | grep -q 'sibling threads are online.*smt'
ok $? "the kernel log names the command"
echo 0 >/sys/devices/system/cpu/cpu1/online
hvrun "$payloads/hello.bin" >out 2>err
ok $? "with them offline a guest runs"
hvrun -T 300 -r r6=8 -r r7=1000000 "$payloads/exits.bin" >/dev/null 2>&1 &
pid=$!
wait_for 60 guest_runs $pid
echo 1 >/sys/devices/system/cpu/cpu1/online 2>err
check "none can come online while a VM lives" test "$(nproc)" = 1
kill $pid
wait $pid 2>/dev/null
echo 1 >/sys/devices/system/cpu/cpu1/online
check "and can again afterwards" test "$(nproc)" = 2
done_testing
