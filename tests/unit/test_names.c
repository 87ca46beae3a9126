// SPDX-License-Identifier: GPL-2.0
#include <string.h>
#include "check.h"
#include "../../tools/common/names.h"

static void check_unique(const struct hv_name *names, size_t nr)
{
	assert_true(nr > 0);
	for (size_t i = 0; i < nr; i++)
		for (size_t j = 0; j < i; j++)
			if (names[i].nr == names[j].nr || !strcmp(names[i].name, names[j].name))
				fail_msg("%s and %s: the same number or name", names[i].name, names[j].name);
}

static void check_order(const struct hv_name *names, size_t nr, int direction)
{
	for (size_t i = 1; i < nr; i++)
		if (direction * (names[i].nr - names[i - 1].nr) <= 0)
			fail_msg("%s is out of order", names[i].name);
}

static void test_unique(void **state)
{
	(void)state;
	check_unique(hv_exit_names, hv_nr_exit_names);
	check_unique(hv_hcall_names, hv_nr_hcall_names);
	check_unique(hv_hcall_rc_names, hv_nr_hcall_rc_names);
}

static void test_sorted(void **state)
{
	(void)state;
	check_order(hv_exit_names, hv_nr_exit_names, 1);
	check_order(hv_hcall_names, hv_nr_hcall_names, 1);
	check_order(hv_hcall_rc_names, hv_nr_hcall_rc_names, -1);
}

static void test_lookup(void **state)
{
	char buf[HV_NAME_MAX];

	(void)state;
	/* Numbers from Power ISA v3.1B Book III chapter 7 and LoPAR, not from the lists. */
	assert_string_equal(hv_exit_name(0xc00, buf), "SYSCALL");
	assert_string_equal(hv_exit_name(0x980, buf), "HV_DECREMENTER");
	assert_string_equal(hv_hcall_name(0x8, buf), "H_ENTER");
	assert_string_equal(hv_hcall_name(0xe0, buf), "H_CEDE");
	assert_string_equal(hv_hcall_rc_name(0, buf), "H_SUCCESS");
	assert_string_equal(hv_hcall_rc_name(-4, buf), "H_PARAMETER");
	assert_string_equal(hv_exit_name(0x123, buf), "trap 0x123");
	assert_string_equal(hv_hcall_name(-1, buf), "hcall 0xffffffffffffffff");
	assert_string_equal(hv_hcall_rc_name(-12345, buf), "-12345");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unique),
		cmocka_unit_test(test_sorted),
		cmocka_unit_test(test_lookup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
