#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# host: --icount
# timeout: 1200
# Time and a Debian guest: what it costs when it is idle, and what its vCPUs have of a CPU
# that they share. The host's clock counts instructions, one a nanosecond, so that it
# matters neither how fast nor how busy the machine is that emulates it.
# shellcheck disable=SC1091,SC2154,SC2016
. /usr/lib/kvm-hv/tests/lib.inc
. /usr/lib/kvm-hv/tests/guest.inc

# threads: what each of QEMU's has used so far, in microseconds
threads() {
	for t in /proc/"$guest_pid"/task/*; do
		awk -v id="${t##*/}" '{ printf "%s %d\n", id, $1 / 1000 }' "$t/schedstat"
	done
}

# busy: how long this host's one CPU has worked, in hundredths of a second. It has not
# while it waited for its disk, though /proc/uptime says so: that wait is the build
# machine's, and the host's clock runs ahead meanwhile.
busy() {
	cat /proc/uptime /proc/stat | awk 'NR == 1 { not_idle = ($1 - $2) * 100 } /^cpu / { printf "%d\n", not_idle - $6 + 0.5 }'
}

idle() {
	monitor stop	# after a pause as before one
	check "it is paused" monitor_wait 'info status' 'VM status: paused'
	monitor cont
	sleep 20	# QEMU's workers of the disk end after 10 s without work
	threads >was
	busy_was=$(busy)
	sleep 30
	busy_for=$(($(busy) - busy_was))
	threads >is
	used=$(join was is | awk '{ us += $3 - $2 } END { print us }')
	check "idle for 30 s, it takes $used us of the host's CPU, under 1 %" test "$used" -gt 0 -a "$used" -lt 300000
	check "with all that the host does meanwhile $busy_for hundredths of a second" test "$busy_for" -lt 30
	join was is | awk '{ print "# thread " $1 ": " $3 - $2 " us" }'
}

shares() {
	guest_do 'cd /tmp; for i in 0 1 2; do taskset -c $i sh -c "touch r$i; until [ -e go ]; do :; done
		n=0; while [ -e go ]; do n=\$((n + 1)); done; echo \$n" >n$i & done
		until [ -e r0 -a -e r1 -a -e r2 ]; do sleep 0.1; done; sleep 0.5
		touch go; grep "^cpu[0-9]" /proc/stat >was; sleep 3; grep "^cpu[0-9]" /proc/stat >is; rm go; wait; echo; cat n0 n1 n2'
	guest_check "each of three vCPUs does as much on one CPU: $(grep -x '[0-9]*' guest.out | paste -sd' ')" \
		'test $(sort -n n0 n1 n2 | tail -n 1) -lt $(($(sort -n n0 n1 n2 | head -n 1) * 5 / 4))'
	guest_check "and sees that two thirds of its time are stolen" \
		'paste -d " " was is | awk "{ all = 0; for (i = 2; i <= 9; i++) all += \$(i + 11) - \$i
		stolen = \$20 - \$9; print \$1, stolen, all; if (stolen * 100 < 60 * all || stolen * 100 > 73 * all) bad = 1 } END { exit bad }"'
	sed -n 's/.*\(cpu[0-9] [0-9]* [0-9]*\)$/# stolen, all, in hundredths of a second: \1/p' guest.out
}

# after: both clocks went on alike, and no time is stolen from a guest that has the CPU for itself
after() {
	gap=$(clock_gap)
	check "after all that its clock is $((gap - gap_was)) ms off" test $((gap - gap_was)) -lt 2500 -a $((gap - gap_was)) -gt -2500
	guest_check "and nothing more is stolen from it" 'a=$(awk "/^cpu /{ print \$9 }" /proc/stat); sleep 5
		b=$(awk "/^cpu /{ print \$9 }" /proc/stat); echo $((b - a)); test $((b - a)) -lt 50'
}

guest_start time --vcpus 3
if guest_up "a guest of three vCPUs boots"; then
	idle	# with a pause, for which QEMU stops its clock
	gap_was=$(clock_gap)
	shares
	after
fi
guest_stop
check "no QEMU is left" none_left qemu-system-ppc
done_testing
