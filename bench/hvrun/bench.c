// SPDX-License-Identifier: GPL-2.0
/*
 * What the benchmark's guest asks of its VMM: when something happened here, what
 * this thread has cost in processor cycles, and another VM's turn.
 */
#include <errno.h>
#include <stdint.h>
#include <unistd.h>
#include <linux/perf_event.h>
#include <perf/evsel.h>
#include <perf/threadmap.h>
#include "hvrun.h"

#define TURN_GIVE	1	/* bench/payload/payload.h */
#define TURN_WAIT	2

uint64_t timebase(void)
{
	uint64_t tb;

	asm volatile("mfspr %0, 268" : "=r" (tb));
	return tb;
}

/* r4, r5: the last access to the device and the last interrupt raised, in timebase ticks */
long stamps(const struct vm *vm, uint64_t *args)
{
	args[0] = vm->access_tb;
	args[1] = vm->raise_tb;
	return H_SUCCESS;
}

/* The calling thread's cycles from here on; NULL: no such counter (an emulator, a container). */
static struct perf_evsel *open_counter(void)
{
	struct perf_event_attr attr = {
		.size = sizeof(attr), .type = PERF_TYPE_HARDWARE, .config = PERF_COUNT_HW_CPU_CYCLES,
	};
	struct perf_thread_map *self = perf_thread_map__new_dummy();
	struct perf_evsel *counter = perf_evsel__new(&attr);

	if (!self || !counter)
		die("no memory for a counter");
	perf_thread_map__set_pid(self, 0, 0);
	return perf_evsel__open(counter, NULL, self) ? NULL : counter;
}

/* r4: cycles */
long cycles(struct vcpu *vcpu, uint64_t *args)
{
	struct perf_counts_values value;

	if (!vcpu->counter_asked)
		vcpu->counter = open_counter();
	vcpu->counter_asked = true;
	if (!vcpu->counter || perf_evsel__read(vcpu->counter, 0, 0, &value))
		return H_NOT_AVAILABLE;
	args[0] = value.val;
	return H_SUCCESS;
}

static bool whole(ssize_t n)
{
	return n == sizeof(uint64_t);
}

/* args: what to do, TURN_ bits */
long turn(const struct vm *vm, const uint64_t *args)
{
	const struct options *opt = vm->opt;
	uint64_t one = 1;
	ssize_t n;

	if (!opt->peer)
		return H_FUNCTION;
	if (args[0] & TURN_GIVE && !whole(write(opt->peer_out, &one, sizeof(one))))
		return H_HARDWARE;
	if (!(args[0] & TURN_WAIT))
		return H_SUCCESS;
	do
		n = read(opt->peer_in, &one, sizeof(one));
	while (n < 0 && errno == EINTR && !vm->stop);
	return whole(n) ? H_SUCCESS : H_HARDWARE;
}
