#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test_completion_hvtrace.sh HVTRACE hvtrace.bash: what bash completes.
# shellcheck source=/dev/null
set -u
tool=$1
. "$2"
hvtrace() {
	"$tool" "$@"
}
nr=0

# completes "WORDS SO FAR" "WHAT COMES"
completes() {
	read -ra COMP_WORDS <<<"$1"
	[ "${1% }" = "$1" ] || COMP_WORDS+=("")
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMPREPLY=()
	_hvtrace 2>/dev/null
	nr=$((nr + 1))
	if [ "${COMPREPLY[*]}" = "$2" ]; then
		echo "ok $nr - $1"
	else
		echo "not ok $nr - $1: ${COMPREPLY[*]}"
	fi
}

completes "hvtrace re" "record report"
completes "hvtrace report --s" "--symbols"
completes "hvtrace export --to p" "perf.data perfetto"
completes "hvtrace script --fields hc" "hcall_rc"
completes "hvtrace script --fields time,lpid,gpr1" "time,lpid,gpr10 time,lpid,gpr11 time,lpid,gpr12"
completes "hvtrace record --exits H_DA" "H_DATA_STORAGE"
completes "hvtrace record --exits SYSCALL,H_DA" "SYSCALL,H_DATA_STORAGE"
completes "hvtrace record --hcalls H_ENA" "H_ENABLE_CRQ"
completes "hvtrace record --hcalls H_ENTER,H_CED" "H_ENTER,H_CEDE"
completes "hvtrace report --time " ""
completes "hvtrace stat -I" "-I"
completes "hvtrace stat -I " ""
completes "hvtrace record -- ls -" ""
echo "1..$nr"
