# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
# libperf, which Debian does not package: from the kernel source, for this
# machine and for the lab.

build_libperf() {
	rm -rf "$libperf" "$libperf.src" && mkdir -p "$libperf.src" || return 1
	"$root/tools/libperf.sh" --needs | sed 's|^|*/|' >"$libperf.src/needs" || return 1
	# the whole archive is 1.5 GB unpacked
	tar -xJf "$kernel/linux-source.tar.xz" -C "$libperf.src" --strip-components=1 \
		--wildcards --no-wildcards-match-slash -T "$libperf.src/needs" || return 1
	"$root/tools/libperf.sh" "$libperf.src" "$libperf/native" &&
		CROSS_COMPILE=$cross- "$root/tools/libperf.sh" "$libperf.src" "$libperf/cross" || return 1
	rm -rf "$libperf.src"
	touch "$libperf/.done"
}

ensure_libperf() {
	libperf=$cache/$release/libperf-$(key "$kernel/version" "$root/tools/libperf.sh" </dev/null)
	[ -e "$libperf/.done" ] && return
	run "building libperf from the kernel source" "40 s" build_libperf
}
