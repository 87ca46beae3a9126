/* SPDX-License-Identifier: GPL-2.0 */
/* What a figure depends on, as far as the host knows it. */
#ifndef HVBENCH_HOST_H
#define HVBENCH_HOST_H

#include <stdio.h>
#include <sys/types.h>
#include <jansson.h>

/*
 * A run without its rows; NULL after a message. machine: NULL for what the
 * processor is; backend: hv, stock, pr, NULL for what is loaded.
 */
json_t *host_run(const char *suite, const char *machine, const char *backend);

/* Before that: may a result have these names? -1 after a message. */
int host_check_names(const char *machine, const char *backend);

struct host_child {
	pid_t pid;
	FILE *out;		/* what it writes */
};

/* Starts a command; first: to be done in the child before that, or NULL. -1 after a message. */
int host_start(char *const argv[], void (*first)(void), struct host_child *c);

/* For first: no chance in where the command's memory is. What a fault costs under kvm-pr depends on that. */
void host_fixed_layout(void);

/* SHA-256 of a file, as sha256sum prints it; NULL after a message. Freed by the caller. */
char *host_hash(const char *path);

#endif
