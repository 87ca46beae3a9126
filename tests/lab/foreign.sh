#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# host: --cpus 2
# timeout: 1800
# Guests that know nothing of this project, with QEMU called as others call it: an ELF
# kernel through either firmware, a raw image as the firmware, one and two vCPUs.
# shellcheck disable=SC1091,SC2154
. /usr/lib/kvm-hv/tests/lib.inc

# foreign WHAT MACHINE-OPTION OPTION...: QEMU ends by the guest's power-off
foreign() {
	what=$1 machine=$2
	shift 2
	timeout 400 qemu-system-ppc64 -machine "pseries,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,cap-ccf-assist=off$machine" \
		-accel kvm -nodefaults -display none "$@" </dev/null >console 2>&1
	status=$?
	# firmware writes as well
	tr -d '\r\000' <console | grep -a '^\(not \)\{0,1\}ok \|^1\.\.\|^# ' >"$what.out"
	take_tap "$what" "$what.out" $status
	grep -q '^# by display-character$' "$what.out"
	ok $? "$what: what display-character wrote is on the console"
	[ $status -eq 0 ] || tail -n 5 console | sed 's/^/# /'
}

foreign "raw, as the firmware" "" -bios "$payloads/pseries.bin" -serial stdio
foreign "raw, two vCPUs" "" -bios "$payloads/pseries.bin" -serial mon:stdio -smp 2 -cpu host
foreign "ELF through VOF" ,x-vof=on,kvm-type=HV -kernel "$payloads/pseries.elf" -serial mon:stdio -smp 2
foreign "ELF through SLOF, as a POWER8" ,max-cpu-compat=power8 -kernel "$payloads/pseries.elf" -serial stdio -smp 2
check "no QEMU is left" none_left qemu-system-ppc
done_testing
