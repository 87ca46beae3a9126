/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Durations of one kind in the order they came, cut into parts of equally many: what is near in time is alike (a
 * busy host, a cold cache), so that many durations say less than as many that have nothing to do with each other. How
 * much the parts differ among themselves tells how much less.
 */
#ifndef HVTRACE_SERIES_H
#define HVTRACE_SERIES_H

#include "../common/hist.h"

#define SERIES_PARTS 16		/* at most, and at least half of that when there are enough */

struct series {
	struct hist all, part[SERIES_PARTS];
	unsigned int nr_parts;
	uint64_t each;		/* so many make a part full */
};

void series_add(struct series *s, uint64_t value);
void series_free(struct series *s);

/* With fewer in either, the normal approximation does not hold. */
#define SERIES_LEAST 8

/*
 * The chance that two series of the same kind differ as much as these: a two-sided Mann-Whitney U test on the
 * histograms' buckets, ties and all, with the larger of two variances: that of durations that have nothing to do with
 * each other, and that of the parts' mean ranks (Obuchowski, Biometrics 53 (1997), 567-578: clustered data), which is
 * Student's t with Satterthwaite's degrees of freedom. *longer: a's durations are the longer ones (> 0) in pairs of an a and a b, less
 * one half. NAN: fewer than SERIES_LEAST in either.
 */
double series_same(const struct series *a, const struct series *b, double *longer);
/* The same where every one of so many was longer than every one of the others: no difference could be clearer. */
double series_least_chance(double na, double nb);

#endif
