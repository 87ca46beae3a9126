#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# ./hv bench without a lab host: what it refuses before it measures, what it calls dirty, and what hash a payload gets.
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
