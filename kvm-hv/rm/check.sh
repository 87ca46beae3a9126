#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# check.sh NM OBJDUMP IMAGE: the real-mode image must prove that it can run at
# any address with the MMU off: nothing undefined, no relocation left, no use
# of the TOC (r2), no FP, vector or VSX instruction (they hold the guest's state).
set -eu
nm=$1 objdump=$2 image=$3
die() { echo "$image: $1" >&2; exit 1; }

undefined=$($nm -u "$image")
relocs=$($objdump -r "$image")
text=$($objdump -d -M power10 --no-show-raw-insn "$image")

refuse() { # TEXT EXTENDED-REGEX WHAT
	found=$(printf '%s\n' "$1" | grep -E "$2" | head -n 3)
	[ -z "$found" ] || die "$3: $found"
}
refuse "$undefined" . 'an undefined symbol'
refuse "$relocs" R_PPC64 'a relocation is left'
# r2: kept on the stack around a call through a pointer, set in a function's
# global entry (which nobody uses), and in one form of nop; never a base.
refuse "$(printf '%s\n' "$text" |
	grep -vE '(std|ld) +r2,24\(r1\)|lis +r2,|addi +r2,r2,|ori +r2,r2,0')" \
	'[ ,(]r2([,)]|$)' 'the TOC is used'
# Any operand in such a register (f, v, vs, MMA's a), and the few that name none.
refuse "$text" '[[:space:],(]((f|v|vs|a)[0-9]+([,)]|$)|(mtfsb[01]|mtfsfi|mcrfs)\.?[[:space:]])' \
	'a floating-point or vector instruction'
