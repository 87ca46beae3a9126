# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
# Builds the project: native (tools for this machine, unit tests), cross (what
# goes into the lab), and the initramfs a lab host starts from.

write_cross_file() {
	cat <<-EOF
	[binaries]
	c = '$cross-gcc-$gccver'
	ar = '$cross-ar'
	strip = '$cross-strip'
	objcopy = '$cross-objcopy'
	pkg-config = 'pkg-config'
	pkgconfig = 'pkg-config'

	[properties]
	sys_root = '$sysroot'
	pkg_config_libdir = '$sysroot/usr/lib/$cross/pkgconfig:$sysroot/usr/share/pkgconfig'

	[built-in options]
	c_args = ['--sysroot=$sysroot']
	c_link_args = ['--sysroot=$sysroot']

	[host_machine]
	system = 'linux'
	cpu_family = 'ppc64'
	cpu = 'power8'
	endian = 'little'
	EOF
}

# Configures a build folder, anew when its options changed.
setup_dir() { # DIR ARG...
	dir=$1
	shift
	want=$(printf '%s\n' "$@" | key "$build/cross.ini")
	[ "$(cat "$dir/.options" 2>/dev/null)" = "$want" ] && return
	rm -rf "$dir"
	meson setup "$@" "$dir" "$root" && echo "$want" >"$dir/.options"
}

# One cpio of DIR, owned by root whoever builds it.
pack() { # DIR
	(cd "$1" && find . -print0 | LC_ALL=C sort -z | cpio -o0 -H newc --quiet -R 0:0)
}

# What every lab host starts with, before anything of ours.
pack_base() {
	b=$build/lab/base
	rm -rf "$b" && mkdir -p "$b/bin" "$b/modules" "$b/root" "$b/proc" "$b/sys" "$b/dev" "$b/build" || return 1
	cp "$kernel/busybox" "$b/bin/busybox" && cp "$root/lab/init" "$b/init" && chmod 755 "$b/init" || return 1
	for a in sh mount insmod sleep cp rm mkdir switch_root echo; do ln -s busybox "$b/bin/$a"; done
	for m in $boot_modules; do
		f=$(find "$kernel/lib/modules" -name "$m.ko")
		[ -n "$f" ] || continue	# built in
		cp "$f" "$b/modules/" && echo "$m.ko" >>"$b/modules/order"
	done
	pack "$b" >"$build/lab/base.cpio"
}

# Our module goes in a second archive: only hosts with --backend hv get it, and
# with it an index in which it comes before the kernel's own.
pack_module() {
	stage=$build/lab/stage
	ko=$(find "$stage" -name kvm-hv.ko)
	m=$build/lab/module
	rm -rf "$m"
	mkdir -p "$m/lib/modules/$kver/updates" "$m/out/build/usr/lib/modules/$kver/updates"
	if [ -n "$ko" ]; then
		cp -a "$kernel/lib" "$m/" && cp "$ko" "$m/lib/modules/$kver/updates/" &&
			depmod -b "$m" "$kver" || return 1
		cp "$m/lib/modules/$kver"/modules.* "$m/out/build/usr/lib/modules/$kver/" &&
			mv "$ko" "$m/out/build/usr/lib/modules/$kver/updates/" || return 1
	fi
	# /lib is a symlink in the lab; nothing else of ours is installed there
	rm -rf "$stage/build/lib"
	pack "$m/out" >"$build/lab/module.cpio"
}

build_all() {
	write_cross_file >"$build/cross.ini.new"
	cmp -s "$build/cross.ini.new" "$build/cross.ini" || mv "$build/cross.ini.new" "$build/cross.ini"
	setup_dir "$build/native" "-Dlibperf=$libperf/native" &&
		meson compile -C "$build/native" || return 1
	setup_dir "$build/cross" --prefix /usr --libdir lib --cross-file "$build/cross.ini" \
		"-Dkernel_dir=$kernel_dir" "-Dlibperf=$libperf/cross" &&
		meson compile -C "$build/cross" || return 1
	mkdir -p "$build/lab" && rm -rf "$build/lab/stage" &&
		meson install -C "$build/cross" --no-rebuild --destdir "$build/lab/stage/build" || return 1
	pack_base && pack_module || return 1
	pack "$build/lab/stage" >"$build/lab/tools.cpio" || return 1
	cat "$build/lab/base.cpio" "$build/lab/tools.cpio" >"$build/lab/initrd-stock.new" &&
		cat "$build/lab/initrd-stock.new" "$build/lab/module.cpio" >"$build/lab/initrd-hv.new" &&
		mv "$build/lab/initrd-stock.new" "$build/lab/initrd-stock" &&
		mv "$build/lab/initrd-hv.new" "$build/lab/initrd-hv"
}

# Sources newer than the last build, or another kernel or sysroot?
build_is_current() {
	[ "$(cat "$build/.built" 2>/dev/null)" = "$kernel $sysroot $libperf" ] || return 1
	[ -z "$(find "$root" \( -path "$build" -o -name .git \) -prune -o -newer "$build/.built" -print -quit)" ]
}

build_locked() {
	build_is_current && return
	echo "$kernel $sysroot $libperf" >"$build/.built.new"	# as old as the start of the build
	run "building kvm-hv" "30 s" build_all
	mv "$build/.built.new" "$build/.built"
}

ensure_build() {
	build_is_current || with_lock "$build/.lock" build_locked
}

# Everything a lab host is made of; each step is done once.
ensure_parts() {
	ensure_host
	ensure_debs
	ensure_kernel
	ensure_sysroot
	ensure_root
	ensure_libperf
	prune
}

# What no ./hv of this user has used for a week was made by an older version.
prune() {
	touch "$lock_file" "$kernel" "$sysroot" "$image" "$libperf"
	find "$cache/$release" -mindepth 1 -maxdepth 1 -mtime +7 \
		\( -name 'kernel-*' -o -name 'sysroot-*' -o -name 'libperf-*' -o -name 'root-*' \
		-o -name 'packages-*' \) -exec rm -rf {} +
}

ensure_lab() {
	with_lock "$cache/lock" ensure_parts
	ensure_parts	# again, for the paths
	ensure_build
}
