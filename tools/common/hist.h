/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Durations, counted in bounded memory. Values below 32 have a bucket each;
 * above, every power of two is cut into 32 equal steps, so that a percentile is
 * off by at most 1/64 (1.6 %) of itself, and min, max, mean and count are exact.
 * The 32 buckets of a power of two are allocated when first used: a
 * hypervisor's durations spread over few of them.
 */
#ifndef HV_HIST_H
#define HV_HIST_H

#include <stdint.h>

#define HIST_SUB_BITS	5
#define HIST_SUB	(1 << HIST_SUB_BITS)
#define HIST_OCTAVES	(64 - HIST_SUB_BITS + 1)

/* What is not known of durations that others have counted. */
enum { HIST_EXACT, HIST_LACKS_ENDS, HIST_LACKS_SPREAD };

struct hist {
	uint64_t count, sum, min, max;
	uint8_t lacks;
	uint64_t *octave[HIST_OCTAVES];
};

void hist_add(struct hist *h, uint64_t value);
/* n of them, evenly spread from low up to high, which is at most twice that: only that is known. */
void hist_add_spread(struct hist *h, uint64_t low, uint64_t high, uint64_t n);
/* What they really add up to. */
void hist_set_sum(struct hist *h, uint64_t sum);
void hist_merge(struct hist *into, const struct hist *from);
void hist_free(struct hist *h);
/* How many values are in an octave: 0 holds those below 32, o those from 16 << o up to twice that. */
uint64_t hist_octave(const struct hist *h, unsigned int o);
/* Of those, the ones in step i of its HIST_SUB. */
uint64_t hist_bucket(const struct hist *h, unsigned int o, unsigned int i);
double hist_mean(const struct hist *h);
/* The value that fraction p (0..1) of all values do not exceed, as exact as said above; 0 if there are none. */
uint64_t hist_percentile(const struct hist *h, double p);

#endif
