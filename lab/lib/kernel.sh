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

unpack_kernel() {
	rm -rf "$kernel.tmp" && mkdir -p "$kernel.tmp/tree" && unpack kernel "$kernel.tmp/tree" || return 1
	t=$kernel.tmp/tree
	kver=$(basename "$t"/boot/vmlinux-*) && kver=${kver#vmlinux-}
	mv "$t/boot/vmlinux-$kver" "$kernel.tmp/vmlinux" &&
		mv "$t/boot/System.map-$kver" "$kernel.tmp/System.map" &&
		mv "$t/boot/config-$kver" "$kernel.tmp/config" &&
		mv "$t/usr/bin/busybox" "$kernel.tmp/busybox" || return 1
	m=$kernel.tmp/lib/modules/$kver
	mkdir -p "$m/kernel"
	for d in $module_dirs; do
		[ -e "$t/lib/modules/$kver/kernel/$d" ] || continue
		mkdir -p "$(dirname "$m/kernel/$d")"
		mv "$t/lib/modules/$kver/kernel/$d" "$m/kernel/$d" || return 1
	done
	cp "$t/lib/modules/$kver"/modules.* "$m/" || return 1
	find "$m" -name '*.ko.xz' -exec xz -d {} + || return 1
	depmod -b "$kernel.tmp" "$kver" || return 1

	# The headers name /usr/src and reach linux-kbuild by a relative symlink.
	mkdir -p "$kernel.tmp/src/usr/lib"
	mv "$t/usr/src" "$kernel.tmp/src/usr/src" &&
		mv "$t"/usr/lib/linux-kbuild-* "$kernel.tmp/src/usr/lib/" || return 1
	for f in "$kernel.tmp"/src/usr/src/linux-headers-*/Makefile; do
		sed -i "s|/usr/src/|$kernel/src/usr/src/|" "$f" || return 1
	done
	# No BTF for our module: it needs pahole, and nothing reads it. Only make's view
	# changes, not autoconf.h: struct module stays what the kernel has.
	rm -f "$kernel.tmp/src/usr/src/linux-headers-$kver/vmlinux" &&
		sed -i '/^CONFIG_DEBUG_INFO_BTF_MODULES=/d' \
			"$kernel.tmp/src/usr/src/linux-headers-$kver/include/config/auto.conf" || return 1
	mv "$kernel.tmp"/src/usr/src/linux-source-*.tar.xz "$kernel.tmp/linux-source.tar.xz" || return 1
	rm -rf "$t"
	echo "$kver" >"$kernel.tmp/version"
	rm -rf "$kernel" && mv "$kernel.tmp" "$kernel"
}

ensure_kernel() {
	kernel=$cache/$release/kernel-$(key "$lock_file" "$lib/kernel.sh" </dev/null)
	[ -e "$kernel/version" ] ||
		run "unpacking the kernel" "40 s" unpack_kernel
	kver=$(cat "$kernel/version")
	kernel_dir=$kernel/src/usr/src/linux-headers-$kver
}
