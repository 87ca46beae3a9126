#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# build.sh KERNEL_DIR SOURCE_ROOT OUTDIR DEPFILE: runs kbuild on a copy of the
# sources, so that the source tree stays clean and two build trees do not meet.
# build.sh --release KERNEL_DIR: prints the release the kernel tree is for.
set -eu
if [ "$1" = --release ]; then
	exec sed -n 's/^#define UTS_RELEASE "\(.*\)"/\1/p' "$2/include/generated/utsrelease.h"
fi
kernel=$1 src=$2 dep=$4
mkdir -p "$3"
out=$(cd "$3" && pwd)
work=$out/kbuild
for d in kvm-hv tracepoints; do
	mkdir -p "$work/$d"
	(cd "$src/$d" && find . -type f) | while read -r f; do
		cmp -s "$src/$d/$f" "$work/$d/$f" && continue
		mkdir -p "$work/$d/${f%/*}"
		cp "$src/$d/$f" "$work/$d/$f"
	done
done
# no BTF for the module: it would need pahole, and nothing of ours reads it
# shellcheck disable=SC2086 # a list
make -s -C "$kernel" M="$work/kvm-hv" ARCH=powerpc CONFIG_DEBUG_INFO_BTF_MODULES= ${KBUILD_ARGS:-} modules
cp "$work/kvm-hv/kvm-hv.ko" "$out/kvm-hv.ko"
find "$src/kvm-hv" "$src/tracepoints" -type f | sed "s|^|$3/kvm-hv.ko: |" >"$dep"
