/* SPDX-License-Identifier: GPL-2.0 */
/* Records that no ring delivers: what perf.data's readers have to be told besides. */
#ifndef HVTRACE_SYNTH_H
#define HVTRACE_SYNTH_H

#include "../common/perfdata_write.h"

/* All return -1 after an error message. */

/* The names of the processes that are already there; pid 0: all of them. */
int synth_comms(struct pd_writer *out, pid_t pid);
/* How timebase ticks become nanoseconds. */
int synth_time_conv(struct pd_writer *out);
/* The end of one pass over all rings. */
int synth_round(struct pd_writer *out);

struct synth_lost {
	uint64_t id;
	int cpu;
	uint64_t time, lost;
};
int synth_lost(struct pd_writer *out, const struct synth_lost *lost);

#endif
