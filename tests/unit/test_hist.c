// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <math.h>
#include "check.h"
#include "../../tools/common/hist.h"

#define NR 20000

static uint64_t random_state = 1;

/* xorshift64: the same numbers on every machine */
static uint64_t random64(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

static int compare(const void *pa, const void *pb)
{
	uint64_t a = *(const uint64_t *)pa, b = *(const uint64_t *)pb;

	return (a > b) - (a < b);
}

/* Against the exact percentile of the sorted values. */
static void check(const uint64_t *values, size_t nr)
{
	static const double ps[] = { 0, 0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 1 };
	uint64_t *sorted = malloc(nr * sizeof(*sorted)), sum = 0;
	struct hist h = { 0 };

	for (size_t i = 0; i < nr; i++) {
		hist_add(&h, values[i]);
		sorted[i] = values[i];
		sum += values[i];
	}
	qsort(sorted, nr, sizeof(*sorted), compare);
	assert_int_equal(h.count, nr);
	assert_true(h.sum == sum && h.min == sorted[0] && h.max == sorted[nr - 1]);
	for (size_t i = 0; i < sizeof(ps) / sizeof(ps[0]); i++) {
		double rank = ps[i] * nr;
		size_t at = rank <= 1 ? 0 : (size_t)rank - ((size_t)rank == rank);
		uint64_t exact = sorted[at], got = hist_percentile(&h, ps[i]);
		uint64_t off = got > exact ? got - exact : exact - got;

		if (off > exact / 64)
			fail_msg("p%g of %zu values is %llu, not %llu", 100 * ps[i], nr,
				 (unsigned long long)exact, (unsigned long long)got);
	}
	hist_free(&h);
	free(sorted);
}

static void test_percentiles(void **state)
{
	static uint64_t values[NR];

	(void)state;
	for (int i = 0; i < NR; i++)	/* every size from one bit to 63 */
		values[i] = random64() >> (1 + random64() % 63);
	check(values, NR);
	for (int i = 0; i < NR; i++)
		values[i] = 1000 + random64() % 1000000;
	check(values, NR);
	for (int i = 0; i < NR; i++)
		values[i] = i % 40;
	check(values, NR);
	check(values, 1);
	check(values, 2);
	check(values, 3);
}

static void test_extremes(void **state)
{
	struct hist h = { 0 };

	(void)state;
	assert_int_equal(hist_percentile(&h, 0.5), 0);
	assert_true(hist_mean(&h) == 0);
	hist_add(&h, 0);
	hist_add(&h, UINT64_MAX);
	assert_true(h.min == 0 && h.max == UINT64_MAX);
	assert_true(hist_percentile(&h, 0.5) == 0);
	assert_true(hist_percentile(&h, 0.99) == UINT64_MAX);
	hist_free(&h);
}

static void test_merge(void **state)
{
	struct hist a = { 0 }, b = { 0 }, both = { 0 }, none = { 0 };

	(void)state;
	for (int i = 0; i < 1000; i++) {
		uint64_t v = random64() >> (1 + random64() % 63);

		hist_add(i % 3 ? &a : &b, v);
		hist_add(&both, v);
	}
	hist_merge(&a, &b);
	hist_merge(&a, &none);
	assert_true(a.count == both.count && a.sum == both.sum && a.min == both.min && a.max == both.max);
	for (int p = 0; p <= 100; p++)
		assert_true(hist_percentile(&a, p / 100.0) == hist_percentile(&both, p / 100.0));
	hist_merge(&none, &b);
	assert_true(none.min == b.min && none.max == b.max && none.count == b.count);
	hist_free(&a);
	hist_free(&b);
	hist_free(&both);
	hist_free(&none);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_percentiles),
		cmocka_unit_test(test_extremes),
		cmocka_unit_test(test_merge),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
