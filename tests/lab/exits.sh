#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# timeout: 240
# Each kind of exit that a guest can provoke, provoked a known number of times:
# the guest must see what the architecture says, the trace must have them all.
# shellcheck disable=SC1091,SC2154
. /usr/lib/kvm-hv/tests/lib.inc

# provoke WHAT KIND TIMES TRAP: the payload, with exits of that trap traced
provoke() {
	trace_start kvm_guest_exit "trap == $4"
	payload exits -r "r6=$2" -r "r7=$3" </dev/null
	trace_stop trace.out
	seen=$(wc -l <trace.out)
}

# The kernel's own backend traces at its run loop, so what its real-mode code
# handles goes unseen.
at_least() { # WHAT TIMES
	check "$1: at least $2 exits traced ($seen)" test "$seen" -ge "$2"
}

exactly() { # WHAT TIMES
	check "$1: exactly $2 exits traced ($seen)" test "$seen" -eq "$2"
}

trace_start kvm_hcall_enter 'req == 0xf7fc'
payload exits -r r6=0 -r r7=1000
trace_stop trace.out
seen=$(wc -l <trace.out)
exactly "hypercalls nobody has" 1000

provoke hdsi 1 200 0xe00
at_least "data touched first (HDSI)" 200

provoke hisi 2 100 0xe20
at_least "instructions touched first (HISI)" 100

provoke "forbidden fetches" 10 40 0xe20
stock || at_least "instructions that key or segment forbid (HISI)" 80

stock || payload exits -r r6=9 -r r7=100

provoke heai 3 300 0xe40
exactly "illegal instructions (HEAI)" 300

if [ "$HV_MACHINE" -ge 9 ]; then
	provoke msgsndp 4 100 0xf80
	exactly "msgsndp (facility unavailable)" 100
else
	skip "facility unavailable" "QEMU's POWER8 does not look at HFSCR"
fi

payload exits -r r6=5 -r r7=50

mmio_exit "$payloads/exits.bin"

payload exits -r r6=7

provoke hdec 8 3000 0x980
at_least "host time slices while the guest loops (HDEC)" 20

# The lab's disk interrupts the host, which has one CPU, while the guest loops on
# it: POWER8's XICS as external, XIVE as virtualization interrupt.
if [ "$HV_MACHINE" = 8 ]; then trap=0x500; else trap=0xea0; fi
(while :; do dd if=/dev/vda of=/dev/null bs=64k count=100 iflag=direct 2>/dev/null; sleep 0.2; done) &
reader=$!
provoke device 8 2000 $trap
n=0
while [ "$seen" -eq 0 ] && [ $n -lt 10 ]; do	# on a loaded machine the disk may always answer before the guest has its turn
	trace_start kvm_guest_exit "trap == $trap"
	hvrun -T 60 -r r6=8 -r r7=2000 "$payloads/exits.bin" >/dev/null 2>&1
	trace_stop trace.out
	seen=$(wc -l <trace.out) n=$((n + 1))
done
kill $reader
at_least "device interrupts while the guest loops" 1
done_testing
