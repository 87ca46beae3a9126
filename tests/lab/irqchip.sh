#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# host: --cpus 2 --mem 3G
# timeout: 900
# A Debian guest with an interrupt controller in the kernel; with HV_LONG with each
# one that QEMU can give it, and what the guest costs the host when it is idle.
# shellcheck disable=SC1091,SC2154
. /usr/lib/kvm-hv/tests/lib.inc

qemu_pid() {
	grep -lx qemu-system-ppc /proc/[0-9]*/comm 2>/dev/null | head -n 1 | cut -d/ -f3
}

long=${HV_LONG:-}
idle=0
[ -z "$long" ] || idle=60

measure_idle() {
	while kill -0 $pid 2>/dev/null && ! grep -q ^IDLE guest.out; do
		sleep 1
	done
	sleep 10
	used=$(least_cpu_time "$(qemu_pid)" 5)
}

# guest NAME CONTROLLER OPTION...: boots it with two vCPUs; IPIs come through CONTROLLER
# (devices' are called by their bus in /proc/interrupts); it idles for a while
guest() {
	name=$1 controller=$2
	shift 2
	lab-guest --vcpus 2 --timeout 400 "$@" -- \
		sh -c 'cat /proc/interrupts; dd if=/dev/vda of=/dev/null bs=64k count=200 iflag=direct; echo IDLE; '"sleep $idle" \
		>guest.out 2>&1 &
	pid=$!
	[ -z "$long" ] || measure_idle
	wait $pid
	status=$?
	ok $status "$name: boots, reads its disk and ends"
	check "$name: IPIs come through $controller" grep -q "$controller.*IPI" guest.out
	[ -z "$long" ] || check "$name: 5 s of idle cost $used us of a host CPU, under 1 %" test "$used" -gt 0 -a "$used" -lt 50000
	[ $status = 0 ] || diag guest.out
}

if [ "$HV_MACHINE" = 8 ]; then
	[ -n "$long" ] || skip_all "guest.sh has its one kind in the kernel, guest-one.sh that in QEMU"
	guest "XICS in the kernel" XICS --accel-opt kernel-irqchip=on
else
	guest "XICS on XIVE" XICS --machine-opt ic-mode=xics --accel-opt kernel-irqchip=on
	[ -z "$long" ] || guest "native XIVE" XIVE --machine-opt ic-mode=xive --accel-opt kernel-irqchip=on
	[ -z "$long" ] || guest "the guest's choice" XIVE --machine-opt ic-mode=dual --accel-opt kernel-irqchip=on
	[ -z "$long" ] || guest "XIVE in QEMU" XIVE --machine-opt ic-mode=xive --accel-opt kernel-irqchip=off
fi
[ -z "$long" ] || guest "XICS in QEMU" XICS --machine-opt ic-mode=xics --accel-opt kernel-irqchip=off
done_testing
