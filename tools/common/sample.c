// SPDX-License-Identifier: GPL-2.0
#include "sample.h"

struct cursor {
	const char *at;
	size_t left;
	bool swap, bad;
};

static const void *take(struct cursor *c, uint64_t n)
{
	const void *p = c->at;

	if (c->bad || n > c->left) {
		c->bad = true;
		return NULL;
	}
	c->at += n;
	c->left -= n;
	return p;
}

static uint64_t take64(struct cursor *c)
{
	const void *p = take(c, 8);

	return p ? hv_get64(p, c->swap) : 0;
}

static uint32_t take32(struct cursor *c)
{
	const void *p = take(c, 4);

	return p ? hv_get32(p, c->swap) : 0;
}

static void skip64s(struct cursor *c, uint64_t n)
{
	if (n > c->left / 8)
		c->bad = true;
	else
		take(c, n * 8);
}

static void skip_read(struct cursor *c, uint64_t format)
{
	unsigned int times = !!(format & PERF_FORMAT_TOTAL_TIME_ENABLED) +
			     !!(format & PERF_FORMAT_TOTAL_TIME_RUNNING);
	unsigned int each = 1 + !!(format & PERF_FORMAT_ID) + !!(format & PERF_FORMAT_LOST);

	if (format & PERF_FORMAT_GROUP) {
		uint64_t nr = take64(c);

		skip64s(c, times);
		if (nr > c->left / 8)
			c->bad = true;
		else
			skip64s(c, nr * each);
	} else {
		skip64s(c, times + each);
	}
}

static void nothing_known(struct hv_sample *s)
{
	*s = (struct hv_sample){ .cpu = -1, .pid = -1, .tid = -1 };
}

static void take_ids(struct cursor *c, struct hv_sample *s)
{
	s->pid = take32(c);
	s->tid = take32(c);
}

static void take_cpu(struct cursor *c, struct hv_sample *s)
{
	s->cpu = take32(c);
	take32(c);
}

void hv_layout_places(struct hv_layout *l)
{
	const uint64_t has = PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_CPU | PERF_SAMPLE_RAW;
	const uint64_t words = PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_TIME |
		PERF_SAMPLE_ADDR | PERF_SAMPLE_ID | PERF_SAMPLE_STREAM_ID | PERF_SAMPLE_CPU | PERF_SAMPLE_PERIOD;
	uint64_t type = l->sample_type;

	/* What comes after the raw data does not matter; before it, READ and CALLCHAIN are of no fixed length. */
	if ((type & has) != has || type & (PERF_SAMPLE_READ | PERF_SAMPLE_CALLCHAIN))
		return;
	l->tid = 8 * __builtin_popcountll(type & (PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_IP));
	l->time = l->tid + 8;
	l->cpu = l->time + 8 + 8 * __builtin_popcountll(type & (PERF_SAMPLE_ADDR | PERF_SAMPLE_ID | PERF_SAMPLE_STREAM_ID));
	l->raw = 8 * __builtin_popcountll(type & words);
}

static int parse_places(const struct hv_layout *l, const char *body, size_t size, struct hv_sample *s)
{
	if (size < l->raw + 4u)
		return -1;
	s->id = 0;
	s->pid = hv_get32(body + l->tid, l->swap);
	s->tid = hv_get32(body + l->tid + 4, l->swap);
	s->time = hv_get64(body + l->time, l->swap);
	s->cpu = hv_get32(body + l->cpu, l->swap);
	s->raw = body + l->raw + 4;
	s->raw_size = hv_get32(body + l->raw, l->swap);
	return s->raw_size > size - l->raw - 4 ? -1 : 0;
}

int hv_parse_sample(const struct hv_layout *l, const void *body, size_t size, struct hv_sample *s)
{
	struct cursor c = { body, size, l->swap, false };
	uint64_t type = l->sample_type;

	if (l->raw)
		return parse_places(l, body, size, s);
	nothing_known(s);
	if (type & PERF_SAMPLE_IDENTIFIER)
		s->id = take64(&c);
	if (type & PERF_SAMPLE_IP)
		take64(&c);
	if (type & PERF_SAMPLE_TID)
		take_ids(&c, s);
	if (type & PERF_SAMPLE_TIME)
		s->time = take64(&c);
	if (type & PERF_SAMPLE_ADDR)
		take64(&c);
	if (type & PERF_SAMPLE_ID)
		s->id = take64(&c);
	if (type & PERF_SAMPLE_STREAM_ID)
		take64(&c);
	if (type & PERF_SAMPLE_CPU)
		take_cpu(&c, s);
	if (type & PERF_SAMPLE_PERIOD)
		take64(&c);
	if (type & PERF_SAMPLE_READ)
		skip_read(&c, l->read_format);
	if (type & PERF_SAMPLE_CALLCHAIN)
		skip64s(&c, take64(&c));
	if (type & PERF_SAMPLE_RAW) {
		s->raw_size = take32(&c);
		s->raw = take(&c, s->raw_size);
	}
	return c.bad ? -1 : 0;
}

int hv_parse_trailer(const struct hv_layout *l, const void *body, size_t size, struct hv_sample *s)
{
	uint64_t type = l->sample_type & (PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_ID |
		PERF_SAMPLE_STREAM_ID | PERF_SAMPLE_CPU | PERF_SAMPLE_IDENTIFIER);
	size_t trailer = 8 * __builtin_popcountll(type);
	struct cursor c = { .swap = l->swap };

	nothing_known(s);
	if (!l->sample_id_all)
		return 0;
	if (trailer > size)
		return -1;
	c.at = (const char *)body + size - trailer;
	c.left = trailer;
	if (type & PERF_SAMPLE_TID)
		take_ids(&c, s);
	if (type & PERF_SAMPLE_TIME)
		s->time = take64(&c);
	if (type & PERF_SAMPLE_ID)
		s->id = take64(&c);
	if (type & PERF_SAMPLE_STREAM_ID)
		take64(&c);
	if (type & PERF_SAMPLE_CPU)
		take_cpu(&c, s);
	if (type & PERF_SAMPLE_IDENTIFIER)
		s->id = take64(&c);
	return 0;
}

int hv_id_in_sample(uint64_t type)
{
	if (type & PERF_SAMPLE_IDENTIFIER)
		return 0;
	if (!(type & PERF_SAMPLE_ID))
		return -1;
	return __builtin_popcountll(type & (PERF_SAMPLE_IP | PERF_SAMPLE_TID |
					    PERF_SAMPLE_TIME | PERF_SAMPLE_ADDR));
}

int hv_id_in_trailer(uint64_t type)
{
	if (type & PERF_SAMPLE_IDENTIFIER)
		return 1;
	if (!(type & PERF_SAMPLE_ID))
		return -1;
	return 1 + __builtin_popcountll(type & (PERF_SAMPLE_STREAM_ID | PERF_SAMPLE_CPU));
}

int hv_time_in_sample(uint64_t type)
{
	if (!(type & PERF_SAMPLE_TIME))
		return -1;
	return __builtin_popcountll(type & (PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_IP | PERF_SAMPLE_TID));
}
