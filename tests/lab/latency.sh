#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# host: --icount --append mitigations=off
# timeout: 600
# How long a hostile guest keeps interrupts off in the host: how late its timer
# interrupts come, in virtual nanoseconds, each of which is one instruction. One
# CPU, so that nobody else can take them.
# shellcheck disable=SC1091,SC2154
. /usr/lib/kvm-hv/tests/lib.inc

limit=100000	# issue 3, Isolation

# late FILE: expired host ticks, the greatest and the mean lateness, from hrtimer events
late() {
	awk '
	function field(name,   i) {
		for (i = 1; i <= NF; i++)
			if (index($i, name "=") == 1)
				return substr($i, length(name) + 2)
	}
	# the tick: others may be set to the past, or belong to a clock that is not this one
	!/function=tick_/ { next }
	/hrtimer_start:/ { due[field("hrtimer")] = field("expires") }
	/hrtimer_expire_entry:/ {
		t = field("hrtimer")
		if (!(t in due))
			next
		d = field("now") - due[t]
		delete due[t]
		n++
		sum += d
		if (d > max) max = d
	}
	END { printf "%d %d %d\n", n, max, n ? sum / n : 0 }' "$1"
}

traced() { # COMMAND...
	echo 0 >"$tracing"/tracing_on
	echo 32768 >"$tracing"/buffer_size_kb
	echo >"$tracing"/trace
	echo 1 >"$tracing"/events/timer/hrtimer_start/enable
	echo 1 >"$tracing"/events/timer/hrtimer_expire_entry/enable
	echo 1 >"$tracing"/tracing_on
	"$@"
	traced_status=$?
	echo 0 >"$tracing"/tracing_on
	echo 0 >"$tracing"/events/timer/enable
	cp "$tracing"/trace trace.out
	echo >"$tracing"/trace
	return $traced_status
}

traced hvrun -T 100 -m 32M -o 18 -c 2 -S 3 -r r6=40000 -r r7=40000 -r r8=3 "$payloads/hostile.bin" >hostile.out 2>&1
take_tap hostile hostile.out $?
# shellcheck disable=SC2046
set -- $(late trace.out)
check "ticks come while the guest runs ($1, $3 instructions late in the mean)" test "$1" -ge 10
check "none of them is later than $limit instructions (the worst: $2)" test "$2" -le $limit
done_testing
