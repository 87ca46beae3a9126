#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# boots: yes
# timeout: 4500
# The trace against the emulator's own log (-d int): of the exceptions that only a
# guest can take, those that QEMU says the machine took and those in a recording
# are the same, one for one and in the same order, wherever they were handled. For interrupts that
# a host takes as well a plug-in of the emulator (guestirq.c) tells those that came to a guest.
# Guests: illegal instructions, first touches, a facility withheld, host timer ticks and interrupts, 10^5
# hypercalls of which nearly all stay in the partition; Debian's boot (on all machines with HV_LONG=1).
# shellcheck disable=SC2016 source-path=SCRIPTDIR
. "$(dirname "$0")/lib.inc"
here=$(dirname "$(realpath "$0")")

cat >inside.sh <<'END'
p=/usr/lib/kvm-hv/payloads
hvrun -r r6=3 -r r7=300 $p/exits.bin && hvrun -r r6=1 -r r7=100 $p/exits.bin &&
hvrun -r r6=2 -r r7=50 $p/exits.bin && { [ "$1" = power8 ] || hvrun -r r6=4 -r r7=100 $p/exits.bin; } &&
hvrun -r r6=1 -r r7=11200 $p/hpt.bin
END
# What a host never takes itself: as QEMU and as hvtrace call it
cat >names <<'END'
SYSCALL SYSCALL
HDSI H_DATA_STORAGE
HISI H_INST_STORAGE
HV_EMU H_EMUL_ASSIST
HV_FU H_FAC_UNAVAIL
HDECR HV_DECREMENTER
END

# recorded SECONDS CMD...: CMD in the lab, hvtrace's recording of it in t.data; to truth, what QEMU's log says of
# guests. A log of a whole boot would be gigabytes: it goes through a fifo.
recorded() {
	seconds=$1
	shift
	rm -f int.fifo t.data
	mkfifo int.fifo
	exec 7<>int.fifo	# so that nobody waits for another to open it, or for ever
	awk 'NR == FNR { name[$1] = $2; next }
		/^guestirq: / { print $2; next }
		!/^Raise exception at .* => / { next }
		{ sub(/.* => /, "") }
		$1 == "SYSCALL" && $3 != "error=01" { next }	# sc 1 alone is for the hypervisor
		$1 in name { print name[$1] }' names - <int.fifo >truth 7>&- &
	filter=$!
	hv exec --machine "$m" --timeout "$seconds" --mem 3G --qemu-arg -plugin --qemu-arg "$PWD/guestirq.so" \
		--qemu-arg -d --qemu-arg int,plugin --qemu-arg -D --qemu-arg "$PWD/int.fifo" \
		--put inside.sh --get t.data -- hvtrace record -o t.data -- "$@" 7>&-
	exec 7>&-
	wait $filter
}

# the_same WHAT: truth and the recording's exits
the_same() {
	"$HV" trace script -i t.data --fields event,trap 2>err | awk '
		BEGIN { known["EXTERNAL"] = known["H_DOORBELL"] = known["H_VIRT"] = 1 }
		NR == FNR { known[$2] = 1; next }
		$2 == "EXTERNAL_HV" { $2 = "EXTERNAL" }
		/guest_exit/ && $2 in known { print $2 }' names - >seen
	ok "$1: QEMU saw $(wc -l <truth) exceptions, the trace has $(wc -l <seen): the same" cmp -s truth seen
	sort truth | uniq -c | sed "s/^/# $1: /"
	cmp -s truth seen || { sort seen | uniq -c | sed "s/^/# $1: in the trace: /"; diff truth seen | head -n 20 | sed 's/^/# /'; }
	hv trace report -i t.data
	ok "$1: nothing lost" grep -q '^lost: 0 events' out
}

ok "the emulator's plug-in builds" gcc -shared -fPIC -fvisibility=hidden -O1 -Wall -Wextra -Werror -o guestirq.so \
	"$here/guestirq.c"
for m in power8 power9 power10; do
	recorded 1200 sh inside.sh $m
	ok "$m: recorded" status_is 0
	the_same "$m"
	ok "$m: a hundred thousand of them hypercalls" [ "$(grep -c SYSCALL truth)" -gt 100000 ]
	[ "$m" = power9 ] || [ "${HV_LONG:-}" = 1 ] || continue
	recorded 3600 lab-guest --timeout 3600 --vcpus 1 -- true
	ok "$m: a Debian guest's boot recorded" status_is 0
	the_same "$m, Debian"
	ok "$m, Debian: interrupts for the host among them" grep -q 'EXTERNAL\|H_VIRT\|H_DOORBELL' truth
done
finish
