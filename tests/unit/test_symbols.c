// SPDX-License-Identifier: GPL-2.0
/* The tables that tracepoints/symbols.sh makes for trace events hold the rows of the lists, each once. */
#include <string.h>
#include "check.h"
#include "hv_symbols.h"

struct symbol { long long nr; const char *name; };

static const struct symbol
	exits_made[] = { hv_exit_symbols },
	hcalls_made[] = { hv_hcall_symbols },
	hcall_rcs_made[] = { hv_hcall_rc_symbols };

static const struct symbol exits[] = {
#define HV_EXIT(vector, name, ...)	{ vector, #name },
#include "exits.h"
};
static const struct symbol hcalls[] = {
#define HV_HCALL(nr, name, ...)	{ nr, "H_" #name },
#include "hcalls.h"
};
static const struct symbol hcall_rcs[] = {
#define HV_HCALL_RC(nr, name, ...)	{ nr, "H_" #name },
#include "hcall_rcs.h"
};

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

static void check_same(const struct symbol *made, size_t nr_made, const struct symbol *list, size_t nr)
{
	assert_int_equal(nr_made, nr);
	for (size_t i = 0; i < nr; i++) {
		assert_int_equal(made[i].nr, list[i].nr);
		assert_string_equal(made[i].name, list[i].name);
	}
}

static void test_symbols(void **state)
{
	(void)state;
	check_same(exits_made, COUNT(exits_made), exits, COUNT(exits));
	check_same(hcalls_made, COUNT(hcalls_made), hcalls, COUNT(hcalls));
	check_same(hcall_rcs_made, COUNT(hcall_rcs_made), hcall_rcs, COUNT(hcall_rcs));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_symbols) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
