#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# timeout: 900
# host: --cpus 2 --mem 3G
# The areas of H_REGISTER_VPA, and the stolen time they tell the guest about.
# shellcheck disable=SC1091,SC2154
. /usr/lib/kvm-hv/tests/lib.inc

flag=0
stock && flag=1
payload vpa -c 2 -r "r6=$flag"

# steals LEAST MOST: what percentage of two seconds is stolen, within that in one of three tries
steals() {
	for _ in 1 2 3; do
		stolen=$(taskset 1 hvrun -T 60 -r "r6=$flag" -r r7=1 "$payloads/vpa.bin" | awk '/^stolen/ { print int(100 * $2 / $4) }')
		[ "${stolen:--1}" -lt "$1" ] || [ "$stolen" -gt "$2" ] || return 0
	done
	return 1
}

steals 0 29
ok $? "alone on its CPU, a guest is robbed of little (${stolen:-no} %)"
taskset 1 sh -c "while :; do :; done" &
busy=$!
steals 26 74
ok $? "beside a busy process of the host, of about half (${stolen:-no} %)"
kill $busy
done_testing
