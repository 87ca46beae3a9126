#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# timeout: 240
# Two guests on one CPU, each with values of its own in every register.
# shellcheck disable=SC1091,SC2154
. /usr/lib/kvm-hv/tests/lib.inc

flag=0
stock && flag=1
flush=0x$(awk '$3 == "hrfi_flush_fallback" { print $1 }' /proc/kallsyms)
hvrun --time-limit 100 -r r6=2 -r r7=12 -r r8=$flag -r "r9=$flush" "$payloads/state.bin" >other.out 2>&1 &
other=$!
payload state -r r6=1 -r r7=12 -r r8=$flag -r "r9=$flush"
wait $other
take_tap "second guest" other.out $?
done_testing
