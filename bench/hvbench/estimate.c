// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include "../../tools/common/util.h"
#include "estimate.h"

static int by_value(const void *pa, const void *pb)
{
	double a = *(const double *)pa, b = *(const double *)pb;

	return (a > b) - (a < b);
}

double quantile(const double *sorted, size_t n, double p)
{
	double at = n ? p * (n - 1) : 0, step;
	size_t i = at;

	if (!n)
		return NAN;
	if (i + 1 >= n)
		return sorted[n - 1];
	step = sorted[i + 1] - sorted[i];
	return at > i && step > 0 ? sorted[i] + (at - i) * step : sorted[i];	/* ratios may be infinite */
}

double median(double *v, size_t n)
{
	if (n)
		qsort(v, n, sizeof(*v), by_value);
	return quantile(v, n, 0.5);
}

size_t outliers(const double *sorted, size_t n)
{
	double q1 = quantile(sorted, n, 0.25), q3 = quantile(sorted, n, 0.75), reach = 1.5 * (q3 - q1);
	size_t out = 0;

	for (size_t i = 0; i < n; i++)
		out += sorted[i] < q1 - reach || sorted[i] > q3 + reach;
	return out;
}

/* splitmix64 (Steele, Lea, Flood 2014): small, and the same everywhere */
static uint64_t next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

/* Without the bias of a plain remainder: the high half of a product (Lemire 2019), n is small. */
static size_t below(uint64_t *state, size_t n)
{
	return (next(state) >> 32) * (uint64_t)n >> 32;
}

/* Where runs begin, and which runs are whose boot's */
struct layout {
	size_t *run, nruns;	/* nruns + 1 of them */
	size_t *boot, nboots;	/* indices into run, nboots + 1 of them */
};

static void find_layout(struct layout *l, const struct value *v, size_t n)
{
	l->run = hv_grow(NULL, n + 1, sizeof(*l->run));
	l->boot = hv_grow(NULL, n + 1, sizeof(*l->boot));
	l->nruns = l->nboots = 0;
	for (size_t i = 0; i < n; i++) {
		if (!i || v[i].boot != v[i - 1].boot)
			l->boot[l->nboots++] = l->nruns;
		if (!i || v[i].boot != v[i - 1].boot || v[i].run != v[i - 1].run)
			l->run[l->nruns++] = i;
	}
	l->run[l->nruns] = n;
	l->boot[l->nboots] = l->nruns;
}

static void free_layout(struct layout *l)
{
	free(l->run);
	free(l->boot);
}

/* One resample's median. The runs need not have the same number of samples, so nor has it. */
static double resample(const struct layout *l, const struct value *v, uint64_t *state, double **room, size_t *size)
{
	size_t n = 0;

	for (size_t i = 0; i < l->nboots; i++) {
		size_t b = below(state, l->nboots), runs = l->boot[b + 1] - l->boot[b];

		for (size_t j = 0; j < runs; j++) {
			size_t r = l->boot[b] + below(state, runs), count = l->run[r + 1] - l->run[r];

			if (n + count > *size)
				*room = hv_grow(*room, *size = 2 * (n + count), sizeof(**room));
			for (size_t k = 0; k < count; k++)
				(*room)[n++] = v[l->run[r] + below(state, count)].v;
		}
	}
	return median(*room, n);
}

static struct interval middle(double *estimates, double confidence)
{
	qsort(estimates, RESAMPLES, sizeof(*estimates), by_value);
	return (struct interval){ quantile(estimates, RESAMPLES, (1 - confidence) / 2),
				  quantile(estimates, RESAMPLES, (1 + confidence) / 2) };
}

#define SEED 2016

struct interval bootstrap_median(const struct value *v, size_t n, double confidence)
{
	double estimates[RESAMPLES], *room = NULL;
	uint64_t state = SEED;
	struct layout l;
	size_t size = 0;

	if (!n)
		return (struct interval){ NAN, NAN };
	find_layout(&l, v, n);
	for (int i = 0; i < RESAMPLES; i++)
		estimates[i] = resample(&l, v, &state, &room, &size);
	free(room);
	free_layout(&l);
	return middle(estimates, confidence);
}

double ratio(double after, double before)
{
	return after == before ? 1 : after / before;
}

struct interval bootstrap_ratio(const struct value *a, size_t na, const struct value *b, size_t nb, double confidence)
{
	double estimates[RESAMPLES], *room = NULL;
	uint64_t state = SEED;
	struct layout la, lb;
	size_t size = 0;

	if (!na || !nb)
		return (struct interval){ NAN, NAN };
	find_layout(&la, a, na);
	find_layout(&lb, b, nb);
	for (int i = 0; i < RESAMPLES; i++) {
		double before = resample(&la, a, &state, &room, &size);

		estimates[i] = ratio(resample(&lb, b, &state, &room, &size), before);
	}
	free(room);
	free_layout(&la);
	free_layout(&lb);
	return middle(estimates, confidence);
}

double cliffs_delta(const struct value *a, size_t na, const struct value *b, size_t nb)
{
	long sum = 0;

	if (!na || !nb)
		return NAN;
	for (size_t i = 0; i < na; i++)
		for (size_t j = 0; j < nb; j++)
			sum += (b[j].v > a[i].v) - (b[j].v < a[i].v);
	return (double)sum / na / nb;
}

static double *sorted_values(const struct value *v, size_t n)
{
	double *sorted = hv_grow(NULL, n, sizeof(*sorted));

	for (size_t i = 0; i < n; i++)
		sorted[i] = v[i].v;
	qsort(sorted, n, sizeof(*sorted), by_value);
	return sorted;
}

/* How many of all differences b - a are x or less; both are sorted. */
static size_t differences_up_to(const double *a, size_t na, const double *b, size_t nb, double x)
{
	size_t j = 0, n = 0;

	for (size_t i = 0; i < na; i++) {
		while (j < nb && b[j] - a[i] <= x)
			j++;
		n += j;
	}
	return n;
}

/* The k-th smallest difference, from 0: there are too many to keep. Halves the range until no number lies in it. */
static double nth_difference(const double *a, size_t na, const double *b, size_t nb, size_t k)
{
	double low = b[0] - a[na - 1], high = b[nb - 1] - a[0], middle;

	if (differences_up_to(a, na, b, nb, low) > k)
		return low;
	while ((middle = low + (high - low) / 2) > low && middle < high)
		if (differences_up_to(a, na, b, nb, middle) > k)
			high = middle;
		else
			low = middle;
	return high;
}

double hodges_lehmann(const struct value *a, size_t na, const struct value *b, size_t nb)
{
	double *sa, *sb, shift;

	if (!na || !nb)
		return NAN;
	sa = sorted_values(a, na);
	sb = sorted_values(b, nb);
	shift = (nth_difference(sa, na, sb, nb, (na * nb - 1) / 2) + nth_difference(sa, na, sb, nb, na * nb / 2)) / 2;
	free(sa);
	free(sb);
	return shift;
}
