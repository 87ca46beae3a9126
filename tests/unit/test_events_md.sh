#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# test_events_md.sh SCRIPT PAGE: the page is what the script makes of the lists as they are now.
lists=$(dirname "$1")
new=$(mktemp)
sh "$1" "$lists" >"$new"
nr=0

ok() { # STATUS WHAT
	nr=$((nr + 1))
	[ "$1" -eq 0 ] && echo "ok $nr - $2" || echo "not ok $nr - $2"
}

cmp -s "$new" "$2"
ok $? "the page is up to date (else: sh tracepoints/events_md.sh tracepoints >docs/events.md)"
diff "$2" "$new" | sed 's/^/# /'
[ "$(grep -c '^### kvm_hv:' "$new")" -eq "$(grep -cE '^TRACE_EVENT(_FN)?\(' "$lists/kvm_hv_trace.h")" ]
ok $? "every event is on it"
[ "$(sed -n '/^## Exits/,/^## Hyper/p' "$new" | grep -c '^| .0x')" -eq "$(grep -c '^HV_EXIT(' "$lists/exits.h")" ]
ok $? "every exit is on it"
rm -f "$new"
echo "1..$nr"
