#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# timeout: 300
# host: --cpus 2 --mem 3G
# The areas of H_REGISTER_VPA, and the stolen time they tell the guest about.
# shellcheck disable=SC1091,SC2154
. /usr/lib/kvm-hv/tests/lib.inc

flag=0
stock && flag=1
payload vpa -c 2 -r "r6=$flag"

# steal: what percentage of two seconds was stolen
steal() {
	taskset 1 hvrun -T 60 -r "r6=$flag" -r r7=1 "$payloads/vpa.bin" |
		awk '/^stolen/ { print int(100 * $2 / $4) }'
}

alone=$(steal)
check "alone on its CPU, a guest is robbed of little (${alone:-no} %)" test "${alone:-100}" -lt 30
taskset 1 sh -c "while :; do :; done" &
busy=$!
beside=$(steal)
kill $busy
check "beside a busy process of the host, of about half (${beside:-no} %)" \
	test "${beside:-0}" -gt 25 -a "${beside:-0}" -lt 75
done_testing
