# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
# The stock kernel: image, modules (uncompressed: xz is slow in an emulator) and
# a tree to build our module against.

# Modules the lab may want; the rest is for hardware it does not have.
module_dirs="arch virt lib crypto block mm fs/ext4 fs/jbd2 fs/erofs fs/squashfs fs/overlayfs fs/9p
	fs/netfs fs/fuse fs/fat fs/nls fs/isofs fs/mbcache.ko.xz drivers/block drivers/nvme
	drivers/virtio drivers/vhost drivers/vfio drivers/char net/9p
	drivers/net/tun.ko.xz drivers/net/virtio_net.ko.xz drivers/net/net_failover.ko.xz
	drivers/scsi/virtio_scsi.ko.xz net/core/failover.ko.xz"
# These, in this order, lead to the root disk.
boot_modules="virtio_blk crc16 crc32c-vpmsum libcrc32c crc32c_generic mbcache jbd2 ext4"
guest_modules="virtio_blk squashfs"

# unpack_kernel GROUP DIR
unpack_kernel() {
	new=$2.tmp
	rm -rf "$new" && mkdir -p "$new/tree" && unpack "$1" "$new/tree" || return 1
	t=$new/tree
	v=$(basename "$t"/boot/vmlinux-*) && v=${v#vmlinux-}
	mv "$t/boot/vmlinux-$v" "$new/vmlinux" &&
		mv "$t/boot/System.map-$v" "$new/System.map" &&
		mv "$t/boot/config-$v" "$new/config" || return 1
	m=$new/lib/modules/$v
	mkdir -p "$m/kernel"
	for d in $module_dirs; do
		[ -e "$t/lib/modules/$v/kernel/$d" ] || continue
		mkdir -p "$(dirname "$m/kernel/$d")"
		mv "$t/lib/modules/$v/kernel/$d" "$m/kernel/$d" || return 1
	done
	cp "$t/lib/modules/$v"/modules.* "$m/" || return 1
	find "$m" -name '*.ko.xz' -exec xz -d {} + || return 1
	depmod -b "$new" "$v" || return 1

	# The headers name /usr/src and reach linux-kbuild by a relative symlink.
	mkdir -p "$new/src/usr/lib"
	mv "$t/usr/src" "$new/src/usr/src" &&
		mv "$t"/usr/lib/linux-kbuild-* "$new/src/usr/lib/" || return 1
	for f in "$new"/src/usr/src/linux-headers-*/Makefile; do
		sed -i "s|/usr/src/|$2/src/usr/src/|" "$f" || return 1
	done
	# No BTF for our module: it needs pahole, and nothing reads it. Only make's view
	# changes, not autoconf.h: struct module stays what the kernel has.
	rm -f "$new/src/usr/src/linux-headers-$v/vmlinux" &&
		sed -i '/^CONFIG_DEBUG_INFO_BTF_MODULES=/d' \
			"$new/src/usr/src/linux-headers-$v/include/config/auto.conf" || return 1
	# the first kernel's group has what is there once
	if [ "$1" = kernel ]; then
		mv "$t/usr/bin/busybox" "$new/busybox" &&
			mv "$new"/src/usr/src/linux-source-*.tar.xz "$new/linux-source.tar.xz" || return 1
	fi
	rm -rf "$t"
	echo "$v" >"$new/version"
	rm -rf "$2" && mv "$new" "$2"
}

ensure_kernel() {
	kernel=$cache/$release/kernel-$(key "$lock_file" "$lib/kernel.sh" </dev/null)
	[ -e "$kernel/version" ] ||
		run "unpacking the kernel" "40 s" unpack_kernel kernel "$kernel"
	kver=$(cat "$kernel/version")
	kernel_dir=$kernel/src/usr/src/linux-headers-$kver
}

# --kernel 4k
kernel_4k() {
	[ -e "$kernel4k/version" ] ||
		run "unpacking the kernel with 4 KiB pages" "40 s" unpack_kernel kernel4k "$kernel4k"
}

ensure_kernel_4k() {
	kernel4k=$cache/$release/kernel-4k-$(key "$lock_file" "$lib/kernel.sh" </dev/null)
	[ -e "$kernel4k/version" ] || with_lock "$cache/lock" kernel_4k
	touch "$kernel4k"
}
