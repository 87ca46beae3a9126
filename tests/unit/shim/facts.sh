#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# facts.sh KERNEL_DIR: compares every constant, field size and function of the
# shim headers with the kernel's headers (KERNEL_DIR: a kernel build tree).
# Silent if they agree; else the compiler says which does not.
set -eu
kernel=$1
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../../..
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# Object-like macros with a value, but for those of ours and the one that stands
# for a variable.
sed -nE 's/^#define ([A-Za-z][A-Za-z0-9_]*)[[:space:]]+.*/\1/p' "$here"/linux/*.h "$here"/asm/*.h |
	grep -vxE 'SHIM_.*|KVM_HV_.*|local_paca|THIS_MODULE|current|__iomem|__visible|H_PAGE_BUSY' | sed 's/.*/NAME(&)/' >"$tmp/names.h"
for e in MCE_V1 MCE_DISPOSITION_RECOVERED MCE_DISPOSITION_NOT_RECOVERED \
	MCE_ERROR_TYPE_SLB MCE_ERROR_TYPE_ERAT \
	KVM_MR_CREATE KVM_MR_DELETE KVM_MR_MOVE KVM_MR_FLAGS_ONLY; do
	echo "NAME($e)" >>"$tmp/names.h"
done
${CC:-cc} -std=gnu11 -D_GNU_SOURCE -I"$here" -I"$root/kvm-hv" -I"$root/tracepoints" -I"$tmp" \
	-o "$tmp/print" "$here/facts.c"
"$tmp/print" >"$tmp/facts.c"
echo 'obj-m := facts.o' >"$tmp/Kbuild"
make -s -C "$kernel" M="$tmp" ARCH=powerpc CONFIG_DEBUG_INFO_BTF_MODULES= facts.o
