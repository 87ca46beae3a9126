/* SPDX-License-Identifier: GPL-2.0 */
/* Recordings to start from: both endiannesses; our backend's events, the kernel's own, the batch event; unfinished ones. */
#ifndef FUZZ_SEEDS_H
#define FUZZ_SEEDS_H

#include "../unit/perfgen.h"

#define NR_SEEDS 12

/* Left by a recorder that was killed. */
static inline void make_unfinished(struct gen *g, bool big, bool batches)
{
	if (batches)
		gen_start_batches(g, big);
	else
		gen_start(g, big, true);
	gen_features_first(g);
	gen_time_conv(g, 512000000);
	gen_wait(g, 1000);
	if (batches) {
		gen_round_trip(g);
		gen_batch_end(g, 0);
	} else {
		gen_hcall_exits(g, 0, 0xe4, 3);
	}
	gen_kill(g);
}

static inline void make_seed(struct gen *g, int number)
{
	bool big = number & 1, tb = number & 2;

	if (number >= 8) {
		make_unfinished(g, big, tb);
		return;
	}
	/* Batches are dense, and easily broken: many of all. */
	if (number >= 4) {
		gen_round_trips(g, big, number - 2);
		gen_finish(g);
		return;
	}
	gen_start(g, big, tb);
	gen_time_conv(g, 512000000);
	gen_comm(g, 77, "hvrun");
	for (int i = 0; i < 4; i++) {
		if (tb)
			gen_switch(g, i % 2, true, 500);
		gen_enter(g, i % 2);
		gen_wait(g, 2000);
		gen_exit(g, i % 2, i ? 0xc00 : 0x980);
		gen_hcall(g, i % 2, 0xe0 + 4 * i);
		gen_hcall_done(g, i % 2, 0xe0 + 4 * i, -i);
		gen_wait(g, 4000);
	}
	gen_lost(g, 3);
	gen_round(g);
	gen_finish(g);
}

#endif
