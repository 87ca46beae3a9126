/* SPDX-License-Identifier: GPL-2.0 */
/* The backend's own statistics: what it has counted up to a moment, and what happened between two. */
#ifndef HV_SNAPSHOT_H
#define HV_SNAPSHOT_H

#include "dev.h"
#include "stats.h"

/* One vCPU: where its structure and its rows are in the data. */
struct hv_counted {
	struct hv_stats_vcpu v;
	size_t rows;		/* offset */
};

struct hv_snapshot {
	struct hv_stats_head head;
	char *data;
	struct hv_counted *vcpus;
	size_t nr_vcpus;
};

/* -1 after an error message; the snapshot is to be freed in any case. */
int hv_snapshot_read(int fd, struct hv_snapshot *s);
void hv_snapshot_free(struct hv_snapshot *s);
/*
 * What happened from one to the other, as statistics made of trace events would have it. was: all zeros
 * stands for the beginning of all. keep: which vCPUs; NULL: all. Those that were gone already, or have never run, are left out.
 * Percentiles are as good as the backend's buckets, which are powers of two; min and max are not known.
 */
struct hv_stats *hv_snapshot_stats(const struct hv_snapshot *was, const struct hv_snapshot *is,
				   bool (*keep)(const struct hv_stats_vcpu *v, void *arg), void *arg);

#endif
