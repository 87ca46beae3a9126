# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
# What the lab is made of, resolved once and kept: lists of .deb files by group.

flavour=powerpc64le-64k
flavour_4k=powerpc64le	# the same kernel with pages of 4 KiB, for --kernel 4k

# Closure of these makes the lab host's root disk ...
root_packages="base-files base-passwd bash dash coreutils util-linux mount procps kmod
	grep sed mawk findutils diffutils tar gzip xz-utils hostname iproute2 less e2fsprogs strace debianutils time psmisc ncurses-bin
	qemu-system-ppc linux-perf trace-cmd libtraceevent1 libncursesw6 libncurses6 ncurses-base
	libelf1 zlib1g libjansson4 libc-bin"
# ... of these the root disk of the Debian guest in it (./hv guest) ...
guest_packages="base-files base-passwd bash dash coreutils util-linux mount procps kmod
	grep sed mawk findutils diffutils tar gzip hostname iproute2 iputils-ping less debianutils
	e2fsprogs time psmisc ncurses-bin ncurses-base busybox-static gcc-$gccver libc6-dev"
# ... and of these, what the cross compiler sees.
sysroot_packages="libc6-dev libtraceevent-dev libncurses-dev libelf-dev zlib1g-dev libjansson-dev"
# What the test of our own packages installs, without what DKMS would compile with.
package_packages="dkms lsb-release"
# Where the emulator is of a newer suite, the release's own QEMU as well: that can migrate guests (docs/guest.md).
older_packages=''
[ "$newer" = "$release" ] || older_packages="qemu-system-ppc/$release qemu-system-data/$release"

resolve_kernel() { # FLAVOUR
	image=$(depends "linux-image-$1" '^linux-image-[0-9]')
	headers=$(depends "linux-headers-$1" '^linux-headers-[0-9]')
	common=$(depends "$headers" 'common$')
	kbuild=$(depends "$headers" '^linux-kbuild')
	kbuild=${kbuild%:*}
	[ -n "$image" ] && [ -n "$common" ] && [ -n "$kbuild" ] || {
		echo "the archive has no complete $1 kernel"
		return 1
	}
	echo "$image $headers $common $kbuild:amd64"
}

# One line per file: GROUP FILE SIZE
list_group() { # GROUP VERB PACKAGE...
	group=$1
	shift
	# away from our archive: apt leaves out what is already downloaded
	(cd "$apt/cache" && apt_lab -o Dir::Cache::archives="$apt/none/" --print-uris "$@") | awk -v g="$group" '/^'\''/ { print g, $2, $3 }'
}

fetch_debs() {
	kernel_packages=$(resolve_kernel "$flavour") || { echo "$kernel_packages"; return 1; }
	kernel4k_packages=$(resolve_kernel "$flavour_4k") || { echo "$kernel4k_packages"; return 1; }
	source=$(depends linux-source '^linux-source-[0-9]')
	[ -n "$source" ] || { echo "the archive has no linux-source"; return 1; }
	kernel_packages="$kernel_packages $source busybox-static"
	# shellcheck disable=SC2086
	{
		list_group root install $root_packages &&
		list_group guest install $guest_packages &&
		list_group sysroot install $sysroot_packages &&
		list_group kernel download $kernel_packages &&
		list_group kernel4k download $kernel4k_packages &&
		list_group package download $package_packages &&
		if [ -n "$older_packages" ]; then list_group older download $older_packages; fi
	} >"$lock_file.tmp" || return 1
	for g in root guest sysroot kernel kernel4k package; do
		grep -q "^$g " "$lock_file.tmp" || { echo "$g packages can't be resolved"; return 1; }
	done
	# shellcheck disable=SC2086
	apt_lab --download-only install $root_packages &&
		apt_lab --download-only install $guest_packages &&
		apt_lab --download-only install $sysroot_packages &&
		(cd "$debs" && apt_lab download $kernel_packages $kernel4k_packages $package_packages $older_packages) || return 1
	# apt-get download leaves half a file behind when it is interrupted
	while read -r _ f size; do
		[ "$(stat -c %s "$debs/$f")" = "$size" ] && continue
		echo "$f is not complete"
		rm -f "$debs/$f"
		return 1
	done <"$lock_file.tmp"
	mv "$lock_file.tmp" "$lock_file"
}

# The lists may be older than the archive: read them again once.
fetch_or_update() {
	fetch_debs || fetch_debs || { fetch_lists && fetch_debs; }
}

ensure_debs() {
	lock_file=$cache/$release/packages-$(echo "$flavour $flavour_4k $root_packages $guest_packages $sysroot_packages $package_packages $older_packages" | key)
	[ -e "$lock_file" ] && return
	update_lists
	run "downloading the lab's packages, 460 MB" "1-5 min" fetch_or_update
}

# unpack GROUP DIR: every file of a group, over the symlinks of a merged /usr
unpack() {
	for d in bin sbin lib lib64; do
		mkdir -p "$2/usr/$d" && ln -s "usr/$d" "$2/$d" || return 1
	done
	grep "^$1 " "$lock_file" | while read -r _ f _; do
		dpkg-deb --fsys-tarfile "$debs/$f" |
			tar -x --keep-directory-symlink --no-same-owner -p -C "$2" || exit 1
	done
}
