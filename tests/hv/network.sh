#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# First use without the archive: one line says what is wrong, and the next call tries again.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.inc"

export XDG_CACHE_HOME="$PWD/cache" APT_CONFIG="$PWD/apt.conf"
echo "Dir::Etc::sourcelist \"$PWD/list\"; Dir::Etc::sourceparts \"$PWD/none\";" >apt.conf
touch .hidden	# a pattern of nothing and .* finds it
# shellcheck disable=SC1091
echo "deb http://127.0.0.1:1/debian $(. /etc/os-release && echo "$VERSION_CODENAME") main" >list
for i in 1 2; do
	hv build
	ok "call $i, nobody answers: status 1" status_is 1
	ok "call $i: says which list, and what to look at" err_has "main amd64 could be fetched: is the network there"
done
apt=$(echo cache/kvm-hv/*/apt)
ok "what root installs with keeps nothing in the user's cache" \
	[ -z "$(apt-config -c "$apt/host.conf" dump | grep -E '^(Dir::Cache|Dir::State::extended)' | grep -F "$PWD")" ]
: >list
hv build
ok "apt has no source: status 1" status_is 1
ok "apt has no source: says so" err_has "no source for"
finish
