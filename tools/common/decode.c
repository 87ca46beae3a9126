// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <traceevent/event-parse.h>
#include "batch.h"
#include "decode.h"
#include "sample.h"
#include "util.h"

struct field {
	uint32_t offset;
	uint8_t size, id;	/* id: enum hv_field */
	bool is_signed;
};

struct event {
	bool known, described;	/* described, but not recorded */
	int id;
	uint64_t present;
	unsigned int nr_fields, size;	/* size: of all of them */
	unsigned int nr_64s, nr_u32s, nr_s32s;	/* those that stand first, of this machine's endianness */
	struct field fields[HV_NR_FIELDS];
};

/* The batch event's own fields. */
enum { IN_VCPU_ID, IN_LPID, IN_PID, IN_TID, IN_WORDS, NR_IN };

static const char *const in_names[NR_IN] = { "vcpu_id", "lpid", "pid", "tid", "words" };

struct hv_decoder {
	struct tep_handle *tep;
	bool swap;
	struct event events[HV_NR_EVENTS];
	bool batch;
	int batch_id;
	struct field in[NR_IN];
	int8_t event_of[65536];	/* by id; -1: none of ours */
};

enum { OF_BATCH = HV_NR_EVENTS };

struct hv_decoder *hv_decoder_new(bool big_endian, unsigned int long_size)
{
	struct hv_decoder *d = hv_alloc(sizeof(*d));

	d->swap = big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
	memset(d->event_of, -1, sizeof(d->event_of));
	d->tep = tep_alloc();
	if (!d->tep) {
		hv_error("out of memory");
		exit(1);
	}
	tep_set_loglevel(TEP_LOG_NONE);
	tep_set_file_bigendian(d->tep, big_endian ? TEP_BIG_ENDIAN : TEP_LITTLE_ENDIAN);
	tep_set_long_size(d->tep, long_size);
	return d;
}

void hv_decoder_free(struct hv_decoder *d)
{
	if (!d)
		return;
	tep_free(d->tep);
	free(d);
}

static bool is_number(const struct tep_format_field *from)
{
	return from && from->offset >= 0 && from->offset < 1 << 16 && !(from->flags & TEP_FIELD_IS_ARRAY) &&
	       (from->size == 1 || from->size == 2 || from->size == 4 || from->size == 8);
}

/* Moves those of the fields from at on that are like this to the front of the rest. */
static unsigned int move_alike(struct event *e, unsigned int at, unsigned int size, bool is_signed)
{
	unsigned int nr = 0;

	for (unsigned int i = at; i < e->nr_fields; i++) {
		struct field f = e->fields[i];

		if (f.size != size || (size != 8 && f.is_signed != is_signed))
			continue;
		e->fields[i] = e->fields[at + nr];
		e->fields[at + nr++] = f;
	}
	return nr;
}

static void group_fields(const struct hv_decoder *d, struct event *e)
{
	e->nr_64s = e->nr_u32s = e->nr_s32s = 0;
	if (d->swap)
		return;
	e->nr_64s = move_alike(e, 0, 8, false);
	e->nr_u32s = move_alike(e, e->nr_64s, 4, false);
	e->nr_s32s = move_alike(e, e->nr_64s + e->nr_u32s, 4, true);
}

static void learn_fields(struct hv_decoder *d, enum hv_event e, struct tep_event *event)
{
	struct event *to = &d->events[e];

	*to = (struct event){ .known = true, .described = true, .id = event->id };
	for (int f = 0; f < HV_NR_FIELDS; f++) {
		struct tep_format_field *from = tep_find_field(event, hv_field_names[f]);

		if (!is_number(from))
			continue;
		to->fields[to->nr_fields++] = (struct field){ from->offset, from->size, f,
							      from->flags & TEP_FIELD_IS_SIGNED };
		to->present |= 1ull << f;
		if (to->size < (unsigned int)from->offset + from->size)
			to->size = from->offset + from->size;
	}
	group_fields(d, to);
	d->event_of[event->id] = e;
}

static int learn_batch(struct hv_decoder *d, struct tep_event *event)
{
	for (int i = 0; i < NR_IN; i++) {
		struct tep_format_field *from = tep_find_field(event, in_names[i]);

		/* An array of a length of its own has a word that says where it is. */
		if (!from || from->offset < 0 || from->offset >= 1 << 16 || from->size != 4 ||
		    (i == IN_WORDS) != !!(from->flags & TEP_FIELD_IS_DYNAMIC))
			return -1;
		d->in[i] = (struct field){ .offset = from->offset, .size = 4 };
	}
	d->batch = true;
	d->batch_id = event->id;
	d->event_of[event->id] = OF_BATCH;
	return 0;
}

/*
 * Only the fields are wanted. The print format is what would make libtraceevent
 * slow (two hundred hcall names) and is the part of a damaged file most likely
 * to upset it, so it gets an empty one.
 */
static char *without_print_format(const char *format, size_t len)
{
	static const char tag[] = "print fmt:";
	const char *end = memmem(format, len, tag, sizeof(tag) - 1);
	char *copy;

	if (!end)
		return NULL;
	len = end - format;
	for (size_t i = 0; i < len; i++)
		if ((format[i] < ' ' || format[i] > '~') && format[i] != '\n' && format[i] != '\t')
			return NULL;
	copy = hv_alloc(len + sizeof(tag) + 4);
	memcpy(copy, format, len);
	strcpy(copy + len, "print fmt: \"\"\n");
	return copy;
}

/* A format begins with "name: NAME\n". */
static bool is_ours(const char *system, const char *format, size_t len)
{
	char head[64];

	if (!strcmp(system, HV_TRACE_SYSTEM))
		return true;
	for (int e = 0; e < HV_NR_EVENTS; e++) {
		size_t n = snprintf(head, sizeof(head), "name: %s\n", hv_event_names[e]);

		if (!strcmp(system, hv_event_systems[e]) && len > n && !memcmp(format, head, n))
			return true;
	}
	return false;
}

int hv_decoder_add(struct hv_decoder *d, const char *system, const char *format, size_t len)
{
	struct tep_event *event = NULL;
	char *text;
	int ret;

	if (!is_ours(system, format, len))
		return 0;
	text = without_print_format(format, len);
	if (!text)
		return -1;
	ret = tep_parse_event(d->tep, text, strlen(text), system) == TEP_ERRNO__SUCCESS ? 0 : -1;
	free(text);
	for (int e = 0; !ret && e < HV_NR_EVENTS; e++) {
		event = tep_find_event_by_name(d->tep, system, hv_event_names[e]);
		if (event && event->id < 65536 && !strcmp(system, hv_event_systems[e]))
			learn_fields(d, e, event);
	}
	event = ret || strcmp(system, HV_TRACE_SYSTEM) ? NULL : tep_find_event_by_name(d->tep, system, HV_BATCH_EVENT);
	return event && event->id < 65536 ? learn_batch(d, event) : ret;
}

static bool is_in(int id, const uint64_t *ids, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (ids[i] == (uint64_t)id)
			return true;
	return false;
}

void hv_decoder_recorded(struct hv_decoder *d, const uint64_t *ids, size_t nr)
{
	d->batch = d->batch && is_in(d->batch_id, ids, nr);
	for (int e = 0; e < HV_NR_EVENTS; e++)
		d->events[e].known = d->events[e].known && is_in(d->events[e].id, ids, nr) &&
				     !(d->batch && hv_batch_fields(e));
}

void hv_decoder_want(struct hv_decoder *d, uint64_t wanted)
{
	for (int n = 0; n < HV_NR_EVENTS; n++) {
		struct event *e = &d->events[n];
		unsigned int kept = 0;

		for (unsigned int i = 0; i < e->nr_fields; i++)
			if (wanted >> e->fields[i].id & 1)
				e->fields[kept++] = e->fields[i];
		e->nr_fields = kept;
		e->present &= wanted;
		group_fields(d, e);
	}
}

int hv_decoder_batch_id(const struct hv_decoder *d)
{
	return d->batch ? d->batch_id : -1;
}

bool hv_decoder_knows(const struct hv_decoder *d, enum hv_event e)
{
	return d->events[e].known || (d->batch && hv_batch_fields(e));
}

bool hv_decoder_has_field(const struct hv_decoder *d, enum hv_event e, enum hv_field f)
{
	return ((d->events[e].known ? d->events[e].present : 0) | (d->batch ? hv_batch_fields(e) : 0)) >> f & 1;
}

int hv_decoder_id(const struct hv_decoder *d, enum hv_event e)
{
	return d->events[e].described ? d->events[e].id : -1;
}

int64_t hv_record_lpid(const struct hv_record *r)
{
	if (hv_has(r, HV_F_lpid))
		return r->field[HV_F_lpid];
	if (hv_has(r, HV_F_to_guest) && hv_has(r, HV_F_to_lpid) && hv_has(r, HV_F_from_lpid))
		return r->field[r->field[HV_F_to_guest] ? HV_F_to_lpid : HV_F_from_lpid];
	return -1;
}

int32_t hv_record_vcpu(const struct hv_record *r)
{
	if (hv_has(r, HV_F_vcpu_id))
		return r->field[HV_F_vcpu_id];
	return hv_has(r, HV_F_runner_vcpu) ? (int32_t)r->field[HV_F_runner_vcpu] : -1;
}

static uint64_t get(const char *p, const struct field *f, bool swap)
{
	unsigned int shift = 64 - 8 * f->size;
	uint64_t v = 0;
	uint16_t half;

	switch (f->size) {
	case 1:
		v = *(const uint8_t *)p;
		break;
	case 2:
		memcpy(&half, p, 2);
		v = swap ? __builtin_bswap16(half) : half;
		break;
	case 4:
		v = hv_get32(p, swap);
		break;
	case 8:
		v = hv_get64(p, swap);
	}
	return f->is_signed ? (uint64_t)((int64_t)(v << shift) >> shift) : v;
}

static void get_fields(const struct event *from, const char *raw, bool swap, struct hv_record *r)
{
	const struct field *f = from->fields, *end;

	for (end = f + from->nr_64s; f < end; f++)
		r->field[f->id] = hv_get64(raw + f->offset, false);
	for (end = f + from->nr_u32s; f < end; f++)
		r->field[f->id] = hv_get32(raw + f->offset, false);
	for (end = f + from->nr_s32s; f < end; f++)
		r->field[f->id] = (int64_t)(int32_t)hv_get32(raw + f->offset, false);
	for (end = from->fields + from->nr_fields; f < end; f++)
		r->field[f->id] = get(raw + f->offset, f, swap);
}

static int decode_batch(const struct hv_decoder *d, const char *raw, size_t len, struct hv_record *r,
			hv_record_fn fn, void *arg)
{
	struct hv_batch b = { .swap = d->swap };
	uint32_t in[NR_IN], start, bytes;
	int ret;

	for (int i = 0; i < NR_IN; i++) {
		if (len < 4 || d->in[i].offset > len - 4)
			return HV_DAMAGED;
		in[i] = hv_get32(raw + d->in[i].offset, d->swap);
	}
	/* include/trace/stages: where in the lower half, how many bytes in the upper */
	start = in[IN_WORDS] & 0xffff;
	bytes = in[IN_WORDS] >> 16;
	if (start > len || bytes > len - start || bytes % 8)
		return HV_DAMAGED;
	b.words = raw + start;
	b.nr = bytes / 8;
	r->pid = in[IN_PID];
	r->tid = in[IN_TID];
	r->field[HV_F_vcpu_id] = (int64_t)(int32_t)in[IN_VCPU_ID];
	r->field[HV_F_lpid] = in[IN_LPID];
	ret = hv_batch_each(&b, r, fn, arg);
	return ret ? ret : 1;
}

int hv_decode_one(const struct hv_decoder *d, const void *raw, size_t len, struct hv_record *r)
{
	const struct event *from;
	uint16_t id;
	int e;

	/* struct trace_entry starts with the event's id (include/linux/trace_events.h). */
	if (len < 2)
		return HV_DAMAGED;
	memcpy(&id, raw, 2);
	e = d->event_of[d->swap ? __builtin_bswap16(id) : id];
	if (e < 0)
		return 0;
	if (e == OF_BATCH)
		return d->batch ? HV_IS_BATCH : 0;
	if (!d->events[e].known)
		return 0;
	from = &d->events[e];
	if (from->size > len)
		return HV_DAMAGED;
	r->event = e;
	r->present = from->present;
	get_fields(from, raw, d->swap, r);
	return 1;
}

int hv_decode(const struct hv_decoder *d, const void *raw, size_t len, struct hv_record *r,
	      hv_record_fn fn, void *arg)
{
	int ret = hv_decode_one(d, raw, len, r);

	if (ret == HV_IS_BATCH)
		return decode_batch(d, raw, len, r, fn, arg);
	if (ret == 1)
		ret = fn(r, arg);
	else
		return ret;
	return ret ? ret : 1;
}

int32_t hv_batch_pid(const struct hv_decoder *d, const void *raw, size_t len)
{
	const struct field *pid = &d->in[IN_PID];

	return d->batch && len >= 4 && pid->offset <= len - 4 ?
		(int32_t)hv_get32((const char *)raw + pid->offset, d->swap) : -1;
}

static void put(char *raw, uint64_t v, unsigned int size, bool swap)
{
	/* the low bytes of v in the file's order */
	if (swap != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__))
		for (unsigned int i = size; i--; v >>= 8)
			raw[i] = v;
	else
		for (unsigned int i = 0; i < size; i++, v >>= 8)
			raw[i] = v;
}

size_t hv_encode(const struct hv_decoder *d, const struct hv_record *r, char *raw, size_t room)
{
	const struct event *to = &d->events[r->event];

	if (!to->described || to->size > room || to->size < 8)
		return 0;
	memset(raw, 0, to->size);
	put(raw, to->id, 2, d->swap);
	put(raw + 4, r->tid, 4, d->swap);	/* common_pid */
	for (unsigned int i = 0; i < to->nr_fields; i++)
		if (hv_has(r, to->fields[i].id))
			put(raw + to->fields[i].offset, r->field[to->fields[i].id], to->fields[i].size, d->swap);
	return to->size;
}
