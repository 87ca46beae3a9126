/* SPDX-License-Identifier: GPL-2.0 */
/* What ours may cost at most (bench/limits). */
#ifndef HVBENCH_LIMITS_H
#define HVBENCH_LIMITS_H

#include "view.h"

extern size_t nr_limits;

/* -1 after a message */
int limits_read(const char *path);
/*
 * Prints a line to each limit. How many of ours in this place cost more than they may, or have no figure;
 * *checked grows by how many have a limit.
 */
size_t limits_check(const struct table *t, const struct place *p, size_t *checked);

#endif
