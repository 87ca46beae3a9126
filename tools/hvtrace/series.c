// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include "series.h"

/* Two and two become one. */
static void halve(struct series *s)
{
	for (unsigned int i = 0; i < SERIES_PARTS; i += 2) {
		struct hist both = s->part[i];

		hist_merge(&both, &s->part[i + 1]);
		hist_free(&s->part[i + 1]);
		s->part[i] = (struct hist){ 0 };
		s->part[i / 2] = both;
	}
	s->nr_parts = SERIES_PARTS / 2;
	s->each *= 2;
}

void series_add(struct series *s, uint64_t value)
{
	if (!s->each)
		s->each = 1;
	if (s->nr_parts == SERIES_PARTS && s->part[SERIES_PARTS - 1].count == s->each)
		halve(s);
	if (!s->nr_parts || s->part[s->nr_parts - 1].count == s->each)
		s->nr_parts++;
	hist_add(&s->part[s->nr_parts - 1], value);
	hist_add(&s->all, value);
}

void series_free(struct series *s)
{
	hist_free(&s->all);
	for (unsigned int i = 0; i < s->nr_parts; i++)
		hist_free(&s->part[i]);
	s->nr_parts = 0;
}

typedef double ranks[HIST_OCTAVES][HIST_SUB];

/* For each bucket: which share of all in h is less, equal ones half. */
static void rank(const struct hist *h, ranks r)
{
	double below = 0;

	for (unsigned int o = 0; o < HIST_OCTAVES; o++) {
		for (unsigned int i = 0; i < HIST_SUB; i++) {
			double in = hist_bucket(h, o, i);

			r[o][i] = (below + in / 2) / h->count;
			below += in;
		}
	}
}

static double sum_of_ranks(const struct hist *h, ranks r)
{
	double sum = 0;

	for (unsigned int o = 0; o < HIST_OCTAVES; o++)
		for (unsigned int i = 0; h->octave[o] && i < HIST_SUB; i++)
			sum += h->octave[o][i] * r[o][i];
	return sum;
}

/* Of the mean rank among the others. */
static double variance_by_parts(const struct series *s, ranks r, double mean)
{
	double sum = 0, n = s->all.count, k = s->nr_parts;

	for (unsigned int i = 0; i < s->nr_parts; i++) {
		double off = sum_of_ranks(&s->part[i], r) - mean * s->part[i].count;

		sum += off * off;
	}
	return sum / (n * n) * k / (k - 1);
}

/* Of the mean rank, if all durations are of one kind and have nothing to do with each other. */
static double variance_if_independent(const struct hist *a, const struct hist *b)
{
	double na = a->count, nb = b->count, n = na + nb, ties = 0;

	for (unsigned int o = 0; o < HIST_OCTAVES; o++) {
		for (unsigned int i = 0; i < HIST_SUB; i++) {
			double tied = (double)hist_bucket(a, o, i) + hist_bucket(b, o, i);

			ties += tied * tied * tied - tied;
		}
	}
	return (n + 1 - ties / (n * (n - 1))) / (12 * na * nb);
}

static double chance_of_normal(double z)
{
	return erfc(fabs(z) / sqrt(2));
}

/* Wallace's approximation (1959): good to 0.1 % and better from 8 degrees of freedom on. */
static double chance_of_t(double t, double df)
{
	return chance_of_normal((8 * df + 1) / (8 * df + 3) * sqrt(df * log1p(t * t / df)));
}

double series_same(const struct series *a, const struct series *b, double *longer)
{
	ranks in_a, in_b;
	double mean, alone, va, vb, parts, by_normal, by_t;

	*longer = 0;
	if (a->all.count < SERIES_LEAST || b->all.count < SERIES_LEAST)
		return NAN;
	rank(&a->all, in_a);
	rank(&b->all, in_b);
	mean = sum_of_ranks(&a->all, in_b) / a->all.count;
	*longer = mean - 0.5;
	alone = variance_if_independent(&a->all, &b->all);
	if (alone <= 0)	/* all in one bucket: as equal as can be told */
		return 1;
	by_normal = chance_of_normal(*longer / sqrt(alone));
	va = variance_by_parts(a, in_b, mean);
	vb = variance_by_parts(b, in_a, 1 - mean);
	parts = va + vb;
	if (parts <= alone)
		return by_normal;
	by_t = chance_of_t(*longer / sqrt(parts), parts * parts / (va * va / (a->nr_parts - 1) + vb * vb / (b->nr_parts - 1)));
	return by_t > by_normal ? by_t : by_normal;
}

double series_least_chance(double na, double nb)
{
	return chance_of_normal(0.5 / sqrt((na + nb + 1) / (12 * na * nb)));
}
