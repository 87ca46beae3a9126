// SPDX-License-Identifier: GPL-2.0
/*
 * More vCPUs than host CPUs: each must get its share, and all of them one and
 * the same time. r6 = tenths of a second.
 */
#include "payload.h"

static u64 loops[MAX_CPUS];
static u64 latest, back, running;
static volatile bool stop;

/* A time base read after one that another vCPU has published can't be earlier. */
static void look_at_the_clock(void)
{
	u64 before = __atomic_load_n(&latest, __ATOMIC_ACQUIRE), now;

	asm volatile("isync" : : : "memory");
	now = mftb();
	if (now < before)
		__atomic_add_fetch(&back, 1, __ATOMIC_RELAXED);
	else
		__atomic_compare_exchange_n(&latest, &before, now, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED);
}

static void work(u64 cpu)
{
	for (int i = 0; i < 1000; i++)
		barrier();
	look_at_the_clock();
	loops[cpu]++;
}

static void worker(void *arg)
{
	u64 cpu = (u64)arg;

	__atomic_add_fetch(&running, 1, __ATOMIC_SEQ_CST);
	while (!stop)
		work(cpu);
	__atomic_sub_fetch(&running, 1, __ATOMIC_SEQ_CST);
	for (;;)
		host_sleep(1000);
}

/* What the vCPU with the least work did in that time, in percent of the one with the most */
static u64 least_share(u64 cpus, u64 time)
{
	u64 done[MAX_CPUS], least = ~0ul, most = 0, start;

	for (u64 i = 0; i < cpus; i++)
		done[i] = loops[i];
	for (start = mftb(); mftb() - start < time; )
		work(0);
	for (u64 i = 0; i < cpus; i++)
		done[i] = loops[i] - done[i];
	for (u64 i = 0; i < cpus; i++) {
		printf("# vCPU %lu: %lu rounds\n", i, done[i]);
		least = done[i] < least ? done[i] : least;
		most = done[i] > most ? done[i] : most;
	}
	return least * 100 / (most ? most : 1);
}

int main(void)
{
	u64 cpus = boot_args.ncpus, time = boot_args.arg[0] * (TB_HZ / 10), start, share = 0;

	for (u64 i = 1; i < cpus; i++)
		start_cpu(i, worker, (void *)i);
	start = mftb();
	while (__atomic_load_n(&running, __ATOMIC_SEQ_CST) < cpus - 1 && mftb() - start < 60 * TB_HZ)
		host_sleep(5);
	ok(running == cpus - 1, "%lu vCPUs run", cpus);
	/* the host itself may be robbed of its CPUs for a while */
	for (int i = 0; i < 3 && share < 50; i++)
		share = least_share(cpus, time);
	stop = true;
	ok(share >= 50, "the one with the least work did %lu %% of the one with the most", share);
	ok(!back, "the time base never goes back from vCPU to vCPU (%lu)", back);
	return tap_done();
}
