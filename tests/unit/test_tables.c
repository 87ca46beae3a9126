// SPDX-License-Identifier: GPL-2.0
/* kvm-hv/tables.c: every exit and hypercall has a row of its own, its arguments, and a bit in the filter. */
#include "check.h"
#include "../../kvm-hv/hv.h"

static const struct { u32 kind; u64 number; const char *arguments; } all[] = {
#define HV_EXIT(vector, ...) { .kind = HV_ROW_EXIT, .number = vector },
#include "exits.h"
#define ARGUMENTS(name, family, ...) __VA_ARGS__
#define HV_HCALL(nr, ...) { .kind = HV_ROW_HCALL, .number = nr, ARGUMENTS(__VA_ARGS__) },
#include "hcalls.h"
};

static u32 row_of(size_t i)
{
	return all[i].kind == HV_ROW_EXIT ? hv_row_of(hv_tables, all[i].number, MSR_PR, 0) :
		hv_row_of(hv_tables, 0xc00, 0, all[i].number);
}

static void each_has_its_row(void **state)
{
	struct hv_stats_row r;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		hv_row_name(row_of(i), &r);
		assert_int_equal(r.kind, all[i].kind);
		/* an external interrupt's two vectors share theirs */
		if (all[i].number != 0x502)
			assert_int_equal(r.number, all[i].number);
	}
}

static void the_rest_has_one(void **state)
{
	static const u64 unknown[] = { 5, 6, 0x7fc, 0x800, 0xeeff, 0xf004, 0xf900, ~0ull };
	struct hv_stats_row r;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(unknown); i++) {
		hv_row_name(hv_row_of(hv_tables, 0xc00, 0, unknown[i]), &r);
		assert_int_equal(r.kind, HV_ROW_HCALL);
		assert_int_equal(r.number, ~0ull);
	}
	hv_row_name(hv_row_of(hv_tables, 0x1fe0, 0, 0), &r);
	assert_int_equal(r.kind, HV_ROW_EXIT);
	assert_int_equal(r.number, ~0ull);
}

/* It is refused, whatever r3 holds. */
static void problem_state_makes_no_hypercall(void **state)
{
	struct hv_stats_row r;

	(void)state;
	hv_row_name(hv_row_of(hv_tables, 0xc00, MSR_PR, 4), &r);
	assert_int_equal(r.kind, HV_ROW_EXIT);
	assert_int_equal(r.number, 0xc00);
}

/* A guest chooses the number: where the processor only believes that it is in range, the index must be, too. */
static void speculation_stays_in_the_tables(void **state)
{
	static const struct { u64 number, size; } c[] = { { 0x04, HV_ROW_OTHER_EXIT }, { 0xf400, HV_PRIVATE_SLOTS } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(c); i++) {
		unsigned int before = shim_nospec.n;

		hv_row_of(hv_tables, 0xc00, 0, c[i].number);
		assert_int_equal(shim_nospec.n, before + 1);
		assert_int_equal(shim_nospec.size, c[i].size);
	}
}

static void arguments_are_counted(void **state)
{
	(void)state;
	assert_int_equal(hv_args(hv_tables, 0x04), 3);		/* H_REMOVE */
	assert_int_equal(hv_args(hv_tables, 0x08), 4);		/* H_ENTER */
	assert_int_equal(hv_args(hv_tables, 0x124), 8);		/* H_BULK_REMOVE */
	assert_int_equal(hv_args(hv_tables, 0xe0), 0);		/* H_CEDE */
	assert_int_equal(hv_args(hv_tables, 0x30), 4);		/* the list does not tell */
	assert_int_equal(hv_args(hv_tables, 5), 4);
	assert_int_equal(hv_args(hv_tables, ~0ull), 4);
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		if (all[i].kind == HV_ROW_HCALL)
			assert_in_range(hv_args(hv_tables, all[i].number), 0, HV_REC_ARGS);
}

static void filter_lets_through_what_it_names(void **state)
{
	struct hv_filter f = { .version = HV_DEV_VERSION };

	(void)state;
	assert_true(hv_wanted(hv_tables, 0xe00, 0));
	assert_int_equal(hv_tables->again_head[0x04 / 4], hv_again_head(0x04, 3));
	f.exits[0xc00 / 0x20 / 64] |= 1ull << 0xc00 / 0x20 % 64;
	f.hcalls[0x08 / 4 / 64] |= 1ull << 0x08 / 4 % 64;
	f.own_hcalls[0x7fc / 4 / 64] |= 1ull << 0x7fc / 4 % 64;
	hv_set_filter(&f);
	assert_false(hv_wanted(hv_tables, 0xe00, 0));
	assert_true(hv_wanted(hv_tables, 0xc00, 0x08));
	assert_false(hv_wanted(hv_tables, 0xc00, 0x04));
	assert_int_equal(hv_tables->again_head[0x04 / 4], 0);
	assert_int_equal(HV_REC_WORDS(hv_tables->again_head[0x08 / 4]), 6);
	assert_int_equal(HV_REC_AGAIN_REQ(hv_tables->again_head[0x08 / 4]), 0x08);
	assert_true(hv_wanted(hv_tables, 0xc00, 0xf7fc));
	assert_false(hv_wanted(hv_tables, 0xc00, 0x7fc));
	assert_false(hv_wanted(hv_tables, 0xc00, 0xf008));
	assert_false(hv_wanted(hv_tables, 0xc00, 0x10000));
	f.other_hcalls = 1;
	hv_set_filter(&f);
	assert_true(hv_wanted(hv_tables, 0xc00, 0x10000));
	assert_true(hv_tables->filtered);
	memset(&f, 0xff, sizeof(f));
	hv_set_filter(&f);
	assert_false(hv_tables->filtered);	/* who asks for everything pays nothing for asking */
	f.own_hcalls[7] ^= 1ull << 63;
	hv_set_filter(&f);
	assert_true(hv_tables->filtered);
	hv_set_filter(NULL);
	assert_true(hv_wanted(hv_tables, 0xe00, 0));
	assert_int_equal(hv_tables->again_head[0x04 / 4], hv_again_head(0x04, 3));
}

static void histogram_is_of_powers_of_two(void **state)
{
	static const struct { u64 ticks; u32 bucket; } c[] = {
		{ 0, 0 }, { 1, 0 }, { 2, 1 }, { 3, 1 }, { 4, 2 }, { 1023, 9 }, { 1024, 10 },
		{ 1ull << 27, 27 }, { HV_STAT_MOST - 1, 27 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(c); i++) {
		struct hv_stat_row row = { 0 };

		hv_stat_add(&row, &row.left_ticks, c[i].ticks);
		assert_int_equal(row.left_ticks, c[i].ticks);
		/* by leading zeros, those of 0 ticks last */
		if (c[i].ticks)
			assert_int_equal(row.zeros[HV_STATS_BUCKETS - 1 - c[i].bucket], 1);
		else
			assert_int_equal(row.zeros[HV_STATS_BUCKETS], 1);
	}
	assert_int_equal(sizeof(struct hv_stat_row), 256);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_has_its_row),
		cmocka_unit_test(the_rest_has_one),
		cmocka_unit_test(problem_state_makes_no_hypercall),
		cmocka_unit_test(speculation_stays_in_the_tables),
		cmocka_unit_test(arguments_are_counted),
		cmocka_unit_test(filter_lets_through_what_it_names),
		cmocka_unit_test(histogram_is_of_powers_of_two),
	};

	assert_int_equal(hv_tables_init(), 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
