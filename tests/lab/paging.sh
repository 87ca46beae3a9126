#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# timeout: 300
# Guest memory comes and goes a page at a time.
# shellcheck disable=SC1091,SC2154
. /usr/lib/kvm-hv/tests/lib.inc

payload paging

# From outside: hvrun's resident set grows by what the guest touches.
hvrun -m 512M -T 300 -r r6=8 -r r7=300000 "$payloads/exits.bin" >/dev/null 2>&1 &
pid=$!
wait_for 60 guest_runs $pid
rss=$(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB/\1/p' /proc/$pid/status)
check "a guest of 512M that touches little has little resident (${rss:-?} kB)" \
	test "${rss:-999999}" -lt 16000
kill $pid
wait $pid 2>/dev/null

payload smp -c 4 -r r6=100
done_testing
