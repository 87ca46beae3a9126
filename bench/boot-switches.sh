#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# boot-switches [LAB-GUEST-OPTION]...: boots a Debian guest to its first command, in a lab
# host, and prints how often the host switched to the guest's partition and back for that:
#
#   boot-switches MACHINE BACKEND full-switches N seconds S
#
# The kernel's own backend switches once for each entry it traces; ours may come and go
# in between without switching, so the switches themselves are counted there. On POWER8
# the kernel's own handles hypercalls in real mode as well, and traces none of that.
# For both backends:
#   for b in hv stock; do ./hv exec --backend $b -- /usr/lib/kvm-hv/boot-switches; done
HV_BACKEND=${HV_BACKEND:-hv}
case $HV_BACKEND in
hv) event=kvm_hv:kvm_partition_switch filter='to_guest == 0' ;;
stock) event=kvm_hv:kvm_guest_exit filter='trap != 0' ;;
*) echo "boot-switches: no backend that could be counted: $HV_BACKEND" >&2; exit 2 ;;
esac
start=$(date +%s)
perf stat -a -x, -o switches.csv -e "$event" --filter "$filter" -- \
	lab-guest "$@" -- true || { echo "boot-switches: the guest did not boot" >&2; exit 1; }
n=$(sed -n "s/^\([0-9]*\),.*$event.*/\1/p" switches.csv)
[ -n "$n" ] || { echo "boot-switches: perf did not count:" >&2; cat switches.csv >&2; exit 1; }
echo "boot-switches $HV_MACHINE $HV_BACKEND full-switches $n seconds $(($(date +%s) - start))"
