#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# boots: yes
# timeout: 700
# A host that our backend refuses: a kernel that is a guest itself.
# (Sibling threads online: tests/lab/siblings.sh.)
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.inc"

hv exec \
	--qemu-arg -M --qemu-arg pseries,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,cap-ccf-assist=off \
	--qemu-arg -cpu --qemu-arg power9 --qemu-arg -vga --qemu-arg none \
	--qemu-arg -device --qemu-arg spapr-pci-host-bridge,index=1,id=pcie \
	--qemu-arg -device --qemu-arg pci-bridge,chassis_nr=1,bus=pcie.0,id=pcie.1 -- true
ok "in a guest: the module does not load" status_is 125
ok "in a guest: says why" err_has 'does not run in hypervisor mode'
finish
