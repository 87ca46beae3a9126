// SPDX-License-Identifier: GPL-2.0
#include <perf/event.h>
#include <stdlib.h>
#include <string.h>
#include "reader.h"
#include "tracing_data.h"
#include "util.h"

/* Names are kept for processes that exist, not for whatever a damaged file makes up. */
#define MAX_COMMS	(1u << 20)
/*
 * So many samples tell how far the samples' clock and the timebase are apart. The first event is in the first round,
 * which may have more: one ring's samples stand behind another's.
 */
#define LEARN_SAMPLES	10000

static bool selects_all(const struct hv_select *s)
{
	return !s->pid && s->lpid < 0 && s->vcpu < 0 && s->from < 0 && s->to < 0;
}

static bool is_in_time(const struct hv_reader *rd, const struct hv_record *r)
{
	int64_t at = r->when - rd->start;

	return !(rd->select.from >= 0 && at < rd->select.from) && !(rd->select.to >= 0 && at > rd->select.to);
}

static bool is_selected(const struct hv_reader *rd, const struct hv_record *r)
{
	const struct hv_select *s = &rd->select;

	return !(s->pid && r->pid != s->pid) &&
	       !(s->lpid >= 0 && hv_record_lpid(r) != s->lpid) &&
	       !(s->vcpu >= 0 && hv_record_vcpu(r) != s->vcpu) && is_in_time(rd, r);
}

static int on_item(const struct hv_item *item, void *arg)
{
	struct hv_reader *rd = arg;

	/* Whose those were that are lost, nobody knows. */
	if (!rd->selects_all && !(item->lost ? is_in_time(rd, &item->r) : is_selected(rd, &item->r)))
		return 0;
	if (!item->lost) {
		if (!rd->records++ || item->r.when < rd->first_time)
			rd->first_time = item->r.when;
		if (item->r.when > rd->last_time)
			rd->last_time = item->r.when;
	}
	return rd->fn(item, rd->arg);
}

/* What hv_reader_sample() and those it hands records to need to know. */
struct sample_arg {
	struct hv_reader *rd;
	hv_record_fn fn;
	void *arg;
};

static int stamp(struct hv_record *r, void *arg)
{
	const struct sample_arg *a = arg;

	hv_clock_stamp(&a->rd->clock, r);
	return a->fn(r, a->arg);
}

/* 1: a sample, s and what it says itself in r; 0: one without data; -1 after an error message */
static inline int take_sample(const struct hv_reader *rd, const struct pd_record *rec, struct hv_sample *s, struct hv_record *r)
{
	if (hv_parse_sample(rec->layout, rec->body, rec->size, s))
		return pd_damaged(rd->file, "a sample is too short");
	r->time = s->time;
	r->cpu = s->cpu;
	r->pid = s->pid;
	r->tid = s->tid;
	return s->raw ? 1 : 0;
}

static int not_as_described(const struct hv_reader *rd)
{
	return pd_damaged(rd->file, "an event is not as its description says");
}

int hv_reader_sample(struct hv_reader *rd, const struct pd_record *rec, struct hv_record *r,
		     hv_record_fn fn, void *arg)
{
	struct sample_arg a = { rd, fn, arg };
	struct hv_sample s;
	int ret = take_sample(rd, rec, &s, r);

	if (ret == 1)
		ret = hv_decode(rd->decoder, s.raw, s.raw_size, r, stamp, &a);
	return ret == HV_DAMAGED ? not_as_described(rd) : ret;
}

static int add_to_order(struct hv_record *r, void *arg)
{
	struct hv_reader *rd = arg;

	return hv_order_add(rd->order, hv_item_of(r));
}

/* What most of a large recording is: the record is made where it will stay. */
static int add_single(struct hv_reader *rd, const struct pd_record *rec)
{
	struct hv_item *item = hv_order_room(rd->order);
	struct hv_sample s;
	int ret = take_sample(rd, rec, &s, &item->r);

	if (ret == 1)
		ret = hv_decode_one(rd->decoder, s.raw, s.raw_size, &item->r);
	if (ret == 1) {
		item->lost = 0;
		hv_clock_stamp(&rd->clock, &item->r);
		return hv_order_add(rd->order, item);
	}
	rd->others += !ret;
	return ret == HV_DAMAGED ? not_as_described(rd) : ret;
}

static int add_sample(struct hv_reader *rd, const struct pd_record *rec)
{
	struct hv_item item;
	int ret;

	if (!rd->has_batches)
		return add_single(rd, rec);
	item.lost = 0;
	ret = hv_reader_sample(rd, rec, &item.r, add_to_order, rd);
	rd->others += !ret;
	return ret < 0 ? -1 : 0;
}

static int add_lost(struct hv_reader *rd, const struct pd_record *rec)
{
	struct hv_item item = { 0 };
	struct hv_sample s;

	if (rec->size < 16 || hv_parse_trailer(rec->layout, rec->body, rec->size, &s))
		return pd_damaged(rd->file, "a record of lost events is too short");
	item.lost = hv_get64(rec->body + 8, rec->layout->swap);
	item.r.time = item.r.when = s.time;
	item.r.cpu = s.cpu;
	rd->lost_records += item.lost;
	if (s.cpu >= 0 && s.cpu < HV_MAX_CPUS)
		rd->lost[s.cpu] += item.lost;
	return item.lost ? hv_order_add(rd->order, &item) : 0;
}

static int add_comm(struct hv_reader *rd, const struct pd_record *rec)
{
	struct hv_comm *c;
	uint32_t *chain;

	if (rec->size < 9)
		return pd_damaged(rd->file, "a record of a process' name is too short");
	/* A thread's own name is not its process' name. */
	if (hv_get32(rec->body, rec->layout->swap) != hv_get32(rec->body + 4, rec->layout->swap) ||
	    rd->nr_comms == MAX_COMMS)
		return 0;
	rd->comms = hv_grow(rd->comms, rd->nr_comms + 1, sizeof(*rd->comms));
	c = &rd->comms[rd->nr_comms++];
	memset(c, 0, sizeof(*c));
	c->pid = hv_get32(rec->body, rec->layout->swap);
	memcpy(c->name, rec->body + 8, strnlen(rec->body + 8,
		rec->size - 8 < sizeof(c->name) - 1 ? rec->size - 8 : sizeof(c->name) - 1));
	hv_printable(c->name);
	chain = &rd->comm_chains[(uint32_t)c->pid % HV_COMM_CHAINS];
	c->older = *chain;
	*chain = rd->nr_comms;
	return 0;
}

static int set_time_conv(struct hv_reader *rd, const struct pd_record *rec)
{
	uint64_t shift, mult;

	if (rec->size < 16)
		return pd_damaged(rd->file, "the timebase's description is too short");
	shift = hv_get64(rec->body, rec->layout->swap);
	mult = hv_get64(rec->body + 8, rec->layout->swap);
	if (shift > 63 || !mult)
		return pd_damaged(rd->file, "the timebase's description makes no sense");
	rd->clock.shift = shift;
	rd->clock.mult = mult;
	rd->clock.assumed = false;
	return 0;
}

static int add_record(struct hv_reader *rd, const struct pd_record *rec)
{
	switch (rec->type) {
	case PERF_RECORD_SAMPLE:
		return add_sample(rd, rec);
	case PERF_RECORD_LOST:
		return add_lost(rd, rec);
	case PERF_RECORD_LOST_SAMPLES:
		if (rec->size >= 8)
			rd->lost_samples += hv_get64(rec->body, rec->layout->swap);
		return 0;
	case PERF_RECORD_COMM:
		return add_comm(rd, rec);
	case PERF_RECORD_FINISHED_ROUND:
		return hv_order_round(rd->order);
	}
	return 0;
}

void hv_reader_begin(struct hv_reader *rd, hv_order_fn fn, void *arg)
{
	pd_rewind(rd->file);
	rd->fn = fn;
	rd->arg = arg;
	rd->selects_all = selects_all(&rd->select);
	rd->has_batches = hv_decoder_has_batches(rd->decoder);
	rd->order = hv_order_new(on_item, rd);
	/* One vCPU's records come in order; those of two may come late, a second at most. */
	if (rd->by_time && rd->clock.use_ticks && rd->has_batches)
		hv_order_by_when(rd->order, 1000000000);
}

int hv_reader_step(struct hv_reader *rd)
{
	struct pd_record rec;
	int ret = pd_next(rd->file, &rec);

	if (ret < 0)
		return -1;
	if (!ret)
		return hv_order_flush(rd->order) ? -1 : 0;
	return add_record(rd, &rec) ? -1 : 1;
}

int hv_reader_run(struct hv_reader *rd, hv_order_fn fn, void *arg)
{
	int ret;

	hv_reader_begin(rd, fn, arg);
	while ((ret = hv_reader_step(rd)) == 1)
		;
	return ret;
}

static int learn(struct hv_record *r, void *arg)
{
	hv_clock_learn(&((struct hv_reader *)arg)->clock, r);
	return 0;
}

/* A look at the first samples: when it starts, how the clocks are related. */
static int learn_clock(struct hv_reader *rd)
{
	struct hv_record r = { 0 };
	struct pd_record rec;
	unsigned int samples = 0, enough = HV_ORDER_MAX;
	int ret = 0;

	/* Before the first sample stands how fast the timebase runs. */
	while (samples < enough && (ret = pd_next(rd->file, &rec)) == 1) {
		if (rec.type == PERF_RECORD_FINISHED_ROUND)
			enough = LEARN_SAMPLES;
		if (rec.type == PERF_RECORD_TIME_CONV && set_time_conv(rd, &rec))
			return -1;
		if (rec.type != PERF_RECORD_SAMPLE)
			continue;
		if (!samples++)
			hv_clock_setup(&rd->clock, rd->decoder);
		if (hv_reader_sample(rd, &rec, &r, learn, rd) < 0)
			return -1;
	}
	rd->start = hv_clock_start(&rd->clock);
	return ret < 0 ? -1 : 0;
}

static int nothing(struct hv_record *r, void *arg)
{
	(void)r, (void)arg;
	return 0;
}

static bool is_sound(const struct pd_record *rec, void *arg)
{
	const struct hv_reader *rd = arg;
	struct hv_record r = { 0 };
	struct hv_sample s;

	return rec->type != PERF_RECORD_SAMPLE || (!hv_parse_sample(rec->layout, rec->body, rec->size, &s) &&
		(!s.raw || hv_decode(rd->decoder, s.raw, s.raw_size, &r, nothing, NULL) != HV_DAMAGED));
}

static int find_end(struct hv_reader *rd)
{
	return pd_is_unfinished(rd->file) ? pd_find_end(rd->file, is_sound, rd) : 0;
}

static int read_formats(struct hv_reader *rd)
{
	size_t len, nr;
	const uint64_t *ids;
	char *data;
	int ret = pd_feature(rd->file, PD_TRACING_DATA, &data, &len);

	if (!ret)
		return hv_error("%s: no trace events in it, only other perf data", rd->path);
	if (ret < 0)
		return -1;
	rd->decoder = hv_tracing_data_parse(data, len);
	free(data);
	if (!rd->decoder)
		return pd_damaged(rd->file, "the descriptions of its events");
	ids = pd_tracepoints(rd->file, &nr);
	hv_decoder_recorded(rd->decoder, ids, nr);
	return 0;
}

struct hv_reader *hv_reader_open(const char *path)
{
	struct hv_reader *rd = hv_alloc(sizeof(*rd));

	rd->clock = HV_CLOCK_POWER;
	rd->select = HV_SELECT_ALL;
	rd->path = path;
	rd->file = pd_open(path);
	if (rd->file && !read_formats(rd) && !find_end(rd) && !learn_clock(rd))
		return rd;
	hv_reader_close(rd);
	return NULL;
}

void hv_reader_close(struct hv_reader *rd)
{
	if (rd->file)
		pd_close(rd->file);
	hv_decoder_free(rd->decoder);
	if (rd->order)
		hv_order_free(rd->order);
	free(rd->comms);
	free(rd);
}

const char *hv_reader_comm(const struct hv_reader *rd, int32_t pid)
{
	const struct hv_comm *c;

	for (uint32_t i = rd->comm_chains[(uint32_t)pid % HV_COMM_CHAINS]; i; i = c->older) {
		c = &rd->comms[i - 1];
		if (c->pid == pid)
			return c->name;
	}
	return NULL;
}

uint64_t hv_reader_lost(const struct hv_reader *rd)
{
	return rd->lost_records > rd->lost_samples ? rd->lost_records : rd->lost_samples;
}

void hv_reader_warn(const struct hv_reader *rd)
{
	if (pd_is_unfinished(rd->file))
		hv_warn("%s: " HV_INCOMPLETE, rd->path);
}
