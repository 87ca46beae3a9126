// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "columns.h"
#include "stats.h"

static void print_us(char *buf, size_t size, const struct hv_row *row, double ns, int is_time)
{
	/* Seven wide where nothing takes ten seconds, never more than eight: 99999999 us, 1.00e+08 */
	if (!row->hist || !row->hist->count || row->hist->lacks >= is_time)
		snprintf(buf, size, "-");
	else if (ns < 99999999500)
		snprintf(buf, size, "%.*f", ns < 1e7 ? 2 : ns < 1e8 ? 1 : 0, ns / 1000);
	else
		snprintf(buf, size, "%.2e", ns / 1000);
}

static void print_number(char *buf, size_t size, long nr)
{
	if (nr >= 0)
		snprintf(buf, size, "%ld", nr);
	else
		snprintf(buf, size, "-");
}

/* A column's value and its text come from the same expression. */
#define NUMBER_COLUMN(id, fmt, factor, expr) \
	static double value_##id(const struct hv_row *row) { return expr; } \
	static void print_##id(char *buf, size_t size, const struct hv_row *row) \
	{ snprintf(buf, size, fmt, factor * value_##id(row)); }
/* Less than nothing: nobody tells. */
#define TOLD_COLUMN(id, factor, expr) \
	static double value_##id(const struct hv_row *row) { return expr; } \
	static void print_##id(char *buf, size_t size, const struct hv_row *row) \
	{ print_number(buf, size, (expr) < 0 ? -1 : lrint(factor * (expr))); }
#define TIME_COLUMN(id, is_time, expr) \
	static double value_##id(const struct hv_row *row) { return row->hist ? (double)(expr) : 0; } \
	static void print_##id(char *buf, size_t size, const struct hv_row *row) \
	{ print_us(buf, size, row, value_##id(row), is_time); } \
	enum { is_time_##id = is_time };
#define ID_COLUMN(id) \
	static double value_##id(const struct hv_row *row) { return row->id; } \
	static void print_##id(char *buf, size_t size, const struct hv_row *row) \
	{ print_number(buf, size, row->id); }
#define TEXT_COLUMN(id, max) \
	static const char *text_##id(const struct hv_row *row) { return row->id ? row->id : "-"; } \
	static void print_##id(char *buf, size_t size, const struct hv_row *row) \
	{ snprintf(buf, size, "%.*s", max, text_##id(row)); }

/* Cut, so that hvtop's table fits a terminal of 80 columns; the kernel's names have 15 letters at most. */
#define COMM_WIDTH 7
#define WHOLE_COMM_WIDTH 15

TEXT_COLUMN(name, 63)
TEXT_COLUMN(comm, COMM_WIDTH)
static void print_whole_comm(char *buf, size_t size, const struct hv_row *row)
{
	snprintf(buf, size, "%.*s", WHOLE_COMM_WIDTH, text_comm(row));
}
ID_COLUMN(pid)
ID_COLUMN(lpid)
ID_COLUMN(vcpu)
NUMBER_COLUMN(count, "%.0f", 1, row->count)
NUMBER_COLUMN(share, "%.2f", 100, row->share)
NUMBER_COLUMN(exits, "%.0f", 1, row->exits_rate)
NUMBER_COLUMN(hcalls, "%.0f", 1, row->hcalls_rate)
TOLD_COLUMN(switches, 1, row->switches_rate)
TOLD_COLUMN(guest, 100, row->guest)
TOLD_COLUMN(real, 100, row->real)
TOLD_COLUMN(hypervisor, 100, row->hypervisor)
TOLD_COLUMN(user, 100, row->user)
TOLD_COLUMN(idle, 100, row->idle)
TIME_COLUMN(min, HIST_LACKS_ENDS, row->hist->min)
TIME_COLUMN(mean, HIST_LACKS_SPREAD + 1, hist_mean(row->hist))
TIME_COLUMN(p50, HIST_LACKS_SPREAD, hist_percentile(row->hist, 0.50))
TIME_COLUMN(p90, HIST_LACKS_SPREAD, hist_percentile(row->hist, 0.90))
TIME_COLUMN(p99, HIST_LACKS_SPREAD, hist_percentile(row->hist, 0.99))
TIME_COLUMN(p999, HIST_LACKS_SPREAD, hist_percentile(row->hist, 0.999))
TIME_COLUMN(max, HIST_LACKS_ENDS, row->hist->max)

#define TEXT(id)	print_##id, NULL, text_##id, 0
#define NUMBER(id)	print_##id, value_##id, NULL, 0
#define TIME(id)	print_##id, value_##id, NULL, is_time_##id

const struct hv_column hv_columns[HV_NR_COLUMNS] = {
	[COL_NAME]	= { "", -22, "name", "exit reason or hypercall", TEXT(name) },
	[COL_COUNT]	= { "count", 10, "count", "how often", NUMBER(count) },
	[COL_SHARE]	= { "time %", 7, "share", "share of the time spent outside the guest", NUMBER(share) },
	[COL_MIN]	= { "min us", 8, "min_ns", "shortest", TIME(min) },
	[COL_MEAN]	= { "mean us", 8, "mean_ns", "mean duration", TIME(mean) },
	[COL_P50]	= { "p50 us", 8, "p50_ns", "half took no longer", TIME(p50) },
	[COL_P90]	= { "p90 us", 8, "p90_ns", "90 % took no longer", TIME(p90) },
	[COL_P99]	= { "p99 us", 8, "p99_ns", "99 % took no longer", TIME(p99) },
	[COL_P999]	= { "p99.9 us", 8, "p999_ns", "99.9 % took no longer", TIME(p999) },
	[COL_MAX]	= { "max us", 9, "max_ns", "longest", TIME(max) },
	[COL_PID]	= { "PID", 6, "pid", "the VMM's process", NUMBER(pid) },
	[COL_LPID]	= { "LPID", 4, "lpid", "partition number", NUMBER(lpid) },
	[COL_COMM]	= { "VMM", -COMM_WIDTH, "vmm", "the VMM's command name", TEXT(comm) },
	[COL_WHOLE_COMM] = { "VMM", -WHOLE_COMM_WIDTH, "vmm", "the VMM's command name", print_whole_comm, NULL, text_comm, 0 },
	[COL_VCPU]	= { "vCPU", 4, "vcpu", "vCPU number", NUMBER(vcpu) },
	[COL_EXITS]	= { "exits/s", 7, "exits_per_s", "guest exits per second", NUMBER(exits) },
	[COL_HCALLS]	= { "hcall/s", 7, "hcalls_per_s", "hypercalls per second", NUMBER(hcalls) },
	[COL_SWITCHES]	= { "sw/s", 6, "switches_per_s", "partition switches/s", NUMBER(switches) },
	[COL_OUTSIDE]	= { "out %", 5, "outside", "share of the time spent outside the guest", NUMBER(share) },
	[COL_GUEST]	= { "gu%", 3, "guest", "% of time in the guest", NUMBER(guest) },
	[COL_REAL]	= { "rm%", 3, "real_mode", "exits, in real mode", NUMBER(real) },
	[COL_HYPERVISOR] = { "hv%", 3, "hypervisor", "module and switches", NUMBER(hypervisor) },
	[COL_USER]	= { "us%", 3, "user", "in the VMM, user space", NUMBER(user) },
	[COL_IDLE]	= { "id%", 3, "idle", "asleep (H_CEDE)", NUMBER(idle) },
};

void hv_fill_shares(struct hv_row *row, const struct hv_sums *s)
{
	double all = s->spent[HV_SPAN_GUEST].sum + hv_sums_outside(s);

	if (!all)
		return;
	row->share = hv_sums_outside(s) / all;
	row->guest = s->spent[HV_SPAN_GUEST].sum / all;
	row->real = s->spent[HV_SPAN_REAL].sum / all;
	row->user = s->hides_user ? -1 : s->spent[HV_SPAN_USER].sum / all;
	row->idle = s->spent[HV_SPAN_IDLE].sum / all;
	row->hypervisor = (hv_sums_module(s) + s->spent[HV_SPAN_SWITCH_IN].sum +
			   s->spent[HV_SPAN_SWITCH_OUT].sum) / all;
}

void hv_columns_that_fit(int *columns, int width)
{
	int end = -1;

	while (*columns >= 0 && (end += 1 + abs(hv_columns[*columns].width)) <= width)
		columns++;
	*columns = -1;
}

/* What is wider than its column, as a PID of seven digits, takes it from the next ones' padding. */
void hv_format_row(char *buf, size_t size, const int *columns, const struct hv_row *row)
{
	size_t at = 0, end = 0;

	buf[0] = '\0';
	for (; *columns >= 0; columns++) {
		const struct hv_column *c = &hv_columns[*columns];
		size_t gap = at ? 1 : 0;
		char cell[64];
		int room;

		if (row)
			c->print(cell, sizeof(cell), row);
		else
			snprintf(cell, sizeof(cell), "%s", c->head);
		end += gap + abs(c->width);
		room = end > at + gap ? end - at - gap : 0;
		at += snprintf(buf + at, size - at, "%s%*s", gap ? " " : "", c->width < 0 ? -room : room, cell);
		if (at >= size)
			return;
	}
}

static bool has_value(const struct hv_column *c, const struct hv_row *row)
{
	return c->is_time ? row->hist && row->hist->count && row->hist->lacks < c->is_time : c->value(row) >= 0;
}

void hv_json_row(struct hv_json *j, const int *columns, const struct hv_row *row)
{
	for (; *columns >= 0; columns++) {
		const struct hv_column *c = &hv_columns[*columns];

		if (c->text)
			hv_json_string(j, c->key, c->text(row));
		else if (has_value(c, row))
			hv_json_real(j, c->key, c->value(row));
	}
}

void hv_csv_text(FILE *out, const char *text)
{
	if (!strpbrk(text, ",\"\n")) {
		fputs(text, out);
		return;
	}
	fputc('"', out);
	for (; *text; text++)
		fprintf(out, *text == '"' ? "\"%c" : "%c", *text);
	fputc('"', out);
}

void hv_csv_row(FILE *out, const int *columns, const struct hv_row *row)
{
	for (; *columns >= 0; columns++) {
		const struct hv_column *c = &hv_columns[*columns];

		fputc(',', out);
		if (!row)
			fputs(c->key, out);
		else if (c->text)
			hv_csv_text(out, c->text(row));
		else if (has_value(c, row))
			fprintf(out, "%.15g", c->value(row));
	}
}
