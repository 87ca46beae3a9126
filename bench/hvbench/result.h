/* SPDX-License-Identifier: GPL-2.0 */
/* The result file (docs/bench.md): runs as jansson has them, and series made of them. */
#ifndef HVBENCH_RESULT_H
#define HVBENCH_RESULT_H

#include <stdbool.h>
#include <jansson.h>
#include "estimate.h"

#define SCHEMA		"kvm-hv-bench"
#define SCHEMA_VERSION	1

/* The file's object, checked: later code need not. NULL after a message. */
json_t *result_load(const char *path);
/* "-" is standard output; a file has its name when it is whole. -1 after a message. */
int result_save(const json_t *result, const char *path);
/* May a machine, a backend or a row be called so? */
bool result_is_name(const char *s);
/* Before long work: can it be saved there? -1 after a message. */
int result_writable(const char *path);
json_t *result_new(void);
/* Adds the runs of other, which path has; -1 after a message if one is there already. */
int result_merge(json_t *result, json_t *other, const char *path);
/* Sets KEY=VALUE in the environment of all runs; -1 after a message. */
int result_about(json_t *result, const char *setting);

/* What a figure is of; an emulator's ticks are none. */
enum metric { METRIC_NONE, METRIC_INSTRUCTIONS, METRIC_NS, METRIC_SWITCHES };
const char *metric_name(enum metric m);

/* All samples of one row in one place. */
struct series {
	const char *suite, *machine, *mitigations, *backend, *row, *unit;
	enum metric metric;
	struct value *values;
	size_t n, boots, runs;
	double count;		/* of a sample, the first one's */
	double ticks, cycles;	/* medians; NAN: none */
	const char *skipped;	/* why there is nothing */
	bool left_out;		/* some samples are in no unit, or not in metric */
	double *ticks_all, *cycles_all;
	size_t nticks, ncycles;
};

struct table {
	struct series *series;
	size_t n;
};

/* In the order of the file; values of a series in order of boots and runs. */
void table_make(struct table *t, const json_t *result);
void table_free(struct table *t);
const struct series *table_find(const struct table *t, const char *suite, const char *machine, const char *mitigations,
				const char *backend, const char *row);

/* Medians and the like of one series. */
struct summary {
	double median, min, q1, q3, max;
	struct interval interval;
	size_t outliers;
};
void series_summary(struct summary *s, const struct series *series, double confidence);

#endif
