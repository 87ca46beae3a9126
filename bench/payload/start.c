// SPDX-License-Identifier: GPL-2.0
/* vCPUs, the end, and small things every payload needs. */
#include "payload.h"
#include "cpu.h"

__typeof__(boot_args) boot_args __attribute__((section(".data")));

static struct {
	void (*fn)(void *);
	void *arg;
} secondary[MAX_CPUS];

unsigned int this_cpu(void)
{
	return mfcpu() - cpus;
}

void payload_exit(int status)
{
	for (;;)
		HCALL(H_HVRUN_EXIT, status);
}

int power_generation(void)
{
	switch (mfspr(287) >> 16) {	/* PVR */
	case 0x4b: case 0x4c: case 0x4d:
		return 8;
	case 0x4e:
		return 9;
	case 0x80:
		return 10;
	case 0x82:
		return 11;
	}
	return 0;
}

void secondary_main(void)
{
	unsigned int cpu = this_cpu();

	secondary[cpu].fn(secondary[cpu].arg);
}

extern char secondary_start[];

void start_cpu(unsigned int cpu, void (*fn)(void *), void *arg)
{
	long rc = H_PARAMETER;

	if (cpu < MAX_CPUS) {
		secondary[cpu].fn = fn;
		secondary[cpu].arg = arg;
		rc = HCALL(H_HVRUN_START_CPU, cpu, (u64)secondary_start, cpu);
	}
	if (rc) {
		printf("# cannot start vCPU %u: H_HVRUN_START_CPU returns %ld\n", cpu, rc);
		payload_exit(1);
	}
}

void spin_tb(u64 ticks)
{
	u64 start = mftb();

	while (mftb() - start < ticks)
		;
}

void sync_icache(void *start, size_t len)
{
	for (char *p = start; p < (char *)start + len; p += 4)
		asm volatile("dcbst 0, %0; sync; icbi 0, %0; sync; isync" : : "r" (p) : "memory");
}
