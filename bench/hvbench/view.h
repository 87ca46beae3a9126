/* SPDX-License-Identifier: GPL-2.0 */
/* Which series are looked at together: those of one suite, machine and choice of mitigations. */
#ifndef HVBENCH_VIEW_H
#define HVBENCH_VIEW_H

#include "result.h"

struct place {
	const char *suite, *machine, *mitigations;
};

/* The different places of a table, in its order; freed by the caller. */
struct place *places_of(const struct table *t, size_t *n);
/* The different backends, ours first, then stock, pr, others; freed by the caller. */
const char **backends_of(const struct table *t, size_t *n);
/* The different rows of a place, in the order of the list of rows, others after them; freed by the caller. */
const char **rows_of(const struct table *t, const struct place *p, size_t *n);

#endif
