# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
# The archive: which one the machine's own apt uses, a private apt state for
# amd64 and ppc64el beside it, and downloads that are locked to what was
# resolved first, so that nothing is fetched twice.

# shellcheck disable=SC1091
release=$(. /etc/os-release && echo "${VERSION_CODENAME:-$ID}")
apt=$cache/$release/apt
debs=$cache/$release/debs
mkdir -p "$apt" "$debs" 2>/dev/null || die "$cache: can't write there (XDG_CACHE_HOME?)"

# Where kernel and emulator come from, and which compiler built that kernel.
case $release in
bookworm) newer=bookworm-backports gccver=12 ;;
trixie) newer=trixie gccver=14 ;;
*) die "the lab is built from Debian 12 or 13's archive; this machine runs $release" ;;
esac

# One "deb" line per suite of this release that the machine's apt is set up for;
# of the two the lab is built from, ppc64el as well. Only those two must work:
# the others are there so that packages for this machine match what it has.
write_sources() {
	apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT) $(SIGNED_BY)' \
		'Identifier: Packages' >"$apt/targets" ||
		die "apt-get indextargets failed: is apt configured?"
	awk -v r="$release" -v n="$newer" '
	$3 != "main" || index($2, r) != 1 || seen[$1 $2]++ { next }
	{
		if ($2 == r && !uri) { uri = $1; key = $4 }
		if ($2 == n) have = 1
		line($1, $2, $4)
	}
	function line(uri, suite, key) {
		print "deb [arch=amd64" (suite == r || suite == n ? ",ppc64el" : "") \
			(key ~ /^\// ? " signed-by=" key : "") "] " uri " " suite " main"
	}
	END { if (uri && !have) line(uri, n, key) }' "$apt/targets" >"$apt/etc/sources.list"
	grep -q " $release main" "$apt/etc/sources.list" ||
		die "this machine's apt has no source for $release main; add one to /etc/apt"
}

# Two configurations share the lists: "lab" thinks of an empty ppc64el machine,
# "host" of this one.
write_apt_conf() {
	mkdir -p "$apt/etc/none" "$apt/etc/preferences.d" "$apt/state/lists/partial" \
		"$debs/partial" "$apt/none/partial" "$apt/cache"
	: >"$apt/empty-status"
	cat >"$apt/host.conf" <<-EOF
	#clear APT::Architectures;
	#clear DPkg::Post-Invoke;
	#clear APT::Update::Post-Invoke;
	#clear APT::Update::Post-Invoke-Success;
	Dir::State "$apt/state";
	Dir::State::status "/var/lib/dpkg/status";
	Dir::Etc::sourcelist "$apt/etc/sources.list";
	Dir::Etc::sourceparts "$apt/etc/none";
	Dir::Etc::preferences "$apt/etc/preferences";
	Dir::Etc::preferencesparts "$apt/etc/none";
	Dir::Cache "$apt/cache";
	Dir::Cache::archives "$debs/";
	APT::Architectures { "amd64"; "ppc64el"; };
	APT::Install-Recommends "false";
	APT::Sandbox::User "root";
	APT::Keep-Downloaded-Packages "true";
	Acquire::Languages "none";
	Acquire::Retries "3";
	Debug::NoLocking "false";
	EOF
	cat >"$apt/lab.conf" <<-EOF
	#include "$apt/host.conf";
	#clear APT::Architectures;
	Dir::State::status "$apt/empty-status";
	APT::Architecture "ppc64el";
	APT::Architectures { "ppc64el"; "amd64"; };
	EOF
	cat >"$apt/etc/preferences" <<-EOF
	Package: src:linux src:linux-signed-amd64 src:qemu
	Pin: release n=$newer
	Pin-Priority: 600
	EOF
}

apt_lab() {
	LC_ALL=C DEBIAN_FRONTEND=noninteractive apt-get -c "$apt/lab.conf" -q -y "$@"
}

fetch_lists() {
	write_apt_conf
	write_sources
	# a suite we can do without may be broken: look at what is there instead
	apt_lab update || echo "apt-get update: status $?"
	for l in "$release/main amd64" "$release/main ppc64el" "$newer/main amd64" "$newer/main ppc64el"; do
		f=$(LC_ALL=C apt-get -c "$apt/lab.conf" indextargets --format '$(FILENAME)' \
			"Release: ${l%%/*}" "Architecture: ${l##* }" 'Identifier: Packages' | head -n 1)
		found=no
		for g in "$f" "${f%.*}" "$f".*; do [ ! -s "$g" ] || found=yes; done
		[ $found = yes ] || { echo "no package list of $l could be fetched"; return 1; }
	done
	touch "$apt/updated"
}

update_lists() { # [again]
	[ -z "$1" ] && [ -e "$apt/updated" ] && return
	run "reading the archive's package lists" "20 s" fetch_lists
}

# candidate PACKAGE[:ARCH] -> the version that would be used
candidate() {
	LC_ALL=C apt-cache -c "$apt/lab.conf" policy "$1" | awk '/Candidate:/ && $2 != "(none)" { print $2 }'
}

# depends PACKAGE PATTERN -> the first package it depends on that matches
depends() {
	LC_ALL=C apt-cache -c "$apt/lab.conf" depends "$1" | sed -n 's/.*Depends: //p' | grep -m1 -E "$2"
}
