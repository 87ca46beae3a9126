/* SPDX-License-Identifier: GPL-2.0 */
/* A recording, read into statistics. */
#ifndef HVTRACE_RECORDING_H
#define HVTRACE_RECORDING_H

#include "../common/reader.h"
#include "../common/stats.h"
#include "../common/symbols.h"

/* Where in the guest exits come from: one row per address or, with symbols, per function. */
struct pc_row {
	int32_t pid;
	int64_t lpid;
	uint64_t pc;		/* if name is NULL */
	const char *name;
	struct hist hist;	/* ns of the exits */
};

#define MAX_PCS		2048	/* beyond that, all others of a VM are one row */

struct recording {
	struct hv_reader *reader;
	struct hv_stats *stats;
	const struct hv_symbols *symbols;
	struct pc_row **pcs;	/* an open hash table while reading, then nr_pcs rows by VM and time */
	size_t nr_pcs;
	hv_span_fn on_span;	/* if set: told of every span as well */
	void *arg;
};

/* NULL after an error message. symbols: may be NULL, has to outlive the recording. */
struct recording *recording_read(const char *path, const struct hv_select *select, const struct hv_symbols *symbols);
/* The same, and calls fn for each span. */
struct recording *recording_read_spans(const char *path, const struct hv_select *select, hv_span_fn fn, void *arg);
void recording_free(struct recording *r);

#endif
