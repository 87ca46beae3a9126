#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Bad input: one clear line, status 2 (1 where it is not the caller's mistake).
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.inc"

refused() { # STATUS WORD ARG...
	want=$1 word=$2
	shift 2
	hv "$@"
	ok "$*: status $want" status_is "$want"
	ok "$*: one line" one_line
	ok "$*: names it" err_has "$word"
}

refused 2 "frobnicate (see ./hv --help)" frobnicate
refused 2 "(see ./hv guest --help)" guest --machine power7
refused 2 --frob exec --frob -- true
refused 2 "power7" exec --machine power7 -- true
refused 2 "xen" exec --backend xen -- true
refused 2 "no command" exec --machine power8
refused 2 "needs a value" exec --machine
refused 2 "--cpus" exec --cpus 0 -- true
refused 2 "--cpus" exec --cpus two -- true
refused 2 "--mem" exec --mem lots -- true
refused 2 "--timeout" exec --timeout -1 -- true
refused 2 "/no/such/file" exec --put /no/such/file -- true
refused 2 "true" exec true
refused 2 "--kernel lab" exec --backend pr -- true
refused 2 "bsd" exec --kernel bsd -- true
refused 2 "--frob" guest --frob
refused 2 "power7" guest --machine power7
refused 2 "power7" demo --machine power7
refused 2 "none" guest --backend none
refused 2 "openbios" guest --firmware openbios
refused 2 "--mem" guest --mem lots
refused 2 "256M" guest --mem 64M
refused 2 "--vcpus" guest --vcpus 0
refused 2 "needs a value" guest --append
refused 2 "--frob" test --frob
refused 2 "nosuchtest" test nosuchtest
refused 2 "./hv exec -- CMD" shell
refused 2 "./hv exec -- CMD" top
refused 2 "./hv guest -- CMD" guest

refused 2 "--frob" bench --frob
refused 2 "xen" bench --backend xen
refused 2 "power7" bench --machine power7
refused 2 "frobs" bench --suite frobs
refused 2 "--boots" bench --boots 0
refused 2 "/no/such/file" bench --against /no/such/file
echo '{}' >old.json
refused 2 "another --output" bench --against old.json --output ./old.json
refused 2 "folder" bench --output .
refused 1 "can't write" bench --output /proc/nothing/new.json
refused 2 "nothing to do" bench --suite switches --backend pr --machine power9
# two machines: there is something to do, and it is asked where to write
refused 1 "can't write there" bench --suite switches --machine power9 --machine power8 --output /proc/no/file
refused 2 "--kernel lab" bench --backend pr --kernel stock

refused 2 "--frob" build --frob
for command in exec shell guest demo top trace test bench paper build package; do
	hv $command --help
	ok "$command --help: status 0" status_is 0
	ok "$command --help: on stdout" grep -q "^.* \./hv $command" out
done
# bash completion knows every option that the help tells of.
# shellcheck disable=SC2016 # bash's
for command in exec guest bench paper test demo top; do
	hv $command --help
	grep -o '^  *--[a-z-]*' out >options
	bash -c '. "$1/lab/completion.bash"; COMP_WORDS=("$2" "$3" --); COMP_CWORD=2; _hv; printf "%s\n" "${COMPREPLY[@]}"' \
		completion "$(dirname "$HV")" "$HV" $command >offered
	ok "$command: completion offers what --help tells" sh -c 'for o in $(cat options); do grep -qx -e "$o" offered || exit 1; done'
done
# shellcheck disable=SC2016 # bash's
offers_just() { # WHAT WORD...
	what=$1
	shift
	bash -c 'hv=$1; shift; . "$(dirname "$hv")/lab/completion.bash"; COMP_WORDS=("$hv" "$@" ""); COMP_CWORD=$(($# + 1)); _hv; echo "${COMPREPLY[*]}"' \
		completion "$HV" "$@" >out
	ok "$*: completion offers $what" grep -qxF "$what" out
}
offers_just "hv stock pr" bench --backend
offers_just "hv stock pr none" exec --backend
offers_just "hv stock" guest --backend
offers_just "stock lab" bench --kernel
offers_just "off auto" bench --mitigations
# shellcheck disable=SC2016 # bash's
offers() { # WORD...: the last one is what comes, those before are on the line
	bash -c '. "$1/lab/completion.bash"; shift; last=${!#}; COMP_WORDS=("${@:1:$#-1}"); COMP_CWORD=$(($# - 2)); _hv
		printf "%s\n" "${COMPREPLY[@]}" | grep -qx -e "$last"' completion "$(dirname "$HV")" "$HV" "$@" 2>/dev/null
}
for command in record stat report script diff timeline export; do
	ok "trace: completion offers $command" offers trace "" $command
done
ok "trace report: completion offers hvtrace's options" offers trace report --s --symbols
ok "trace export: completion offers hvtrace's formats" offers trace export --to perfe perfetto

hv trace
ok "trace alone: status 2" status_is 2
refused 2 "-- CMD" trace record
refused 2 "-- CMD" trace stat -d 1
hv trace record --help
ok "trace record --help: status 0" status_is 0
ok "trace record --help: hvtrace's own" grep -q '^usage: hvtrace record' out

# What no package can put right is said before anything is done.
folder=$PWD
export XDG_CACHE_HOME=/proc/nothing
refused 1 "/proc/nothing" build
export XDG_CACHE_HOME="$folder/a b"
refused 1 "a b" build
unset XDG_CACHE_HOME
home=$HOME
unset HOME
refused 1 "HOME" build
hv --help
ok "--help without HOME: status 0" status_is 0
export HOME="$home"

hv --help
ok "--help: status 0" status_is 0
finish
