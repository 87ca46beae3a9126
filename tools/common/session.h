/* SPDX-License-Identifier: GPL-2.0 */
/* Live trace events: one ring per CPU, filled by the kernel, through libperf. */
#ifndef HV_SESSION_H
#define HV_SESSION_H

#include <linux/perf_event.h>
#include <sys/types.h>
#include "sample.h"
#include "tracefs.h"

struct perf_evlist;
struct perf_evsel;

struct hv_session_id {
	uint64_t id;
	int cpu;
	pid_t tid;		/* -1: all */
	uint64_t lost;		/* set by hv_session_lost() */
};

struct hv_session_event {
	struct perf_evsel *evsel;
	struct perf_event_attr attr;
	struct hv_session_id *ids;	/* one per CPU and thread */
	size_t nr_ids;
};

struct hv_session {
	struct perf_evlist *evlist;
	struct hv_session_event *events;	/* in the order of the tracepoints */
	size_t nr_events;
	int nr_cpus, nr_threads;
	size_t ring_bytes;	/* per CPU */
};

/* Whom to watch: pid 0 means every process. A child that waits to exec starts the events itself when it does. */
struct hv_target {
	pid_t pid;
	bool is_waiting_child;
	size_t ring_bytes;	/* per CPU, a power of two; 0: what suits the machine */
};

/* NULL after an error message. Tracepoints that have a filter get it. */
struct hv_session *hv_session_open(const struct hv_tracepoints *t, const struct hv_target *target);
void hv_session_close(struct hv_session *s);
void hv_session_enable(struct hv_session *s);
void hv_session_disable(struct hv_session *s);

/* Waits up to that long for a ring to fill. 0: nothing left to wait for, the watched processes are gone. */
int hv_session_wait(struct hv_session *s, int milliseconds);

typedef int (*hv_session_fn)(const struct perf_event_header *h, void *arg);
/*
 * Calls fn for everything that was in the rings when called, one ring after the
 * other. Returns their number or what fn returned if < 0.
 */
long hv_session_drain(struct hv_session *s, hv_session_fn fn, void *arg);

/* Asks the kernel how many records each event lost so far. -1 if it cannot tell. */
int hv_session_lost(struct hv_session *s);

/* How this session's samples are laid out. */
struct hv_layout hv_session_layout(const struct hv_session *s);

#endif
