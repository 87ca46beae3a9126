#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# host: --cpus 2
# timeout: 3600
# Only with HV_LONG=1 in the environment of ./hv test (10 minutes a machine): Debian guests
# that have each two values of host CPUs, vCPUs, firmware, processor to be and interrupt
# controller together at least once; each runs a command on every vCPU.
# shellcheck disable=SC1091,SC2154,SC2016
. /usr/lib/kvm-hv/tests/lib.inc

[ -n "${HV_LONG-}" ] || skip_all "HV_LONG is not set"

# host CPUs, vCPUs, firmware, max-cpu-compat, kernel-irqchip, ic-mode (a POWER8 has no XIVE)
cat >guests <<END
0   1 slof none   off xive
0   1 slof power8 off dual
0   1 vof  none   off xics
0   2 slof none   off dual
0   2 slof power9 on  xive
0   4 slof power9 off xics
0,1 1 vof  power9 on  dual
0,1 2 vof  power8 on  xics
0,1 4 slof power8 off dual
0,1 4 vof  none   on  xive
END
# 6 columns of 2, 3, 2, 3, 2 and 3 values: 93 pairs, one of which can't be
pairs=$(awk '{ for (i = 1; i < NF; i++) for (j = i + 1; j <= NF; j++) if (!seen[i, $i, j, $j]++) n++ } END { print n }' guests)
check "$pairs pairs of values: all but power8 with xive" test "$pairs" = 92

# A POWER8 is only itself; its guests are those of the table that differ in what is left.
if [ "$HV_MACHINE" = 8 ]; then
	awk '{ print $1, $2, $3, "none", $5, "xics" }' guests | sort -u >own && mv own guests
fi

while read -r cpus vcpus firmware compat irqchip ic <&3; do
	set -- --vcpus "$vcpus" --firmware "$firmware" --accel-opt "kernel-irqchip=$irqchip" --machine-opt "ic-mode=$ic"
	[ "$compat" = none ] || set -- "$@" --machine-opt "max-cpu-compat=$compat"
	taskset -c "$cpus" lab-guest "$@" -- sh -c 'ping -c 1 10.0.2.2 >ping || exit 9
		for i in $(seq $(nproc)); do
			taskset -c $((i - 1)) sh -c "seq 20000 | md5sum" >s$i || exit 8 &
		done
		wait; test $(nproc) = $1 && test $(cat s* | sort -u | wc -l) = 1 || exit 7
		grep -o "XI[VC][ES].*IPI" /proc/interrupts; grep "^cpu" /proc/cpuinfo | sort -u' - "$vcpus" >out 2>&1 3<&-
	status=$?
	ok $status "host CPUs $cpus: $*"
	tail -n $((status ? 8 : 2)) out | sed 's/^/# /'
done 3<guests
check "no QEMU is left" none_left qemu-system-ppc
done_testing
