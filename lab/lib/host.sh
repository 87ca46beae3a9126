# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
# Packages this machine needs. Installed from the archive its own apt uses, plus
# the suite that has QEMU 10, without touching /etc/apt.

cross=powerpc64le-linux-gnu

host_packages="qemu-system-ppc qemu-system-data gcc libc6-dev gcc-$gccver-$cross gcc-$cross
	libc6-dev-ppc64el-cross binutils-$cross meson ninja-build pkgconf make flex bison bc
	cpio fakeroot e2fsprogs squashfs-tools kmod xz-utils libcmocka-dev libtraceevent-dev libncurses-dev
	libelf-dev zlib1g-dev libjansson-dev sparse shellcheck"

# Names of those that are not there yet, or too old.
missing_packages() {
	# shellcheck disable=SC2086 # a list
	dpkg-query -W -f '${db:Status-Status} ${Version} ${Package}\n' $host_packages 2>/dev/null |
		awk '$1 == "installed" { print $3, $2 }' >"$cache/installed.$$"
	for p in $host_packages; do
		v=$(sed -n "s/^$p //p" "$cache/installed.$$")
		case $p in
		qemu-*) dpkg --compare-versions "${v:-0}" ge 1:10 || echo "$p" ;;
		*) [ -n "$v" ] || echo "$p" ;;
		esac
	done
	rm -f "$cache/installed.$$"
}

install_packages() {
	$as_root env LC_ALL=C DEBIAN_FRONTEND=noninteractive \
		apt-get -c "$apt/host.conf" -q -y -o DPkg::Lock::Timeout=600 install "$@"
}

# The lists may be older than the archive, or than this machine's sources: read them again once.
install_or_update() {
	install_packages "$@" || { fetch_lists && install_packages "$@"; }
}

# What nothing here can put right is said before anything is done.
check_machine() {
	[ -n "${XDG_CACHE_HOME:-${HOME-}}" ] || die "neither HOME nor XDG_CACHE_HOME is set: where may downloads be kept?"
	[ -n "$newer" ] || die "the lab is built from Debian 12 or 13's archive; this machine runs $release"
	arch=$(dpkg --print-architecture)
	[ "$arch" = amd64 ] || die "the lab is built on amd64; this machine is $arch"
	for d in "$root" "$cache"; do
		case $d in
		*[[:space:]:,\'\"]*) die "$d: the kernel's make files and QEMU can't do with a blank, colon, comma or quote in a path" ;;
		esac
	done
	for d in "$apt" "$debs" "$build"; do
		mkdir -p "$d" 2>/dev/null && [ -w "$d" ] || die "$d: can't write there"
	done
}

ensure_host() {
	miss=$(missing_packages | tr '\n' ' ')
	[ -n "$miss" ] || return 0
	as_root=
	if [ "$(id -u)" -ne 0 ]; then
		have sudo || die "packages are missing: install sudo, or have root call ./hv build in a clone of its own, once (${miss% })"
		as_root=sudo
		sudo -v || die "sudo is needed once, to install: ${miss% }"
	fi
	update_lists
	# shellcheck disable=SC2086
	run "installing $(echo $miss | wc -w) packages on this machine" "1-2 min" install_or_update $miss
}
