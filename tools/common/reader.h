/* SPDX-License-Identifier: GPL-2.0 */
/* A recording as a sequence of records in order of time: what every command that reads one starts from. */
#ifndef HV_READER_H
#define HV_READER_H

#include "clock.h"
#include "order.h"
#include "perfdata_read.h"

#define HV_MAX_CPUS 8192

struct hv_comm {
	int32_t pid;
	char name[16];
	uint32_t older;		/* in its chain: its index + 1, 0: none */
};
#define HV_COMM_CHAINS 1024

/* Which records to read; what is negative or (pid) 0 does not matter. */
struct hv_select {
	int32_t pid;
	int64_t lpid, vcpu;
	int64_t from, to;	/* ns after the first record */
};
#define HV_SELECT_ALL ((struct hv_select){ .lpid = -1, .vcpu = -1, .from = -1, .to = -1 })

struct hv_reader {
	struct pd_file *file;
	const char *path;
	struct hv_decoder *decoder;
	struct hv_clock clock;
	struct hv_select select;	/* these two are to be set before hv_reader_run() */
	bool by_time;		/* in order of time over all vCPUs, not only for each */
	struct hv_comm *comms;	/* in order of appearance; the last one of a process is its name */
	size_t nr_comms;
	uint32_t comm_chains[HV_COMM_CHAINS];	/* by pid, newest first */
	struct hv_order *order;
	hv_order_fn fn;
	void *arg;
	bool selects_all, has_batches;
	uint64_t start;		/* of the first record */
	uint64_t first_time, last_time;	/* of those that were selected */
	uint64_t records, others;	/* our events that were selected, and samples of other events */
	uint64_t lost[HV_MAX_CPUS], lost_records, lost_samples;
};

/* NULL after an error message. */
struct hv_reader *hv_reader_open(const char *path);
void hv_reader_close(struct hv_reader *rd);
/* Calls fn for each record and each gap. -1 after an error message, or when fn returned anything but 0. */
int hv_reader_run(struct hv_reader *rd, hv_order_fn fn, void *arg);
/* The same in steps, each of which may call fn any number of times. 1: there is more; 0: that was all. */
void hv_reader_begin(struct hv_reader *rd, hv_order_fn fn, void *arg);
int hv_reader_step(struct hv_reader *rd);
/*
 * Calls fn for each record of one sample, with r->when set; r is room for them. 1: one of our events,
 * 0: another's, -1 after an error message; else what fn returned.
 */
int hv_reader_sample(struct hv_reader *rd, const struct pd_record *rec, struct hv_record *r,
		     hv_record_fn fn, void *arg);
/* The process' command name, or NULL. */
const char *hv_reader_comm(const struct hv_reader *rd, int32_t pid);
/* How many events the kernel could not deliver. */
uint64_t hv_reader_lost(const struct hv_reader *rd);
/* What the user has to be told if the recording was not finished: pd_is_unfinished(). */
#define HV_NO_GUEST "no guest ran in it, or none that is selected"
#define HV_INCOMPLETE "INCOMPLETE: its recorder was killed, or still runs. The end is missing, and whether events were lost there."
/* Says so on stderr. */
void hv_reader_warn(const struct hv_reader *rd);

#endif
