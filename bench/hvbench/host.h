/* SPDX-License-Identifier: GPL-2.0 */
/* What a figure depends on, as far as the host knows it. */
#ifndef HVBENCH_HOST_H
#define HVBENCH_HOST_H

#include <jansson.h>

/*
 * A run without its rows; NULL after a message. machine: NULL for what the
 * processor is; backend: hv, stock, pr, NULL for what is loaded.
 */
json_t *host_run(const char *suite, const char *machine, const char *backend);

/* Before that: may a result have these names? -1 after a message. */
int host_check_names(const char *machine, const char *backend);

/* SHA-256 of a file, as sha256sum prints it; NULL after a message. Freed by the caller. */
char *host_hash(const char *path);

#endif
