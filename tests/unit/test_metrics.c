// SPDX-License-Identifier: GPL-2.0
/* hvtop --openmetrics and --json: what they say, and who can read it. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "check.h"
#include "tool.h"

#define MINUTE	60000000000ull

static char *hvtop;

/* One process with two VMs that have the same vCPU and exits, and a minute later another, whose name needs an escape. */
static void make_recording(void)
{
	struct gen g;

	gen_start(&g, false, true);
	gen_time_conv(&g, 512000000);
	gen_comm(&g, 77, "two\\vms");
	gen_comm(&g, 88, "qemu \"x\"");
	gen_hcalls(&g, 0, 0x8, 3);
	g.lpid = 4;
	gen_hcalls(&g, 0, 0x8, 5);
	gen_wait(&g, MINUTE);
	g.pid = 88;
	gen_hcalls(&g, 1, 0xe0, 2);
	gen_switch(&g, 1, true, 512);
	tool_save(&g, "t.data");
}

static void says(const char *line)
{
	if (!strstr(tool_output, line))
		fail_msg("no %s in\n%s", line, tool_output);
}

/* Of samples with the same name and labels node exporter takes the first, and logs an error for each of the others. */
static void check_samples_differ(void)
{
	char *lines[100], *at, *line;
	int nr = 0;

	for (at = tool_output; (line = strsep(&at, "\n")); )
		if (*line && *line != '#' && nr < 100) {
			*strrchr(line, ' ') = '\0';	/* the value */
			lines[nr++] = line;
		}
	assert_true(nr > 8);
	for (int i = 0; i < nr; i++)
		for (int k = 0; k < i; k++)
			assert_string_not_equal(lines[i], lines[k]);
}

static void test_page(void **state)
{
	(void)state;
	assert_int_equal(tool_run(hvtop, "--replay t.data -d 60 -n 1 --openmetrics -"), 0);
	says("# TYPE kvm_hv_exits counter\n# HELP kvm_hv_exits ");
	says("\nkvm_hv_exits_total{vmm=\"two\\\\vms\",pid=\"77\",lpid=\"3\",vcpu=\"0\",reason=\"SYSCALL\"} 3\n");
	says("\nkvm_hv_exits_total{vmm=\"two\\\\vms\",pid=\"77\",lpid=\"4\",vcpu=\"0\",reason=\"SYSCALL\"} 5\n");
	says("\nkvm_hv_hypercalls_total{vmm=\"two\\\\vms\",pid=\"77\",lpid=\"3\",vcpu=\"0\",hcall=\"H_ENTER\"} 3\n");
	/* no partition switches in it; guest and hypervisor take turns */
	says("\nkvm_hv_partition_switches_total{vmm=\"two\\\\vms\",pid=\"77\",lpid=\"3\",vcpu=\"0\",to=\"guest\"} 0\n");
	says("\nkvm_hv_vcpu_seconds_total{vmm=\"two\\\\vms\",pid=\"77\",lpid=\"4\",vcpu=\"0\",state=\"guest\"} 0.000010000\n");
	says("state=\"hypervisor\"} 0.000050000\n");
	says("\nkvm_hv_lost_events_total 0\n# EOF\n");
	check_samples_differ();
	assert_int_equal(tool_run(hvtop, "--replay t.data -d 60 --openmetrics last.prom"), 0);
	assert_int_equal(tool_run("cat", "last.prom"), 0);
	says("{vmm=\"qemu \\\"x\\\"\",pid=\"88\",lpid=\"4\",vcpu=\"1\",hcall=\"H_CEDE\"} 2\n");
	says("vcpu=\"1\",to=\"guest\"} 1\n");
	says("vcpu=\"1\",to=\"guest\"} 0.000001000\n");
}

static struct stat stat_of(const char *name)
{
	char path[128];
	struct stat st = { 0 };

	snprintf(path, sizeof(path), "%s/%s", tool_dir, name);
	stat(path, &st);
	return st;
}

/* The folder may be the collector's, who is not root: it can read the page, and lead no root to other files. */
static void test_file(void **state)
{
	(void)state;
	umask(077);
	tool_write("victim", "precious\n", 9);
	assert_int_equal(tool_run("ln", "-s victim page.prom.part"), 0);
	assert_int_equal(tool_run(hvtop, "--replay t.data -d 60 --openmetrics page.prom"), 1);
	says("page.prom.part: cannot create: ");
	assert_int_equal(stat_of("victim").st_size, 9);
	assert_int_equal(stat_of("page.prom").st_size, 0);
	assert_int_equal(tool_run("rm", "page.prom.part"), 0);
	assert_int_equal(tool_run(hvtop, "--replay t.data -d 60 --openmetrics page.prom"), 0);
	assert_true(stat_of("page.prom").st_size > 1000);
	assert_int_equal(stat_of("page.prom").st_mode & 0777, 0644);
	assert_int_equal(stat_of("page.prom.part").st_mode, 0);	/* there is none */
}

/* A JSON text per interval, each on a line. */
static void test_json(void **state)
{
	static const int want_rows[] = { 4, 6 };
	char *at, *line;
	int nr = 0;

	(void)state;
	assert_int_equal(tool_run(hvtop, "--replay t.data -d 60 -n 2 --json"), 0);
	for (at = tool_output; (line = strsep(&at, "\n")) && *line; nr++) {
		json_t *j = json_loads(line, JSON_REJECT_DUPLICATES, NULL), *row;

		assert_non_null(j);
		assert_true(nr < 2);
		assert_int_equal(json_array_size(json_object_get(j, "rows")), want_rows[nr]);
		row = json_array_get(json_object_get(j, "rows"), 1);
		assert_string_equal(json_string_value(json_object_get(row, "kind")), "vcpu");
		assert_true(json_is_number(json_object_get(row, "exits_per_s")));
		assert_true(json_is_array(json_object_get(row, "hcalls")));
		json_decref(j);
	}
	assert_int_equal(nr, 2);
}

/* It sleeps for longer than an interval, and stays a while with its VMM: neither its VM nor that time is forgotten. */
static void test_long_exits(void **state)
{
	struct gen g;

	(void)state;
	gen_start(&g, false, true);
	gen_time_conv(&g, 512000000);
	gen_comm(&g, 77, "sleeper");
	gen_enter(&g, 0);
	gen_wait(&g, 2000);
	gen_exit(&g, 0, 0xc00);
	gen_hcall(&g, 0, 0xe0);
	gen_wait(&g, 5 * MINUTE);
	gen_enter(&g, 0);
	gen_wait(&g, 2000);
	gen_exit(&g, 0, 0xe00);
	gen_wait(&g, 5 * MINUTE);
	gen_enter(&g, 0);
	tool_save(&g, "long.data");
	assert_int_equal(tool_run(hvtop, "--replay long.data -d 60 -n 4 -b"), 0);
	says("hvtop 240.000 s, kvm-hv of this project, by long.data, 1 VM\n");
	assert_int_equal(tool_run(hvtop, "--replay long.data -d 60 -n 9 -b"), 0);
	says("hvtop 540.000 s, kvm-hv of this project, by long.data, 0 VMs\n");
	assert_int_equal(tool_run(hvtop, "--replay long.data -d 60 --openmetrics - | grep -v ' 0.000000000'"), 0);
	says("kvm_hv_vcpu_seconds_total{vmm=\"sleeper\",pid=\"77\",lpid=\"3\",vcpu=\"0\",state=\"idle\"} 300.000000000\n");
	says("kvm_hv_vcpu_seconds_total{vmm=\"sleeper\",pid=\"77\",lpid=\"3\",vcpu=\"0\",state=\"hypervisor\"} 300.000000000\n");
}

/* A damaged time is said, rather than years of empty tables made. */
static void test_long_silence(void **state)
{
	struct gen g;

	(void)state;
	gen_start(&g, false, true);
	gen_time_conv(&g, 512000000);
	gen_hcalls(&g, 0, 0x8, 3);
	gen_round(&g);
	gen_wait(&g, 1ull << 52);
	gen_hcalls(&g, 0, 0x8, 3);
	tool_save(&g, "silent.data");
	assert_int_equal(tool_run(hvtop, "--replay silent.data --json"), 1);
	says("{\"at_s\":2,");
	says("\nhvtop: silent.data: nothing in it for 4503598 s, then more: its times are damaged, or -d has to be longer\n");
}

/* What a backend does not tell is not nothing. */
static void test_not_told(void **state)
{
	struct gen g;

	(void)state;
	gen_start(&g, false, false);
	gen_hcalls(&g, 0, 0x8, 6000);
	tool_save(&g, "stock.data");
	assert_int_equal(tool_run(hvtop, "--replay stock.data -d 60 -b"), 0);
	says("the kernel's own kvm-hv, by stock.data, 1 VM\n");
	says("\n-                   77    0   83333   83333      -  17   0 ");
	assert_int_equal(tool_run(hvtop, "--replay stock.data -d 60 --json"), 0);
	says("\"exits_per_s\":83333.");
	assert_null(strstr(tool_output, "switches_per_s"));
	assert_null(strstr(tool_output, "lpid"));
}

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_page),
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_long_exits),
		cmocka_unit_test(test_long_silence),
		cmocka_unit_test(test_not_told),
	};
	int ret;

	hvtop = argc == 2 ? realpath(argv[1], NULL) : NULL;
	if (!hvtop || tool_begin()) {
		fprintf(stderr, "usage: test_metrics HVTOP\n");
		return 1;
	}
	make_recording();
	ret = cmocka_run_group_tests(tests, NULL, NULL);
	free(hvtop);
	return tool_end() || ret;
}
