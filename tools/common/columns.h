/* SPDX-License-Identifier: GPL-2.0 */
/* The columns of every table that the tools print, each defined once. */
#ifndef HV_COLUMNS_H
#define HV_COLUMNS_H

#include <stddef.h>
#include "hist.h"

struct hv_row {
	const char *name;	/* what the row is about; the first column */
	const char *comm;
	long pid, lpid, vcpu;	/* -1: does not apply or is not known */
	uint64_t count;
	double share;		/* 0..1 of the time spent outside the guest */
	double exits_rate, hcalls_rate, switches_rate;	/* per second */
	const struct hist *hist;	/* ns */
};

struct hv_column {
	const char *head;
	int width;		/* negative: left-aligned */
	const char *help;
	void (*print)(char *buf, size_t size, const struct hv_row *row);
	double (*key)(const struct hv_row *row);	/* to sort by, largest first; NULL: does not sort */
};

enum hv_column_id {
	COL_NAME, COL_COUNT, COL_SHARE, COL_MIN, COL_MEAN, COL_P50, COL_P99, COL_MAX,
	COL_PID, COL_LPID, COL_COMM, COL_VCPU, COL_EXITS, COL_HCALLS, COL_SWITCHES, COL_OUTSIDE,
	HV_NR_COLUMNS
};

extern const struct hv_column hv_columns[HV_NR_COLUMNS];

/* A line of these columns, ended by -1, with no newline. NULL row: the heads. */
void hv_format_row(char *buf, size_t size, const int *columns, const struct hv_row *row);

#endif
