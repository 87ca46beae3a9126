/* SPDX-License-Identifier: GPL-2.0 */
/* Statistics on samples that come in runs, which come in boots. All random numbers have a fixed seed. */
#ifndef HVBENCH_ESTIMATE_H
#define HVBENCH_ESTIMATE_H

#include <stddef.h>

/* One sample. Those of a boot stand together, in it those of a run. */
struct value {
	double v;
	unsigned int boot, run;
};

struct interval {
	double low, high;
};

/* Sorts v. NAN of nothing. */
double median(double *v, size_t n);
/* Of sorted values, p from 0 to 1, linear between neighbours (Hyndman and Fan's type 7). */
double quantile(const double *sorted, size_t n, double p);

/* Of v sorted: how many lie more than 1.5 interquartile ranges outside the quartiles (Tukey). */
size_t outliers(const double *sorted, size_t n);

#define RESAMPLES 1000

/*
 * The median's confidence interval by the percentile bootstrap: boots are drawn,
 * in each its runs, in each its samples, all with replacement. With one boot, or
 * one run, what differs between boots, or runs, is not in the interval.
 */
struct interval bootstrap_median(const struct value *v, size_t n, double confidence);

/* Of two figures; 1 if they are the same, both 0 for example. */
double ratio(double after, double before);

/* Of the ratio of b's median to a's; each is drawn as above. */
struct interval bootstrap_ratio(const struct value *a, size_t na, const struct value *b, size_t nb, double confidence);

/* Cliff's delta: how much more often a value of b is above one of a than below, -1 to 1 */
double cliffs_delta(const struct value *a, size_t na, const struct value *b, size_t nb);

/* Hodges and Lehmann's shift: the median of all differences b - a */
double hodges_lehmann(const struct value *a, size_t na, const struct value *b, size_t nb);

#endif
