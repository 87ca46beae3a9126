#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A fresh guest finds nothing of the host's or another guest's; clocks; ONE_REG.
# shellcheck disable=SC1091,SC2154
. /usr/lib/kvm-hv/tests/lib.inc

flag=0
stock && flag=1

# Something to leak: host defaults that are not zero, a host process with
# floating point and vectors in use, and a guest before with a pattern everywhere.
dscr=/sys/devices/system/cpu/dscr_default
[ ! -w $dscr ] || echo 10 >$dscr
awk 'BEGIN { for (x = 1; ; x += 1.5) y = x / 3 }' &
busy=$!
hvrun -T 1 -r r6=9 -r r7=100000 "$payloads/state.bin" >/dev/null 2>&1
payload leak -r r6=$flag
kill $busy
[ ! -w $dscr ] || echo 0 >$dscr

payload clocks
payload onereg -r r6=$flag
done_testing
