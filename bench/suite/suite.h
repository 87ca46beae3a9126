/* SPDX-License-Identifier: GPL-2.0 */
/* The benchmark's guest side: rows and what they share. */
#ifndef SUITE_H
#define SUITE_H

#include "payload.h"

/*
 * A row is prepared, executed, finished, for each sample. prepare() and finish(),
 * which looks whether the work was done, return NULL or why the row can't be run
 * here: then it has no samples, but that reason. execute() returns the ticks that
 * its count events took, and may change the count.
 */
struct row {
	u64 count;
	const char *(*prepare)(u64 count);
	u64 (*execute)(u64 *count);
	const char *(*finish)(u64 count);
	/* EACH event: what lies between them does not count; ONE event a sample: more of these */
	enum { WHOLE, EACH, ONE } timed;
};

#define HV_BENCH_ROW(id, ...) extern const struct row row_##id;
#include "rows.h"

/* r9: what this guest is for */
enum role { ROLE_MAIN, ROLE_PEER };

#define HOST_PAGE	0x10000ul
#define LARGEST_COUNT	1000

/* table.c: the hashed page table. first: of many entries that nobody uses. */
extern u64 free_entries;
bool find_free_entries(void);
bool has_h_read(void);
long enter_at(u64 ptex, u64 v, u64 r);		/* exactly there */
u64 remove_at(u64 ptex);			/* the return code */
/* A page of guest memory that is touched, and one that need not be. */
u64 *memory_page(u64 i);
/* The HPTE of a 4 KiB page in a segment of ours; its group is *ptex. */
void hpte_for(u64 vsid, u64 ea, u64 ra, u64 *ptex, u64 *v, u64 *r);
void slb_entry(u64 ea, u64 vsid, u64 *rs, u64 *rb);
/* The payload is mapped at its own address, MSR[IR,DR] may be on */
const char *need_mmu(void);
void mmu_on(void);
void mmu_off(void);

/* vectors.c: a handler of a few instructions in place of the payload's own */
#define VECTOR_WORDS	8
void vector_replace(unsigned int vector, const void *code, u64 bytes);
void vector_restore(void);

/* irq.c: the presentation controller; what the external handler counts */
extern volatile u64 irq_count[MAX_CPUS], irq_time[MAX_CPUS], dec_count[MAX_CPUS], dec_time[MAX_CPUS];
void install_handlers(void);
void ee_on(void);
void ee_off(void);

#define DEC_FAR		0x7fffffffu

/* An instruction or a few, count times, with two around them; %0 is the counter, r9 free. */
#define TIMES(n, insns, ...) ({ \
	u64 n_ = (n), t_ = mftb(); \
	asm volatile("1: " insns "; addic. %0, %0, -1; bne 1b" : "+r" (n_) : __VA_ARGS__ : \
		     "r9", "xer", "cr0", "memory"); \
	mftb() - t_; })

static inline const char *ready(u64 count)
{
	(void)count;
	return NULL;
}

#endif
