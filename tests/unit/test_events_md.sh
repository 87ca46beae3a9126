#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# test_events_md.sh SCRIPT PAGE: the page is what the script makes of the lists as they are now.
lists=$(dirname "$1")
new=$(mktemp)
sh "$1" "$lists" >"$new"
nr=0

ok() { # WHAT CMD...
	nr=$((nr + 1)) what=$1
	shift
	if "$@"; then echo "ok $nr - $what"; else echo "not ok $nr - $what"; fi
}

ok "the page is up to date (else: sh tracepoints/events_md.sh tracepoints >docs/events.md)" cmp -s "$new" "$2"
diff "$2" "$new" | sed 's/^/# /'
ok "every event is on it" \
	[ "$(grep -c '^### kvm_hv:' "$new")" -eq "$(grep -cE '^TRACE_EVENT(_FN)?\(' "$lists/kvm_hv_trace.h")" ]
ok "every exit is on it" \
	[ "$(sed -n '/^## Exits/,/^## Hyper/p' "$new" | grep -c '^| .0x')" -eq "$(grep -c '^HV_EXIT(' "$lists/exits.h")" ]
rm -f "$new"
echo "1..$nr"
