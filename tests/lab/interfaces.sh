#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# docs/interfaces.md tells the truth: capabilities, and what is refused, with one line.
# shellcheck disable=SC1091,SC2154
. /usr/lib/kvm-hv/tests/lib.inc

refused() { # WHAT: lines that say so
	dmesg | grep -c "$1 guests are not supported; "
}

kinds="nested secure"
[ "$HV_MACHINE" = 8 ] || kinds="$kinds radix"	# before POWER9 there is no such call
for kind in $kinds; do refused "$kind" >"$kind.before"; done
/usr/lib/kvm-hv/tests/caps "$HV_MACHINE" >caps.out 2>&1
take_tap capabilities caps.out $?
for kind in $kinds; do
	check "the log says in one line that there are no $kind guests" test "$(($(refused "$kind") - $(cat "$kind.before")))" = 1
done
done_testing
