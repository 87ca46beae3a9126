#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# test_lab_inc.sh LIB.INC TEST.SH: what tests in the lab share, and when their host is started once more.
# shellcheck disable=SC1090
. "$1"
hv_test=$2

# a guest's last line is its prompt
text=$(printf 'a line\n# ' | diag; ok 0 here)
check "a point stands on a line of its own" [ "$text" = "$(printf '# a line\n# # \nok 1 - here')" ]

dir=$(mktemp -d)
failed() { # WHAT LAST-LINE-OF-THE-LOG
	echo "$2" >"$dir/log"
	printf 'hv: the lab host %s; the end of %s:\n  | %s\n' "$1" "$dir/log" "$2" >"$dir/err"
	(. "$hv_test" && failed_before_init "$dir/err")	# it has a check() of its own
}
check "a host that hung in its firmware gets another try" failed 'did not boot in 90 s' '[    1.21,7] HWPROBE: Begin loop'
check "one whose emulator died there, too" failed 'did not boot' "hw/intc/xive.c:1085: Assertion failed."
! failed 'did not boot in 90 s' '[    2.7] Run /init as init process'
ok $? "not one that came to its first process"
! failed 'died' '[    1.21,7] HWPROBE: Begin loop'
ok $? "nor one that died later"
rm -rf "$dir"
done_testing
