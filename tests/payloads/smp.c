// SPDX-License-Identifier: GPL-2.0
/*
 * All vCPUs at once: shared memory, hypercalls, page faults of the same pages,
 * while vCPU 0 has the memory taken away. r6 = rounds.
 */
#include "payload.h"

#define HOST_PAGE	0x10000ul
#define PAGES		32

static u64 counter, running, stale;
static volatile bool stop;
static u64 loops[MAX_CPUS];

/* A page reads as zero or as what some vCPU put there. */
static void touch(u64 cpu)
{
	for (u64 i = 0; i < PAGES; i++) {
		volatile u64 *p = (u64 *)(_end + HOST_PAGE * (1 + i));
		u64 v = *p;

		if (v && (v & ~0xffful) != 0xabcd000)
			__atomic_add_fetch(&stale, 1, __ATOMIC_RELAXED);
		*p = 0xabcd000 | cpu;
	}
}

static void worker(void *arg)
{
	u64 cpu = (u64)arg;

	__atomic_add_fetch(&running, 1, __ATOMIC_SEQ_CST);
	while (!stop) {
		touch(cpu);
		HCALL(0xf7fc, cpu);
		__atomic_add_fetch(&counter, 1, __ATOMIC_SEQ_CST);
		loops[cpu]++;
	}
	__atomic_sub_fetch(&running, 1, __ATOMIC_SEQ_CST);
	for (;;)
		host_sleep(1000);
}

int main(void)
{
	u64 cpus = boot_args.ncpus, sum = 0, idle = 0, start;

	ok(cpus >= 2 && cpus <= MAX_CPUS, "%lu vCPUs", cpus);
	for (u64 i = 1; i < cpus; i++)
		start_cpu(i, worker, (void *)i);
	start = mftb();
	while (__atomic_load_n(&running, __ATOMIC_SEQ_CST) < cpus - 1 && mftb() - start < 60 * TB_HZ)
		host_sleep(5);
	ok(running == cpus - 1, "all of them run");
	for (u64 i = 0; i < boot_args.arg[0]; i++) {
		touch(0);
		host_discard(_end + HOST_PAGE, PAGES * HOST_PAGE);
		host_sleep(2);
	}
	stop = true;
	start = mftb();
	while (__atomic_load_n(&running, __ATOMIC_SEQ_CST) && mftb() - start < 60 * TB_HZ)
		host_sleep(5);
	ok(!running, "all of them stop");
	for (u64 i = 1; i < cpus; i++) {
		sum += loops[i];
		idle += !loops[i];
	}
	ok(sum == counter && !idle, "none of %lu atomic additions is lost, no vCPU starved", counter);
	ok(!stale, "nothing stale seen in memory that was taken away (%lu)", stale);
	return tap_done();
}
