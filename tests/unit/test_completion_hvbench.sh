#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test_completion_hvbench.sh HVBENCH hvbench.bash hvbench.1: what bash completes, and that the man page has what --help tells.
# shellcheck source=/dev/null
set -u
tool=$1 page=$3
. "$2"
hvbench() {
	"$tool" "$@"
}
nr=0

ok() { # STATUS WHAT
	nr=$((nr + 1))
	[ "$1" -eq 0 ] && echo "ok $nr - $2" || echo "not ok $nr - $2"
}

# completes "WORDS SO FAR" "WHAT COMES"
completes() {
	read -ra COMP_WORDS <<<"$1"
	[ "${1% }" = "$1" ] || COMP_WORDS+=("")
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMPREPLY=()
	_hvbench 2>/dev/null
	[ "${COMPREPLY[*]}" = "$2" ]
	ok $? "$1: ${COMPREPLY[*]}"
}

completes "hvbench m" "merge marks"
completes "hvbench run --rows virt" "virtual-ipi"
completes "hvbench run --rows H_EOI,virt" "H_EOI,virtual-ipi"
completes "hvbench run --rows comp" ""
completes "hvbench workloads --runs " ""
completes "hvbench show --" "--format --limits --help"
completes "hvbench run --i" ""

# of one command: the part of OPTIONS that is called so
tells() { # COMMAND OPTION
	sed 's/\\-/-/g; s/\\f[A-Z]//g' "$page" | awk -v c="$1" '$1 == ".SS" { part = $2 == c } part' | grep -qw -e "$2"
}

for command in $(hvbench --help | sed -n 's/^  \([a-z][a-z]*\) .*/\1/p'); do
	for option in $(hvbench "$command" --help | grep '^  -' | grep -o -e '--[a-z]*'); do
		tells "$command" "$option"
		ok $? "hvbench.1: $command $option"
	done
done
echo "1..$nr"
