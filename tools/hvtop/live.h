/* SPDX-License-Identifier: GPL-2.0 */
/* What all guests are doing now, interval by interval. */
#ifndef HVTOP_LIVE_H
#define HVTOP_LIVE_H

#include <stdbool.h>
#include <sys/types.h>
#include "../common/columns.h"

struct live;

/* One line of the table: a VM's sum, or one of its vCPUs below it. */
struct live_row {
	struct hv_row row;
	bool is_vm;
	char comm[16];
	struct hist hist;	/* exit durations; row.hist points here */
};

struct live_table {
	struct live_row *rows;
	size_t nr, nr_vms;
	double seconds;		/* that it covers */
	unsigned long long lost;
	const char *backend, *source;
};

/* pid 0: all VMs. NULL after an error message. */
struct live *live_open(pid_t pid);
void live_close(struct live *l);
/*
 * Takes in what happened; waits for something to happen for at most so long.
 * 1: the process to watch is gone. -1 after an error message.
 */
int live_wait(struct live *l, int milliseconds);
/* Ends the interval: what happened in it. Valid until the next call. */
const struct live_table *live_next(struct live *l);
/* Sorts VMs, and vCPUs inside their VM, by a column; largest first unless reverse. */
void live_sort(const struct live_table *t, enum hv_column_id column, bool reverse);

#endif
