// SPDX-License-Identifier: GPL-2.0
#include <perf/event.h>
#include <stdlib.h>
#include <string.h>
#include "../common/order.h"
#include "../common/tracing_data.h"
#include "../common/util.h"
#include "recording.h"

/* The time base of every POWER server processor since POWER6 runs at 512 MHz. */
#define POWER_TICK_MULT		8388608000ull
#define POWER_TICK_SHIFT	32
/* Names are kept for processes that exist, not for whatever a damaged file makes up. */
#define MAX_COMMS		(1u << 20)

struct reader {
	struct recording *r;
	struct hv_order *order;
	bool started;
};

static int on_item(const struct hv_item *item, void *arg)
{
	struct recording *r = arg;

	if (item->lost) {
		hv_stats_lost(r->stats, item->r.cpu);
		return 0;
	}
	if (hv_stats_add(r->stats, &item->r))
		return pd_damaged(r->file, "more vCPUs or exit reasons than any machine has");
	return 0;
}

static int add_sample(struct reader *rd, const struct pd_record *rec)
{
	struct recording *r = rd->r;
	struct hv_item item = { 0 };
	struct hv_sample s;
	int ret;

	if (hv_parse_sample(&rec->layout, rec->body, rec->size, &s))
		return pd_damaged(r->file, "a sample is too short");
	ret = s.raw ? hv_decode(r->decoder, s.raw, s.raw_size, &item.r) : 0;
	if (ret < 0)
		return pd_damaged(r->file, "an event is shorter than its description says");
	if (!ret) {
		r->others++;
		return 0;
	}
	r->records++;
	item.r.time = s.time;
	item.r.cpu = s.cpu;
	item.r.pid = s.pid;
	item.r.tid = s.tid;
	return hv_order_add(rd->order, &item);
}

static int add_lost(struct reader *rd, const struct pd_record *rec)
{
	struct recording *r = rd->r;
	struct hv_item item = { 0 };
	struct hv_sample s;

	if (rec->size < 16 || hv_parse_trailer(&rec->layout, rec->body, rec->size, &s))
		return pd_damaged(r->file, "a record of lost events is too short");
	item.lost = hv_get64(rec->body + 8, rec->layout.swap);
	item.r.time = s.time;
	item.r.cpu = s.cpu;
	r->lost_records += item.lost;
	if (s.cpu >= 0 && s.cpu < MAX_CPUS)
		r->lost[s.cpu] += item.lost;
	return item.lost ? hv_order_add(rd->order, &item) : 0;
}

static int add_comm(struct reader *rd, const struct pd_record *rec)
{
	struct recording *r = rd->r;
	struct comm *c;

	if (rec->size < 9)
		return pd_damaged(r->file, "a record of a process' name is too short");
	/* A thread's own name is not its process' name. */
	if (hv_get32(rec->body, rec->layout.swap) != hv_get32(rec->body + 4, rec->layout.swap) ||
	    r->nr_comms == MAX_COMMS)
		return 0;
	r->comms = hv_grow(r->comms, r->nr_comms + 1, sizeof(*r->comms));
	c = &r->comms[r->nr_comms++];
	memset(c, 0, sizeof(*c));
	c->pid = hv_get32(rec->body, rec->layout.swap);
	memcpy(c->name, rec->body + 8, strnlen(rec->body + 8,
		rec->size - 8 < sizeof(c->name) - 1 ? rec->size - 8 : sizeof(c->name) - 1));
	for (char *p = c->name; *p; p++)
		if (*p < ' ' || *p > '~')
			*p = '?';
	return 0;
}

static int set_time_conv(struct reader *rd, const struct pd_record *rec)
{
	uint64_t shift, mult;

	if (rec->size < 16)
		return pd_damaged(rd->r->file, "the timebase's description is too short");
	shift = hv_get64(rec->body, rec->layout.swap);
	mult = hv_get64(rec->body + 8, rec->layout.swap);
	if (shift > 63 || !mult)
		return pd_damaged(rd->r->file, "the timebase's description makes no sense");
	rd->r->tick_shift = shift;
	rd->r->tick_mult = mult;
	rd->r->ticks_assumed = false;
	return 0;
}

static int add_record(struct reader *rd, const struct pd_record *rec)
{
	struct recording *r = rd->r;

	if (!rd->started && rec->type == PERF_RECORD_SAMPLE) {
		hv_stats_setup(r->stats, r->decoder, r->tick_mult, r->tick_shift);
		rd->started = true;
	}
	switch (rec->type) {
	case PERF_RECORD_SAMPLE:
		return add_sample(rd, rec);
	case PERF_RECORD_LOST:
		return add_lost(rd, rec);
	case PERF_RECORD_LOST_SAMPLES:
		if (rec->size >= 8)
			r->lost_samples += hv_get64(rec->body, rec->layout.swap);
		return 0;
	case PERF_RECORD_COMM:
		return add_comm(rd, rec);
	case PERF_RECORD_TIME_CONV:
		return set_time_conv(rd, rec);
	case PERF_RECORD_FINISHED_ROUND:
		return hv_order_round(rd->order);
	}
	return 0;
}

static int read_all(struct recording *r)
{
	struct reader rd = { r, hv_order_new(on_item, r), false };
	struct pd_record rec;
	int ret;

	while ((ret = pd_next(r->file, &rec)) == 1 && !(ret = add_record(&rd, &rec)))
		;
	if (!ret)
		ret = hv_order_flush(rd.order);
	hv_order_free(rd.order);
	return ret;
}

static int read_formats(struct recording *r, const char *path)
{
	size_t len;
	char *data;
	int ret = pd_feature(r->file, PD_TRACING_DATA, &data, &len);

	if (!ret)
		return hv_error("%s: no trace events in it, only other perf data", path);
	if (ret < 0)
		return -1;
	r->decoder = hv_tracing_data_parse(data, len);
	free(data);
	return r->decoder ? 0 : pd_damaged(r->file, "the descriptions of its events");
}

struct recording *recording_read(const char *path)
{
	struct recording *r = hv_alloc(sizeof(*r));

	r->tick_mult = POWER_TICK_MULT;
	r->tick_shift = POWER_TICK_SHIFT;
	r->ticks_assumed = true;
	r->stats = hv_stats_new();
	r->file = pd_open(path);
	if (r->file && !read_formats(r, path) && !read_all(r)) {
		hv_stats_sort(r->stats);
		return r;
	}
	recording_free(r);
	return NULL;
}

void recording_free(struct recording *r)
{
	if (r->file)
		pd_close(r->file);
	hv_decoder_free(r->decoder);
	hv_stats_free(r->stats);
	free(r->comms);
	free(r);
}

const char *recording_comm(const struct recording *r, int32_t pid)
{
	for (size_t i = r->nr_comms; i--; )
		if (r->comms[i].pid == pid)
			return r->comms[i].name;
	return NULL;
}
