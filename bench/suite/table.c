// SPDX-License-Identifier: GPL-2.0
/* The hashed page table as the rows use it (LoPAR "Page Frame Table Access"). */
#include "suite.h"

#define EXACT		(1ul << (63 - 24))
#define HPTE_VALID	1ul
#define HPTE_R		(1ul << 8)
#define HPTE_C		(1ul << 7)
#define WIMG_M		(1ul << 4)
#define SLB_V		(1ul << 27)
#define FAR		0x10000ul	/* an index far behind where the payload's own pages hash to */

u64 free_entries;
static bool readable;

bool has_h_read(void)
{
	return readable;
}

/* A run of entries that nobody uses: the VRMA's may lie anywhere. */
bool find_free_entries(void)
{
	u64 nptes = 1ul << (boot_args.hpt_order - 4), run = 0;

	free_entries = FAR;	/* problem-state KVM has no VRMA and no H_READ */
	for (u64 i = nptes / 2; i < nptes && run < LARGEST_COUNT; i++) {
		u64 args[9] = { 0, i };

		if (hcall_raw(H_READ, args))
			return false;
		run = args[0] & HPTE_VALID ? 0 : run + 1;
		free_entries = i + 1 - run;
	}
	readable = true;
	return true;
}

long enter_at(u64 ptex, u64 v, u64 r)
{
	return HCALL(H_ENTER, EXACT, ptex, v, r);
}

u64 remove_at(u64 ptex)
{
	return HCALL(H_REMOVE, 0, ptex, 0);
}

u64 *memory_page(u64 i)
{
	return (u64 *)(_end + HOST_PAGE * (1 + i));
}

void hpte_for(u64 vsid, u64 ea, u64 ra, u64 *ptex, u64 *v, u64 *r)
{
	u64 page = (ea & 0xfffffff) >> 12, groups = 1ul << (boot_args.hpt_order - 7);

	*ptex = ((vsid ^ page) & (groups - 1)) * 8;
	*v = (vsid << 5 | page >> 11) << 7 | HPTE_VALID;
	*r = ra | HPTE_R | HPTE_C | WIMG_M | MAP_RW;
}

void slb_entry(u64 ea, u64 vsid, u64 *rs, u64 *rb)
{
	*rs = vsid << 12;
	*rb = (ea >> 28) << 28 | SLB_V | (ea >> 28 & 31);
}

const char *need_mmu(void)
{
	static enum { UNKNOWN, YES, NO } mapped;

	if (mapped == UNKNOWN)
		mapped = map_payload() ? YES : NO;
	return mapped == YES ? NULL : "no H_ENTER here";
}

void mmu_on(void)
{
	mtmsr(mfmsr() | MSR_IR | MSR_DR);
}

void mmu_off(void)
{
	mtmsr(mfmsr() & ~(MSR_IR | MSR_DR));
}
