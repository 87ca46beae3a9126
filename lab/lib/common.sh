# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
# What every room of hv uses: paths, messages, locks, steps with progress.

cache=$(realpath -m "${XDG_CACHE_HOME:-${HOME-}/.cache}/kvm-hv")
build=$root/build

die() {
	echo "hv: $*" >&2
	exit 1
}

# The help that a wrong argument is told of is that of the command it was given to.
usage_error() {
	echo "hv: $* (see ./hv ${command:+$command }--help)" >&2
	exit 2
}

say() {
	echo "hv: $*" >&2
}

need_value() { # OPTION REMAINING
	[ "$2" -ge 2 ] || usage_error "$1 needs a value"
}

# Says how long a step has been at it, and what $progress prints, for as long as
# hv lives. Its sleep keeps nothing of ours open.
progress=:
ticker() {
	t=0
	while sleep 5 >/dev/null 2>&1 9>&- && kill -0 $$ 2>/dev/null; do
		t=$((t + 5))
		[ $((t % 15)) -ne 0 ] || say "  ... $t s$($progress)"
	done
}

# run WHAT USUALLY CMD...: a long step. Tells what it does, how long that usually
# takes and how long it has been at it; its output goes to a log that is only
# shown when it fails. The command stays in the foreground, so that Ctrl-C ends
# it and not just us.
run() {
	what=$1 usual=$2
	shift 2
	log=$build/log/$(echo "$what" | tr -cs 'a-zA-Z0-9\n' -).log
	mkdir -p "$build/log"
	t0=$(date +%s)
	say "$what (usually $usual)"
	ticker &
	ticker=$!
	("$@") >"$log" 2>&1 </dev/null
	status=$?
	kill $ticker 2>/dev/null
	wait $ticker 2>/dev/null
	if [ $status -ne 0 ]; then
		tail -n 25 "$log" | sed 's/^/  | /' >&2
		die "$what: failed after $(($(date +%s) - t0)) s; all of it is in $log"
	fi
	say "  done in $(($(date +%s) - t0)) s"
}

# with_lock FILE CMD...: one at a time. CMD runs in a subshell that holds the lock.
with_lock() {
	lock=$1
	shift
	mkdir -p "$(dirname "$lock")" || exit 1
	(
		if ! flock -w 5 9; then
			say "another ./hv is at work here, waiting for it ($lock)"
			flock 9
		fi
		"$@"
	) 9>"$lock" || exit $?
}

# key FILE... and words on stdin: a short name for a state of all of them
key() {
	{ cat; [ $# -eq 0 ] || cat "$@"; } | sha256sum | cut -c1-16
}

have() {
	command -v "$1" >/dev/null 2>&1
}
