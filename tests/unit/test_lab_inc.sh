#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# test_lab_inc.sh LIB.INC: what tests in the lab share.
# shellcheck disable=SC1090
. "$1"

# a guest's last line is its prompt
text=$(printf 'a line\n# ' | diag; ok 0 here)
check "a point stands on a line of its own" [ "$text" = "$(printf '# a line\n# # \nok 1 - here')" ]
done_testing
