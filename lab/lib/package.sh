# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
# ./hv package: Debian packages of what "meson install" installs.

package_help() {
	cat <<-END
	usage: ./hv package

	Builds kvm-hv-dkms (module source) and kvm-hv-tools (ppc64el) as Debian packages
	in build/package/ and prints their names. docs/install.md says what to do with them.
	END
}

# What the programs in DIR need, in the words of the libraries' own packages.
library_depends() { # DIR
	find "$1" -type f -perm -100 -exec "$cross-readelf" -d {} + 2>/dev/null |
		sed -n 's/.*(NEEDED).*\[\(.*\)\.so\.\([^]]*\)\]/\1 \2/p' | sort -u >"$work/needed"
	grep -E '^(root|sysroot) ' "$lock_file" | while read -r _ f _; do
		dpkg-deb -I "$debs/$f" shlibs 2>/dev/null
	done | awk 'NR == FNR { need[$0]; next }
		$1 !~ /:/ && ($1 " " $2) in need { d = $0; sub(/^[^ ]+ [^ ]+ /, "", d); have[$1 " " $2] = d }
		END {
			for (n in need) {
				if (!(n in have)) { print "no package has " n >"/dev/stderr"; exit 1 }
				if (!(have[n] in seen)) print have[n]
				seen[have[n]]
			}
		}' "$work/needed" - >"$work/depends" || return 1
	sort -u "$work/depends" | paste -sd, | sed 's/,/, /g'
}

fill_in() { # FILE: placeholders; no comments where Debian's formats have none
	case $1 in */post* | */pre*) ;; *) sed -i '/^#/d' "$1" ;; esac
	sed -i "s|@VERSION@|$version|; s|@SIZE@|$size|; s|@DEPENDS@|$needs|; s|@COMMIT@|$commit|; s|@DATE@|$date|" "$1"
}

# make_deb NAME ARCH: from $work/NAME, which holds the files
make_deb() {
	d=$work/$1
	doc=$d/usr/share/doc/$1
	mkdir -p "$d/DEBIAN" "$doc" && cp "$root/package/copyright" "$doc/" &&
		cp "$root/package/changelog" "$doc/changelog" || return 1
	size=$(du -sk "$d" | cut -f1)
	fill_in "$doc/changelog"
	gzip -9n "$doc/changelog" && find "$d/usr/share/man" -name '*.1' -exec gzip -9n {} + 2>/dev/null
	for f in "$root/package/$1"/*; do
		cp "$f" "$d/DEBIAN/" && fill_in "$d/DEBIAN/$(basename "$f")" || return 1
	done
	(cd "$d" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum) >"$d/DEBIAN/md5sums"
	chmod -R u=rwX,go=rX "$d"
	for f in preinst postinst prerm postrm; do [ ! -e "$d/DEBIAN/$f" ] || chmod 755 "$d/DEBIAN/$f"; done
	dpkg-deb --root-owner-group -Zxz -b "$d" "$out/$1_${version}_$2.deb"
}

build_packages() {
	rm -rf "$work" "$out.new" && mkdir -p "$work" || return 1
	setup_dir "$build/package-build" --prefix /usr --libdir "lib/$cross" --cross-file "$build/cross.ini" \
		"-Dlibperf=$libperf/cross" &&
		meson compile -C "$build/package-build" &&
		meson install -C "$build/package-build" --no-rebuild --strip --destdir "$work/all" || return 1
	mkdir -p "$work/kvm-hv-dkms/usr" && mv "$work/all/usr/src" "$work/kvm-hv-dkms/usr/" &&
		mv "$work/all" "$work/kvm-hv-tools" || return 1
	needs=$(library_depends "$work/kvm-hv-tools") && [ -n "$needs" ] || return 1
	rm -rf "$out" && mkdir -p "$out" && make_deb kvm-hv-dkms all && make_deb kvm-hv-tools ppc64el
}

cmd_package() {
	case ${1:-} in
	'') ;;
	--help | -h) package_help; exit 0 ;;
	*) usage_error "unknown option $1" ;;
	esac
	ensure_lab
	out=$build/package work=$build/package-work
	version=$(cat "$root/kvm-hv/VERSION")
	commit=$(git -C "$root" describe --always --dirty 2>/dev/null || echo unknown)
	SOURCE_DATE_EPOCH=$(git -C "$root" log -1 --format=%ct 2>/dev/null || date +%s)
	export SOURCE_DATE_EPOCH	# dpkg-deb: the same packages from the same commit
	date=$(LC_ALL=C date -R -u -d "@$SOURCE_DATE_EPOCH")
	run "building the Debian packages" "30 s" build_packages
	ls "$out"/*.deb
}
