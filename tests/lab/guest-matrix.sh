#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# host: --cpus 2
# timeout: 7200
# Only with HV_LONG=1 in the environment of ./hv test (40 minutes a machine): a Debian
# guest of 1, 2 and 4 vCPUs with either firmware, each processor it can be, each interrupt
# controller, on one host CPU and on two; each runs a command on every vCPU.
# shellcheck disable=SC1091,SC2154,SC2016
. /usr/lib/kvm-hv/tests/lib.inc

[ -n "${HV_LONG-}" ] || skip_all "HV_LONG is not set"

compat="none power8"
[ "$HV_MACHINE" -lt 10 ] || compat="none power8 power9"
[ "$HV_MACHINE" -gt 8 ] || compat=none

for cpus in 0 0,1; do
	for vcpus in 1 2 4; do
		for firmware in vof slof; do
			for c in $compat; do
				for irqchip in on off; do
					set -- --vcpus $vcpus --firmware $firmware --accel-opt "kernel-irqchip=$irqchip"
					[ "$c" = none ] || set -- "$@" --machine-opt "max-cpu-compat=$c"
					taskset -c $cpus lab-guest "$@" -- sh -c 'ping -c 1 10.0.2.2 >ping || exit 9
						for i in $(seq $(nproc)); do
							taskset -c $((i - 1)) sh -c "seq 20000 | md5sum" >s$i || exit 8 &
						done
						wait; test $(nproc) = $1 && test $(cat s* | sort -u | wc -l) = 1' - $vcpus >out 2>&1
					status=$?
					ok $status "host CPUs $cpus: $*"
					[ $status -eq 0 ] || tail -n 8 out | sed 's/^/# /'
				done
			done
		done
	done
done
done_testing
