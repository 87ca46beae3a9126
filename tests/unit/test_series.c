// SPDX-License-Identifier: GPL-2.0
/* Whether durations differ: by the textbook where each has nothing to do with the next, and where it has. */
#include <math.h>
#include <stdlib.h>
#include "check.h"
#include "../../tools/hvtrace/series.h"

static double same(const uint64_t *a, size_t na, const uint64_t *b, size_t nb, double *longer)
{
	struct series sa = { 0 }, sb = { 0 };
	double p;

	for (size_t i = 0; i < na; i++)
		series_add(&sa, a[i]);
	for (size_t i = 0; i < nb; i++)
		series_add(&sb, b[i]);
	p = series_same(&sa, &sb, longer);
	series_free(&sa);
	series_free(&sb);
	return p;
}

/* p-values of the normal approximation with correction for ties, without continuity correction, worked out apart. */
static void test_textbook(void **state)
{
	static const uint64_t low[] = { 1, 2, 3, 4, 5, 6, 7, 8 }, high[] = { 9, 10, 11, 12, 13, 14, 15, 16 };
	static const uint64_t mixed[] = { 1, 3, 5, 7, 9, 11, 13, 15 }, flat[] = { 4, 4, 4, 4, 4, 4, 4, 4 };
	double longer;

	(void)state;
	assert_true(isnan(same(low, 7, high, 8, &longer)));
	/* U = 0, mean 32, variance 8 * 8 * 17 / 12: z = 3.3607, p = 0.000777 */
	assert_float_equal(same(low, 8, high, 8, &longer), 0.000777, 0.000002);
	assert_float_equal(longer, -0.5, 1e-9);
	assert_float_equal(same(high, 8, low, 8, &longer), 0.000777, 0.000002);
	assert_float_equal(longer, 0.5, 1e-9);
	assert_float_equal(same(low, 8, low, 8, &longer), 1, 0.000001);
	assert_float_equal(same(flat, 8, flat, 8, &longer), 1, 0.000001);
	/* U = 18, counted pair by pair; four pairs of ties: z = 1.4746 */
	assert_float_equal(same(low, 8, mixed, 8, &longer), 0.140310, 0.000002);
	assert_float_equal(series_least_chance(8, 8), 0.000777, 0.000002);
}

/*
 * Each is a part of its own. Ranks of the split ones among the others: three 0, five 1; of the others among the split
 * ones: all 3/8. So the variance is (3 * .625^2 + 5 * .375^2) / 64 * 8 / 7 = .033482 (without regard to the parts: 17 / 768 =
 * .022135), t = .125 / .182981 with 7 degrees of freedom.
 */
static void test_by_parts(void **state)
{
	static const uint64_t split[] = { 1, 2, 3, 20, 21, 22, 23, 24 }, even[] = { 10, 11, 12, 13, 14, 15, 16, 17 };
	double longer;

	(void)state;
	assert_float_equal(same(split, 8, even, 8, &longer), 0.5165, 0.001);
	assert_float_equal(longer, 0.125, 1e-9);
}

static uint64_t state64 = 88172645463325252ull;

static double uniform(void)
{
	state64 ^= state64 << 13;
	state64 ^= state64 >> 7;
	state64 ^= state64 << 17;
	return (state64 >> 11) * 0x1p-53;
}

#define NR 2000

/* Around a level that stays for about so many, as with a host that is busy now and idle then; all longer by a factor. */
static void make(uint64_t *v, double stays, double factor)
{
	double level = 1000 * (1 + uniform());

	for (int i = 0; i < NR; i++) {
		if (uniform() < 1 / stays)
			level = 1000 * (1 + uniform());
		v[i] = factor * level * (0.8 + 0.4 * uniform());
	}
}

static int flagged(double stays, double factor)
{
	uint64_t a[NR], b[NR];
	double longer;
	int nr = 0;

	for (int i = 0; i < 300; i++) {
		make(a, stays, 1);
		make(b, stays, factor);
		nr += same(a, NR, b, NR, &longer) < 0.01 && (factor == 1 || longer < 0);
	}
	return nr;
}

/*
 * 300 times two of the same, at a chance of 1 % each: 3 are to be expected, more than 12 hardly ever. (Without regard to
 * the order they come in it is 185 of 300 where 20 are alike.) Where parts are hardly longer than what is alike, it
 * is some more.
 */
static void test_two_of_the_same(void **state)
{
	(void)state;
	assert_in_range(flagged(1, 1), 0, 12);
	assert_in_range(flagged(20, 1), 0, 12);
	assert_in_range(flagged(60, 1), 0, 24);
}

/* A real difference is seen all the same. */
static void test_longer(void **state)
{
	(void)state;
	assert_in_range(flagged(1, 1.05), 290, 300);
	assert_in_range(flagged(20, 1.3), 290, 300);
}

/* Any number of durations in no more than so many parts, in order, none forgotten. */
static void test_parts(void **state)
{
	struct series s = { 0 };

	(void)state;
	for (uint64_t i = 0; i < 5000; i++) {
		uint64_t nr = 0;

		series_add(&s, i);
		assert_true(s.nr_parts <= SERIES_PARTS && (s.nr_parts > SERIES_PARTS / 2 || i < SERIES_PARTS / 2));
		for (unsigned int p = 0; p < s.nr_parts; p++) {
			assert_true(s.part[p].count == s.each || p == s.nr_parts - 1);
			assert_int_equal(s.part[p].min, nr);
			nr += s.part[p].count;
		}
		assert_int_equal(nr, i + 1);
		assert_int_equal(s.all.count, i + 1);
	}
	series_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_textbook),
		cmocka_unit_test(test_by_parts),
		cmocka_unit_test(test_two_of_the_same),
		cmocka_unit_test(test_longer),
		cmocka_unit_test(test_parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
