// SPDX-License-Identifier: GPL-2.0
/* hvbench compare: a regression that has to be found, and what is none. argv[1] is hvbench. */
#include <string.h>
#include "bench_rig.h"

static void regressions(void **state)
{
	(void)state;
	write_result("a.json", 300, "aaaa", "1.953125", "true");
	write_result("worse.json", 315, "aaaa", "1.953125", "true");
	write_result("better.json", 285, "aaaa", "1.953125", "true");
	assert_int_equal(run("compare a.json a.json"), 0);
	assert_non_null(strstr(output, "3 rows: 0 worse, 0 better"));
	assert_null(strstr(output, "DIFFERENT"));
	assert_int_equal(run("compare a.json worse.json"), 1);
	assert_non_null(strstr(output, "REGRESSION: H_ENTER, power9, hv, mitigations=off, exits: 585.9 -> 615.2 instructions (+5.00 %)"));
	assert_null(strstr(output, "REGRESSION: H_REMOVE-none"));
	assert_int_equal(run("compare a.json better.json"), 0);
	assert_non_null(strstr(output, "3 rows: 0 worse, 1 better"));
	assert_int_equal(run("compare --tolerance 6 a.json worse.json"), 0);
	assert_int_equal(run("compare --tolerance 1000 a.json worse.json"), 2);
	assert_string_equal(output, "hvbench: compare: bad tolerance '1000': give percent, from 0 to less than 1000\n");
}

static void not_run_any_more(void **state)
{
	(void)state;
	write_row("ran.json", "ipi-wake", SAMPLES(100, 100));
	write_row("lost.json", "ipi-wake", "\"skipped\": \"interrupts were lost\"");
	assert_int_equal(run("compare ran.json lost.json"), 1);
	assert_non_null(strstr(output, "REGRESSION: ipi-wake, power9, hv, mitigations=off, exits: not run in B: interrupts were lost"));
	assert_int_equal(run("show lost.json"), 0);
	assert_non_null(strstr(output, "not run:\n  ipi-wake, hv: interrupts were lost\n"));
	assert_int_equal(run("merge -o sometimes.json ran.json lost.json"), 0);
	assert_int_equal(run("show sometimes.json"), 0);
	assert_non_null(strstr(output, "not run:\n  ipi-wake, hv, in some runs: interrupts were lost\n"));
	assert_int_equal(run("compare lost.json ran.json"), 2);
	assert_non_null(strstr(output, "only in B"));
	assert_null(strstr(output, "REGRESSION"));
}

/* A row that only B has counts as well; and of what runs B has, not all may have it. */
static void only_in_b(void **state)
{
	(void)state;
	write_row("a.json", "ipi-wake", SAMPLES(100, 100));
	write_row("b.json", "prod-wake", SAMPLES(100, 100));
	assert_int_equal(run("merge -o b2.json a.json b.json"), 0);
	assert_int_equal(run("compare a.json b2.json"), 0);
	assert_non_null(strstr(output, "prod-wake          only in B\n"));
	assert_non_null(strstr(output, "2 rows: 0 worse, 0 better by more than 1 %, 1 in one file only"));
	write_row("lost.json", "ipi-wake", "\"skipped\": \"interrupts were lost\"");
	assert_int_equal(run("merge -o b2.json a.json lost.json"), 0);
	assert_int_equal(run("compare a.json b2.json"), 0);
	assert_non_null(strstr(output, "same (not in all runs of B)\n"));
}

static void nothing_and_nothing(void **state)
{
	(void)state;
	write_row("zero.json", "timer-read", SAMPLES(0, 0));
	assert_int_equal(run("compare zero.json zero.json"), 0);
	assert_non_null(strstr(output, "1 rows: 0 worse, 0 better"));
	assert_null(strstr(output, "to a sample"));
	write_row("some.json", "timer-read", SAMPLES(1, 1));
	assert_int_equal(run("compare zero.json some.json"), 1);
	assert_null(strstr(output, "nan"));
}

/* Some rows are not the same in short. */
static void shorter_samples(void **state)
{
	(void)state;
	write_row("long.json", "page-fault", "\"counts\": [64, 64], \"ticks\": [640, 640]");
	write_row("quick.json", "page-fault", "\"counts\": [16, 16], \"ticks\": [150, 150]");
	assert_int_equal(run("compare long.json quick.json"), 0);
	assert_non_null(strstr(output, "better (of 64 to a sample in A, 16 in B)"));
}

/* One boot each: that they differ may be chance. */
static void single_samples(void **state)
{
	(void)state;
	write_switches("a.json", "hv", 11598);
	write_switches("b.json", "hv", 12304);
	assert_int_equal(run("compare a.json b.json"), 0);
	assert_non_null(strstr(output, "unclear"));
}

/* A result of all machines, and a new one of a single machine */
static void part_of_it(void **state)
{
	(void)state;
	write_result("a.json", 300, "aaaa", "1.953125", "true");
	write_switches("b.json", "hv", 20000);
	assert_int_equal(run("merge --about payload_sha256=cccc -o b2.json b.json"), 0);
	assert_int_equal(run("merge -o both.json a.json b2.json"), 0);
	assert_int_equal(run("compare both.json a.json"), 0);
	assert_null(strstr(output, "DIFFERENT"));
	assert_non_null(strstr(output, "power9, hv, mitigations=auto, switches: not in B\n"));
	assert_non_null(strstr(output, "3 rows: 0 worse, 0 better by more than 1 %, 0 in one file only"));
	assert_int_equal(run("compare a.json both.json"), 0);
	assert_non_null(strstr(output, "power9, hv, mitigations=auto, switches: not in A\n"));
}

static void foreign_versions(void **state)
{
	(void)state;
	write_result("a.json", 300, "aaaa", "1.953125", "true");
	write_result("b.json", 300, "bbbb", "1.953125", "true");
	assert_int_equal(run("compare a.json b.json"), 0);
	assert_non_null(strstr(output, "DIFFERENT payload_sha256:\n  A aaaa\n  B bbbb\n"));
	assert_non_null(strstr(output, "may not do the same"));
	assert_null(strstr(output, "DIFFERENT kernel"));

	/* machines in another order are no difference; one name in another is one */
	write_result("a.json", 300, "aaaa,bb", "1.953125", "true");
	write_result("b.json", 300, "bb,aaaa", "1.953125", "true");
	assert_int_equal(run("compare a.json b.json"), 0);
	assert_null(strstr(output, "DIFFERENT"));
	write_result("b.json", 300, "aaaa,aa", "1.953125", "true");
	assert_int_equal(run("compare a.json b.json"), 0);
	assert_non_null(strstr(output, "DIFFERENT payload_sha256:\n  A aaaa, bb\n  B aa, aaaa\n"));
}

int main(int argc, char *argv[])
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(regressions), cmocka_unit_test(not_run_any_more), cmocka_unit_test(only_in_b),
		cmocka_unit_test(nothing_and_nothing), cmocka_unit_test(shorter_samples), cmocka_unit_test(single_samples),
		cmocka_unit_test(part_of_it), cmocka_unit_test(foreign_versions),
	};

	if (argc != 2 || bench_begin(argv[1]))
		return 1;
	return cmocka_run_group_tests(tests, NULL, bench_end);
}
