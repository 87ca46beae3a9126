#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# boots: yes
# timeout: 1200
# The Debian packages: what is in them; DKMS builds the module from them; dpkg
# installs and removes them in a lab host. That has no compiler (an emulated one
# is too slow), so DKMS's own script builds the module here, with the cross
# compiler, and DKMS in the lab takes it as a tarball, as on a host without one.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.inc"
here=$(realpath "$(dirname "$0")")
version=$(cat "$here/../../kvm-hv/VERSION")

hv package
ok "./hv package" status_is 0
dkms_deb=$(sed -n '/kvm-hv-dkms_/p' out) tools_deb=$(sed -n '/kvm-hv-tools_/p' out)
ok "names both packages" [ -f "$dkms_deb" -a -f "$tools_deb" ]
for d in "$dkms_deb" "$tools_deb"; do
	n=$(basename "$d" | sed 's/_.*//')
	ok "$n: version" [ "$(dpkg-deb -f "$d" Version)" = "$version" ]
	dpkg-deb -c "$d" >list
	ok "$n: everything is root's, nothing others can write" [ -z "$(awk '$2 != "root/root" || $1 ~ /^-.......w/' list)" ]
	ok "$n: has its copyright and changelog" [ "$(grep -cE "/usr/share/doc/$n/(copyright|changelog.gz)$" list)" = 2 ]
	mkdir "$n" && dpkg-deb -R "$d" "$n"
	ok "$n: checksums" sh -c "cd $n && md5sum --quiet -c DEBIAN/md5sums"
	ok "$n: no placeholder left" [ -z "$(grep -rE '@[A-Z]+@' "$n/DEBIAN" "$n/usr/share/doc")" ]
done
for t in hvtop hvtrace hvrun; do
	for f in "usr/bin/$t" "usr/share/man/man1/$t.1.gz" "usr/share/bash-completion/completions/$t"; do
		ok "kvm-hv-tools: $f" [ -f "kvm-hv-tools/$f" ]
	done
done
# every option that hvrun has is in its manual page, and none that it has not
sed -n 's/^"  \(-[a-zA-Z]\), \(--[a-z-]*\).*/\1 \2/p' "$here/../../bench/hvrun/main.c" | sort >options
zcat kvm-hv-tools/usr/share/man/man1/hvrun.1.gz | sed 's/\\-/-/g; s/\\f[A-Z]//g' |
	sed -n 's/^\.B[IR] \(-[a-zA-Z]\) .*\(--[a-z-]*\).*/\1 \2/p' | sort >manual
ok "hvrun.1 has hvrun's options" cmp options manual

# DKMS, from the package and nothing else
mkdir dkms-script && dpkg-deb -x "$HV_DEBS"/dkms_*_all.deb dkms-script
dkms() {
	verb=$1
	shift
	# ARCH: as on a ppc64le machine, where the kernel's make finds it out by itself
	ARCH=powerpc fakeroot bash dkms-script/usr/sbin/dkms "$verb" -m kvm-hv -v "$version" \
		--dkmstree "$PWD/tree" --sourcetree "$PWD/kvm-hv-dkms/usr/src" \
		-k "$HV_KVER" -a ppc64le --kernelsourcedir "$HV_KERNEL_DIR" "$@" >out 2>err
	status=$?
}
mkdir tree
dkms add
ok "dkms add" status_is 0
dkms build
ok "dkms build, for $HV_KVER" status_is 0
dkms mktarball --archive "$PWD/built.dkms.tar.gz"
ok "dkms mktarball" status_is 0

cp "$HV_DEBS"/dkms_*_all.deb dkms.deb && cp "$HV_DEBS"/lsb-release_*_all.deb lsb-release.deb
hv exec --backend none --timeout 900 --put "$here/package.inc:install-test" --put "$dkms_deb:kvm-hv-dkms.deb" \
	--put "$tools_deb:kvm-hv-tools.deb" --put built.dkms.tar.gz --put dkms.deb --put lsb-release.deb \
	-- sh install-test "$version"
ok "the lab host did all of it" status_is 0
sed "s/^ok [0-9]* /ok /; s/^not ok [0-9]* /not ok /" out | while read -r line; do
	case $line in
	"ok "* | "not ok "*) echo "$line" ;;
	1..*) ;;
	*) echo "# $line" ;;
	esac
done | awk -v n="$count" '/^(not )?ok / { sub(/ok /, "ok " ++n " ") } { print } END { print n >"count" }'
count=$(cat count)
finish
