// SPDX-License-Identifier: GPL-2.0
/* One row per event: CSV, and JSON as an array with one object per line. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include "../common/columns.h"
#include "../common/format.h"
#include "export.h"

/* Fields that no event of the recording has would be columns of nothing. */
static bool is_used(const struct hv_decoder *d, enum hv_field f)
{
	for (int e = 0; e < HV_NR_EVENTS; e++)
		if (hv_decoder_has_field(d, e, f))
			return true;
	return false;
}

static int csv_begin(struct export *x)
{
	fputs("time_ns,cpu,pid,tid,vmm,event", x->out);
	for (int f = 0; f < HV_NR_FIELDS; f++)
		if (is_used(x->reader->decoder, f))
			fprintf(x->out, ",%s", hv_field_names[f]);
	fputc('\n', x->out);
	return 0;
}

static int csv_record(struct export *x, const struct hv_item *item)
{
	const struct hv_record *r = &item->r;
	const char *comm = hv_reader_comm(x->reader, r->pid);
	char text[HV_LINE_MAX] = "";

	if (item->lost) {
		fprintf(x->out, "%" PRIu64 ",%d,,,,lost %" PRIu64, r->when, r->cpu, item->lost);
	} else {
		fprintf(x->out, "%" PRIu64 ",%d,%d,%d,", r->when, r->cpu, r->pid, r->tid);
		hv_csv_text(x->out, comm ? comm : "");
		fprintf(x->out, ",%s", hv_event_names[r->event]);
	}
	for (int f = 0; f < HV_NR_FIELDS; f++) {
		if (!is_used(x->reader->decoder, f))
			continue;
		if (!item->lost)
			hv_format_field(text, sizeof(text), r, f);
		fputc(',', x->out);
		hv_csv_text(x->out, text);
	}
	fputc('\n', x->out);
	return 0;
}

const struct export_format export_csv = {
	.name = "csv", .help = "one line per event, one column per field",
	.begin = csv_begin, .record = csv_record,
};

static int json_begin(struct export *x)
{
	x->own = calloc(1, sizeof(struct hv_json));
	*(struct hv_json *)x->own = (struct hv_json){ .out = x->out };
	hv_json_open(x->own, NULL, '[');
	return 0;
}

/* Numbers as numbers; those that stand for something also by name. */
static int json_record(struct export *x, const struct hv_item *item)
{
	const struct hv_record *r = &item->r;
	const char *comm = hv_reader_comm(x->reader, r->pid);
	struct hv_json *j = x->own;
	char text[HV_LINE_MAX];

	hv_json_open(j, NULL, '{');
	j->depth += 8;	/* on one line */
	hv_json_uint(j, "time_ns", r->when);
	hv_json_int(j, "cpu", r->cpu);
	if (item->lost) {
		hv_json_uint(j, "lost", item->lost);
	} else {
		hv_json_int(j, "pid", r->pid);
		hv_json_int(j, "tid", r->tid);
		if (comm)
			hv_json_string(j, "vmm", comm);
		hv_json_string(j, "event", hv_event_names[r->event]);
		for (int f = 0; f < HV_NR_FIELDS; f++) {
			if (!hv_has(r, f))
				continue;
			hv_format_field(text, sizeof(text), r, f);
			if (hv_field_kinds[f] == HV_KIND_DEC)
				hv_json_int(j, hv_field_names[f], r->field[f]);
			else
				hv_json_string(j, hv_field_names[f], text);
		}
	}
	j->depth -= 8;
	hv_json_close(j, '}');
	return 0;
}

static int json_end(struct export *x)
{
	hv_json_close(x->own, ']');
	free(x->own);
	return 0;
}

const struct export_format export_json = {
	.name = "json", .help = "an array with one object per event",
	.begin = json_begin, .record = json_record, .end = json_end,
};
