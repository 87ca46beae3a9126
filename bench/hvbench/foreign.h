/* SPDX-License-Identifier: GPL-2.0 */
/* What figures from different places or days have to have in common, or it is said. */
#ifndef HVBENCH_FOREIGN_H
#define HVBENCH_FOREIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <jansson.h>

extern const char *const foreign[];	/* keys of a run's environment, the last one NULL */

/* All the values of a key in those runs that are wanted, each once, sorted; how many, unless n is NULL. Freed by the caller. */
char *values_of(const json_t *result, bool (*wanted)(const json_t *run, const void *arg), const void *arg, const char *key, size_t *n);

#endif
