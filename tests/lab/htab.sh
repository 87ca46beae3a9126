#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# timeout: 300
# host: --cpus 2
# The guest's hashed page table through its descriptor, resized, and memory slots that come and go.
# shellcheck disable=SC1091,SC2154
. /usr/lib/kvm-hv/tests/lib.inc

payload htab -o 18 -c 2
payload slots -c 2
/usr/lib/kvm-hv/tests/oddhtab >odd.out 2>&1
take_tap "odd use of the descriptor" odd.out $?
done_testing
