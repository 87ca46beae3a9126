/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HVTOP_METRICS_H
#define HVTOP_METRICS_H

#include "live.h"

/* Counters since hvtop started, of VMs that are still there. Empty: { 0 } */
struct metrics {
	struct counter *counters;
	size_t nr;
};

/* Adds an interval. */
void metrics_count(struct metrics *m, const struct live_table *t);
/* The page; path NULL: to stdout. -1 after an error message. */
int metrics_write(const struct metrics *m, const struct live_table *t, const char *path);
void metrics_free(struct metrics *m);

#endif
