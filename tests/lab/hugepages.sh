#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# host: --mem 3G --append disable_radix
# timeout: 600
# Guest memory in pages of every size the host has: small ones, those of hugetlbfs,
# transparent huge ones: 16 MB. The emulated POWER9 and POWER10 tell a radix host of no size
# above 64 KB (their device tree has no ibm,processor-radix-AP-encodings): a hash host, therefore.
# shellcheck disable=SC1091,SC2154
. /usr/lib/kvm-hv/tests/lib.inc

pools=/sys/kernel/mm/hugepages

# hugetlb KB COUNT: so many pages of that size for hvrun, as far as there are
hugetlb() {
	huge_pages "$1" "$2"
	has=$(cat "$pools/hugepages-${1}kB/nr_hugepages")
	check "the host gives $2 pages of $1 kB ($has)" test "$has" -ge "$2"
}

sizes=$(for d in "$pools"/hugepages-*kB; do echo "${d##*hugepages-}"; done | sed 's/kB//' | sort -n)
for kb in $sizes; do
	[ "$kb" -le 1048576 ] || continue	# of 16 GB there are only those that firmware set aside
	mb=$((kb / 1024)) count=$((96 * 1024 / kb))
	[ $count -gt 0 ] || count=1
	hugetlb "$kb" $count
	payload huge --huge=${mb}M -r r6=$mb
	payload htab --huge=${mb}M -o 18 -c 2
	check "they are the host's again" test "$(cat "$pools/hugepages-${kb}kB/free_hugepages")" = "$has"
	echo 0 >$pools/hugepages-"$kb"kB/nr_hugepages
done

check "16 MB was among them ($(echo "$sizes" | tr '\n' ' '))" sh -c "echo '$sizes' | grep -qx 16384"

payload huge -r r6=0

# Transparent ones, which a hash host has with base pages of 64 KB only. The payload waits at its end, for us to see what it lay in.
[ -e /sys/kernel/mm/transparent_hugepage ] || {
	skip "transparent huge pages" "this host has none"
	done_testing
	exit
}
thp=$(($(cat /sys/kernel/mm/transparent_hugepage/hpage_pmd_size) >> 20))
hvrun -T 100 -r r6=$thp -r r7=1 -r r8=6000 "$payloads/huge.bin" >thp.out 2>&1 &
pid=$!
most=0
while kill -0 $pid 2>/dev/null; do
	now=$(sed -n 's/^AnonHugePages: *\([0-9]*\) kB/\1/p' /proc/$pid/smaps_rollup 2>/dev/null)
	[ "${now:-0}" -le "$most" ] || most=$now
	sleep 0.2
done
wait $pid
take_tap "transparent, $thp MB" thp.out $?
check "the guest's memory lay in transparent huge pages ($((most / 1024)) MB)" test "$most" -ge $((40 * 1024))
done_testing
