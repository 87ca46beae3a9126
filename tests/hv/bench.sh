#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# ./hv bench without a lab host: what it refuses before it measures, what it calls dirty, and what hash a payload gets.
# timeout: 240
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.inc"

echo '{"schema": "another"}' >bad.json
hv bench --quick --kernel stock --machine power9 --backend hv --against bad.json --output new.json
ok "--against something else: status 1" status_is 1
ok "--against something else: says so" err_has "bad.json: not a result file"
ok "--against something else: nothing was measured" [ ! -e new.json ]

# shellcheck source=../../lab/lib/bench.sh
. "$(dirname "$HV")/lab/lib/bench.sh"
root=$PWD/clone
commit() { git -C clone -c user.name=t -c user.email=t@example.org commit -qm "$1"; }
git init -q clone && echo a >clone/source && git -C clone add source && commit first
ok "a clone is not dirty" [ "$(is_dirty)" = false ]
mkdir clone/my && echo '{}' >clone/my/exits.json
ok "nor with a result in it (docs/reproduce.md)" [ "$(is_dirty)" = false ]
echo b >clone/source
ok "but with another source" [ "$(is_dirty)" = true ]
root=/
ok "without git nobody knows" [ -z "$(is_dirty)" ]

# What is given goes before what --quick has, wherever it stands.
root=$(dirname "$HV")
# shellcheck source=../../lab/lib/common.sh
. "$root/lab/lib/common.sh"
# shellcheck source=../../lab/lib/boot.sh
. "$root/lab/lib/boot.sh"
asked() { (bench_parse "$@"; echo "$boots $mitigations"); }
ok "--quick" [ "$(asked --quick)" = "1 off" ]
ok "without it" [ "$(asked)" = "2 off auto" ]
ok "--boots and --mitigations before --quick" [ "$(asked --boots 3 --mitigations auto --quick)" = "3 auto" ]
ok "... and behind it" [ "$(asked --quick --boots 3 --mitigations auto)" = "3 auto" ]

# Lab hosts that are none: one gives a result that costs more than it may, another one nothing.
# shellcheck disable=SC2317 # cmd_bench calls them
measure() { # ARG...
	(
		build=$PWD/fake machines="power8 power9"
		mkdir -p fake/native && ln -sfn "$root/build/native/bench" fake/native/bench
		ensure_lab() { :; }
		bench_job() { # SUITE MACHINE...
			[ "$2" = power9 ] || return 1
			cat >"$raw/a.json" <<-END
			{"schema": "kvm-hv-bench", "version": 1, "runs": [{"suite": "exits", "date": "d", "boot": "b", "run": 1, "machine": "$2",
			"backend": "hv", "mitigations": "off", "emulated": true, "timebase_hz": 512000000, "instructions_per_tick": 1,
			"environment": {}, "rows": [{"row": "H_REMOVE-none", "unit": "call", "counts": [1, 1], "ticks": [$cost, $cost]}]}]}
			END
		}
		cmd_bench --quick --suite dall --kernel stock --backend hv "$@"
	) >out 2>err
	status=$?
}
cost=300
measure --machine power9 --output old.json
ok "a lab host: status 0" status_is 0
measure --output new.json
ok "one of two gives nothing: status 1" status_is 1
ok "... which is said" err_has "1 of 2 lab hosts gave no result"
ok "... and the other's is there" cmp old.json new.json
cost=500
measure --machine power9 --output new.json --against old.json
ok "too dear: status 1" status_is 1
ok "... which is said" grep -q EXCEEDED out
ok "... and so is what changed" grep -q '^REGRESSION: H_REMOVE-none' out
measure --machine power8 --output new.json
ok "none gives any: status 1" status_is 1
measure --machine power9 --suite workloads --output new.json
no_limits() { [ "$status" = 0 ] && ! grep -q '^limit' out; }
ok "whole workloads have no limits, and nothing is said of any" no_limits

# Two at once would take each other's results.
rm -f err
(
	flock 9
	: >held
	n=0
	until grep -qs "another ./hv" err || [ $n -ge 300 ]; do sleep 0.2; n=$((n + 1)); done
) 9>fake/bench/new.lock &
until [ -e held ]; do sleep 0.1; done
cost=300
measure --machine power9 --output new.json
ok "two at once: one waits" err_has "another ./hv is at work here"
ok "... and measures" status_is 0

# One program, built in two folders: as what is recorded of it says where, its hash must not.
# shellcheck disable=SC2034
raw=$PWD cross=powerpc64le-linux-gnu
for compiler in /usr/bin/"$cross"-gcc-[0-9]*; do :; done	# whichever ./hv installed
build_program() { # FOLDER STATUS
	mkdir -p "$1" && echo "int main(void) { return $2; }" >"$1/a.c" &&
		(cd "$1" && "$compiler" -g -nostdlib -e main -Wl,--build-id -o a "$PWD/a.c")
}
build_program one 0 && build_program another 0
different() { ! cmp -s "$1" "$2"; }
ok "two builds of a program differ" different one/a another/a
ok "... but not what is executed" [ "$(code_hash one/a)" = "$(code_hash another/a)" ]
build_program one 1
ok "... nor does another program pass for it" [ "$(code_hash one/a)" != "$(code_hash another/a)" ]
finish
