// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "columns.h"

static void print_us(char *buf, size_t size, const struct hv_row *row, double ns)
{
	if (row->hist && row->hist->count)
		snprintf(buf, size, "%.2f", ns / 1000);
	else
		snprintf(buf, size, "-");
}

static void print_number(char *buf, size_t size, long nr)
{
	if (nr >= 0)
		snprintf(buf, size, "%ld", nr);
	else
		snprintf(buf, size, "-");
}

/* A column's key and its text come from the same expression. */
#define NUMBER_COLUMN(id, fmt, expr) \
	static double key_##id(const struct hv_row *row) { return expr; } \
	static void print_##id(char *buf, size_t size, const struct hv_row *row) \
	{ snprintf(buf, size, fmt, key_##id(row)); }
#define TIME_COLUMN(id, expr) \
	static double key_##id(const struct hv_row *row) { return row->hist ? (double)(expr) : 0; } \
	static void print_##id(char *buf, size_t size, const struct hv_row *row) \
	{ print_us(buf, size, row, key_##id(row)); }
#define ID_COLUMN(id) \
	static void print_##id(char *buf, size_t size, const struct hv_row *row) \
	{ print_number(buf, size, row->id); }
#define TEXT_COLUMN(id) \
	static void print_##id(char *buf, size_t size, const struct hv_row *row) \
	{ snprintf(buf, size, "%s", row->id ? row->id : "-"); }

TEXT_COLUMN(name)
ID_COLUMN(pid)
ID_COLUMN(lpid)
ID_COLUMN(vcpu)
NUMBER_COLUMN(count, "%.0f", row->count)
NUMBER_COLUMN(share, "%.2f", 100 * row->share)
NUMBER_COLUMN(exits, "%.0f", row->exits_rate)
NUMBER_COLUMN(hcalls, "%.0f", row->hcalls_rate)
NUMBER_COLUMN(switches, "%.0f", row->switches_rate)
TIME_COLUMN(min, row->hist->min)
TIME_COLUMN(mean, hist_mean(row->hist))
TIME_COLUMN(p50, hist_percentile(row->hist, 0.50))
TIME_COLUMN(p99, hist_percentile(row->hist, 0.99))
TIME_COLUMN(max, row->hist->max)

/* Cut, so that hvtop's table fits a terminal of 80 columns. */
#define COMM_WIDTH 11

static void print_comm(char *buf, size_t size, const struct hv_row *row)
{
	snprintf(buf, size, "%.*s", COMM_WIDTH, row->comm ? row->comm : "-");
}

const struct hv_column hv_columns[HV_NR_COLUMNS] = {
	[COL_NAME]	= { "", -22, "exit reason or hypercall", print_name, NULL },
	[COL_COUNT]	= { "count", 10, "how often", print_count, key_count },
	[COL_SHARE]	= { "time %", 7, "share of the time spent outside the guest", print_share, key_share },
	[COL_MIN]	= { "min us", 9, "shortest", print_min, key_min },
	[COL_MEAN]	= { "mean us", 8, "mean duration", print_mean, key_mean },
	[COL_P50]	= { "p50 us", 9, "half of them took no longer", print_p50, key_p50 },
	[COL_P99]	= { "p99 us", 9, "99 of 100 took no longer", print_p99, key_p99 },
	[COL_MAX]	= { "max us", 12, "longest", print_max, key_max },
	[COL_PID]	= { "PID", 6, "the VMM's process", print_pid, NULL },
	[COL_LPID]	= { "LPID", 4, "the VM's partition number", print_lpid, NULL },
	[COL_COMM]	= { "VMM", -COMM_WIDTH, "the VMM's command name", print_comm, NULL },
	[COL_VCPU]	= { "vCPU", 4, "number of the vCPU in its VM", print_vcpu, NULL },
	[COL_EXITS]	= { "exits/s", 8, "guest exits per second", print_exits, key_exits },
	[COL_HCALLS]	= { "hcalls/s", 8, "hypercalls per second", print_hcalls, key_hcalls },
	[COL_SWITCHES]	= { "switch/s", 8, "partition switches per second, both ways", print_switches, key_switches },
	[COL_OUTSIDE]	= { "out %", 5, "share of the time spent outside the guest", print_share, key_share },
};

void hv_format_row(char *buf, size_t size, const int *columns, const struct hv_row *row)
{
	size_t at = 0;

	buf[0] = '\0';
	for (; *columns >= 0; columns++) {
		const struct hv_column *c = &hv_columns[*columns];
		char cell[64];

		if (row)
			c->print(cell, sizeof(cell), row);
		else
			snprintf(cell, sizeof(cell), "%s", c->head);
		at += snprintf(buf + at, size - at, "%s%*s", at ? " " : "", c->width, cell);
		if (at >= size)
			return;
	}
}
