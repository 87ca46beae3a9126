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

# initramfs DIR MODULES MODULE...: what a lab host or a guest starts with
initramfs() {
	b=$1 modules=$2
	shift 2
	rm -rf "$b" && mkdir -p "$b/bin" "$b/modules" "$b/root" "$b/proc" "$b/sys" "$b/dev" "$b/build" || return 1
	cp "$kernel/busybox" "$b/bin/busybox" && cp "$root/lab/init" "$b/init" && chmod 755 "$b/init" || return 1
	for a in sh mount insmod sleep cp rm mkdir switch_root echo; do ln -s busybox "$b/bin/$a"; done
	: >"$b/modules/order"
	for mod; do
		f=$(find "$modules" -name "$mod.ko")
		[ -n "$f" ] || continue	# built in
		cp "$f" "$b/modules/" && echo "$mod.ko" >>"$b/modules/order"
	done
}

# What every lab host starts with, before anything of ours.
pack_base() { # MODULES NAME
	# shellcheck disable=SC2086 # a list
	initramfs "$build/lab/$2" "$1" $boot_modules && pack "$b" >"$b.cpio"
}

# A guest in a lab host has of ours only what its first process needs.
pack_guest() {
	s=$build/lab/stage/build/usr/lib/kvm-hv
	# shellcheck disable=SC2086
	initramfs "$build/lab/guest" "$kernel/lib/modules" $guest_modules &&
		mkdir -p "$s/guest" "$b/build/usr/lib/kvm-hv" || return 1
	for f in lab-agent lab-setup lab-put lab-get guest-init hvwork; do
		cp -p "$s/$f" "$b/build/usr/lib/kvm-hv/" || return 1
	done
	pack "$b" >"$s/guest/initrd"
}

# Our module goes in a second archive: only hosts with --backend hv get it, and
# with it an index in which it comes before the kernel's own.
pack_module() { # KO MODULES NAME
	v=$(basename "$2"/*)
	m=$build/lab/$3
	out=$m/out/build/usr/lib/modules/$v
	rm -rf "$m"
	mkdir -p "$m/lib" "$out/updates" && cp -a "$2" "$m/lib/modules" &&
		mkdir -p "$m/lib/modules/$v/updates" || return 1
	if [ -n "$1" ]; then
		cp "$1" "$m/lib/modules/$v/updates/" && depmod -b "$m" "$v" &&
			cp "$m/lib/modules/$v"/modules.* "$out/" && cp "$1" "$out/updates/" || return 1
	fi
	pack "$m/out" >"$m.cpio"
}

build_all() {
	write_cross_file >"$build/cross.ini.new"
	cmp -s "$build/cross.ini.new" "$build/cross.ini" || mv "$build/cross.ini.new" "$build/cross.ini"
	setup_dir "$build/native" "-Dlibperf=$libperf/native" &&
		meson compile -C "$build/native" || return 1
	setup_dir "$build/cross" --prefix /usr --libdir lib --cross-file "$build/cross.ini" \
		-Dlab=true "-Dkernel_dir=$kernel_dir" "-Dlibperf=$libperf/cross" &&
		meson compile -C "$build/cross" || return 1
	mkdir -p "$build/lab" && rm -rf "$build/lab/stage" &&
		meson install -C "$build/cross" --no-rebuild --destdir "$build/lab/stage/build" || return 1
	pack_base "$kernel/lib/modules" base && pack_guest &&
		pack_module "$(find "$build/lab/stage" -name kvm-hv.ko)" "$kernel/lib/modules" module || return 1
	# /lib is a symlink in the lab; nothing else of ours is installed there
	rm -rf "$build/lab/stage/build/lib"
	pack "$build/lab/stage" >"$build/lab/tools.cpio" || return 1
	cat "$build/lab/base.cpio" "$build/lab/tools.cpio" >"$build/lab/initrd-stock.new" &&
		cat "$build/lab/initrd-stock.new" "$build/lab/module.cpio" >"$build/lab/initrd-hv.new" &&
		mv "$build/lab/initrd-stock.new" "$build/lab/initrd-stock" &&
		mv "$build/lab/initrd-hv.new" "$build/lab/initrd-hv"
}

# Sources newer than the last build, or made of something else?
is_current() { # MARK WORDS
	[ "$(cat "$build/$1" 2>/dev/null)" = "$2" ] || return 1
	[ -z "$(find "$root" \( -path "$build" -o -name .git \) -prune -o -newer "$build/$1" -print -quit)" ]
}

build_is_current() {
	is_current .built "$kernel $sysroot $libperf"
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

# kvm-pr on POWER10 (lab/pr-hail): a module of its own, loaded after it
add_pr_hail() { # TREE MODULES-VERSION-FOLDER
	w=$build/pr-hail
	rm -rf "$w" && cp -r "$root/lab/pr-hail" "$w" && mkdir -p "$2/extra" "$d/out/build/etc/modprobe.d" &&
		make -s -C "$1" M="$w" ARCH=powerpc "CROSS_COMPILE=$cross-" "CC=$cross-gcc-$gccver" modules &&
		cp "$w/pr-hail.ko" "$2/extra/" && depmod -b "$d/out/build/usr" "$(basename "$2")" &&
		echo "softdep kvm-pr post: pr-hail" >"$d/out/build/etc/modprobe.d/pr-hail.conf"
}

# other_build KIND MODULES TREE: what a host with another kernel (--kernel KIND) starts from: the same
# tools, our module built against that kernel, and, as the root disk does not have them, its modules.
other_build() {
	d=$build/lab/$1 l=$build/lab
	m=$d/out/build/usr/lib/modules
	rm -rf "$d" && mkdir -p "$d/out/build/usr/lib" && cp -a "$2" "$m" || return 1
	[ "$1" != lab ] || add_pr_hail "$3" "$m"/* || return 1
	pack "$d/out" >"$d.cpio" || return 1
	KBUILD_ARGS="CROSS_COMPILE=$cross- CC=$cross-gcc-$gccver" "$root/kvm-hv/build.sh" \
		"$3" "$root" "$build/kernel-$1" "$build/kernel-$1.dep" || return 1
	pack_base "$2" "$1-base" && pack_module "$build/kernel-$1/kvm-hv.ko" "$d/out/build/usr/lib/modules" "$1-module" || return 1
	cat "$l/$1-base.cpio" "$l/tools.cpio" "$d.cpio" >"$l/initrd-$1-stock.new" &&
		cat "$l/initrd-$1-stock.new" "$l/$1-module.cpio" >"$l/initrd-$1-hv.new" &&
		mv "$l/initrd-$1-stock.new" "$l/initrd-$1-stock" &&
		mv "$l/initrd-$1-hv.new" "$l/initrd-$1-hv"
}

other_build_locked() { # KIND MODULES TREE
	is_current ".built-$1" "$3 $sysroot $libperf" && return
	echo "$3 $sysroot $libperf" >"$build/.built-$1.new"
	run "building kvm-hv for the $1 kernel" "30 s" other_build "$@"
	mv "$build/.built-$1.new" "$build/.built-$1"
}

# ensure_other_kernel lab|4k: $other is then its folder
ensure_other_kernel() {
	case $1 in
	lab) ensure_lab_kernel; other=$labkernel tree=$labkernel/tree ;;
	4k) ensure_kernel_4k; other=$kernel4k tree=$kernel4k/src/usr/src/linux-headers-$(cat "$kernel4k/version") ;;
	esac
	is_current ".built-$1" "$tree $sysroot $libperf" ||
		with_lock "$build/.lock" other_build_locked "$1" "$other/lib/modules" "$tree"
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
		-o -name 'packages-*' -o -name 'labkernel-*' \) -exec rm -rf {} +
}

cmd_build() {
	case ${1:-} in
	'') ensure_lab ;;
	--help | -h) echo "usage: ./hv build

Builds everything for this machine and for lab hosts, in build/. All other commands do
that by themselves; this one boots nothing." ;;
	*) usage_error "unexpected argument $1" ;;
	esac
}

ensure_lab() {
	check_machine
	with_lock "$cache/lock" ensure_parts
	ensure_parts	# again, for the paths
	ensure_build
}
