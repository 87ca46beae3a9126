/* SPDX-License-Identifier: GPL-2.0 */
/* The columns of every table that the tools print, each defined once. */
#ifndef HV_COLUMNS_H
#define HV_COLUMNS_H

#include <stddef.h>
#include "hist.h"
#include "json.h"

struct hv_row {
	const char *name;	/* what the row is about; the first column */
	const char *comm;
	long pid, lpid, vcpu;	/* -1: does not apply or is not known */
	uint64_t count;
	double share;		/* 0..1 of the time spent outside the guest */
	double exits_rate, hcalls_rate, switches_rate;	/* per second; -1: not known */
	double guest, real, hypervisor, user, idle;	/* 0..1 of all time; -1: not known */
	const struct hist *hist;	/* ns */
};

struct hv_column {
	const char *head;
	int width;		/* negative: left-aligned */
	const char *key;	/* its name in JSON and CSV; durations are in ns there */
	const char *help;
	void (*print)(char *buf, size_t size, const struct hv_row *row);
	double (*value)(const struct hv_row *row);	/* to sort by, largest first; NULL: text */
	const char *(*text)(const struct hv_row *row);	/* of a column that is text */
	int is_time;		/* only there if the row has durations, and these lack less than that; 0: always there */
};

enum hv_column_id {
	COL_NAME, COL_COUNT, COL_SHARE, COL_MIN, COL_MEAN, COL_P50, COL_P90, COL_P99, COL_P999, COL_MAX,
	COL_PID, COL_LPID, COL_COMM, COL_WHOLE_COMM, COL_VCPU, COL_EXITS, COL_HCALLS, COL_SWITCHES, COL_OUTSIDE,
	COL_GUEST, COL_REAL, COL_HYPERVISOR, COL_USER, COL_IDLE,
	HV_NR_COLUMNS
};

extern const struct hv_column hv_columns[HV_NR_COLUMNS];

/* What the time went to, and how much of it was outside the guest. */
struct hv_sums;
void hv_fill_shares(struct hv_row *row, const struct hv_sums *s);

/* Ends the list, at the latest, before the first that would be cut. */
void hv_columns_that_fit(int *columns, int width);
/* A line of these columns, ended by -1, with no newline. NULL row: the heads. */
void hv_format_row(char *buf, size_t size, const int *columns, const struct hv_row *row);
/* The same columns as members of the JSON object that is open, and as CSV, comma first. */
void hv_json_row(struct hv_json *j, const int *columns, const struct hv_row *row);
void hv_csv_row(FILE *out, const int *columns, const struct hv_row *row);

/* One CSV field, quoted where that is needed. */
void hv_csv_text(FILE *out, const char *text);

#endif
