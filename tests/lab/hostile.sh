#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# host: --cpus 2
# timeout: 900
# A hostile guest (tests/payloads/hostile.c) under a VMM that pulls its memory
# about: the host lives, a canary's memory stays as it was, nothing is left, no
# flood in the log. HV_HOSTILE_COUNT hypercalls of each sort (a million), in up to
# HV_HOSTILE_LIMIT seconds; HV_HOSTILE_SEED repeats a run.
# shellcheck disable=SC1091,SC2154
. /usr/lib/kvm-hv/tests/lib.inc
. /usr/lib/kvm-hv/tests/hostile.inc

count=${HV_HOSTILE_COUNT:-1000000}
seed=${HV_HOSTILE_SEED:-$(date +%s)}

# XICS of its own on POWER8, half of which is in the image; elsewhere kvm.ko's tells the log of each odd order
# of a guest's calls (docs/threat-model.md)
xics=''
[ "$HV_MACHINE" -gt 8 ] || xics=--xics

hostile() { # COUNT SEED
	# shellcheck disable=SC2086
	hvrun -T "${HV_HOSTILE_LIMIT:-800}" $xics -m 32M -o 20 -c 2 -S "$2" -r "r6=$1" -r "r7=$1" -r "r8=$2" \
		"$payloads/hostile.bin" >hostile.out 2>&1
}

check "a canary lives" canary_start 256
hostile 2000 1
take_tap "warming up" hostile.out $?
host_mark
hostile "$count" "$seed"
take_tap "seed $seed" hostile.out $?
storms=$(sed -n 's/^hvrun: \([0-9]*\) storms.*/\1/p' hostile.out)
check "and storms over its memory meanwhile (${storms:-none})" test "${storms:-0}" -gt 100
host_unharmed 8000 4000 50
check "the canary is unharmed" canary_end
done_testing
