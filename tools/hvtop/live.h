/* SPDX-License-Identifier: GPL-2.0 */
/* What all guests are doing, interval by interval: now, or in a recording. */
#ifndef HVTOP_LIVE_H
#define HVTOP_LIVE_H

#include <stdbool.h>
#include <sys/types.h>
#include "../common/columns.h"
#include "../common/stats.h"

struct live;

/* One line of the table: a VM's sum, or one of its vCPUs below it. */
struct live_row {
	struct hv_row row;
	bool is_vm;
	char comm[16];
	struct hist hist;	/* exit durations; row.hist points here */
	struct hv_sums sums;	/* of the interval, for the detail pane */
};

struct live_table {
	struct live_row *rows;
	size_t nr, nr_vms;
	double seconds;		/* that it covers */
	double at;		/* seconds after the recording's start that it ends; < 0: it is live */
	unsigned long long lost;
	bool hides_switches;	/* the backend's events do not tell of any */
	const char *backend, *source;
};

/* pid 0: all VMs. NULL after an error message. */
struct live *live_open(pid_t pid);
/* A recording, seconds of it at a time. */
struct live *live_replay(const char *path, pid_t pid, double seconds);
void live_close(struct live *l);
/*
 * Takes in what happened; waits for something to happen for at most so long.
 * 1: the process to watch is gone, or the recording is over. -1 after an error message.
 */
int live_wait(struct live *l, int milliseconds);
bool live_is_replay(const struct live *l);
/* Ends the interval: what happened in it. Valid until the next call. */
const struct live_table *live_next(struct live *l);

/* table.c */
void table_add_vms(struct live_table *t, const struct hv_stats *s);
void table_free(struct live_table *t);
/* Sorts VMs, and vCPUs inside their VM, by a column; largest first unless reverse. */
void live_sort(const struct live_table *t, enum hv_column_id column, bool reverse);

#endif
