// SPDX-License-Identifier: GPL-2.0
/*
 * perf.data anew from a recording that has batches: one sample per record, of the
 * single event that tells the same, at the time when it happened. The single
 * events' formats are in the recording (record puts them there); their attributes
 * are made from the batch event's.
 */
#include <errno.h>
#include <linux/perf_event.h>
#include <perf/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../common/util.h"
#include "export.h"

/* Ids of the events that are made here: the kernel counts from 1. */
#define OWN_ID(e)	(0x6876000000000000ull + (e))
/* What a sample written here can have; where the id stands follows from the same bits. */
#define SAMPLE_BITS	(PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_TIME | \
			 PERF_SAMPLE_ADDR | PERF_SAMPLE_ID | PERF_SAMPLE_STREAM_ID | PERF_SAMPLE_CPU | \
			 PERF_SAMPLE_PERIOD | PERF_SAMPLE_RAW)
/* Descriptions that say nothing about the list of events, nor about places in the file. */
#define FEATURES	0xffeull

struct writer {
	struct export *x;
	struct pd_file *from;
	bool swap;
	uint64_t pos, sample_type;
	struct pd_header h;
};

static int put(struct writer *w, const void *data, size_t len)
{
	w->pos += len;
	return fwrite(data, 1, len, w->x->out) == len ? 0 :
		hv_error("%s: cannot write: %s", w->x->path, strerror(errno));
}

static uint64_t order64(const struct writer *w, uint64_t v)
{
	return w->swap ? __builtin_bswap64(v) : v;
}

static uint32_t order32(const struct writer *w, uint32_t v)
{
	return w->swap ? __builtin_bswap32(v) : v;
}

static int put64(struct writer *w, uint64_t v)
{
	v = order64(w, v);
	return put(w, &v, sizeof(v));
}

static int copy(struct writer *w, uint64_t offset, uint64_t size)
{
	char buf[4096];

	while (size) {
		size_t n = size < sizeof(buf) ? size : sizeof(buf);

		if (pd_read(w->from, offset, buf, n) || put(w, buf, n))
			return -1;
		offset += n;
		size -= n;
	}
	return 0;
}

/* The entries of the list of events: an attribute as the recording has it, then where its ids are. */
struct entries {
	char *all;
	uint64_t nr, size, batch;
};

static char *entry(const struct entries *e, uint64_t i)
{
	return e->all + i * e->size;
}

static uint64_t get(const struct writer *w, const char *entry, size_t member)
{
	return hv_get64(entry + member, w->swap);
}

static void set(const struct writer *w, char *entry, size_t member, uint64_t v)
{
	v = order64(w, v);
	memcpy(entry + member, &v, sizeof(v));
}

#define CONFIG		offsetof(struct perf_event_attr, config)
#define SAMPLE_TYPE	offsetof(struct perf_event_attr, sample_type)
#define IDS_AT(e)	((e)->size - 16)
#define IDS_SIZE(e)	((e)->size - 8)

static int read_entries(struct writer *w, struct entries *e)
{
	const struct pd_header *h = pd_file_header(w->from);
	uint64_t id = hv_decoder_batch_id(w->x->reader->decoder);

	*e = (struct entries){ hv_alloc(h->attrs.size), h->attrs.size / h->attr_size, h->attr_size, 0 };
	if (pd_read(w->from, h->attrs.offset, e->all, h->attrs.size))
		return -1;
	while (e->batch < e->nr - 1 && !(hv_get32(entry(e, e->batch), w->swap) == PERF_TYPE_TRACEPOINT &&
					 get(w, entry(e, e->batch), CONFIG) == id))
		e->batch++;
	return 0;
}

/*
 * All events' ids in order, the batch event's last: they become the first of our own events', since
 * records of other kinds name them.
 */
static int put_ids(struct writer *w, const struct entries *e)
{
	for (uint64_t i = 0; i <= e->nr; i++) {
		const char *from = entry(e, i < e->nr ? i : e->batch);

		if (i != e->batch && copy(w, get(w, from, IDS_AT(e)), get(w, from, IDS_SIZE(e))))
			return -1;
	}
	for (int n = 0; n < HV_NR_EVENTS; n++)
		if (hv_decoder_id(w->x->reader->decoder, n) >= 0 && put64(w, OWN_ID(n)))
			return -1;
	return 0;
}

static int put_own_entries(struct writer *w, const struct entries *e, uint64_t ids_at)
{
	const struct hv_decoder *d = w->x->reader->decoder;
	char *own = entry(e, e->batch);
	uint64_t size = get(w, own, IDS_SIZE(e)) + 8;

	w->sample_type = get(w, own, SAMPLE_TYPE) & SAMPLE_BITS;
	set(w, own, SAMPLE_TYPE, w->sample_type);
	for (int n = 0; n < HV_NR_EVENTS; n++) {
		if (hv_decoder_id(d, n) < 0)
			continue;
		set(w, own, CONFIG, hv_decoder_id(d, n));
		set(w, own, IDS_AT(e), ids_at);
		set(w, own, IDS_SIZE(e), size);
		if (put(w, own, e->size))
			return -1;
		ids_at += size;
		size = 8;
	}
	return 0;
}

/* The events as they were, but ours where the batch event was. */
static int put_attrs(struct writer *w)
{
	uint64_t ids_at = w->pos;
	struct entries e;
	int ret = read_entries(w, &e) || put_ids(w, &e) ? -1 : 0;

	w->h.attrs.offset = w->pos;
	for (uint64_t i = 0; !ret && i < e.nr; i++) {
		char *old = entry(&e, i);

		if (i == e.batch)
			continue;
		set(w, old, IDS_AT(&e), ids_at);
		ids_at += get(w, old, IDS_SIZE(&e));
		ret = put(w, old, e.size);
	}
	ret = ret ? ret : put_own_entries(w, &e, ids_at);
	free(e.all);
	w->h.attrs.size = w->pos - w->h.attrs.offset;
	return ret;
}

static int nothing(struct hv_record *r, void *arg)
{
	(void)r, (void)arg;
	return 0;
}

/* All but our samples and the ends of rounds: these do not hold for the new order. */
static int put_others(struct writer *w)
{
	struct pd_record rec;
	struct hv_record r;
	int ret;

	pd_rewind(w->from);
	while ((ret = pd_next(w->from, &rec)) == 1) {
		if (rec.type == PERF_RECORD_FINISHED_ROUND)
			continue;
		if (rec.type == PERF_RECORD_SAMPLE) {
			ret = hv_reader_sample(w->x->reader, &rec, &r, nothing, NULL);
			if (ret < 0)
				return -1;
			if (ret)
				continue;
		}
		if (copy(w, rec.offset - sizeof(struct perf_event_header), rec.size + sizeof(struct perf_event_header)))
			return -1;
	}
	return ret;
}

static void add64(const struct writer *w, char *rec, size_t *at, bool there, uint64_t v)
{
	if (!there)
		return;
	v = order64(w, v);
	memcpy(rec + *at, &v, 8);
	*at += 8;
}

static void add32s(const struct writer *w, char *rec, size_t *at, bool there, uint32_t a, uint32_t b)
{
	uint32_t pair[2] = { order32(w, a), order32(w, b) };

	if (!there)
		return;
	memcpy(rec + *at, pair, 8);
	*at += 8;
}

static int put_sample(const struct hv_item *item, void *arg)
{
	struct writer *w = arg;
	const struct hv_record *r = &item->r;
	uint64_t type = w->sample_type, id = OWN_ID(r->event);
	char rec[1024] = { 0 }, raw[512];
	struct perf_event_header h = { .type = order32(w, PERF_RECORD_SAMPLE) };
	size_t at = sizeof(h), size;
	uint32_t raw_size;

	if (item->lost)	/* has been copied already */
		return 0;
	size = hv_encode(w->x->reader->decoder, r, raw, sizeof(raw));
	if (!size)
		return hv_error("%s: it lacks the description of %s: record it with hvtrace record",
				w->x->reader->path, hv_event_names[r->event]);
	add64(w, rec, &at, type & PERF_SAMPLE_IDENTIFIER, id);
	add64(w, rec, &at, type & PERF_SAMPLE_IP, 0);
	add32s(w, rec, &at, type & PERF_SAMPLE_TID, r->pid, r->tid);
	add64(w, rec, &at, type & PERF_SAMPLE_TIME, r->when);
	add64(w, rec, &at, type & PERF_SAMPLE_ADDR, 0);
	add64(w, rec, &at, type & PERF_SAMPLE_ID, id);
	add64(w, rec, &at, type & PERF_SAMPLE_STREAM_ID, id);
	add32s(w, rec, &at, type & PERF_SAMPLE_CPU, r->cpu, 0);
	add64(w, rec, &at, type & PERF_SAMPLE_PERIOD, 1);
	/* with its length of four bytes it fills up eights */
	raw_size = order32(w, (size + 4 + 7) / 8 * 8 - 4);
	memcpy(rec + at, &raw_size, 4);
	memcpy(rec + at + 4, raw, size);
	at += 4 + order32(w, raw_size);
	h.size = w->swap ? __builtin_bswap16(at) : at;
	memcpy(rec, &h, sizeof(h));
	return put(w, rec, at);
}

/* In order of their numbers, as the list of sections has them. */
static int put_features(struct writer *w)
{
	const struct pd_header *old = pd_file_header(w->from);
	uint64_t bits = old->features[0] & FEATURES, list = w->pos, nr = __builtin_popcountll(bits);
	struct pd_section sections[64];
	size_t i = 0;

	for (uint64_t n = 0; n < 2 * nr; n++)
		if (put64(w, 0))
			return -1;
	for (int bit = 0; bit < 64; bit++) {
		char *data;
		size_t len;
		int ret;

		if (!(bits >> bit & 1))
			continue;
		if (pd_feature(w->from, bit, &data, &len) <= 0)
			return -1;
		sections[i++] = (struct pd_section){ w->pos, len };
		ret = put(w, data, len);
		free(data);
		if (ret)
			return -1;
	}
	w->h.features[0] = bits;
	if (fseeko(w->x->out, list, SEEK_SET))
		return hv_error("%s: cannot write: %s", w->x->path, strerror(errno));
	for (i = 0; i < nr; i++)
		if (put64(w, sections[i].offset) || put64(w, sections[i].size))
			return -1;
	return 0;
}

static int put_header(struct writer *w)
{
	const uint64_t *word = (const uint64_t *)&w->h;

	if (fseeko(w->x->out, 0, SEEK_SET))
		return hv_error("%s: cannot write: %s", w->x->path, strerror(errno));
	for (size_t i = 0; i < sizeof(w->h) / 8; i++)
		if (put64(w, word[i]))
			return -1;
	return 0;
}

int export_single_events(struct export *x)
{
	struct writer w = { .x = x, .from = x->reader->file, .swap = pd_is_swapped(x->reader->file) };

	w.h = (struct pd_header){ .magic = PD_MAGIC, .size = sizeof(w.h),
				  .attr_size = pd_file_header(w.from)->attr_size };
	if (put_header(&w) || put_attrs(&w))
		return -1;
	w.h.data.offset = w.pos;
	if (put_others(&w))
		return -1;
	x->reader->by_time = true;
	if (hv_reader_run(x->reader, put_sample, &w))
		return -1;
	w.h.data.size = w.pos - w.h.data.offset;
	return put_features(&w) || put_header(&w) ? -1 : 0;
}
