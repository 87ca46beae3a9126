// SPDX-License-Identifier: GPL-2.0
/*
 * The hashed page table, as a PAPR guest fills it (LoPAR, H_ENTER; Power ISA
 * Book III, hashed page table translation): 256 MiB segments, 4 KiB pages.
 */
#include "payload.h"
#include "cpu.h"

#define SLB_V		(1ul << 27)
#define HPTE_VALID	1ul
#define HPTE_R		(1ul << 8)
#define HPTE_C		(1ul << 7)
#define WIMG_M		(1ul << 4)

#define SEGMENT(ea)	((ea) >> 28)
#define VSID(ea)	(0x1000 + SEGMENT(ea))

static void map_segment(u64 ea)
{
	u64 entry = SEGMENT(ea) & 31;

	asm volatile("isync; slbmte %0, %1; isync" : :
		     "r" (VSID(ea) << 12), "r" (SEGMENT(ea) << 28 | SLB_V | entry) : "memory");
}

long map_page(u64 ea, u64 ra, u64 flags)
{
	u64 hash = VSID(ea) ^ ((ea & 0xfffffff) >> 12);
	u64 groups = 1ul << (boot_args.hpt_order - 7);
	u64 v = (VSID(ea) << 5 | (ea & 0xfffffff) >> 23) << 7 | HPTE_VALID;
	u64 r = (ra & ~(PAGE_4K - 1)) | HPTE_R | HPTE_C | flags;

	if (!(flags & MAP_IO))
		r |= WIMG_M;
	map_segment(ea);
	return HCALL(H_ENTER, 0, (hash & (groups - 1)) * 8, v, r);
}

bool map_payload(void)
{
	for (u64 addr = 0; addr < (u64)_end; addr += PAGE_4K) {
		long rc = map_page(addr, addr, MAP_RW);

		if (rc == H_FUNCTION)
			return false;
		if (rc) {
			printf("Bail out! H_ENTER for %#lx returns %ld\n", addr, rc);
			payload_exit(1);
		}
	}
	return true;
}

void problem_state(u64 pc, u64 msr);
extern char problem_state_end[], supervisor_return[];

static bool returned;

static void system_call(struct regs *r)
{
	returned = r->pc == (u64)problem_state_end + 8;
	r->pc = (u64)supervisor_return;
	r->msr &= ~(MSR_PR | MSR_IR | MSR_DR | MSR_EE);
}

static void ignore_decrementer(struct regs *r)
{
	(void)r;
	mtspr(22, 0x7fffffff);
}

bool run_problem_state(void (*fn)(void))
{
	set_handler(0xc00, system_call);
	set_handler(0x900, ignore_decrementer);	/* problem state has MSR[EE] = 1 */
	mtspr(22, 0x7fffffff);
	problem_state((u64)fn, mfmsr() | MSR_PR | MSR_IR | MSR_DR | MSR_EE);
	set_handler(0xc00, NULL);
	set_handler(0x900, NULL);
	return returned;
}
