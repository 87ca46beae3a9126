# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
# The lab host's root disk, that of the Debian guest in it, and the cross compiler's sysroot. Packages are only
# unpacked, never configured: that would mean running ppc64el code here.

write_etc() { # ROOT
	mkdir -p "$1/etc" "$1/root" "$1/proc" "$1/sys" "$1/dev" "$1/run" "$1/tmp" "$1/var/tmp" &&
	chmod 1777 "$1/tmp" "$1/var/tmp" &&
	printf 'root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n' >"$1/etc/passwd" &&
	printf 'root:x:0:\ntty:x:5:\nkvm:x:106:\nnogroup:x:65534:\n' >"$1/etc/group" &&
	printf '127.0.0.1 localhost\n' >"$1/etc/hosts" &&
	printf 'passwd: files\ngroup: files\nhosts: files\n' >"$1/etc/nsswitch.conf" &&
	ln -sf bash "$1/usr/bin/rbash" && ln -sf dash "$1/usr/bin/sh" && ln -sf mawk "$1/usr/bin/awk" &&
	printf 'PS1="\\h:\\w# "\n' >"$1/root/.bashrc"
}

# dpkg's own records, so that it works in the lab: what it would have after it
# had installed GROUP's packages.
write_dpkg_records() { # GROUP DIR
	info=$2/var/lib/dpkg/info
	mkdir -p "$info" "$2/var/lib/dpkg/updates" && : >"$2/var/lib/dpkg/available" || return 1
	grep "^$1 " "$lock_file" | while read -r _ f _; do
		dpkg-deb -f "$debs/$f" >"$2.control" || exit 1
		sed 's/^Package:.*/&\nStatus: install ok installed/; $G' "$2.control"
		# as dpkg names them (dpkg-query(1), --control-path)
		name=$(awk '/^Package:/ { p = $2 } /^Architecture:/ { a = $2 } /^Multi-Arch: same/ { m = 1 }
			END { print p (m ? ":" a : "") }' "$2.control")
		dpkg-deb --fsys-tarfile "$debs/$f" | tar -t | sed 's|^\.||; s|/$||; s|^$|/.|' >"$info/$name.list"
	done >"$2/var/lib/dpkg/status"
	rm -f "$2.control"
	grep -q '^Status' "$2/var/lib/dpkg/status"
}

# Whoever unpacked it, all of it is root's in the lab: set-user-id programs such as mount must be.
# (fakeroot, as containers and some machines let no user have a name space.)
make_image() { # DIR IMAGE
	# Sparse; the size is what --put and a command may fill. No journal: the
	# disk is thrown away after each boot.
	fakeroot mke2fs -q -t ext4 -O ^has_journal,^resize_inode -E lazy_itable_init=1 \
		-N 262144 -m 0 -L lab -d "$1" "$2" 64G
}

# What GROUP's packages put in DIR, without what nobody reads in a lab.
fill_root() { # GROUP DIR
	rm -rf "$2" && mkdir -p "$2" && unpack "$1" "$2" && write_etc "$2" || return 1
	rm -rf "$2"/usr/share/doc "$2"/usr/share/man "$2"/usr/share/locale "$2"/usr/share/info
	cp -a "$kernel/lib/modules" "$2/usr/lib/"
}

# The guest has no init system that could be asked to shut down.
build_guest_root() { # DIR IMAGE
	fill_root guest "$1" || return 1
	# the compiler is for ./hv bench's workloads: no link-time optimiser, no sanitizers
	rm -f "$1"/usr/lib/gcc/*/*/lto1 "$1"/usr/lib/*/lib[alt]san.so* "$1"/usr/lib/*/libubsan.so* || return 1
	for a in poweroff reboot; do
		printf '#!/bin/sh\nexec busybox %s -f "$@"\n' $a >"$1/usr/sbin/$a" || return 1
	done
	chmod 755 "$1/usr/sbin/poweroff" "$1/usr/sbin/reboot" || return 1
	mkdir -p "$1/usr/lib/kvm-hv" "$1/work" || return 1
	# Not ext4: each function of a module makes the guest patch its text by hypercalls,
	# and ext4 and jbd2 have 15 times as many as squashfs. Not packed: unpacking is slow
	# in an emulator.
	mksquashfs "$1" "$2" -all-root -noI -noD -noF -noX -no-progress
}

# qemu-older: what a guest needs of the release's own QEMU
unpack_older() { # DIR
	grep -q '^older ' "$lock_file" || return 0
	mkdir -p "$1.older" "$1/usr/lib/kvm-hv/qemu-older" || return 1
	grep '^older ' "$lock_file" | while read -r _ f _; do
		dpkg-deb -x "$debs/$f" "$1.older" || exit 1
	done || return 1
	for f in bin/qemu-system-ppc64 share/qemu/slof.bin share/qemu/vof.bin; do
		cp "$1.older/usr/$f" "$1/usr/lib/kvm-hv/qemu-older/" || return 1
	done
	rm -rf "$1.older"
}

build_root() {
	rm -f "$image.tmp" && fill_root root "$image.dir" && rm -rf "$image.dir/usr/include" && write_dpkg_records root "$image.dir" || return 1
	g=$image.dir/usr/lib/kvm-hv/guest
	mkdir -p "$g" && build_guest_root "$image.guest" "$g/root.img" &&
		cp "$kernel/vmlinux" "$g/vmlinux" && unpack_older "$image.dir" || return 1
	make_image "$image.dir" "$image.tmp" || return 1
	rm -rf "$image.dir" "$image.guest"
	mv "$image.tmp" "$image"
}

ensure_root() {
	image=$cache/$release/root-$(key "$lock_file" "$lib/root.sh" "$lib/kernel.sh" </dev/null).img
	[ -e "$image" ] && return
	run "making the lab's root disk" "30 s" build_root
}

# Debian's -dev packages have absolute symlinks; the linker would look for their
# targets on this machine, not find them, and take the static library instead.
relative_symlinks() { # DIR
	find "$1" -type l -lname '/*' | while read -r l; do
		ln -sfn "$(realpath -m --relative-to "$(dirname "$l")" "$1$(readlink "$l")")" "$l" || exit 1
	done
}

build_sysroot() {
	rm -rf "$sysroot.tmp" && mkdir -p "$sysroot.tmp" && unpack sysroot "$sysroot.tmp" &&
		relative_symlinks "$sysroot.tmp" && rm -rf "$sysroot" && mv "$sysroot.tmp" "$sysroot" && touch "$sysroot/.done"
}

ensure_sysroot() {
	sysroot=$cache/$release/sysroot-$(key "$lock_file" "$lib/fetch.sh" "$lib/root.sh" </dev/null)
	[ -e "$sysroot/.done" ] && return
	run "unpacking the cross compiler's libraries" "5 s" build_sysroot
}
