#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# timeout: 1800
# Debian guests on one host CPU: four vCPUs, started by SLOF, held to POWER8's instruction
# set, interrupt controller in QEMU; reboot, power-off, XICS in the kernel;
# ./hv guest's way to run one command.
# shellcheck disable=SC1091,SC2154,SC2016
. /usr/lib/kvm-hv/tests/lib.inc
. /usr/lib/kvm-hv/tests/guest.inc

guest_start four --vcpus 4 --firmware slof --machine-opt max-cpu-compat=power8 \
	--accel-opt kernel-irqchip=off
if guest_up "four vCPUs, SLOF, max-cpu-compat=power8, kernel-irqchip=off: to a shell"; then
	guest_check "a POWER8 to its kernel" 'grep "POWER8 (architected)" /proc/cpuinfo'
	guest_check "four vCPUs share the host's one" 'test $(nproc) = 4'
	guest_check "and all work" \
		'cd /tmp; for i in 0 1 2 3; do taskset -c $i sh -c "seq 20000 | md5sum" >s$i & done; wait
		test $(sort -u s0 s1 s2 s3 | wc -l) = 1 && test -s s3'
	guest_check "virtio-net" 'ping -c 1 10.0.2.2'
	guest_mark
	printf 'reboot\n' >&3
	guest_wait 'SLOF' 900 && guest_wait 'Linux version' 900
	ok $? "reboot: SLOF starts, and the kernel"
	monitor quit
	guest_ended 300
	ok $? "the monitor's quit ends QEMU"
fi
guest_stop

# XICS in the kernel: on a host with a XIVE it is made of that
lab-guest --vcpus 2 --machine-opt ic-mode=xics -- sh -c 'dd if=/dev/vda of=/dev/null bs=64k count=200 iflag=direct 2>&1; cat /proc/interrupts
	mount | grep "^/dev/vda on / "; echo err >&2; sleep 5; poweroff; sleep 600' >out 2>err
ok $(($? != 125)) "power-off ends QEMU, which lab-guest finds unusual: $(head -n 1 err)"
check "after what the guest wanted to say" grep -q '^/dev/vda on / ' out
check "IPIs come through XICS" grep -q 'XICS.*IPI' out
check "and its disk can be read" grep -q '^13107200 bytes' out
grep -q '^13107200 bytes' out || diag out
lab-guest --firmware openbios -- true >out 2>err
ok $(($? != 2)) "no such firmware: $(cat err)"
lab-guest --vcpus 1 --qemu-arg -nonsense -- true >out 2>err
ok $(($? != 125)) "QEMU refuses to start: $(head -n 1 err)"
check "no QEMU is left" none_left qemu-system-ppc
done_testing
