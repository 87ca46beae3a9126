// SPDX-License-Identifier: GPL-2.0
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "perfgen.h"

#define HEADER_SIZE	104
#define ATTR_SIZE	128
#define FIRST_ID	100
#define FIRST_TYPE	1000
#define SAMPLE_TYPE	(PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_TID | PERF_SAMPLE_TIME | \
			 PERF_SAMPLE_CPU | PERF_SAMPLE_RAW)

struct field {
	const char *type, *name;
	unsigned int size;
	bool ours;		/* only in our backend's events */
};

static const struct event {
	const char *name;
	struct field fields[14];
} events[GEN_NR_EVENTS] = {
	{ "kvm_guest_enter", {
		{ "int", "vcpu_id", 4, 0 }, { "unsigned long", "pc", 8, 0 },
		{ "unsigned long", "pending_exceptions", 8, 0 }, { "u8", "ceded", 1, 0 },
		{ "u32", "lpid", 4, 1 }, { "u64", "tb", 8, 1 } } },
	{ "kvm_guest_exit", {
		{ "int", "vcpu_id", 4, 0 }, { "int", "trap", 4, 0 }, { "unsigned long", "pc", 8, 0 },
		{ "unsigned long", "msr", 8, 0 }, { "u8", "ceded", 1, 0 }, { "u32", "lpid", 4, 1 },
		{ "u64", "tb", 8, 1 }, { "u64", "dar", 8, 1 }, { "u32", "dsisr", 4, 1 } } },
	{ "kvm_hcall_enter", {
		{ "int", "vcpu_id", 4, 0 }, { "unsigned long", "req", 8, 0 }, { "unsigned long", "gpr4", 8, 0 },
		{ "unsigned long", "gpr5", 8, 0 }, { "unsigned long", "gpr6", 8, 0 },
		{ "unsigned long", "gpr7", 8, 0 }, { "u32", "lpid", 4, 1 }, { "u64", "tb", 8, 1 } } },
	{ "kvm_hcall_exit", {
		{ "int", "vcpu_id", 4, 0 }, { "unsigned long", "ret", 8, 0 },
		{ "unsigned long", "hcall_rc", 8, 0 }, { "u32", "lpid", 4, 1 }, { "u64", "req", 8, 1 },
		{ "u64", "tb", 8, 1 } } },
	{ "kvm_partition_switch", {
		{ "int", "vcpu_id", 4, 1 }, { "u8", "to_guest", 1, 1 }, { "u32", "from_lpid", 4, 1 },
		{ "u32", "to_lpid", 4, 1 }, { "u64", "tb_start", 8, 1 }, { "u64", "tb_end", 8, 1 } } },
	{ "kvm_page_fault_enter", {
		{ "int", "vcpu_id", 4, 1 }, { "unsigned long", "hpte_v", 8, 1 }, { "unsigned long", "hpte_r", 8, 1 },
		{ "unsigned long", "gpte_r", 8, 1 }, { "unsigned long", "ea", 8, 1 }, { "u64", "base_gfn", 8, 1 },
		{ "u32", "slot_flags", 4, 1 }, { "u32", "dsisr", 4, 1 }, { "u32", "lpid", 4, 1 }, { "u64", "tb", 8, 1 },
		{ "u64", "gpa", 8, 1 }, { "u8", "where", 1, 1 } } },
	{ "kvm_page_fault_exit", {
		{ "int", "vcpu_id", 4, 1 }, { "unsigned long", "hpte_v", 8, 1 }, { "unsigned long", "hpte_r", 8, 1 },
		{ "long", "ret", 8, 1 }, { "u32", "lpid", 4, 1 }, { "u64", "tb", 8, 1 } } },
	{ "kvm_mmio", {
		{ "int", "vcpu_id", 4, 1 }, { "u32", "lpid", 4, 1 }, { "u64", "tb", 8, 1 }, { "u64", "gpa", 8, 1 },
		{ "u64", "value", 8, 1 }, { "u8", "len", 1, 1 }, { "u8", "write", 1, 1 }, { "u8", "where", 1, 1 } } },
	{ "kvm_hcall_user", {
		{ "int", "vcpu_id", 4, 1 }, { "u32", "lpid", 4, 1 }, { "u64", "tb", 8, 1 },
		{ "u64", "req", 8, 1 }, { "unsigned long", "hcall_rc", 8, 1 } } },
	{ "kvm_records", {
		{ "int", "vcpu_id", 4, 1 }, { "u32", "lpid", 4, 1 }, { "int", "pid", 4, 1 }, { "int", "tid", 4, 1 },
		{ "__data_loc u64[]", "words", 4, 1 } } },
};

static void put(struct gen *g, const void *p, size_t n)
{
	if (g->len + n > g->room) {
		g->room = 2 * (g->len + n);
		g->data = realloc(g->data, g->room);
	}
	memcpy(g->data + g->len, p, n);
	g->len += n;
}

static void put_number_at(struct gen *g, size_t at, uint64_t v, unsigned int size)
{
	for (unsigned int i = 0; i < size; i++)
		g->data[at + i] = v >> 8 * (g->big ? size - 1 - i : i);
}

static void put_number(struct gen *g, uint64_t v, unsigned int size)
{
	static const char zero[8];

	put(g, zero, size);
	put_number_at(g, g->len - size, v, size);
}

static void pad(struct gen *g, size_t align)
{
	while (g->len % align)
		put(g, "", 1);
}

/* Fields are laid out as the C compiler would, after the eight bytes that all events have. */
static void put_fields(struct gen *g, const struct event *e, const uint64_t *values)
{
	size_t start = g->len;

	put_number(g, FIRST_TYPE + (e - events), 2);
	put_number(g, 0, 6);
	for (const struct field *f = e->fields; f->name; f++) {
		if (f->ours && !g->tb)
			continue;
		while ((g->len - start) % f->size)
			put(g, "", 1);
		put_number(g, values[f - e->fields], f->size);
	}
}

static void describe(const struct gen *g, const struct event *e, char *text, size_t size)
{
	size_t at = snprintf(text, size, "name: %s\nID: %d\nformat:\n"
		"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
		"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"
		"\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n"
		"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n",
		e->name, FIRST_TYPE + (int)(e - events));
	unsigned int offset = 8;

	for (const struct field *f = e->fields; f->name; f++) {
		if (f->ours && !g->tb)
			continue;
		offset = (offset + f->size - 1) / f->size * f->size;
		at += snprintf(text + at, size - at, "\tfield:%s %s;\toffset:%u;\tsize:%u;\tsigned:%d;\n",
			       f->type, f->name, offset, f->size, !strcmp(f->type, "int"));
		offset += f->size;
	}
	snprintf(text + at, size - at, "\nprint fmt: \"VCPU %%d\", REC->vcpu_id\n");
}

/* Events are described up to here; recorded from first_event() on. */
static unsigned int nr_events(const struct gen *g)
{
	if (g->batches_only)
		return GEN_NR_EVENTS;
	return g->tb ? GEN_SWITCH + 1 : GEN_SWITCH;
}

/* The first event that is recorded. */
static unsigned int first_event(const struct gen *g)
{
	return g->batches_only ? GEN_BATCH : 0;
}

static void put_attr(struct gen *g, unsigned int i)
{
	size_t at = g->len;
	static const char zeros[ATTR_SIZE];

	put(g, zeros, ATTR_SIZE);
	put_number_at(g, at, PERF_TYPE_TRACEPOINT, 4);
	put_number_at(g, at + 4, ATTR_SIZE, 4);
	put_number_at(g, at + 8, FIRST_TYPE + i, 8);
	put_number_at(g, at + 16, 1, 8);
	put_number_at(g, at + 24, SAMPLE_TYPE, 8);
	put_number_at(g, at + 32, PERF_FORMAT_ID, 8);
	g->data[at + 42] = g->big ? 0x20 : 0x04;	/* sample_id_all, bit 18 of a bit field */
	put_number(g, HEADER_SIZE + 8 * (i - first_event(g)), 8);
	put_number(g, 8, 8);
}

static void start(struct gen *g, bool big, bool tb, bool batches_only)
{
	static const char zeros[HEADER_SIZE];

	*g = (struct gen){ .batches_only = batches_only, .big = big, .tb = tb, .time = 1000000, .pc = 0x1000, .tb_now = 512000000, .pid = 77, .lpid = 3 };
	put(g, zeros, HEADER_SIZE);
	for (unsigned int i = first_event(g); i < nr_events(g); i++)
		put_number(g, FIRST_ID + i, 8);
	for (unsigned int i = first_event(g); i < nr_events(g); i++)
		put_attr(g, i);
	g->data_start = g->len;
}

void gen_start(struct gen *g, bool big, bool tb)
{
	start(g, big, tb, false);
}

void gen_start_batches(struct gen *g, bool big)
{
	start(g, big, true, true);
}

void gen_wait(struct gen *g, uint64_t ns)
{
	g->time += ns;
	/* 512 MHz. Samples are late by a little, so that a reader who takes the wrong clock is caught. */
	g->tb_now += ns * 512 / 1000;
	if (g->tb)
		g->time += 17;
}

static size_t begin(struct gen *g, uint32_t type)
{
	put_number(g, type, 4);
	put_number(g, 0, 4);
	return g->len - 8;
}

static void end(struct gen *g, size_t at)
{
	put_number_at(g, at + 6, g->len - at, 2);
}

static void trailer(struct gen *g)
{
	put_number(g, g->pid, 4);
	put_number(g, g->pid + 1, 4);
	put_number(g, g->time, 8);
	put_number(g, g->cpu, 4);
	put_number(g, 0, 4);
	put_number(g, FIRST_ID, 8);
}

/* All but the raw bytes, the length of which end_sample() fills in. */
static size_t begin_sample(struct gen *g, unsigned int i)
{
	size_t at = begin(g, PERF_RECORD_SAMPLE);

	put_number(g, FIRST_ID + i, 8);
	put_number(g, g->pid, 4);
	put_number(g, g->pid + 1, 4);
	put_number(g, g->time, 8);
	put_number(g, g->cpu, 4);
	put_number(g, 0, 4);
	put_number(g, 0, 4);
	return at;
}

static void end_sample(struct gen *g, size_t at, size_t raw)
{
	pad(g, 4);
	while ((g->len - raw + 4) % 8)
		put(g, "\0\0\0", 4);
	put_number_at(g, raw - 4, g->len - raw, 4);
	end(g, at);
}

static void sample(struct gen *g, unsigned int i, const uint64_t *values)
{
	size_t at = begin_sample(g, i), raw = g->len;

	put_fields(g, &events[i], values);
	end_sample(g, at, raw);
}

void gen_enter(struct gen *g, int vcpu)
{
	sample(g, GEN_ENTER, (uint64_t[]){ vcpu, 0x1000, 0, 0, g->lpid, g->tb_now });
}

void gen_exit(struct gen *g, int vcpu, int trap)
{
	sample(g, GEN_EXIT, (uint64_t[]){ vcpu, trap, g->pc, 0, 0, g->lpid, g->tb_now, 0, 0 });
}

void gen_hcall(struct gen *g, int vcpu, uint64_t req)
{
	sample(g, GEN_HCALL_ENTER, (uint64_t[]){ vcpu, req, 4, 5, 6, 7, g->lpid, g->tb_now });
}

void gen_hcall_done(struct gen *g, int vcpu, uint64_t req, uint64_t rc)
{
	sample(g, GEN_HCALL_EXIT, (uint64_t[]){ vcpu, 0, rc, g->lpid, req, g->tb_now });
}

void gen_switch(struct gen *g, int vcpu, bool to_guest, uint64_t ticks)
{
	sample(g, GEN_SWITCH, (uint64_t[]){ vcpu, to_guest, to_guest ? 0 : g->lpid, to_guest ? g->lpid : 0,
					    g->tb_now - ticks, g->tb_now });
}

void gen_rec(struct gen *g, unsigned int kind, unsigned int trap, uint32_t ticks, bool moved,
	     unsigned int nr, const uint64_t *extra)
{
	uint64_t *w = g->words + g->nr_words;

	w[0] = g->tb_now;
	w[1] = kind | (moved ? 0x80 : 0) | (nr + 2) << 8 | (uint64_t)trap << 16 | (uint64_t)ticks << 32;
	for (unsigned int i = 0; i < nr; i++)
		w[2 + i] = extra[i];
	g->nr_words += 2 + nr;
}

void gen_batch_end(struct gen *g, int vcpu)
{
	/* The words follow the fields: 8 bytes that all events have, five fields of 4, up to a multiple of 8. */
	unsigned int bytes = 8 * g->nr_words, start = 32;
	size_t at = begin_sample(g, GEN_BATCH), raw = g->len;

	put_fields(g, &events[GEN_BATCH], (uint64_t[]){ vcpu, g->lpid, g->pid, g->pid + 1, start | bytes << 16 });
	while (g->len - raw < start)
		put(g, "", 1);
	for (unsigned int i = 0; i < g->nr_words; i++)
		put_number(g, g->words[i], 8);
	g->nr_words = 0;
	end_sample(g, at, raw);
}

void gen_lost(struct gen *g, uint64_t nr)
{
	size_t at = begin(g, PERF_RECORD_LOST);

	put_number(g, FIRST_ID, 8);
	put_number(g, nr, 8);
	trailer(g);
	end(g, at);
}

void gen_comm(struct gen *g, uint32_t pid, const char *name)
{
	size_t at = begin(g, PERF_RECORD_COMM);

	put_number(g, pid, 4);
	put_number(g, pid, 4);
	put(g, name, strlen(name) + 1);
	pad(g, 8);
	trailer(g);
	end(g, at);
}

void gen_round(struct gen *g)
{
	end(g, begin(g, 68));
}

void gen_time_conv(struct gen *g, uint64_t hz)
{
	size_t at = begin(g, 79);

	put_number(g, 20, 8);
	put_number(g, (1000000000ull << 20) / hz, 8);
	put_number(g, 0, 8);
	end(g, at);
}

static void put_block(struct gen *g, const char *text)
{
	put_number(g, strlen(text), 8);
	put(g, text, strlen(text));
}

static void put_tracing_data(struct gen *g)
{
	char text[4096];

	put(g, "\027\010\104tracing0.6", 14);
	put(g, g->big ? "\001\010" : "\000\010", 2);
	put_number(g, 65536, 4);
	put(g, "header_page", 12);
	put_block(g, "page");
	put(g, "header_event", 13);
	put_block(g, "event");
	put_number(g, 0, 4);
	put_number(g, 1, 4);
	put(g, "kvm_hv", 7);
	put_number(g, nr_events(g), 4);
	for (unsigned int i = 0; i < nr_events(g); i++) {
		describe(g, &events[i], text, sizeof(text));
		put_block(g, text);
	}
	put_number(g, 0, 8);
	put_number(g, 0, 8);
}

static void put_list_at(struct gen *g, size_t at)
{
	for (int i = 0; i < 4; i++)
		put_number_at(g, at + 8 * i, g->features[i], 8);
}

static size_t room_for_list(struct gen *g)
{
	for (int i = 0; i < 4; i++)
		put_number(g, 0, 8);
	return g->len - 32;
}

/* The tracing data and the host's name. */
static void put_features(struct gen *g)
{
	g->features[0] = g->len;
	put_tracing_data(g);
	g->features[1] = g->len - g->features[0];
	g->features[2] = g->len;
	g->features[3] = 68;
	put_number(g, 64, 4);
	put(g, "powerhost", 10);
	for (int i = 10; i < 64; i++)
		put(g, "", 1);
}

static void put_header(struct gen *g, size_t data, size_t size)
{
	put_number_at(g, 0, 0x32454c4946524550ull, 8);
	put_number_at(g, 8, HEADER_SIZE, 8);
	put_number_at(g, 16, ATTR_SIZE + 16, 8);
	put_number_at(g, 24, HEADER_SIZE + 8 * (nr_events(g) - first_event(g)), 8);
	put_number_at(g, 32, (nr_events(g) - first_event(g)) * (ATTR_SIZE + 16), 8);
	put_number_at(g, 40, data, 8);
	put_number_at(g, 48, size, 8);
	put_number_at(g, 72, 1 << 1 | 1 << 3, 8);
}

void gen_features_first(struct gen *g)
{
	put_features(g);
	pad(g, 8);
	put_list_at(g, room_for_list(g));
	g->data_start = g->len;
}

void gen_finish(struct gen *g)
{
	size_t data_end = g->len, list = room_for_list(g);

	if (!g->features[0])
		put_features(g);
	put_list_at(g, list);
	put_header(g, g->data_start, data_end - g->data_start);
}

void gen_kill(struct gen *g)
{
	put_header(g, g->data_start - 32, 0);
}

void gen_free(struct gen *g)
{
	free(g->data);
}
