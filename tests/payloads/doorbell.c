// SPDX-License-Identifier: GPL-2.0
/*
 * Doorbells between the threads of a core: msgsndp, msgclrp, TIR, DPDES (Power
 * ISA Book III, "Processor Control"). hvrun --threads 2 --cpus 4; vCPU 2 is
 * another core's thread 0.
 */
#include "payload.h"

#define MS	(TB_HZ / 1000)
#define LONG	(60 * TB_HZ)
/* The isyncs: QEMU 10 gives the wrong HSRR0 unless its translation starts anew right there. */
#define msgsndp(rb) asm volatile("isync; msgsndp %0" : : "r" ((u64)(rb)) : "memory")
#define msgclrp(rb) asm volatile("isync; msgclrp %0" : : "r" ((u64)(rb)) : "memory")
#define TIR	446
#define DPDES	176
#define TO(t)	(5ul << 27 | (t))

static bool dpdes_is(u64 want)
{
	u64 value;

	asm volatile("isync; mfspr %0, %1" : "=r" (value) : "i" (DPDES));
	return value == want;
}

static volatile u64 rings[MAX_CPUS], ready;
static volatile u64 tir[MAX_CPUS];

static void doorbell(struct regs *r)
{
	(void)r;
	rings[this_cpu()]++;
}

static void decrementer(struct regs *r)
{
	(void)r;
	mtspr(22, 0x7fffffff);
}

/* Rings in this while, interrupts on */
static u64 take(u64 cpu, u64 n, u64 ticks)
{
	u64 before = rings[cpu], start = mftb();

	mtmsr(mfmsr() | MSR_EE);
	while (rings[cpu] - before < n && mftb() - start < ticks)
		;
	mtmsr(mfmsr() & ~MSR_EE);
	return rings[cpu] - before;
}

static void idle_thread(void *arg)
{
	u64 cpu = (u64)arg, last = 0;

	mtspr(22, 0x7fffffff);
	tir[cpu] = mfspr(TIR);
	__atomic_add_fetch(&ready, 1, __ATOMIC_SEQ_CST);
	for (;;) {
		while (rings[cpu] == last) {
			HCALL(H_CEDE);
			mtmsr(mfmsr() & ~MSR_EE);
		}
		last = rings[cpu];
		if (cpu == 1)
			msgsndp(TO(0));
	}
}


static void alone(void)
{
	ok(mfspr(TIR) == 0, "TIR says thread 0");
	ok(dpdes_is(0), "DPDES: no doorbell");
	ok(take(0, 1, 20 * MS) == 0, "nor any interrupt: none is left of another guest's");
	msgsndp(TO(0));
	ok(dpdes_is(1), "a doorbell to itself is pending");
	spin_tb(MS);
	ok(!rings[0], "and held back by MSR[EE]=0");
	ok(take(0, 1, LONG) == 1, "MSR[EE]=1 lets it in");
	ok(take(0, 1, 20 * MS) == 0 && dpdes_is(0), "once");
	msgsndp(TO(0));
	msgclrp(TO(0));
	ok(take(0, 1, 20 * MS) == 0, "msgclrp takes it back");
	msgsndp(TO(7));
	msgsndp(3ul << 27);
	ok(take(0, 1, 20 * MS) == 0 && dpdes_is(0), "no such thread, no such type: nothing");
}

static void others(void)
{
	u64 start = mftb(), bad = 0;

	for (u64 cpu = 1; cpu < 4; cpu++)
		start_cpu(cpu, idle_thread, (void *)cpu);
	while (ready < 3 && mftb() - start < LONG)
		host_sleep(1);
	/* QEMU 10 reads its own TIR whatever HFSCR says */
	ok((tir[1] == 1 && tir[2] == 0 && tir[3] == 1) || !(tir[1] | tir[2] | tir[3]),
	   "TIR of the others: %lu, %lu, %lu", tir[1], tir[2], tir[3]);
	for (int i = 0; i < 50 && !bad; i++) {
		u64 before = rings[1];

		msgsndp(TO(1));
		bad += take(0, 1, LONG) != 1 || rings[1] != before + 1;
	}
	ok(!bad, "50 doorbells wake the other thread, which answers");
	ok(!rings[2] && !rings[3], "and nobody of another core");
	msgsndp(TO(0));		/* left pending: it must not reach the guest that runs next */
}

int main(void)
{
	set_handler(0xa00, doorbell);
	set_handler(0x900, decrementer);
	mtspr(22, 0x7fffffff);
	alone();
	others();
	return tap_done();
}
