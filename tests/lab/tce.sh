#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# timeout: 240
# host: --cpus 2 --append slub_debug=FZ
# TCE tables that the VMM closes while its guest writes them: the allocator's red zones and poison tell who writes where.
# shellcheck disable=SC1091,SC2154
. /usr/lib/kvm-hv/tests/lib.inc

if stock; then
	skip_all "kvm.ko of Linux 6.12 writes to tables that are freed"
fi
/usr/lib/kvm-hv/tests/oddtce >odd.out 2>&1
take_tap "odd TCE tables" odd.out $?
# looks at every object that is left
for cache in /sys/kernel/slab/kmalloc-*; do
	echo 1 >"$cache/validate"
done
check "what lies beside them is as it was" sh -c '! dmesg | grep -q "^.*BUG kmalloc"'
done_testing
