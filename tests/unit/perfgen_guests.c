// SPDX-License-Identifier: GPL-2.0
/* Guests to make recordings of. */
#include "perfgen.h"
#include "records.h"

void gen_hcall_exits(struct gen *g, int vcpu, uint64_t req, int n)
{
	for (int i = 0; i < n; i++) {
		gen_enter(g, vcpu);
		gen_wait(g, 2000);
		gen_exit(g, vcpu, 0xc00);
		gen_wait(g, 5000);
		gen_hcall(g, vcpu, req);
		gen_wait(g, 1000);
		gen_hcall_done(g, vcpu, req, 0);
		gen_wait(g, 4000);
	}
}

void gen_hcalls(struct gen *g, int vcpu, uint64_t req, int n)
{
	gen_hcall_exits(g, vcpu, req, n);
	gen_enter(g, vcpu);
	gen_wait(g, 1000);
}

void gen_round_trip(struct gen *g)
{
	gen_wait(g, 2000);
	GEN_REC(g, STAYED, 0xc00, 256, 0x1000, 0x8000, 0x4, 1, 0x70, 3, 5);
	gen_wait(g, 2500);
	gen_rec(g, HV_REC_STAYED, 0xe00, TICKS(1), true, 10, (uint64_t[]){ 0x2000, 0x8000,
		0xd000, 0x42000000 | (uint64_t)HV_FAULT_MAPPED << 32 | 2ull << 40, 0x11, 0x22, 0x33, 0x7000, 0x100, 0x2004 });
	gen_wait(g, 3000);
	GEN_REC(g, LEFT, 0xc00, TICKS(2), 0x3000, 0x8000, 0xf7fc, 1, 2, 3, 4);
	gen_wait(g, 5000);
	gen_rec(g, HV_REC_HCALL, 0xf7fc, 2, false, 0, NULL);
	gen_wait(g, 10000);
	GEN_REC(g, USER, 0xf7fc, 0, 7);
	gen_wait(g, 5000);
	GEN_REC(g, ENTER, 0, TICKS(3), 0x3004, TICKS(5), TICKS(10));
}

void gen_round_trips(struct gen *g, bool big, int times)
{
	gen_start_batches(g, big);
	gen_time_conv(g, 512000000);
	gen_comm(g, 77, "hvrun");
	gen_wait(g, 1000);
	GEN_REC(g, ENTER, 0, TICKS(1), 0x100);
	for (int i = 0; i < times; i++) {
		gen_round_trip(g);
		if (i % 3 == 2)
			gen_batch_end(g, 0);
	}
	gen_batch_end(g, 0);
	gen_round(g);
}
