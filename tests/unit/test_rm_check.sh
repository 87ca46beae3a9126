#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# test_rm_check.sh CHECK IMAGE: what kvm-hv/rm/check.sh (CHECK) refuses, one instruction
# or symbol at a time, and what it accepts; IMAGE is the real one, if it was built.
set -u
check=$1 image=$2
cross=powerpc64le-linux-gnu-
for tool in as nm objdump; do
	if ! command -v $cross$tool >/dev/null; then
		echo "1..0 # SKIP $cross$tool is not installed"
		exit 0
	fi
done
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
n=0

result() { # STATUS WHAT
	n=$((n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		sed 's/^/# /' "$tmp/err"
	fi
}

run_check() { # IMAGE
	sh "$check" ${cross}nm ${cross}objdump "$1" >"$tmp/out" 2>"$tmp/err"
}

# The object for assembly lines, each an argument.
assemble() {
	{ printf '.text\n.globl start\nstart:\n'; printf '%s\n' "$@" 'blr'; } >"$tmp/t.s"
	${cross}as -mpower10 -o "$tmp/t.o" "$tmp/t.s" || { echo "Bail out! cannot assemble: $*"; exit 1; }
}

refuses() { # REASON LINE...: exit status and the reason named
	reason=$1
	shift
	assemble "$@"
	! run_check "$tmp/t.o" && grep -qF "$reason" "$tmp/err"
	result $? "refuses: $*"
}

accepts() { # LINE...
	assemble "$@"
	run_check "$tmp/t.o"
	result $? "accepts: $*"
}

refuses 'undefined symbol' 'bl nowhere'
refuses 'undefined symbol' '.weak perhaps' '.quad perhaps'
refuses 'a relocation is left' '.quad start'
refuses 'a relocation is left' 'b 1f' '.data' '1: .long 0' '.text'

refuses 'the TOC is used' 'ld 9,8(2)'
refuses 'the TOC is used' 'addis 9,2,1'
refuses 'the TOC is used' 'addi 3,2,16'
refuses 'the TOC is used' 'std 2,32(1)'
refuses 'the TOC is used' 'lwzx 3,4,2'
refuses 'the TOC is used' 'mr 3,2'

for insn in 'lfd 0,0(3)' 'stfd 0,0(3)' 'lfs 1,0(3)' 'stfiwx 3,0,4' 'fmr 1,2' 'fadd 1,2,3' 'fcmpu 0,1,2' \
	'mffs 0' 'mtfsf 255,0' 'mtfsb0 2' 'mtfsfi 1,2' 'mcrfs 0,1' 'dadd 0,1,2' \
	'lvx 0,0,3' 'stvx 31,0,3' 'vor 1,2,3' 'vxor 0,0,0' 'vspltisw 2,0' 'vaddudm 1,2,3' 'mfvscr 1' \
	'lxvd2x 0,0,3' 'lxv 40,0(3)' 'stxvx 63,0,3' 'lxvp 2,0(3)' 'plxv 3,8(0)' 'lxsd 2,0(3)' \
	'xxlor 1,2,3' 'xxlxor 0,0,0' 'xvadddp 1,2,3' 'xscvdpsxws 1,2' 'mtvsrd 0,3' 'mfvsrd 3,0' 'mtvsrdd 34,3,4' \
	'xxsetaccz 0' 'xvf32ger 0,34,35'; do
	refuses 'a floating-point or vector instruction' "$insn"
done

accepts 'ld 3,24(1)' 'std 2,24(1)' 'mtctr 12' 'bctrl' 'ld 2,24(1)' 'ori 2,2,0'
accepts '1: addi 3,3,-1' 'cmpdi 7,3,0' 'bne 7,1b' 'bl 1b' 'mfspr 3,256' 'mtspr 896,4' 'tlbie 3,4'
accepts 'add 20,21,22' 'isel 3,4,5,2' 'crxor 6,6,6' 'mtcrf 255,3' 'slbmte 3,4' 'hrfid'

if [ -e "$image" ]; then
	run_check "$image"
	result $? 'accepts the real-mode image'
else
	n=$((n + 1))
	echo "ok $n - accepts the real-mode image # SKIP no $image: the cross build makes it"
fi
echo "1..$n"
