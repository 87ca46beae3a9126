#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Build libperf from a kernel source tree, for distributions that do not package it.
set -eu

# What of the source tree is needed; all else may be left packed (5 MB instead of 1.5 GB).
needs() {
	cat <<'EOF'
tools/lib/perf
tools/lib/api
tools/lib/str_error_r.c
tools/lib/zalloc.c
tools/build
tools/scripts
tools/include
tools/arch
EOF
}

usage() {
	cat <<'EOF'
usage: libperf.sh SRC PREFIX
       libperf.sh --needs

Builds libperf from the kernel source tree SRC and installs the static library, its
headers and libperf.pc into PREFIX, for meson's -Dlibperf=PREFIX. SRC is not changed.
--needs prints the files and folders of the kernel source that SRC has to hold.

CROSS_COMPILE in the environment names a cross compiler's prefix, such as
powerpc64le-linux-gnu- ; without it the build is native.
EOF
}

die() {
	echo "libperf.sh: $*" >&2
	exit 1
}

case ${1-} in
-h | --help) usage; exit 0 ;;
--needs) needs; exit 0 ;;
esac
[ $# -eq 2 ] || { usage >&2; exit 1; }
src=$1 prefix=$2
for n in $(needs); do
	[ -e "$src/$n" ] || die "$src/$n is missing: unpack it from the kernel source (libperf.sh --needs lists all)"
done
mkdir -p "$prefix"
prefix=$(cd "$prefix" && pwd)

# kbuild's fixdep is built inside the source tree, so work on a copy: two builds
# (native and cross) may run at the same time.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
mkdir "$work/out"
(cd "$src" && needs | tar cf - -T -) | (cd "$work" && tar xf -)

case ${CROSS_COMPILE-} in
'') set -- ;;
powerpc*) set -- ARCH=powerpc "CROSS_COMPILE=$CROSS_COMPILE" ;;
*) die "CROSS_COMPILE=$CROSS_COMPILE: only powerpc is known here" ;;
esac
make -C "$work/tools/lib/perf" "$@" O="$work/out" prefix="$prefix" libdir="$prefix/lib" \
	install_headers "$work/out/libperf.a" "$work/out/libapi.a" \
	>"$work/log" 2>&1 || { cat "$work/log" >&2; die "libperf does not build (log above)"; }

# libperf.a needs libapi.a, which the kernel does not install; no shared library, so
# that the tools carry what they need.
mkdir -p "$prefix/lib/pkgconfig"
cp "$work/out/libperf.a" "$work/out/libapi.a" "$prefix/lib/"
cat >"$prefix/lib/pkgconfig/libperf.pc" <<EOF
prefix=$prefix
libdir=\${prefix}/lib
includedir=\${prefix}/include

Name: libperf
Description: perf event library from the Linux kernel source
Version: 0.0.1
Libs: -L\${libdir} -lperf -lapi
Cflags: -I\${includedir}
EOF
