/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Records as they happen, in order of time: trace events through libperf. A
 * source of statistics that a backend keeps by itself would stand beside it.
 */
#ifndef HV_SOURCE_H
#define HV_SOURCE_H

#include "clock.h"
#include "order.h"
#include "session.h"

struct hv_source {
	struct hv_tracepoints tracepoints;
	struct hv_session *session;
	struct hv_decoder *decoder;
	struct hv_layout layout;
	struct hv_order *order;
	struct hv_clock clock;
	unsigned long long lost;	/* as the rings told so far */
	const char *backend;		/* whose events these are */
};

/* -1 after an error message; hv_source_close() is due in any case. Nothing happens before hv_source_enable(). */
int hv_source_open(struct hv_source *s, const struct hv_target *target, hv_order_fn fn, void *arg);
void hv_source_close(struct hv_source *s);
/*
 * Takes in what happened, after waiting for something to happen for at most so long.
 * 1: the watched processes are gone. -1 after an error message.
 */
int hv_source_wait(struct hv_source *s, int milliseconds);
/* The last of it: what was held back to be put in order. */
int hv_source_finish(struct hv_source *s);
#define HV_OUR_BACKEND "kvm-hv of this project"
/* Only ours has partition switches, and only ours tells the partition. */
const char *hv_backend_name(const struct hv_decoder *d);

#endif
