/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The processes that a command has started, from the kernel's own records of forks. A sample of the
 * batch event may come from whatever task was on the CPU, so it is kept or not by the process that
 * it names; and what CPU 0 recorded may be read before the fork that CPU 1 recorded: what nobody knows yet
 * is held until all rings have been read once.
 */
#ifndef HVTRACE_FAMILY_H
#define HVTRACE_FAMILY_H

#include <perf/event.h>
#include <stdbool.h>
#include <stddef.h>

struct family {
	pid_t *members;		/* empty: no command, everybody belongs to it */
	size_t nr;
	char *held;		/* records, one after the other */
	size_t held_bytes, room;
};

void family_add(struct family *f, pid_t pid);
void family_fork(struct family *f, const struct perf_record_fork *fork);
bool family_has(const struct family *f, pid_t pid);
void family_hold(struct family *f, const struct perf_event_header *h);
/* Calls fn for each that was held, which are forgotten then. Not 0: what fn returned. */
int family_release(struct family *f, int (*fn)(const struct perf_event_header *h, void *arg), void *arg);
void family_free(struct family *f);

#endif
