#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# boots: yes
# timeout: 400
# Hosts that our backend refuses: a kernel that is a guest itself, and a core
# whose sibling threads are online.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.inc"

hv exec --timeout 200 \
	--qemu-arg -M --qemu-arg pseries,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,cap-ccf-assist=off \
	--qemu-arg -cpu --qemu-arg power9 \
	--qemu-arg -device --qemu-arg spapr-pci-host-bridge,index=1,id=pcie \
	--qemu-arg -device --qemu-arg pci-bridge,chassis_nr=1,bus=pcie.0,id=pcie.1 -- true
ok "in a guest: the module does not load" status_is 125
ok "in a guest: says why" err_has 'does not run in hypervisor mode'

cat >siblings.sh <<'EOF'
payload=/usr/lib/kvm-hv/payloads
cpu1=/sys/devices/system/cpu/cpu1/online
dmesg -c >/dev/null
hvrun $payload/hello.bin 2>/dev/null && echo "a VM was made"
dmesg | grep -q "sibling threads are online.*ppc64_cpu --smt=off" || echo "no word about siblings"
echo 0 >$cpu1
hvrun -T 20 -r r6=8 -r r7=4000 $payload/exits.bin >loop.out &
vm=$!
sleep 1
(echo 1 >$cpu1) 2>/dev/null && echo "a sibling came online beside a VM"
wait $vm || echo "the VM failed: $(cat loop.out)"
echo 1 >$cpu1 || echo "no sibling came online after the VM was gone"
dmesg | grep -E 'WARNING|BUG:|Oops|Call Trace'
echo done
EOF
hv exec --timeout 200 --qemu-arg -smp --qemu-arg 2,cores=1,threads=2 --put siblings.sh -- sh siblings.sh
ok "sibling threads: no VM while they are online, none comes online beside one" [ "$(cat out)" = "done" ]
finish
