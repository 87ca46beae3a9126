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

int TEP_PLUGIN_LOADER(struct tep_handle *tep)
{
	for (int e = 0; e < HV_NR_EVENTS; e++)
		tep_register_event_handler(tep, -1, HV_TRACE_SYSTEM, hv_event_names[e], print,
					   (void *)&hv_event_names[e]);
	return 0;
}

void TEP_PLUGIN_UNLOADER(struct tep_handle *tep)
{
	for (int e = 0; e < HV_NR_EVENTS; e++)
		tep_unregister_event_handler(tep, -1, HV_TRACE_SYSTEM, hv_event_names[e], print,
					     (void *)&hv_event_names[e]);
}
