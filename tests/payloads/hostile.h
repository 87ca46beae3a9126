/* SPDX-License-Identifier: GPL-2.0 */
/* A hostile guest, in two files: hostile.c (with method) and hostile_random.c (without). */
#ifndef HOSTILE_H
#define HOSTILE_H

#include "payload.h"
#include "../lab/canary.h"

/* One vCPU's dice and counts. */
struct foe {
	u64 state;
	u64 cpu;
	u64 calls;
	u64 succeeded, refused, loads, stores, denied;	/* how it went */
	u64 wrong;
	const char *what;	/* the first thing that was wrong */
	u64 detail;
};

extern u64 nptes, half;		/* entries of the page table; where the slot under stress begins */

static inline u64 rnd(struct foe *f)
{
	f->state ^= f->state << 13;	/* xorshift64: a seed repeats a run */
	f->state ^= f->state >> 7;
	f->state ^= f->state << 17;
	return f->state;
}

/* Every hypercall of the test goes through here. args are r4..r12. */
long foe_hcall(struct foe *f, u64 number, u64 args[9]);

void complain(struct foe *f, const char *what, u64 detail);
bool is_protected(u64 index);	/* an HPTE that the payload itself lives on */
u64 free_index(struct foe *f);	/* any other */

void random_hcalls(struct foe *f, u64 count);

#endif
