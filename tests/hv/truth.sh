#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# boots: yes
# timeout: 900
# The trace against the emulator's own log (-d int): of the exceptions that only a
# guest can take, those that QEMU says the machine took and those in a recording
# are the same, one for one and in the same order, wherever they were handled. Guests:
# illegal instructions, first touches, a facility withheld, host timer ticks, and
# 10^5 hypercalls of which nearly all stay in the partition.
# shellcheck disable=SC2016 source-path=SCRIPTDIR
. "$(dirname "$0")/lib.inc"

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

for m in power8 power9 power10; do
	hv exec --machine $m --timeout 280 --qemu-arg -d --qemu-arg int --qemu-arg -D --qemu-arg "$PWD/int.log" \
		--put inside.sh --get t.data -- hvtrace record -o t.data -- sh inside.sh $m
	ok "$m: recorded" status_is 0
	grep -a 'Raise exception at .* => ' int.log | sed 's/.* => //' | awk '
		NR == FNR { name[$1] = $2; next }
		$1 == "SYSCALL" && $3 != "error=01" { next }	# sc 1 alone is for the hypervisor
		$1 in name { print name[$1] }' names - >truth
	"$HV" trace script -i t.data --fields event,trap 2>err | awk '
		NR == FNR { known[$2] = 1; next }
		/guest_exit/ && $2 in known { print $2 }' names - >seen
	ok "$m: QEMU saw $(wc -l <truth) exceptions, the trace has $(wc -l <seen): the same" cmp -s truth seen
	sort truth | uniq -c | sed "s/^/# $m: /"
	ok "$m: a hundred thousand of them hypercalls" [ "$(grep -c SYSCALL truth)" -gt 100000 ]
	hv trace report -i t.data
	ok "$m: nothing lost" grep -q '^lost: 0 events' out
	rm -f int.log t.data
done
finish
