#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# timeout: 600
# hvrun: its options, its refusals (one clear line, status 2), time and signals.
# shellcheck disable=SC1091,SC2154
. /usr/lib/kvm-hv/tests/lib.inc

hello=$payloads/hello.bin

# refused WHAT TEXT HVRUN-ARGUMENT...: status 2, one line that has TEXT
refused() {
	what=$1 text=$2
	shift 2
	hvrun "$@" >out 2>err
	status=$?
	[ $status = 2 ] && [ ! -s out ] && [ "$(wc -l <err)" = 1 ] && grep -q -- "$text" err
	ok $? "$what: $(head -1 err)"
}

hvrun --help >out 2>err && [ ! -s err ] && grep -q '^usage: hvrun' out
ok $? "--help"
hvrun "$hello" -r r6=7 >out
[ $? = 7 ] && grep -q "POWER$HV_MACHINE" out
ok $? "the guest's status is hvrun's"
hvrun -t hv -m 128M -o 20 -c 2 "$hello" >out && grep -q '128 MiB, 2 vCPU' out
ok $? "type, memory, page table order, vCPUs"
hvrun -s dscr -r dscr=0x15 "$hello" >out && grep -q '^DSCR 0x0000000000000015$' out
ok $? "--reg and --show"

hvrun "$hello" >/dev/full 2>err
check "output that can't be written: status 2, one line" test "$? $(wc -l <err)" = "2 1"

refused "unknown option" nonsense --nonsense "$hello"
refused "no payload" 'one payload'
refused "missing payload" 'No such file' /no/such/payload
refused "a folder as payload" 'not a regular file' /tmp
: >empty
refused "empty payload" 'is empty' empty
head -c 2000000 /dev/zero >big
refused "payload larger than memory" 'larger than guest memory' -m 1M big
refused "HPT order too small" 'HPT order' -o 17 "$hello"
refused "HPT order too large" 'HPT order' -o 47 "$hello"
refused "HPT order no number" 'HPT order' -o many "$hello"
refused "memory size no size" 'memory size' -m lots "$hello"
refused "memory size not in pages" 'memory size' -m 1000 "$hello"
refused "huge pages of no power of two" 'huge page size' -H48M "$hello"
refused "--stress of next to nothing" 128K -S 1 -m 64K "$hello"
refused "no vCPU" 'vCPUs' -c 0 "$hello"
refused "unknown VM type" 'VM type' -t xen "$hello"
refused "VM type the kernel lacks" 'type PR' -t pr "$hello"
refused "unknown register" 'no register' -r r32=1 "$hello"
refused "bad register value" 'register value' -r r3=x "$hello"
refused "memory for an order that cannot be had" 'order 45' -o 45 "$hello"
chmod 600 /dev/kvm
if command -v setpriv >/dev/null; then
	setpriv --reuid 65534 --clear-groups hvrun "$hello" >out 2>err
	[ $? = 2 ] && grep -q '/dev/kvm' err
	ok $? "not root: $(head -1 err)"
else
	skip "not root" "no setpriv here"
fi
check "nothing left of all that" none_left hvrun

# An endless loop: the host goes on, a time limit and signals end it.
start=$(date +%s)
hvrun -T 2 -r r6=8 -r r7=1000000 "$payloads/exits.bin" >out 2>err
[ $? = 124 ] && grep -q 'time limit of 2 s' err
ok $? "time limit: $(head -1 err)"
check "took about as long" test $(($(date +%s) - start)) -le 60

for signal in INT TERM HUP; do
	# A background job of sh ignores SIGINT: env resets that.
	env --default-signal=INT hvrun -r r6=8 -r r7=1000000 "$payloads/exits.bin" >out 2>err &
	pid=$!
	wait_for 60 guest_runs $pid
	start=$(date +%s)
	kill -$signal $pid
	wait $pid 2>/dev/null
	status=$?
	check "SIG$signal ends a looping guest at once" test $(($(date +%s) - start)) -le 30
	check "and hvrun ends by that signal ($status)" test $status -gt 128
done

hvrun -T 300 -r r6=8 -r r7=1000000 "$payloads/exits.bin" >out 2>err &
pid=$!
before=$(cut -d' ' -f1 /proc/uptime)
sleep 1
sleep 1
after=$(cut -d' ' -f1 /proc/uptime)
took=$(awk "BEGIN { print $after - $before }")
check "two sleeps of a second next to a looping guest take $took s" test "${took%%.*}" -lt 30
kill $pid
wait $pid 2>/dev/null
done_testing
