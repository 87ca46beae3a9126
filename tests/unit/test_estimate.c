// SPDX-License-Identifier: GPL-2.0
/* hvbench's statistics, with known answers. */
#include <math.h>
#include "check.h"
#include "../../bench/hvbench/estimate.h"

#define NEAR(a, b) assert_true(fabs((a) - (b)) < 1e-9)

static void medians(void **state)
{
	double odd[] = { 9, 1, 5 }, even[] = { 4, 1, 3, 2 }, one[] = { 7 };
	double sorted[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };

	(void)state;
	NEAR(median(odd, 3), 5);
	NEAR(median(even, 4), 2.5);
	NEAR(median(one, 1), 7);
	assert_true(isnan(median(one, 0)));
	/* type 7: R's default, quantile(1:10, c(.25, .9)) */
	NEAR(quantile(sorted, 10, 0.25), 3.25);
	NEAR(quantile(sorted, 10, 0.9), 9.1);
	NEAR(quantile(sorted, 10, 0), 1);
	NEAR(quantile(sorted, 10, 1), 10);
}

/* What costs something now and cost nothing: ratios that are infinite, but numbers */
static void infinite_ratios(void **state)
{
	double sorted[] = { 1, 2, INFINITY, INFINITY };
	struct value nothing[] = { { 0, 0, 0 }, { 0, 0, 0 }, { 5, 0, 0 } }, some[] = { { 1, 0, 0 }, { 2, 0, 0 } };
	struct interval i;

	(void)state;
	NEAR(quantile(sorted, 4, 1 / 3.), 2);
	assert_true(isinf(quantile(sorted, 4, 0.5)));
	assert_true(isinf(quantile(sorted, 4, 0.9)));
	i = bootstrap_ratio(nothing, 2, some, 2, 0.99);
	assert_true(isinf(i.low) && isinf(i.high));
	i = bootstrap_ratio(nothing, 3, some, 2, 0.99);
	assert_true(i.low <= 1 && isinf(i.high));
}

static void far_values(void **state)
{
	double sorted[] = { 1, 10, 11, 12, 12, 13, 14, 40, 50 };
	double flat[] = { 5, 5, 5, 5, 6 };

	(void)state;
	/* quartiles 11 and 14: outside 6.5 to 18.5 lie 1, 40, 50 */
	assert_int_equal(outliers(sorted, 9), 3);
	assert_int_equal(outliers(flat, 5), 1);
	assert_int_equal(outliers(flat, 4), 0);
}

static void fill(struct value *v, size_t n, double first, unsigned int boots, unsigned int runs)
{
	for (size_t i = 0; i < n; i++)
		v[i] = (struct value){ first + i % 10, i * boots / n, i * boots * runs / n % runs };
}

static void bootstraps(void **state)
{
	struct value same[20], spread[200], boots[40];
	struct interval i;

	(void)state;
	for (int k = 0; k < 20; k++)
		same[k] = (struct value){ 42, 0, 0 };
	i = bootstrap_median(same, 20, 0.95);
	NEAR(i.low, 42);
	NEAR(i.high, 42);

	/* 200 values spread evenly over 10 steps: the median's standard error is about 0.36 (1 / (2 f sqrt(n))) */
	fill(spread, 200, 0, 1, 1);
	i = bootstrap_median(spread, 200, 0.95);
	assert_true(i.low >= 3 && i.low <= 4.5 && i.high >= 4.5 && i.high <= 6);
	assert_true(i.high - i.low >= 1);

	/* the same seed, the same answer */
	struct interval again = bootstrap_median(spread, 200, 0.95);
	NEAR(i.low, again.low);
	NEAR(i.high, again.high);

	/* Two boots that differ by 100, each constant: what lies between boots is in the interval. */
	for (int k = 0; k < 40; k++)
		boots[k] = (struct value){ k < 20 ? 100 : 200, k / 20, 0 };
	i = bootstrap_median(boots, 40, 0.95);
	NEAR(i.low, 100);
	NEAR(i.high, 200);

	i = bootstrap_ratio(same, 20, boots, 20, 0.99);
	NEAR(i.low, 100 / 42.);
	NEAR(i.high, 100 / 42.);
	assert_true(isnan(bootstrap_median(same, 0, 0.95).low));
}

static void effects(void **state)
{
	struct value a[] = { { 1, 0, 0 }, { 2, 0, 0 }, { 3, 0, 0 } }, b[] = { { 2, 0, 0 }, { 3, 0, 0 }, { 9, 0, 0 } };

	(void)state;
	/* of nine pairs b is greater in 6, less in 1 */
	NEAR(cliffs_delta(a, 3, b, 3), 5. / 9);
	NEAR(cliffs_delta(b, 3, a, 3), -5. / 9);
	NEAR(cliffs_delta(a, 3, a, 3), 0);
	/* differences -1 0 0 1 1 2 6 7 8 */
	NEAR(hodges_lehmann(a, 3, b, 3), 1);
	/* 0 1 1 2 7 8: between 1 and 2 */
	NEAR(hodges_lehmann(a, 2, b, 3), 1.5);
	NEAR(hodges_lehmann(b, 3, a, 2), -1.5);
	NEAR(hodges_lehmann(a, 3, a, 3), 0);
	assert_true(isnan(hodges_lehmann(a, 0, b, 3)));
}

/* 4 10^10 differences, for which no machine has room */
static void many_samples(void **state)
{
	static struct value a[200000], b[200000];

	(void)state;
	for (int k = 0; k < 200000; k++) {
		a[k] = (struct value){ k % 1000, 0, 0 };
		b[k] = (struct value){ k % 1000 + 25, 0, 0 };
	}
	NEAR(hodges_lehmann(a, 200000, b, 200000), 25);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(medians), cmocka_unit_test(infinite_ratios), cmocka_unit_test(far_values), cmocka_unit_test(bootstraps),
		cmocka_unit_test(effects), cmocka_unit_test(many_samples),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
