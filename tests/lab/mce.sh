#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Machine checks in a guest, real ones as far as the emulator goes: a load from where the machine
# has neither memory nor device. (What QEMU can't raise, SLB and TLB errors, unit tests fake.)
# shellcheck disable=SC1091,SC2154
. /usr/lib/kvm-hv/tests/lib.inc

echo "machine checks begin" >/dev/kmsg
payload mce
dmesg | sed '1,/machine checks begin/d' >mce.log
check "each had its event in the host's kernel" sh -c '! grep -q "no event recorded" mce.log'
head -n 12 mce.log | sed 's/^/# /'

# who asked for them gets an exit, which hvrun does not handle
hvrun -T 60 -r r7=1 "$payloads/mce.bin" >fwnmi.out 2>&1
[ $? = 3 ] && grep -q 'detail 0x200' fwnmi.out
ok $? "with KVM_CAP_PPC_FWNMI a machine check is the VMM's"
diag fwnmi.out
hvrun "$payloads/hello.bin" >/dev/null
ok $? "a guest runs as before"
done_testing
