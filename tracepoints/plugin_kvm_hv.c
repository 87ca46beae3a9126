// SPDX-License-Identifier: GPL-2.0
/*
 * Plug-in for libtraceevent, and so for perf script, trace-cmd and kernelshark:
 * prints the kvm_hv events with the names that their numbers stand for, whichever
 * backend recorded them.
 */
#include <stdbool.h>
#include <stdio.h>
#include <traceevent/event-parse.h>
#include <traceevent/trace-seq.h>
#include "../tools/common/batch.h"
#include "../tools/common/format.h"

int TEP_PLUGIN_LOADER(struct tep_handle *tep);
void TEP_PLUGIN_UNLOADER(struct tep_handle *tep);

static int print(struct trace_seq *s, struct tep_record *record, struct tep_event *event, void *context)
{
	struct hv_record r = { .event = (const char *const *)context - hv_event_names };
	char text[HV_LINE_MAX];

	for (int f = 0; f < HV_NR_FIELDS; f++) {
		struct tep_format_field *field = tep_find_field(event, hv_field_names[f]);
		unsigned long long v;

		if (!field || field->flags & TEP_FIELD_IS_ARRAY || field->offset < 0 ||
		    field->offset + field->size > record->size || tep_read_number_field(field, record->data, &v))
			continue;
		if (field->flags & TEP_FIELD_IS_SIGNED && field->size < 8) {
			int shift = 64 - 8 * field->size;

			v = (unsigned long long)((long long)(v << shift) >> shift);
		}
		r.field[f] = v;
		r.present |= 1ull << f;
	}
	hv_format_record(text, sizeof(text), &r);
	trace_seq_puts(s, text);
	return 0;
}

static uint32_t number(struct tep_event *event, struct tep_record *record, const char *name)
{
	struct tep_format_field *field = tep_find_field(event, name);
	unsigned long long v = 0;

	if (field && field->offset >= 0 && field->size <= 8 && field->offset + field->size <= record->size)
		tep_read_number_field(field, record->data, &v);
	return v;
}

struct printing {
	struct trace_seq *s;
};

static int print_one(struct hv_record *r, void *arg)
{
	struct printing *p = arg;
	char text[HV_LINE_MAX];

	hv_format_record(text, sizeof(text), r);
	trace_seq_printf(p->s, "\n\t%s: ", hv_event_names[r->event]);
	trace_seq_puts(p->s, text);
	return 0;
}

/* A line for all, then one for each of what it carries. */
static int print_batch(struct trace_seq *s, struct tep_record *record, struct tep_event *event, void *context)
{
	uint32_t words = number(event, record, "words"), start = words & 0xffff, bytes = words >> 16;
	bool big = tep_is_file_bigendian(event->tep);
	struct hv_batch b = { .swap = big != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__) };
	struct printing p = { .s = s };
	struct hv_record r = { 0 };

	(void)context;
	r.field[HV_F_vcpu_id] = (int64_t)(int32_t)number(event, record, "vcpu_id");
	r.field[HV_F_lpid] = number(event, record, "lpid");
	if (start > (uint32_t)record->size || bytes > (uint32_t)record->size - start) {
		trace_seq_puts(s, "damaged: its words are not in it");
		return 0;
	}
	b.words = (const char *)record->data + start;
	b.nr = bytes / 8;
	trace_seq_printf(s, "VCPU %d: lpid=%u pid=%u tid=%u words=%u", (int)r.field[HV_F_vcpu_id],
			 (uint32_t)r.field[HV_F_lpid], number(event, record, "pid"), number(event, record, "tid"),
			 bytes / 8);
	if (hv_batch_each(&b, &r, print_one, &p) == HV_DAMAGED)
		trace_seq_puts(s, "\n\tdamaged from here on");
	return 0;
}

int TEP_PLUGIN_LOADER(struct tep_handle *tep)
{
	tep_register_event_handler(tep, -1, HV_TRACE_SYSTEM, HV_BATCH_EVENT, print_batch, NULL);
	for (int e = 0; e < HV_NR_EVENTS; e++)
		tep_register_event_handler(tep, -1, HV_TRACE_SYSTEM, hv_event_names[e], print,
					   (void *)&hv_event_names[e]);
	return 0;
}

void TEP_PLUGIN_UNLOADER(struct tep_handle *tep)
{
	tep_unregister_event_handler(tep, -1, HV_TRACE_SYSTEM, HV_BATCH_EVENT, print_batch, NULL);
	for (int e = 0; e < HV_NR_EVENTS; e++)
		tep_unregister_event_handler(tep, -1, HV_TRACE_SYSTEM, hv_event_names[e], print,
					     (void *)&hv_event_names[e]);
}
