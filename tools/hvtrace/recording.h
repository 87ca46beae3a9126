/* SPDX-License-Identifier: GPL-2.0 */
/* A recording, read into statistics. */
#ifndef HVTRACE_RECORDING_H
#define HVTRACE_RECORDING_H

#include "../common/perfdata_read.h"
#include "../common/stats.h"

#define MAX_CPUS 8192

struct comm {
	int32_t pid;
	char name[16];
};

struct recording {
	struct pd_file *file;
	struct hv_decoder *decoder;
	struct hv_stats *stats;
	struct comm *comms;	/* in order of appearance; the last one of a process is its name */
	size_t nr_comms;
	uint64_t tick_mult;
	unsigned int tick_shift;
	bool ticks_assumed;	/* the recording does not tell the timebase's frequency */
	uint64_t records, others;	/* our events, and other samples */
	uint64_t lost[MAX_CPUS], lost_records, lost_samples;
};

/* NULL after an error message. */
struct recording *recording_read(const char *path);
void recording_free(struct recording *r);
/* The process' command name, or NULL. */
const char *recording_comm(const struct recording *r, int32_t pid);

#endif
