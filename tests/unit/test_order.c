// SPDX-License-Identifier: GPL-2.0
#include "check.h"
#include "../../tools/common/order.h"

static uint64_t got[64];
static int nr_got, fail_at, last_cpu;
static uint64_t last_time;

static int keep(const struct hv_item *item, void *arg)
{
	(void)arg;
	if (nr_got < 64)
		got[nr_got] = item->r.time;
	if (item->r.time == last_time)
		assert_true(item->r.cpu > last_cpu);
	last_time = item->r.time;
	last_cpu = item->r.cpu;
	nr_got++;
	return nr_got == fail_at ? -1 : 0;
}

static int add(struct hv_order *o, uint64_t time)
{
	static int32_t came;

	return hv_order_add(o, &(struct hv_item){ .r.time = time, .r.cpu = came++ });
}

/* Two rings, read one after the other in two rounds, as perf.data has them. */
static void test_rounds(void **state)
{
	static const uint64_t want[] = { 10, 15, 20, 25, 30, 35, 40, 50 };
	struct hv_order *o = hv_order_new(keep, NULL);

	(void)state;
	nr_got = fail_at = 0;
	add(o, 10), add(o, 30), add(o, 40);	/* ring 0 */
	add(o, 15), add(o, 20);			/* ring 1 */
	assert_int_equal(hv_order_round(o), 0);
	assert_int_equal(nr_got, 0);	/* ring 1 may still hold something older than 40 */
	add(o, 50);
	add(o, 25), add(o, 35);
	assert_int_equal(hv_order_round(o), 0);
	assert_int_equal(nr_got, 7);
	assert_int_equal(hv_order_flush(o), 0);
	assert_int_equal(nr_got, 8);
	for (int i = 0; i < 8; i++)
		assert_int_equal(got[i], want[i]);
	hv_order_free(o);
}

static void test_equal_times(void **state)
{
	struct hv_order *o = hv_order_new(keep, NULL);

	(void)state;
	nr_got = fail_at = 0;
	for (int i = 0; i < 5000; i++)
		add(o, i % 2 ? 7 : 5);
	hv_order_flush(o);
	assert_int_equal(nr_got, 5000);
	hv_order_free(o);
}

static void test_bounded(void **state)
{
	struct hv_order *o = hv_order_new(keep, NULL);

	(void)state;
	nr_got = fail_at = 0;
	for (int i = 0; i < HV_ORDER_MAX + 10; i++)
		assert_int_equal(add(o, i), 0);
	assert_int_equal(nr_got, 10);
	for (int i = 0; i < 10; i++)
		assert_int_equal(got[i], i);
	hv_order_free(o);
}

static void test_error_is_passed_on(void **state)
{
	struct hv_order *o = hv_order_new(keep, NULL);

	(void)state;
	nr_got = 0;
	fail_at = 2;
	add(o, 1), add(o, 2), add(o, 3);
	assert_int_equal(hv_order_flush(o), -1);
	assert_int_equal(nr_got, 2);
	hv_order_free(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rounds),
		cmocka_unit_test(test_equal_times),
		cmocka_unit_test(test_bounded),
		cmocka_unit_test(test_error_is_passed_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
