// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "hist.h"
#include "util.h"

/* Octave 0 holds 0..31, octave n > 0 holds 32 << (n - 1) up to twice that. */
static unsigned int octave_of(uint64_t value)
{
	return value < HIST_SUB ? 0 : 63 - __builtin_clzll(value) - HIST_SUB_BITS + 1;
}

static unsigned int shift_of(unsigned int octave)
{
	return octave ? octave - 1 : 0;
}

static void add(struct hist *h, uint64_t value, uint64_t n)
{
	unsigned int o = octave_of(value);

	if (!h->octave[o])
		h->octave[o] = hv_alloc(HIST_SUB * sizeof(uint64_t));
	h->octave[o][(value >> shift_of(o)) % HIST_SUB] += n;
	if (!h->count || value < h->min)
		h->min = value;
	if (value > h->max)
		h->max = value;
	h->count += n;
	h->sum += value * n;
}

void hist_add(struct hist *h, uint64_t value)
{
	add(h, value, 1);
}

void hist_add_spread(struct hist *h, uint64_t low, uint64_t high, uint64_t n)
{
	uint64_t told = 0;

	/* As many as belong below each of the steps, less those that have been told already. One alone: in the middle. */
	for (unsigned int i = 0; i < HIST_SUB; i++) {
		uint64_t below = ((unsigned __int128)n * (i + 1) + HIST_SUB / 2) / HIST_SUB;

		if (below > told)
			add(h, low + (high - low) * (2 * i + 1) / (2 * HIST_SUB), below - told);
		told = below;
	}
	if (h->lacks < HIST_LACKS_ENDS)
		h->lacks = HIST_LACKS_ENDS;
}

void hist_set_sum(struct hist *h, uint64_t sum)
{
	h->sum = sum;
}

void hist_merge(struct hist *into, const struct hist *from)
{
	if (!from->count) {
		into->sum += from->sum;	/* of what has been counted without ends */
		return;
	}
	for (unsigned int o = 0; o < HIST_OCTAVES; o++) {
		if (!from->octave[o])
			continue;
		if (!into->octave[o])
			into->octave[o] = hv_alloc(HIST_SUB * sizeof(uint64_t));
		for (unsigned int i = 0; i < HIST_SUB; i++)
			into->octave[o][i] += from->octave[o][i];
	}
	if (!into->count || from->min < into->min)
		into->min = from->min;
	if (from->max > into->max)
		into->max = from->max;
	into->count += from->count;
	into->sum += from->sum;
	if (from->lacks > into->lacks)
		into->lacks = from->lacks;
}

void hist_free(struct hist *h)
{
	for (unsigned int o = 0; o < HIST_OCTAVES; o++)
		free(h->octave[o]);
	memset(h, 0, sizeof(*h));
}

uint64_t hist_octave(const struct hist *h, unsigned int o)
{
	uint64_t n = 0;

	for (unsigned int i = 0; h->octave[o] && i < HIST_SUB; i++)
		n += h->octave[o][i];
	return n;
}

double hist_mean(const struct hist *h)
{
	return h->count ? (double)h->sum / h->count : 0;
}

/* Middle of the bucket, kept inside what was really seen. */
static uint64_t bucket_value(const struct hist *h, unsigned int o, unsigned int i)
{
	unsigned int shift = shift_of(o);
	uint64_t value = o ? (uint64_t)(HIST_SUB + i) << shift : i;

	value += (((uint64_t)1 << shift) - 1) / 2;
	if (value < h->min)
		return h->min;
	return value > h->max ? h->max : value;
}

uint64_t hist_percentile(const struct hist *h, double p)
{
	uint64_t want = ceil(p * h->count), seen = 0;

	if (!h->count || h->lacks == HIST_LACKS_SPREAD)
		return 0;
	if (want <= 1)
		return h->min;
	if (want >= h->count)
		return h->max;
	for (unsigned int o = 0; o < HIST_OCTAVES; o++) {
		if (!h->octave[o])
			continue;
		for (unsigned int i = 0; i < HIST_SUB; i++) {
			seen += h->octave[o][i];
			if (seen >= want)
				return bucket_value(h, o, i);
		}
	}
	return h->max;
}

uint64_t hist_bucket(const struct hist *h, unsigned int o, unsigned int i)
{
	return h->octave[o] ? h->octave[o][i] : 0;
}
