/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kvm-hv/hpte.c on a HPT in plain memory. The test plays the processor: it sees
 * each TLB instruction at its time, and sets R and C as long as it may.
 */
#ifndef HPTE_RIG_H
#define HPTE_RIG_H

#include "../../kvm-hv/mmu.h"
#include "../../kvm-hv/tlb.h"

#define ORDER	18		/* 2048 PTEGs */
#define NPTE	(1u << (ORDER - 4))
#define LPID	0x123
#define RB	0xabc000	/* what the test's compute_tlbie_rb answers */

extern struct hv_vm vm;
extern struct kvm kvm;
extern struct revmap_entry *rev;	/* all of them, in one row */
extern unsigned long rmap;	/* of the page that map_nth() maps */

extern struct hw {
	char ops[64];
	int n, rb_calls;
	u64 rb_v, rb_r, rb_index;
	bool many;		/* so many that they are counted only, by rb_calls */
	u32 watch;		/* the HPTE that the processor uses */
	u64 set_at_tlbie;	/* R and C that it sets before it obeys the last tlbie */
	bool valid_at_tlbie;
	u64 at_eieio[2];	/* the HPTE between both stores of an update */
} hw;

/* Both formats: v2.07 (POWER8), v3.0 and later. */
#define for_formats(f)	for (u64 f = 0; f <= CPU_FTR_ARCH_300; f += CPU_FTR_ARCH_300)

int make_table(void **state);		/* group setup and teardown */
int free_table(void **state);
void clean(u64 features);
struct revmap_entry *chunked(struct revmap_entry *all, size_t n);
__be64 *raw(u32 index);
void check_raw(u32 index, u64 v, u64 r);
void write_raw(u32 index, u64 v, u64 r);
u32 map_nth(int i);

#endif
