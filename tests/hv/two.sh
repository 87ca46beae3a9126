#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# boots: yes
# timeout: 700
# Two at once, started in the same moment, neither finds the other's files.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.inc"

one() { # N
	mkdir -p "$1" && cd "$1" && echo "$1" >mine || exit 1
	"$HV" exec --backend none --put mine --get mine2 -- \
		sh -c 'cat mine; cat mine >mine2; echo >>/etc/shared; wc -l </etc/shared' >out 2>err
	echo $? >status
}
one 1 &
one 2 &
wait
for i in 1 2; do
	ok "run $i: status" [ "$(cat $i/status)" = 0 ]
	ok "run $i: its own output" [ "$(tr '\n' ' ' <$i/out)" = "$i 1 " ]
	# but that one waited for the other, which a slow machine's may
	ok "run $i: nothing on stderr" [ -z "$(grep -v "another ./hv is at work" $i/err)" ]
	ok "run $i: its own file" [ "$(cat $i/mine2)" = $i ]
done
finish
