# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
# The lab host's root disk and the cross compiler's sysroot. Packages are only
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

# In a user name space of our own, what we unpacked belongs to root.
make_image() { # DIR IMAGE
	userns=
	[ "$(id -u)" -eq 0 ] || ! unshare -r true 2>/dev/null || userns="unshare -r"
	# Sparse; the size is what --put and a command may fill. No journal: the
	# disk is thrown away after each boot.
	# shellcheck disable=SC2086
	$userns mke2fs -q -t ext4 -O ^has_journal,^resize_inode -E lazy_itable_init=1 \
		-N 262144 -m 0 -L lab -d "$1" "$2" 64G
}

build_root() {
	rm -rf "$image.dir" "$image.tmp" && mkdir -p "$image.dir" &&
		unpack root "$image.dir" && write_etc "$image.dir" || return 1
	rm -rf "$image.dir"/usr/share/doc "$image.dir"/usr/share/man "$image.dir"/usr/share/locale \
		"$image.dir"/usr/share/info "$image.dir"/usr/include
	cp -a "$kernel/lib/modules" "$image.dir/usr/lib/" || return 1
	make_image "$image.dir" "$image.tmp" || return 1
	rm -rf "$image.dir"
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
