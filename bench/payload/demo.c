// SPDX-License-Identifier: GPL-2.0
/*
 * Some of everything a guest does, for about r6 seconds (5 if 0), on all of its
 * vCPUs: timer interrupts, hypercalls of several kinds, page faults, floating
 * point and vector work, console output. It ends non-zero if its sums are wrong.
 */
#include "payload.h"

#define TICK_HZ		100
#define HOST_PAGE	0x10000ul
#define AREA_PAGES	64

static struct {
	volatile u64 ticks;
	u64 hcalls, faults, wrong, pi;	/* pi times 10^6 */
	volatile bool done;
} per_cpu[MAX_CPUS];

static void tick(struct regs *r)
{
	(void)r;
	per_cpu[this_cpu()].ticks++;
	mtspr(22, TB_HZ / TICK_HZ);	/* DEC */
}

/* pi by Leibniz's series, n pairs of terms, times 10^6 */
static u64 float_work(u64 n)
{
	static const u64 one = 0x3ff0000000000000, four = 0x4010000000000000,
		million = 0x412e848000000000;
	u64 result;

	asm volatile(
		"lfd 1, 0(%2)		\n"	/* 1.0 */
		"lfd 4, 0(%3)		\n"	/* 4.0 */
		"fsub 2, 1, 1		\n"	/* sum */
		"fmr 3, 1		\n"	/* 1, 3, 5, ... */
		"fadd 5, 1, 1		\n"	/* 2.0 */
		"mtctr %1		\n"
		"1: fdiv 6, 4, 3	\n"
		"fadd 2, 2, 6		\n"
		"fadd 3, 3, 5		\n"
		"fdiv 6, 4, 3		\n"
		"fsub 2, 2, 6		\n"
		"fadd 3, 3, 5		\n"
		"bdnz 1b		\n"
		"lfd 6, 0(%4)		\n"
		"fmul 2, 2, 6		\n"
		"fctid 2, 2		\n"
		"mfvsrd %0, 2		\n"
		: "=r" (result) : "r" (n), "b" (&one), "b" (&four), "b" (&million)
		: "ctr", "memory");
	return result;
}

/* Sum of 1..n in each of four lanes; false if the lanes differ or are wrong. */
static bool vector_work(u64 n)
{
	static u32 sum[MAX_CPUS][4] __attribute__((aligned(16)));
	u32 *s = sum[this_cpu()];

	asm volatile(
		"vspltisw 0, 0		\n"
		"vspltisw 1, 1		\n"
		"vspltisw 2, 1		\n"
		"mtctr %0		\n"
		"1: vadduwm 0, 0, 2	\n"
		"vadduwm 2, 2, 1	\n"
		"bdnz 1b		\n"
		"stvx 0, 0, %1		\n"
		: : "r" (n), "r" (s) : "ctr", "memory");
	for (int i = 0; i < 4; i++)
		if (s[i] != (u32)(n * (n + 1) / 2))
			return false;
	return true;
}

/* Touches memory that the host then takes away, to touch it again. */
static bool memory_work(u64 round)
{
	char *area = _end + HOST_PAGE * (1 + this_cpu() * AREA_PAGES);
	bool good = true;

	for (u64 i = 0; i < AREA_PAGES; i++) {
		u64 *p = (u64 *)(area + i * HOST_PAGE);

		good &= *p == 0;
		*p = round;
	}
	host_discard(area, AREA_PAGES * HOST_PAGE);
	return good;
}

static bool hcall_work(u64 n)
{
	bool good = true;

	for (u64 i = 0; i < n; i++) {
		HCALL(H_CONFER, -1ul, 0);
		HCALL(H_REMOVE, 0, 0, 0);
		good &= HCALL(H_GET_TERM_CHAR, 0) == H_SUCCESS;
	}
	return good;
}

static void work(void *arg)
{
	unsigned int cpu = this_cpu();
	u64 seconds = (u64)arg, start = mftb(), said = 0, round = 0;

	mtmsr(mfmsr() | MSR_FP | MSR_VEC | MSR_VSX);
	mtspr(22, TB_HZ / TICK_HZ);
	mtmsr(mfmsr() | MSR_EE);
	while (mftb() - start < seconds * TB_HZ) {
		round++;
		per_cpu[cpu].pi = float_work(20000);
		per_cpu[cpu].wrong += per_cpu[cpu].pi < 3141500 || per_cpu[cpu].pi > 3141600;
		per_cpu[cpu].wrong += !vector_work(50000);
		per_cpu[cpu].wrong += !memory_work(round);
		per_cpu[cpu].faults += AREA_PAGES;
		per_cpu[cpu].wrong += !hcall_work(50);
		per_cpu[cpu].hcalls += 150;
		if ((mftb() - start) / TB_HZ > said) {
			said = (mftb() - start) / TB_HZ;
			printf("vCPU %u, %lu s: %lu timer ticks, %lu hcalls, %lu pages, pi = %lu.%06lu\n",
			       cpu, said, per_cpu[cpu].ticks, per_cpu[cpu].hcalls,
			       per_cpu[cpu].faults, per_cpu[cpu].pi / 1000000,
			       per_cpu[cpu].pi % 1000000);
		}
	}
	mtmsr(mfmsr() & ~MSR_EE);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	per_cpu[cpu].done = true;
	while (cpu)
		host_sleep(1000);
}

int main(void)
{
	u64 seconds = boot_args.arg[0] ?: 5, wrong = 0, cpus = boot_args.ncpus;

	if (cpus > MAX_CPUS)
		cpus = MAX_CPUS;
	printf("demo: a guest on POWER%d, %lu MiB, %lu vCPU(s), %lu s\n", power_generation(),
	       boot_args.mem_size >> 20, cpus, seconds);
	set_handler(0x900, tick);
	for (u64 i = 1; i < cpus; i++)
		start_cpu(i, work, (void *)seconds);
	work((void *)seconds);
	for (u64 i = 0; i < cpus; i++) {
		while (!per_cpu[i].done)
			host_sleep(10);
		wrong += per_cpu[i].wrong + !per_cpu[i].ticks;
	}
	printf("demo: %s\n", wrong ? "WRONG RESULTS" : "all results right");
	return wrong ? 1 : 0;
}
