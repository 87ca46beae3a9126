/* SPDX-License-Identifier: GPL-2.0 */
/* What is filtered out before it is recorded: by the kernel, event by event. */
#ifndef HVTRACE_FILTER_H
#define HVTRACE_FILTER_H

#include "../common/names.h"
#include "../common/tracefs.h"

#define MAX_FILTER_NUMBERS 64

struct numbers {
	int64_t nr[MAX_FILTER_NUMBERS];
	size_t count;
};

struct record_filter {
	int64_t lpid, vcpu;	/* -1: any */
	int64_t pid;		/* -1: any; of the events that name the VMM's process */
	struct numbers exits, hcalls;	/* none: all */
};

/* A comma-separated list of names or numbers, added to n. -1 after an error message that names the option. */
int parse_names(const char *option, const char *list, const struct hv_name *names, size_t nr_names, int64_t most,
		struct numbers *n);
/* The same for --exits, whose numbers have to be vectors. */
int parse_exits(const char *list, struct numbers *n);
/*
 * The filter expression for an event, for the caller to free; NULL: none. An
 * event is filtered by those of its fields that there are conditions for.
 */
char *filter_expression(const struct record_filter *f, const struct hv_tracepoint *tp);

struct hv_filter;

/*
 * The same for what the batch event carries, which the backend filters before it writes it down: of
 * exits those that are named, of hypercalls those that are named. Exits alone: no hypercalls but with SYSCALL;
 * hypercalls alone: no other exits.
 */
void filter_bits(const struct record_filter *f, struct hv_filter *bits);

#endif
