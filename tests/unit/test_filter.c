// SPDX-License-Identifier: GPL-2.0
/* Record-time filters: the expressions that the kernel gets, by what fields each event has. */
#include <stdlib.h>
#include <string.h>
#include "check.h"
#include "../../tools/common/dev.h"
#include "../../tools/hvtrace/filter.h"

static char exit_format[] = "\tfield:int vcpu_id;\toffset:8;\n\tfield:int trap;\n\tfield:u32 lpid;\n";
static char hcall_format[] = "\tfield:int vcpu_id;\n\tfield:unsigned long req;\n";
static char switch_format[] = "\tfield:int vcpu_id;\n\tfield:u32 from_lpid;\n\tfield:u32 to_lpid;\n";
static char other_format[] = "\tfield:int my_lpid_id;\n\tfield:int trapped;\n";

static void check(const struct record_filter *f, char *format, const char *want)
{
	struct hv_tracepoint tp = { .format = format };
	char *got = filter_expression(f, &tp);

	if (want)
		assert_string_equal(got, want);
	else
		assert_null(got);
	free(got);
}

static void test_expressions(void **state)
{
	struct record_filter f = { .lpid = -1, .vcpu = -1, .pid = -1 };

	(void)state;
	check(&f, exit_format, NULL);
	f.vcpu = 2;
	check(&f, exit_format, "(vcpu_id == 2)");
	f.lpid = 7;
	check(&f, exit_format, "(vcpu_id == 2) && (lpid == 7)");
	check(&f, hcall_format, "(vcpu_id == 2)");
	check(&f, switch_format, "(vcpu_id == 2) && (from_lpid == 7 || to_lpid == 7)");
	check(&f, other_format, NULL);
	f.vcpu = -1;
	check(&f, switch_format, "(from_lpid == 7 || to_lpid == 7)");
	f.lpid = -1;
	assert_int_equal(parse_names("--exits", "SYSCALL,h_data_storage,0x500", hv_exit_names, hv_nr_exit_names,
				     HV_LAST_VECTOR, &f.exits), 0);
	assert_int_equal(parse_names("--hcalls", "H_ENTER", hv_hcall_names, hv_nr_hcall_names, INT64_MAX, &f.hcalls), 0);
	check(&f, exit_format, "(trap == 3072 || trap == 3584 || trap == 1280)");
	check(&f, hcall_format, "(req == 8)");
}

static void test_bad_names(void **state)
{
	struct numbers n = { 0 };
	char many[1024] = "1";

	(void)state;
	assert_int_equal(parse_names("--exits", "SYSCAL", hv_exit_names, hv_nr_exit_names, HV_LAST_VECTOR, &n), -1);
	assert_int_equal(parse_names("--exits", "", hv_exit_names, hv_nr_exit_names, HV_LAST_VECTOR, &n), -1);
	assert_int_equal(parse_names("--exits", "0x500,", hv_exit_names, hv_nr_exit_names, HV_LAST_VECTOR, &n), -1);
	assert_int_equal(parse_names("--exits", "-1", hv_exit_names, hv_nr_exit_names, HV_LAST_VECTOR, &n), -1);
	assert_int_equal(parse_names("--exits", "0x2000", hv_exit_names, hv_nr_exit_names, HV_LAST_VECTOR, &n), -1);
	n.count = 0;
	for (int i = 1; i < MAX_FILTER_NUMBERS; i++)
		strcat(many, ",1");
	assert_int_equal(parse_names("--exits", many, hv_exit_names, hv_nr_exit_names, HV_LAST_VECTOR, &n), 0);
	assert_int_equal(parse_names("--exits", "1", hv_exit_names, hv_nr_exit_names, HV_LAST_VECTOR, &n), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_expressions),
		cmocka_unit_test(test_bad_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
