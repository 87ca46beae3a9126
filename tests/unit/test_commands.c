// SPDX-License-Identifier: GPL-2.0
/* hvtrace's commands on recordings made here: what they print, as people and programs read it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "check.h"
#include "perfgen.h"

static char *hvtrace;
static char dir[] = "/tmp/hvtrace-commands.XXXXXX";
static char output[1 << 20];

/* Runs hvtrace in the folder with the recordings; stdout and stderr go to output. Returns the exit status. */
static int run(const char *args)
{
	char command[1024];
	size_t n;
	FILE *p;
	int status;

	snprintf(command, sizeof(command), "cd %s && %s %s 2>&1", dir, hvtrace, args);
	p = popen(command, "r");
	assert_non_null(p);
	n = fread(output, 1, sizeof(output) - 1, p);
	output[n] = '\0';
	status = pclose(p);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void shows(const char *args, const char *text)
{
	if (run(args))
		fail_msg("hvtrace %s: %s", args, output);
	if (!strstr(output, text))
		fail_msg("hvtrace %s: no \"%s\" in: %s", args, text, output);
}

static void hides(const char *args, const char *text)
{
	if (run(args))
		fail_msg("hvtrace %s: %s", args, output);
	if (strstr(output, text))
		fail_msg("hvtrace %s: \"%s\" in: %s", args, text, output);
}

static void write_text(const char *name, const void *data, size_t len)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, len, f), len);
	fclose(f);
}

static void save(struct gen *g, const char *name)
{
	gen_finish(g);
	write_text(name, g->data, g->len);
	gen_free(g);
}

/* n times: 2 us in the guest, an hcall exit of 10 us, of which the hcall takes 5. */
static void hcalls(struct gen *g, int vcpu, uint64_t req, int n)
{
	for (int i = 0; i < n; i++) {
		gen_enter(g, vcpu);
		gen_wait(g, 2000);
		gen_exit(g, vcpu, 0xc00);
		gen_wait(g, 5000);
		gen_hcall(g, vcpu, req);
		gen_wait(g, 1000);
		gen_hcall_done(g, vcpu, req, 0);
		gen_wait(g, 4000);
	}
	gen_enter(g, vcpu);
	gen_wait(g, 1000);
}

/* Two VMs; the first has two vCPUs. 5 + 3 hcalls, then 4 in the other. */
static void make_two(const char *name, bool big, bool tb)
{
	struct gen g;

	gen_start(&g, big, tb);
	gen_time_conv(&g, 512000000);
	gen_comm(&g, 77, "hvrun");
	gen_comm(&g, 88, "qemu, \"x\"");
	hcalls(&g, 0, 0x8, 5);
	hcalls(&g, 1, 0xe0, 3);
	g.pid = 88;
	g.lpid = 4;
	hcalls(&g, 0, 0xf7fc, 4);
	gen_round(&g);
	save(&g, name);
}

static void test_report_text(void **state)
{
	(void)state;
	make_two("two", false, true);
	shows("report -i two", "two: 51 events in 0.000 s\nlost: 0 events\nrecorded on: powerhost\n");
	shows("report -i two", "\n== all VMs ==\n");
	shows("report -i two", "\nhvrun           77    3          8 ");
	shows("report -i two", "== VM of process 77 (hvrun), LPID 3 ==\n\n-- 2 vCPUs: 10 guest entries, ");
	shows("report -i two", "\n-- vCPU 1: 4 guest entries, ");
	shows("report -i two", "\nH_ENTER                         5   50.00      5.00     5.00      5.00 ");
	shows("report -i two", "\nhcall 0xf7fc                    4 ");
	/* H_CEDE's time is the vCPU's sleep */
	shows("report -i two", ", 0.015 ms idle\n");
	shows("report -i two", "\nwhere in the guest, by time:\n");
	shows("report -i two", "\n0x1000                          8  100.00 ");
}

static void test_report_select(void **state)
{
	(void)state;
	make_two("two", false, true);
	hides("report -i two --pid 88", "VM of process 77");
	shows("report -i two --pid 88", ": 17 events in");
	shows("report -i two --lpid 4", ": 17 events in");
	shows("report -i two --vcpu 1", ": 13 events in");
	shows("report -i two --time 0,0", ": 1 events in");
	shows("report -i two --time ,0.000012", ": 5 events in");
	assert_int_equal(run("report -i two --time 2,1"), 1);
	assert_int_equal(run("report -i two --vcpu x"), 1);
}

static void test_report_data(void **state)
{
	(void)state;
	make_two("two", false, true);
	shows("report -i two --json", "\"vmm\":\"qemu, \\\"x\\\"\"");
	shows("report -i two --json", "{\"number\":8,\"name\":\"H_ENTER\",\"count\":5,\"share\":0.5,\"min_ns\":5000,");
	shows("report -i two --csv", "\n88,4,\"qemu, \"\"x\"\"\",0,exits,0xc00,SYSCALL,4,1,10000,");
	shows("report -i two --csv", "\n77,3,hvrun,,pcs,0x1000,0x1000,8,1,10000,");
	assert_int_equal(run("report -i two --json | python3 -c 'import json,sys; json.load(sys.stdin)'"), 0);
	make_two("big", true, false);
	shows("report -i big --json", "{\"number\":8,\"name\":\"H_ENTER\",\"count\":5,\"share\":0.5,\"min_ns\":5000,");
	hides("report -i big --json", "lpid");
}

static void test_report_symbols(void **state)
{
	static const char map[] = "c000000000000f00 T before\nc000000000001000 T first\n"
				  "c000000000001004 t second\nc000000000009000 T last\n";
	char args[512];

	(void)state;
	make_two("two", false, true);
	write_text("System.map", map, strlen(map));
	shows("report -i two --symbols System.map", "\nfirst                           8 ");
	assert_int_equal(run("report -i two --symbols two"), 1);
	assert_non_null(strstr(output, "neither a System.map nor an ELF file"));
	/* An ELF file with a symbol table, none of whose functions is there: hvtrace itself. */
	snprintf(args, sizeof(args), "report -i two --symbols %s", hvtrace);
	shows(args, "\n[unknown]                       8 ");
}

static void test_report_losses(void **state)
{
	struct gen g;

	(void)state;
	gen_start(&g, false, true);
	hcalls(&g, 0, 8, 2);
	g.cpu = 3;
	gen_lost(&g, 42);
	hcalls(&g, 0, 8, 2);
	save(&g, "lost");
	shows("report -i lost", "\nLOST: 42 events. Counts are too low, and durations around the gaps are left out.\n"
				"  CPU 3: 42\n");
	shows("report -i lost --json", "\"lost\":42,\n \"lost_by_cpu\":{\n  \"3\":42}");
	shows("report -i lost --csv", "hvtrace: LOST: 42 events.");
}

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_report_text),
		cmocka_unit_test(test_report_select),
		cmocka_unit_test(test_report_data),
		cmocka_unit_test(test_report_symbols),
		cmocka_unit_test(test_report_losses),
	};
	char command[128];
	int ret;

	/* libtraceevent (1.7) leaks when it parses a format. */
	setenv("LSAN_OPTIONS", "detect_leaks=0", 1);
	hvtrace = argc == 2 ? realpath(argv[1], NULL) : NULL;
	if (!hvtrace || !mkdtemp(dir)) {
		fprintf(stderr, "usage: test_commands HVTRACE\n");
		return 1;
	}
	ret = cmocka_run_group_tests(tests, NULL, NULL);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	if (system(command))
		ret = 1;
	free(hvtrace);
	return ret;
}
