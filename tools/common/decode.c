// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>
#include <traceevent/event-parse.h>
#include "decode.h"
#include "util.h"

struct field {
	unsigned int offset, size;	/* size 0: the event lacks it */
	bool is_signed;
};

struct hv_decoder {
	struct tep_handle *tep;
	bool known[HV_NR_EVENTS];
	unsigned int id[HV_NR_EVENTS];
	struct field fields[HV_NR_EVENTS][HV_NR_FIELDS];
};

struct hv_decoder *hv_decoder_new(bool big_endian, unsigned int long_size)
{
	struct hv_decoder *d = hv_alloc(sizeof(*d));

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

static void learn_fields(struct hv_decoder *d, enum hv_event e, struct tep_event *event)
{
	d->known[e] = true;
	d->id[e] = event->id;
	for (int f = 0; f < HV_NR_FIELDS; f++) {
		struct tep_format_field *from = tep_find_field(event, hv_field_names[f]);

		if (!from || from->offset < 0 || from->flags & TEP_FIELD_IS_ARRAY)
			continue;
		if (from->size != 1 && from->size != 2 && from->size != 4 && from->size != 8)
			continue;
		d->fields[e][f] = (struct field){ from->offset, from->size,
						  from->flags & TEP_FIELD_IS_SIGNED };
	}
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

int hv_decoder_add(struct hv_decoder *d, const char *system, const char *format, size_t len)
{
	char *text;
	int ret;

	if (strcmp(system, HV_TRACE_SYSTEM))
		return 0;
	text = without_print_format(format, len);
	if (!text)
		return -1;
	ret = tep_parse_event(d->tep, text, strlen(text), system) == TEP_ERRNO__SUCCESS ? 0 : -1;
	free(text);
	for (int e = 0; !ret && e < HV_NR_EVENTS; e++) {
		struct tep_event *event = tep_find_event_by_name(d->tep, system, hv_event_names[e]);

		if (event)
			learn_fields(d, e, event);
	}
	return ret;
}

bool hv_decoder_knows(const struct hv_decoder *d, enum hv_event e)
{
	return d->known[e];
}

bool hv_decoder_has_field(const struct hv_decoder *d, enum hv_event e, enum hv_field f)
{
	return d->fields[e][f].size;
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

static uint64_t sign_extend(uint64_t value, unsigned int size)
{
	unsigned int shift = 64 - 8 * size;

	return (uint64_t)((int64_t)(value << shift) >> shift);
}

int hv_decode(const struct hv_decoder *d, const void *raw, size_t len, struct hv_record *r)
{
	unsigned int id;
	int e;

	/* struct trace_entry starts with the event's id (include/linux/trace_events.h). */
	if (len < 2)
		return -1;
	id = tep_read_number(d->tep, raw, 2);
	for (e = 0; e < HV_NR_EVENTS; e++)
		if (d->known[e] && d->id[e] == id)
			break;
	if (e == HV_NR_EVENTS)
		return 0;
	r->event = e;
	r->present = 0;
	for (int f = 0; f < HV_NR_FIELDS; f++) {
		const struct field *from = &d->fields[e][f];

		if (!from->size)
			continue;
		if (from->size > len || from->offset > len - from->size)
			return -1;
		r->field[f] = tep_read_number(d->tep, (const char *)raw + from->offset, from->size);
		if (from->is_signed)
			r->field[f] = sign_extend(r->field[f], from->size);
		r->present |= 1ull << f;
	}
	return 1;
}
