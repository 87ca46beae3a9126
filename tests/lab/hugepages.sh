#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# host: --mem 3G
# Guest memory in hugetlbfs pages: 16 MB ones on a hash host, 2 MB ones on a radix host.
# shellcheck disable=SC1091,SC2154
. /usr/lib/kvm-hv/tests/lib.inc

kb=$(sed -n 's/^Hugepagesize: *\([0-9]*\) kB/\1/p' /proc/meminfo)
[ -n "$kb" ] || skip_all "no hugetlbfs in this kernel"
pages=$((96 * 1024 / kb))
echo $pages >/proc/sys/vm/nr_hugepages
[ "$(cat /proc/sys/vm/nr_hugepages)" -ge $((80 * 1024 / kb)) ] || skip_all "the host has no $pages huge pages of $kb kB"

payload huge -H -r r6=$((kb / 1024))
payload htab -H -o 18 -c 2
free=$(sed -n 's/^HugePages_Free: *//p' /proc/meminfo)
check "they are the host's again" test "$free" = "$(cat /proc/sys/vm/nr_hugepages)"
echo 0 >/proc/sys/vm/nr_hugepages
done_testing
