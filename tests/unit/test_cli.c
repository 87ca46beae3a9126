// SPDX-License-Identifier: GPL-2.0
/* What hvtrace and hvtop say to wrong arguments: one line, a status that is not 0, and no files. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "check.h"
#include "tool.h"

static char *hvtrace, *hvtop;
static const char *tool;

/* In an empty folder. */
static int run(const char *args)
{
	return tool_run(tool, args);
}

static void check_folder_is_empty(void)
{
	struct dirent *e;
	DIR *d = opendir(tool_dir);

	while ((e = readdir(d)))
		if (e->d_name[0] != '.')
			fail_msg("it left %s behind", e->d_name);
	closedir(d);
}

static void refused(const char *args, const char *about)
{
	int status = run(args);

	if (!status)
		fail_msg("%s: exit status 0", args);
	if (strchr(tool_output, '\n') != tool_output + strlen(tool_output) - 1)
		fail_msg("%s: not one line: %s", args, tool_output);
	if (!strstr(tool_output, about))
		fail_msg("%s: does not say %s: %s", args, about, tool_output);
	check_folder_is_empty();
}

static void test_hvtop(void **state)
{
	(void)state;
	tool = hvtop;
	refused("-x", "-x");
	refused("--frobnicate", "--frobnicate");
	refused("file", "file");
	refused("-b -d", "-d");
	refused("-b -d 0", "-d 0");
	refused("-b -d nan", "-d nan");
	refused("-b -d 1s", "-d 1s");
	refused("-b -n 0", "-n 0");
	refused("-b -n many", "-n many");
	refused("-b -p 0", "-p 0");
	refused("-b -p 5000001", "no process 5000001");	/* above all that there can be */
	refused("-o nosuch", "-o nosuch");
	refused("-o VMM", "-o VMM");
	/* good: what is wrong with these comes later */
	refused("-o exits --replay /nonexistent -b", "/nonexistent");
	refused("-o GU --replay /nonexistent -b", "/nonexistent");
	refused("-o p50 --replay /nonexistent -b", "/nonexistent");
	refused("-o '' --replay /nonexistent -b", "no column");
	refused("--replay", "--replay needs");
	refused("--replay /nonexistent -b", "/nonexistent");
	refused("--openmetrics", "--openmetrics needs");
	refused("--json --openmetrics x", "exclude");
	assert_int_equal(run("--help"), 0);
	assert_non_null(strstr(tool_output, "exits/s"));
	assert_non_null(strstr(tool_output, "quit"));
	assert_int_equal(run("--version"), 0);
}

static void test_wrong_arguments(void **state)
{
	(void)state;
	tool = hvtrace;
	refused("", "no command");
	refused("frobnicate", "frobnicate");
	refused("--frobnicate", "--frobnicate");
	refused("record -x", "-x");
	refused("record --frobnicate", "--frobnicate");
	refused("record -o", "-o");
	refused("record -o - -- true", "-o -: ");
	refused("record -p 12x", "12x");
	refused("record -p 0", "0");
	refused("record -p -4", "-4");
	refused("record -a -p 1", "exclude");
	refused("record -d 0", "-d 0");
	refused("record -d", "-d");
	refused("record -m 3M", "-m 3M");
	refused("record -m 1", "-m 1");
	refused("record -m 4G", "-m 4G");
	refused("record --exits", "--exits needs");
	refused("record --exits SYSCAL", "SYSCAL");
	refused("record --exits 0x502,500", "500, 0x1f4, is no interrupt's vector");
	refused("record --hcalls H_NOBODY", "H_NOBODY");
	refused("record --vcpu -1", "--vcpu -1");
	refused("record --lpid x", "--lpid x");
	refused("stat -d x", "-d x");
	refused("stat -d 2e6", "at most 1000000");
	refused("record -d 2e6", "at most 1000000");
	refused("stat -I", "-I needs");
	refused("stat -I 0", "-I 0: not a number from 1 to");
	refused("stat -I -5", "-I -5: not a number from 1 to");
	refused("stat -I 1s", "-I 1s: not a number from 1 to");
	refused("stat -I 1000000001", "-I 1000000001: not a number from 1 to");
	refused("stat -I 100000000000000000000", "-I 100000000000000000000: not a number from 1 to");
	refused("stat -I 100 -i file", "-i file: takes no recording");
	refused("stat -a -p 1", "exclude");
	refused("stat -p 5000001", "no process 5000001");
	refused("stat --frobnicate", "--frobnicate");
	refused("report -x", "-x");
	refused("report --json --symbols", "--symbols needs");
	refused("report --symbols /nonexistent", "/nonexistent");
	refused("report --time 1", "--time 1");
	refused("report --time 1,x", "--time 1,x");
	refused("report --vcpu -1", "--vcpu -1");
	refused("report --frobnicate", "--frobnicate");
	refused("report -i", "-i");
	refused("report file", "file");
}

static void test_unreadable_files(void **state)
{
	char fifo[128];

	(void)state;
	refused("report", "hvtrace.data");
	refused("report -i /nonexistent/file", "No such file");
	refused("report -i /", "not a regular file");
	refused("report -i /dev/null", "not a regular file");
	refused("report -i /proc/self/exe", "not a perf.data file");
	snprintf(fifo, sizeof(fifo), "%s/.fifo", tool_dir);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	refused("report -i .fifo", "not a regular file");	/* at once: nobody writes to it */
	unlink(fifo);
}

/* Wherever this runs, at least one of these is not to be had: the events, the right, the command. */
static void test_record_leaves_nothing(void **state)
{
	(void)state;
	assert_int_not_equal(run("record -o x -e kvm_hv:no_such_event -- true"), 0);
	check_folder_is_empty();
	assert_int_not_equal(run("record -o /dev/null -e sched:sched_switch -- true"), 0);
	assert_int_equal(access("/dev/null", W_OK), 0);
	assert_int_not_equal(run("record -o x -e sched:sched_switch -- /nonexistent/command"), 0);
	check_folder_is_empty();
}

static void test_help(void **state)
{
	(void)state;
	assert_int_equal(run("--help"), 0);
	assert_non_null(strstr(tool_output, "record"));
	assert_non_null(strstr(tool_output, "report"));
	assert_int_equal(run("--version"), 0);
	assert_int_equal(run("record --help"), 0);
	assert_non_null(strstr(tool_output, "-p PID"));
	assert_int_equal(run("report --help"), 0);
	assert_non_null(strstr(tool_output, "-i FILE"));
	/* what could not be written was not said */
	assert_int_equal(run("--help >/dev/full"), 1);
	assert_int_equal(run("report --help >/dev/full"), 1);
	assert_int_equal(run("--version >/dev/full"), 1);
	tool = hvtop;
	assert_int_equal(run("--help >/dev/full"), 1);
	assert_int_equal(run("--version >/dev/full"), 1);
}

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wrong_arguments),
		cmocka_unit_test(test_unreadable_files),
		cmocka_unit_test(test_record_leaves_nothing),
		cmocka_unit_test(test_help),
		cmocka_unit_test(test_hvtop),
	};
	int ret;

	hvtrace = argc == 3 ? realpath(argv[1], NULL) : NULL;
	hvtop = argc == 3 ? realpath(argv[2], NULL) : NULL;
	if (!hvtrace || !hvtop || tool_begin()) {
		fprintf(stderr, "usage: test_cli HVTRACE HVTOP\n");
		return 1;
	}
	ret = cmocka_run_group_tests(tests, NULL, NULL);
	if (tool_end())
		ret = 1;
	free(hvtrace);
	free(hvtop);
	return ret;
}
