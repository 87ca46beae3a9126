#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# host: --icount
# timeout: 1800
# Only with HV_LONG=1 in the environment of ./hv test: two Debian guests on one host CPU, with
# a network between them: what one sends the other receives, and each has half of the CPU
# and knows it. The host's clock counts instructions: a busy machine changes nothing.
# shellcheck disable=SC1091,SC2154,SC2016
. /usr/lib/kvm-hv/tests/lib.inc

[ -n "${HV_LONG-}" ] || skip_all "HV_LONG is not set"

# guest NAME NETDEV TALK MEET: eth1 leads to the other one. TALK is the sender's or receiver's part. Then
# each keeps its vCPU busy, and measures from when both do: MEET returns then.
guest() {
	lab-guest --mem 512M --timeout 1500 --qemu-arg -netdev --qemu-arg "socket,id=lan,$2" \
		--qemu-arg -device --qemu-arg "virtio-net-pci,netdev=lan,romfile=,mac=52:54:00:00:09:0$1" \
		-- sh -c 'ip addr add 10.0.9.'"$1"'/24 dev eth1; ip link set eth1 up; '"$3"'
		cd /tmp; (while :; do :; done) & load=$!; '"$4"'; echo BUSY
		grep "^cpu " /proc/stat >was; sleep 5
		grep "^cpu " /proc/stat | paste -d " " was - | awk "{ for (i = 2; i <= 9; i++) all += \$(i + 11) - \$i
		print \"STOLEN\", int(100 * (\$20 - \$9) / all), \"of\", all }"
		sleep 2; kill $load' >"guest.$1" 2>&1 &
}

guest 1 listen=127.0.0.1:4321 'mkfifo /tmp/open; busybox nc -l -p 9 <>/tmp/open >/tmp/got; md5sum </tmp/got; wc -c /tmp/got' \
	'busybox nc -l -p 10 >/tmp/met'
first=$!
for _ in $(seq 60); do
	! grep -q ':10E1 ' /proc/net/tcp || break
	sleep 1
done
guest 2 connect=127.0.0.1:4321 'n=0; until ping -c 1 -W 1 10.0.9.1 || [ $n = 300 ]; do n=$((n + 1)); done
	head -c 1000000 /dev/urandom >/tmp/sent; until busybox nc 10.0.9.1 9 </tmp/sent; do sleep 1; done; md5sum </tmp/sent; wc -c /tmp/sent' \
	'until echo | busybox nc 10.0.9.1 10; do sleep 1; done'
second=$!

until [ "$(grep -lx BUSY guest.1 guest.2 | wc -l)" = 2 ] || ! kill -0 $first 2>/dev/null || ! kill -0 $second 2>/dev/null; do
	sleep 1
done
qemus=$(grep -lx qemu-system-ppc /proc/[0-9]*/comm 2>/dev/null | cut -d/ -f3 | tr '\n' ' ')
for pid in $qemus; do
	cpu_time "$pid" >"was.$pid"
done
sleep 3
used=''
for pid in $qemus; do
	used="$used $(($(cpu_time "$pid") - $(cat "was.$pid")))"
done
wait $first
ok $? "two guests at once: one ends"
wait $second
ok $? "and so does the other"
sum=$(grep ' -$' guest.1)
check "what one sent over the network between them the other has: ${sum:-nothing}" \
	test -n "$sum" -a "$sum" = "$(grep ' -$' guest.2)"
# shellcheck disable=SC2086
set -- $used
check "while both were busy they used ${1:-0} and ${2:-0} us of the CPU in 3 s: half each" \
	test "${1:-0}" -gt 1000000 -a "${2:-0}" -gt $((${1:-0} * 3 / 4)) -a "${1:-0}" -gt $((${2:-0} * 3 / 4))
for i in 1 2; do
	stolen=$(sed -n 's/^STOLEN \([0-9]*\) of.*/\1/p' guest.$i)
	check "guest $i says that $stolen % of its time were stolen: about half" test "${stolen:-0}" -ge 40 -a "${stolen:-0}" -le 60
done
diag guest.1
diag guest.2
check "no QEMU is left" none_left qemu-system-ppc
done_testing
