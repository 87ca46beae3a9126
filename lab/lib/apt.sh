# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
# The archive: which one the machine's own apt uses, a private apt state for
# amd64 and ppc64el beside it, and downloads that are locked to what was
# resolved first, so that nothing is fetched twice.

# shellcheck disable=SC1091
release=$(. /etc/os-release && echo "${VERSION_CODENAME:-$ID}")
apt=$cache/$release/apt
debs=$cache/$release/debs

# Where kernel and emulator come from, and which compiler built that kernel.
case $release in
bookworm) newer=bookworm-backports gccver=12 ;;
trixie) newer=trixie gccver=14 ;;
*) newer='' gccver='' ;;	# check_machine says so
esac

# signed_by URI -> the keyring that the machine's entry for this archive names
signed_by() {
	for f in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
		[ ! -r "$f" ] || sed -n "\\|^deb .*${1##*://}|s/.*signed-by=\\([^] ]*\\).*/\\1/p" "$f"
	done
	for f in /etc/apt/sources.list.d/*.sources; do
		[ ! -r "$f" ] || awk -v uri="$1" 'BEGIN { RS = ""; FS = "\n" }
			index($0, uri) { for (i = 1; i <= NF; i++) if (sub(/^Signed-By:[ \t]*/, "", $i)) print $i }' "$f"
	done
}

# One "deb" line per suite of this release that the machine's apt is set up for;
# of the two the lab is built from, ppc64el as well. Only those two must work:
# the others are there so that packages for this machine match what it has.
# (indextargets would be the tool for this, but is silent before an apt update.)
write_sources() {
	apt-get update --print-uris |
		sed -n "s|^'\\(.*\\)/dists/\\([^/]*\\)/InRelease'.*|\\1 \\2|p" |
		sed "s/ \\(old\\)\\{0,1\\}stable/ $release/" >"$apt/targets"
	uri=$(sed -n "s/ $release\$//p" "$apt/targets" | head -n 1)
	[ -n "$uri" ] || {
		echo "this machine's apt has no source for $release; add one to /etc/apt"
		return 1
	}
	grep -q " $newer\$" "$apt/targets" || echo "$uri $newer" >>"$apt/targets"
	grep " $release" "$apt/targets" | sort -u | while read -r u suite; do
		key=$(signed_by "$u" | grep -m 1 '^/')
		options=arch=amd64
		case $suite in "$release" | "$newer") options=$options,ppc64el ;; esac
		echo "deb [$options${key:+ signed-by=$key}] $u $suite main"
	done >"$apt/etc/sources.list"
}

# Two configurations share the lists: "lab" thinks of an empty ppc64el machine and
# keeps what it downloads; "host" thinks of this one. Root may use that: it writes
# nothing here, where this user's next apt-get could not open root's files.
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
	Dir::State::extended_states "/var/lib/apt/extended_states";
	Dir::Etc::sourcelist "$apt/etc/sources.list";
	Dir::Etc::sourceparts "$apt/etc/none";
	Dir::Etc::preferences "$apt/etc/preferences";
	Dir::Etc::preferencesparts "$apt/etc/none";
	APT::Architectures { "amd64"; "ppc64el"; };
	APT::Install-Recommends "false";
	APT::Sandbox::User "root";
	Acquire::Languages "none";
	Acquire::Retries "3";
	Debug::NoLocking "false";
	EOF
	cat >"$apt/lab.conf" <<-EOF
	#include "$apt/host.conf";
	#clear APT::Architectures;
	Dir::State::status "$apt/empty-status";
	Dir::State::extended_states "$apt/state/extended_states";
	Dir::Cache "$apt/cache";
	Dir::Cache::archives "$debs/";
	Dir::Cache::pkgcache "pkgcache.bin";
	Dir::Cache::srcpkgcache "srcpkgcache.bin";
	APT::Architecture "ppc64el";
	APT::Architectures { "ppc64el"; "amd64"; };
	APT::Keep-Downloaded-Packages "true";
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
	write_sources || return 1
	# a suite we can do without may be broken: look at what is there instead
	apt_lab update || echo "apt-get update: status $?"
	for l in "$release/main amd64" "$release/main ppc64el" "$newer/main amd64" "$newer/main ppc64el"; do
		f=$(LC_ALL=C apt-get -c "$apt/lab.conf" indextargets --format '$(FILENAME)' \
			"Release: ${l%%/*}" "Architecture: ${l##* }" 'Identifier: Packages' | head -n 1)
		found=''
		for g in "$f" "${f%.*}" "$f".*; do [ -z "$f" ] || [ ! -s "$g" ] || found=yes; done
		[ -n "$found" ] || { echo "no package list of $l could be fetched: is the network there, are the sources in /etc/apt right?"; return 1; }
	done
	touch "$apt/updated"
}

update_lists() {
	[ -e "$apt/updated" ] && return
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
