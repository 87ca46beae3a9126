/* SPDX-License-Identifier: GPL-2.0 */
/* Formats that a recording can be written as. */
#ifndef HVTRACE_EXPORT_H
#define HVTRACE_EXPORT_H

#include <stdio.h>
#include "../common/reader.h"
#include "../common/stats.h"

struct export {
	FILE *out;
	const char *path;	/* for messages */
	struct hv_reader *reader;
	void *own;		/* of the format */
};

/* All functions: not 0 after an error message. Any may be NULL. */
struct export_format {
	const char *name, *help;
	int (*begin)(struct export *x);
	int (*record)(struct export *x, const struct hv_item *item);
	int (*span)(struct export *x, const struct hv_vcpu *v, const struct hv_span *span);
	int (*end)(struct export *x);
	/* Instead of all that: reads the recording and writes the file itself. */
	int (*whole)(struct export *x);
};

extern const struct export_format export_csv, export_json, export_chrome, export_folded, export_perfetto,
	export_perf_data;

/* vCPUs in order of appearance, for formats that name each once: search trees (search.h) */
struct export_vcpus {
	void *numbers, *pids;
	size_t nr;
};

enum export_news { NEWS_NONE, NEWS_VCPU, NEWS_PROCESS };	/* NEWS_PROCESS: and its first vCPU */
/* Its place in the list, where it now is. */
size_t export_vcpu_index(struct export_vcpus *list, const struct hv_vcpu *v, enum export_news *news);
void export_vcpus_free(struct export_vcpus *list);
/* What its VMM is called */
const char *export_vmm(const struct export *x, const struct hv_vcpu *v);

/* export_single.c: perf.data with one sample per record, of a recording that has batches. */
int export_single_events(struct export *x);

/* What a span is called where only spans are shown, such as "H_CEDE". */
const char *span_name(const struct hv_span *span, char *buf, size_t size);

#endif
