#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# host: --cpus 2 --mem 3G
# timeout: 3000
# A Debian guest under load goes from one QEMU to another while it runs, and back to where
# it was (savevm, loadvm); with HV_LONG=1 in the environment of ./hv test also to a file and
# back, and all that again with its interrupt controller in QEMU. docs/guest.md has why not
# under the QEMU that the other tests use.
# shellcheck disable=SC1091,SC2154,SC2016,SC2034
. /usr/lib/kvm-hv/tests/lib.inc
. /usr/lib/kvm-hv/tests/guest.inc

# next_start NAME OPTION...: a QEMU that waits for the guest; console and monitor in ./NAME
next_start() {
	next=$1
	shift
	mkdir -p "$next"
	mkfifo "$next/con.in" "$next/mon.in" "$next/mon.out"
	exec 6<>"$next/con.in" 7<>"$next/mon.in" 8<>"$next/mon.out"
	TERM=dumb lab-guest "$@" --qemu-arg -chardev --qemu-arg "pipe,id=mon,path=$next/mon" \
		--qemu-arg -mon --qemu-arg chardev=mon <&6 >"$next.log" 2>&1 6>&- 7>&- 8>&- 3>&- 4>&- 5>&- &
	next_pid=$!
}

# The guest is there now: guest_do and monitor go to it
next_is_guest() {
	guest_stop
	exec 3<>"$next/con.in" 4<>"$next/mon.in" 5<>"$next/mon.out" 6>&- 7>&- 8>&-
	cat <&5 >>monitor.log &
	guest_cat=$!
	guest_log=$next.log
	guest_pid=$next_pid
	guest_mark
}

# The slower the machine, the longer it takes to bring what the load changes meanwhile.
migrated() {
	for limit in 2000 4000 8000 15000; do
		monitor "migrate_set_parameter downtime-limit $limit"
		for _ in $(seq 150); do
			: >monitor.log
			monitor 'info migrate'
			sleep 1
			! grep -aq 'status: failed' monitor.log || return 1
			! grep -aq 'status: completed' monitor.log || return 0
		done
	done
	return 1
}

report() {
	tr -d '\r\000' <monitor.log | grep -aE 'total time|downtime|transferred ram|dirty sync|status' | sort -u | sed 's/^/# /'
}

# A line in ./stood for each time that a CPU of this host did nothing for ten seconds: the build machine stood still. (If
# this host's own kernel was at fault, that says so.)
watch_host() {
	: >stood
	watchers=
	trap 'kill $watchers' EXIT
	for c in 0 1; do
		taskset -c $c sh -c 'read -r a _ </proc/uptime; while sleep 1; do read -r b _ </proc/uptime
			[ $((${b%.*} - ${a%.*})) -lt 10 ] || echo "$a $b" >>stood; a=$b; done' &
		watchers="$watchers $!"
	done
}

stood_ms() {
	awk '{ s += $2 - $1 } END { print int(s * 1000) }' stood
}

# In the guest: files are written and checked, processes made, all the time; errors are counted.
load='cd /tmp; head -c 1000000 /dev/urandom >seed; want=$(md5sum <seed); echo 0 >bad; echo 0 >rounds;
(n=0; while :; do for i in 1 2 3; do cp seed f$i; done; for i in 1 2 3; do
[ "$(md5sum <f$i)" = "$want" ] || echo 1 >bad; rm f$i; done; n=$((n + 1)); echo $n >rounds; done) &
(while :; do /bin/true; done) & true'

# Its load makes two more rounds, and it has lost nothing
lives_on() { # WHAT
	guest_check "$1, and its load with it" \
		'a=$(cat rounds); for i in $(seq 600); do test $(cat rounds) -gt $((a + 2)) && break; sleep 1; done; test $(cat rounds) -gt $((a + 2))' 1200
	guest_check "nothing it wrote was lost" 'test $(cat bad) = 0'
}

# Live to another QEMU
live() {
	next_start two "$@" --qemu-arg -incoming --qemu-arg unix:mig.sock
	for _ in $(seq 600); do
		{ [ ! -S mig.sock ] && kill -0 $next_pid 2>/dev/null; } || break
		sleep 1
	done
	gap_was=$(clock_gap)
	monitor 'migrate_set_parameter max-bandwidth 1G'
	monitor 'migrate -d unix:mig.sock'
	migrated
	status=$?
	ok $status "it migrates while it runs"
	report
	[ $status -eq 0 ] || tail -n 3 two.log | sed 's/^/# /'
	next_is_guest
	gap=$(clock_gap)
	# QEMU makes up for a second of the time that nobody ran it, and no more
	check "its clock is $((gap - gap_was)) ms off" test $((gap - gap_was)) -lt 3000 -a $((gap - gap_was)) -gt $((-20000 - $(stood_ms)))
	lives_on "it lives on"
}

snapshot() {
	guest_do 'echo early >when'
	monitor 'savevm one'
	check "savevm" monitor_wait 'info snapshots' ' one '
	guest_check "it goes on" 'echo late >when'
	monitor 'loadvm one'
	check "loadvm" monitor_wait 'info status' running
	guest_check "it is where it was" 'test $(cat when) = early'
	lives_on "it runs on"
	guest_check "disk and network work" 'dd if=/dev/vda bs=1M count=4 iflag=direct of=/dev/null && ping -c 1 10.0.2.2'
}

file() {
	monitor stop
	monitor 'migrate exec:cat>state'
	migrated
	ok $? "stopped, it goes to a file"
	report
	next_start three "$@" --qemu-arg -incoming --qemu-arg 'exec:cat state'
	next_is_guest
	for _ in $(seq 600); do
		: >monitor.log
		monitor cont
		monitor 'info status'
		sleep 1
		! grep -aq 'status: running' monitor.log || break
	done
	lives_on "and comes back from it"
}

# journey WHAT OPTION...
journey() {
	what=$1
	shift
	rm -rf mig.sock state two three
	guest_start one --vcpus 2 --mem 512M "$@"
	if guest_up "$what: a guest with two vCPUs boots"; then
		guest_do "$load"
		guest_check "its load runs" 'for i in $(seq 600); do test $(cat rounds) -ge 2 && break; sleep 1; done; test $(cat rounds) -ge 2' 1200
		live --vcpus 2 --mem 512M "$@"
		snapshot
		[ -z "${HV_LONG-}" ] || file --vcpus 2 --mem 512M "$@"
		late='^$'	# no line: of a machine that stood still the guest's kernel says that it is late
		[ ! -s stood ] || { late='lockup\|rcu.*stall'; sed 's/^/# the build machine stood still: /' stood; }
		[ -n "$forgetful" ] || guest_check "its kernel has nothing to say" "! dmesg | grep -E 'BUG|Oops|rcu.*stall|Bad page' | grep -v '$late'"
	fi
	guest_stop
}

# An interrupt controller in QEMU: it tells KVM when a vCPU's line changes, and a loaded state is no change
# (hw/ppc/ppc.c, ppc_set_irq()). An interrupt may come late then, and the guest's kernel says so: docs/guest.md.
forgetful=''
watch_host
# QEMU 10.0 restores nothing but a XIVE of its own.
older=/usr/lib/kvm-hv/qemu-older
if [ -x $older/qemu-system-ppc64 ]; then
	PATH=$older:$PATH
	journey "interrupt controller in the kernel" --qemu-arg -L --qemu-arg $older
	[ -z "${HV_LONG-}" ] || forgetful=yes journey "in QEMU" --qemu-arg -L --qemu-arg $older --accel-opt kernel-irqchip=off
	PATH=${PATH#*:}
elif [ "$HV_MACHINE" = 8 ]; then
	skip_all "this release has only a QEMU that restores no XICS"
fi
if [ "$HV_MACHINE" -gt 8 ] && { [ -n "${HV_LONG-}" ] || [ ! -d $older ]; }; then
	forgetful=yes journey "XIVE in the newer QEMU" --accel-opt kernel-irqchip=off --machine-opt ic-mode=xive
fi
check "no QEMU is left" none_left qemu-system-ppc
done_testing
