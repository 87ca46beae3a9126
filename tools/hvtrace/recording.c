// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>
#include "../common/util.h"
#include "recording.h"

#define PC_SLOTS	(2 * MAX_PCS)
#define MSR_PR		(1ull << 14)

static const char user_space[] = "[guest user space]";
static const char unknown[] = "[unknown]";
static const char others[] = "[others]";

static const char *pc_name(const struct recording *r, const struct hv_span *span)
{
	const char *name;

	if (span->msr & MSR_PR)
		return user_space;
	if (!r->symbols)
		return NULL;
	name = hv_symbols_find(r->symbols, span->pc);
	return name ? name : unknown;
}

/* Names come from one table each: equal ones are the same pointer. */
static struct pc_row *pc_row(struct recording *r, const struct hv_vcpu *v, const char *name, uint64_t pc)
{
	uint64_t key = name ? (uintptr_t)name : pc;
	/* Knuth's multiplicative hashing: the upper bits are the mixed ones. */
	uint64_t h = (key ^ (uint64_t)v->pid << 40 ^ (uint64_t)v->lpid << 20) * 0x9e3779b97f4a7c15ull;

	for (size_t i = h >> 40; ; i++) {
		struct pc_row **slot = &r->pcs[i % PC_SLOTS], *row = *slot;

		if (!row) {
			if (r->nr_pcs >= MAX_PCS && name != others)
				return pc_row(r, v, others, 0);
			if (r->nr_pcs >= PC_SLOTS - MAX_PCS / 2)
				return NULL;
			r->nr_pcs++;
			*slot = row = hv_alloc(sizeof(*row));
			row->pid = v->pid;
			row->lpid = v->lpid;
			row->name = name;
			row->pc = pc;
			return row;
		}
		if (row->pid == v->pid && row->lpid == v->lpid && row->name == name && (name || row->pc == pc))
			return row;
	}
}

static int on_span(const struct hv_vcpu *v, const struct hv_span *span, void *arg)
{
	struct recording *r = arg;
	struct pc_row *row;

	if (r->on_span && r->on_span(v, span, r->arg))
		return -1;
	if (span->kind != HV_SPAN_EXIT)
		return 0;
	row = pc_row(r, v, pc_name(r, span), span->pc);
	if (row)
		hist_add(&row->hist, span->end - span->start);
	return 0;
}

static int on_item(const struct hv_item *item, void *arg)
{
	struct recording *r = arg;

	if (item->lost) {
		hv_stats_lost(r->stats, item->r.cpu);
		return 0;
	}
	if (hv_stats_add(r->stats, &item->r))
		return pd_damaged(r->reader->file, "more vCPUs or exit reasons than any machine has");
	return 0;
}

static int compare(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int by_vm_and_time(const void *pa, const void *pb)
{
	const struct pc_row *a = *(struct pc_row *const *)pa, *b = *(struct pc_row *const *)pb;
	int c = compare(a->pid, b->pid);

	if (!c)
		c = compare(a->lpid, b->lpid);
	if (!c)
		c = compare(b->hist.sum, a->hist.sum);
	return c ? c : compare(a->pc, b->pc);
}

static void sort_pcs(struct recording *r)
{
	size_t nr = 0;

	for (size_t i = 0; i < PC_SLOTS; i++)
		if (r->pcs[i])
			r->pcs[nr++] = r->pcs[i];
	for (size_t i = nr; i < PC_SLOTS; i++)
		r->pcs[i] = NULL;
	qsort(r->pcs, nr, sizeof(*r->pcs), by_vm_and_time);
}

static struct recording *read_into(struct recording *r, const char *path, const struct hv_select *select)
{
	r->stats = hv_stats_new();
	r->stats->on_span = on_span;
	r->stats->arg = r;
	r->pcs = hv_alloc(PC_SLOTS * sizeof(*r->pcs));
	r->reader = hv_reader_open(path);
	if (r->reader) {
		r->reader->select = *select;
		hv_stats_setup(r->stats, r->reader->decoder, &r->reader->clock);
		if (!hv_reader_run(r->reader, on_item, r)) {
			hv_stats_sort(r->stats);
			sort_pcs(r);
			return r;
		}
	}
	recording_free(r);
	return NULL;
}

struct recording *recording_read(const char *path, const struct hv_select *select, const struct hv_symbols *symbols)
{
	struct recording *r = hv_alloc(sizeof(*r));

	r->symbols = symbols;
	return read_into(r, path, select);
}

struct recording *recording_read_spans(const char *path, const struct hv_select *select, hv_span_fn fn, void *arg)
{
	struct recording *r = hv_alloc(sizeof(*r));

	r->on_span = fn;
	r->arg = arg;
	return read_into(r, path, select);
}

void recording_free(struct recording *r)
{
	for (size_t i = 0; i < PC_SLOTS; i++) {
		if (r->pcs[i])
			hist_free(&r->pcs[i]->hist);
		free(r->pcs[i]);
	}
	free(r->pcs);
	hv_stats_free(r->stats);
	if (r->reader)
		hv_reader_close(r->reader);
	free(r);
}
