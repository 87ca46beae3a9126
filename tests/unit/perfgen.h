/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Makes small perf.data files, in either endianness, straight from the format's
 * description: it shares no code with the reader and writer that it tests.
 */
#ifndef UNIT_PERFGEN_H
#define UNIT_PERFGEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gen {
	bool big;		/* big endian */
	bool tb;		/* events as our backend has them, not the kernel's own */
	char *data;
	size_t len, room;
	size_t data_start;
	uint64_t features[4];	/* two sections' offsets and sizes; 0: not written yet */
	uint64_t time, tb_now;
	uint64_t pc;		/* of exits */
	uint32_t cpu, pid, lpid;
	bool batches_only;	/* the single events are described, but not recorded */
	uint64_t words[4096];
	unsigned int nr_words;
};

/* Events, in the order of their ids (100, 101, ...) */
enum { GEN_ENTER, GEN_EXIT, GEN_HCALL_ENTER, GEN_HCALL_EXIT, GEN_SWITCH,
	/* described, for who wants to write them, but never made here */
	GEN_FAULT_ENTER, GEN_FAULT_EXIT, GEN_MMIO, GEN_HCALL_USER,
	GEN_BATCH, GEN_NR_EVENTS
};

void gen_start(struct gen *g, bool big, bool tb);
/* As record makes it: all events described, the batch event alone recorded. */
void gen_start_batches(struct gen *g, bool big);
/* Events happen g->time ns after boot; gen_wait() lets time go by for both clocks. */
void gen_wait(struct gen *g, uint64_t ns);
void gen_comm(struct gen *g, uint32_t pid, const char *name);
void gen_enter(struct gen *g, int vcpu);
void gen_exit(struct gen *g, int vcpu, int trap);
void gen_hcall(struct gen *g, int vcpu, uint64_t req);
void gen_hcall_done(struct gen *g, int vcpu, uint64_t req, uint64_t rc);
void gen_switch(struct gen *g, int vcpu, bool to_guest, uint64_t ticks);
/*
 * What the batch event carries is collected; gen_batch_end() makes it one sample. These take the
 * time from g->tb_now and let none go by. extra: words after the head.
 */
void gen_rec(struct gen *g, unsigned int kind, unsigned int trap, uint32_t ticks, bool moved,
	     unsigned int nr, const uint64_t *extra);
void gen_batch_end(struct gen *g, int vcpu);
void gen_lost(struct gen *g, uint64_t nr);
void gen_round(struct gen *g);
void gen_time_conv(struct gen *g, uint64_t hz);
/* As hvtrace record does it; to be called before there are records. Else that is what gen_finish() does. */
void gen_features_first(struct gen *g);
/* Event formats and the header; after that the file is whole. */
void gen_finish(struct gen *g);
/* What record leaves if it is killed now. */
void gen_kill(struct gen *g);
void gen_free(struct gen *g);

/* perfgen_guests.c: what guests do. */

/*
 * n times: an entry, 2 us in the guest, an hcall exit of 10 us, of which the hcall takes 5: the kernel
 * answers it 1 us after it came.
 */
void gen_hcall_exits(struct gen *g, int vcpu, uint64_t req, int n);
/* The same; then a last entry, and 1 us in the guest. */
void gen_hcalls(struct gen *g, int vcpu, uint64_t req, int n);
/* A record of the batch event: its kind, interrupt vector, ticks, and the words after its head. */
#define GEN_REC(g, kind, trap, ticks, ...) \
	gen_rec(g, HV_REC_##kind, trap, ticks, false, sizeof((uint64_t[]){ __VA_ARGS__ }) / 8, (uint64_t[]){ __VA_ARGS__ })
#define TICKS(us) ((us) * 512)
/*
 * In a batch: what a guest does between one partition switch to it and the next. 2 us each in the guest
 * before an H_REMOVE that the image answers (0.5 us), a page that it maps (1 us), and an hcall that user space
 * answers (20 us: 2 for the switch to the host, 3 in the module, 10 in user space, 2 in the module, 3 for the switch).
 */
void gen_round_trip(struct gen *g);
/* A recording of so many, three to a batch, on vCPU 0; the first entry 1 us after its start. */
void gen_round_trips(struct gen *g, bool big, int times);

#endif
