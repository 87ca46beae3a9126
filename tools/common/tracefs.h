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
	size_t nr_described;	/* so many follow that are not to be recorded: readers shall know their formats */
};

/* Where tracefs is mounted; NULL after an error message. */
const char *hv_tracefs(void);

/*
 * Look up a comma-separated list of events: "system:name", "system:*", or just
 * "name" of ours; NULL stands for the batch event or, if the backend has none, every event of ours.
 * -1 after an error message.
 */
int hv_tracepoints_find(const char *events, struct hv_tracepoints *found);
/* The single events instead of the batch event, whose samples do not belong to the task that they come from. */
void hv_tracepoints_single(struct hv_tracepoints *t);
void hv_tracepoints_free(struct hv_tracepoints *t);

#endif
