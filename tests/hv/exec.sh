#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# boots: yes
# timeout: 1200
# ./hv exec: status, streams, arguments, files.
# shellcheck disable=SC2016 source-path=SCRIPTDIR
. "$(dirname "$0")/lib.inc"

run() { hv exec --backend none "$@"; }

head -c 130000000 /dev/urandom >big
mkdir -p tree/sub && echo a >tree/sub/a && chmod 640 tree/sub/a && chmod 750 tree/sub
printf '#!/bin/sh\necho "ran in $PWD with $# arguments: $*"\n' >prog && chmod 710 prog
ln -s prog link
mkdir here && cd here || exit 1
echo there >-dash
run --put ../big --put ../tree --put ../link:prog2 --put ../prog:/opt/dir/prog3 --put -dash \
	--get big --get back --get tree --get -dash -- sh -c '
	./prog2 "a  b" "*" "it'\''s" ""
	stat -c "%a %n" prog2 tree/sub tree/sub/a /opt/dir/prog3
	mkdir back; mv tree/sub back; ln -s sub/a back/l; chmod 600 big
	echo back >>-dash
	echo "<$1>"
	echo to stderr >&2
	exit 42' sh "last
"
ok "status is the command's" status_is 42
ok "stderr is the command's alone" [ "$(cat err)" = "to stderr" ]
cat >want <<'EOF'
ran in /work with 4 arguments: a  b * it's 
710 prog2
750 tree/sub
640 tree/sub/a
710 /opt/dir/prog3
<last
>
EOF
ok "stdout is the command's alone, arguments and modes kept" cmp -s out want
ok "130 MB there and back" cmp -s big ../big
ok "mode of a file that came back" [ "$(stat -c %a big)" = 600 ]
ok "folder came back" [ "$(cat back/sub/a)" = a ]
ok "its modes" [ "$(stat -c %a back/sub back/sub/a | tr '\n' ' ')" = "750 640 " ]
ok "its symlinks" [ "$(readlink back/l)" = sub/a ]
ok "a folder that is now empty" [ -d tree -a ! -e tree/sub ]
ok "a name like an option" [ "$(tr '\n' ' ' <./-dash)" = "there back " ]
rm -f big ../big

run --machine power8 --mem 1G --cpus 2 -- sh -c \
	'head -c 3000000 /dev/zero | tr "\0" "\377"; echo e >/dev/stderr; nproc >&2; kill -TERM $$'
ok "a signal is 128 + its number" status_is 143
ok "binary output, all of it" [ "$(head -c 3000000 /dev/zero | tr '\0' '\377' | cksum)" = "$(cksum <out)" ]
ok "two CPUs" [ "$(tr '\n' ' ' <err)" = "e 2 " ]

run --machine power10 --append hv.test=1 --get nosuchfile -- sh -c 'grep -c hv.test=1 /proc/cmdline; sleep 1000 &
	find / -xdev \( -path /work -o -path /proc \) -prune -o ! -user root -print | head; exit 0'
ok "power10, --append; all files are root's" [ "$(cat out)" = 1 ]
ok "a file to get that is not there: status 125" status_is 125
ok "a file to get that is not there: named" err_has nosuchfile
run --qemu-arg -name --qemu-arg "a,process=b" --get nosuchfile -- nosuchprogram
ok "no such program: 127, though the file to get is not there" status_is 127
ok "no such program: named" err_has nosuchprogram
ok "the file as well" err_has nosuchfile
finish
