#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# boots: yes
# timeout: 2500
# ./hv guest -- CMD: status, output and arguments through two machines. (The console form
# needs a terminal: script(1) gives it one.)
# shellcheck disable=SC2016 source-path=SCRIPTDIR
. "$(dirname "$0")/lib.inc"

hv guest --mem 512M --append quiet -- sh -c 'echo "got $# arguments: $*"; uname -m; echo err >&2; exit 5' x "a  b" "it's"
ok "status is the command's" status_is 5
printf "got 2 arguments: a  b it's\nppc64le\n" >want
ok "output is the command's alone, arguments kept" cmp -s out want
ok "stderr is the command's and one line of progress" [ "$(grep -v '^hv: ' err)" = err ]

# once there is a prompt
(sleep 1; while [ ! -e over ] && ! grep -q 'root@.*# $' typed; do sleep 1; done
	echo 'echo here-$((40 + 2)); exit'; while [ ! -e over ]; do sleep 1; done) |
	{ TERM=vt100 timeout 1200 script -qefc "$HV guest --mem 512M" typed >out 2>err; echo $? >code; touch over; }
status=$(cat code)
ok "the console form ends with the guest: status 0" status_is 0
ok "and is the guest's shell" grep -q 'here-42' typed
finish
