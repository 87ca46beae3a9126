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
	uint64_t time, tb_now;
	uint64_t pc;		/* of exits */
	uint32_t cpu, pid, lpid;
};

/* Events, in the order of their ids (100, 101, ...) */
enum { GEN_ENTER, GEN_EXIT, GEN_HCALL_ENTER, GEN_HCALL_EXIT, GEN_SWITCH, GEN_NR_EVENTS };

void gen_start(struct gen *g, bool big, bool tb);
/* Events happen g->time ns after boot; gen_wait() lets time go by for both clocks. */
void gen_wait(struct gen *g, uint64_t ns);
void gen_comm(struct gen *g, uint32_t pid, const char *name);
void gen_enter(struct gen *g, int vcpu);
void gen_exit(struct gen *g, int vcpu, int trap);
void gen_hcall(struct gen *g, int vcpu, uint64_t req);
void gen_hcall_done(struct gen *g, int vcpu, uint64_t req, uint64_t rc);
void gen_switch(struct gen *g, int vcpu, bool to_guest, uint64_t ticks);
void gen_lost(struct gen *g, uint64_t nr);
void gen_round(struct gen *g);
void gen_time_conv(struct gen *g, uint64_t hz);
/* Event formats and the header; after that the file is whole. */
void gen_finish(struct gen *g);
void gen_free(struct gen *g);

#endif
