#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# host: --kernel 4k --mem 3G --append disable_radix
# timeout: 1800
# On a host whose pages have 4 KiB (Debian's other flavour), tests that elsewhere run with 64:
# those in which the size of a host page decides something, and that ask for no more of it. And a
# Debian guest: QEMU wants its memory in huge pages (the VRMA), and its table without them (devices).
# shellcheck disable=SC1091,SC2154,SC2016
. /usr/lib/kvm-hv/tests/lib.inc

check "the host's pages have 4 KiB" test "$(getconf PAGESIZE)" = 4096
here=$(dirname "$0")
for t in lifecycle exits hcalls mmio paging pressure hugepages; do
	sh "$here/$t.sh" >$t.whole 2>$t.err </dev/null
	take_tap $t $t.whole $?
done

huge_pages 16384 32
mkdir -p huge
mount -t hugetlbfs -o pagesize=16M none huge
lab-guest --machine-opt cap-hpt-max-page-size=4k,memory-backend=mem --qemu-arg -object \
	--qemu-arg "memory-backend-file,id=mem,size=512M,mem-path=$PWD/huge,share=on" -- sh -c 'grep -m 1 KernelPageSize /proc/self/smaps; dd if=/dev/vda bs=64k count=200 | md5sum;
	for i in 1 2 3 4; do seq 100000 | md5sum & done | sort -u; wait' >guest.out 2>guest.err
ok $? "a Debian guest runs a command"
diag guest.err
check "its pages have 64 KiB ($(head -n 1 guest.out))" grep -q "KernelPageSize: *64 kB" guest.out
check "and it computes right" test "$(grep -c '  -$' guest.out)" = 2
done_testing
