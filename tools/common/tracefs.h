/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HV_TRACEFS_H
#define HV_TRACEFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* One tracepoint of the running kernel. */
struct hv_tracepoint {
	char *system, *name;
	uint64_t id;
	char *format;		/* its "format" file */
	size_t format_len;
	char *filter;		/* for the kernel to apply, or NULL; freed with the rest */
};

struct hv_tracepoints {
	struct hv_tracepoint *tp;
	size_t nr;
};

/* Where tracefs is mounted; NULL after an error message. */
const char *hv_tracefs(void);

/*
 * Look up a comma-separated list of events: "system:name", "system:*", or just
 * "name" of ours; NULL stands for every event of ours that this kernel has.
 * -1 after an error message.
 */
int hv_tracepoints_find(const char *events, struct hv_tracepoints *found);
void hv_tracepoints_free(struct hv_tracepoints *t);

#endif
