#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test_completion.sh HVTOP SCRIPT: what the completion offers exists, and what exists it offers.
hvtop=$1
nr=0

hvtop() { # as if it were installed
	"$hvtop" "$@"
}

ok() { # STATUS WHAT
	nr=$((nr + 1))
	[ "$1" -eq 0 ] && echo "ok $nr - $2" || echo "not ok $nr - $2"
}

# complete WORD...: what is offered after "hvtop WORD..."
complete_after() {
	COMP_WORDS=(hvtop "$@" "")
	COMP_CWORD=$(($# + 1))
	_hvtop
}

# shellcheck disable=SC1090
. "$2"
complete_after -o
[ "${#COMPREPLY[@]}" -ge 10 ]
ok $? "columns to sort by are offered: ${COMPREPLY[*]}"
for word in "${COMPREPLY[@]}"; do
	hvtop -o "$word" --version >/dev/null
	ok $? "-o $word"
done
complete_after -b
for word in -b -d -n -o -p --json --openmetrics --replay --help --version; do
	[[ " ${COMPREPLY[*]} " = *" $word "* ]]
	ok $? "$word is offered"
done
for word in "${COMPREPLY[@]}"; do
	"$hvtop" "$word" --help 2>&1 </dev/null | grep -qv "unknown option"
	ok $? "$word is an option"
done
echo "1..$nr"
