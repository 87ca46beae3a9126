// SPDX-License-Identifier: GPL-2.0
/* hvbench workloads: runs a command that boots a guest and tells what was measured, and keeps that. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../tools/common/util.h"
#include "../workloads/marks.h"
#include "child.h"
#include "cmd.h"
#include "host.h"
#include "result.h"
#include "rows.h"

static unsigned long long timebase(void)
{
	unsigned long long tb = 0;

#ifdef __powerpc64__
	asm volatile("mfspr %0, 268" : "=r" (tb));
#endif
	return tb;
}

static void add_sample(json_t *rows, const struct workload *w, unsigned long long count, unsigned long long ticks)
{
	json_t *r, *found = NULL;
	size_t i;

	json_array_foreach(rows, i, r)
		if (!strcmp(json_string_value(json_object_get(r, "row")), w->name))
			found = r;
	if (!found) {
		found = json_pack("{s:s, s:s, s:[], s:[]}", "row", w->name, "unit", w->unit, "counts", "ticks");
		json_array_append_new(rows, found);
	}
	json_array_append_new(json_object_get(found, "counts"), json_integer(count));
	json_array_append_new(json_object_get(found, "ticks"), json_integer(ticks));
}

static void add_switches(json_t *rows, unsigned long long n)
{
	json_array_append_new(rows, json_pack("{s:s, s:s, s:[i], s:[I]}", "row", BOOT_SWITCHES, "unit", "boot", "counts", 1,
					      "switches", (json_int_t)n));
}

/* hvwork's "booted" and "workload NAME COUNT TICKS", boot-switches' own line; false: somebody else's. */
static bool take_line(json_t *rows, char *line, unsigned long long start)
{
	unsigned long long count, ticks;
	const struct workload *w;
	char name[32];

	line[strcspn(line, "\r\n")] = '\0';
	if (!strcmp(line, "booted"))
		add_sample(rows, &workloads[0], 1, timebase() - start);
	else if (sscanf(line, "workload %31s %llu %llu", name, &count, &ticks) == 3 && count && (w = workload_find(name)))
		add_sample(rows, w, count, ticks);
	else if (sscanf(line, BOOT_SWITCHES " %*s %*s full-switches %llu", &count) == 1)
		add_switches(rows, count);
	else
		return false;
	return true;
}

/* expected: how many samples it is to tell of */
static int run_guest(char *const argv[], json_t *rows, long expected)
{
	unsigned long long start;
	struct child c;
	long samples = 0;
	char line[256];

	start = timebase();
	if (child_start(argv, child_fixed_layout, &c))
		return -1;
	while (fgets(line, sizeof(line), c.out))
		if (take_line(rows, line, start))
			samples++;
		else
			fprintf(stderr, "%s\n", line);
	if (child_end(&c) || samples != expected)
		return hv_error("workloads: the guest did not come to its end: %ld of %ld samples", samples, expected);
	return 0;
}

/*
 * The first boot, which finds nothing of the guest's disk in the host's memory, warms up. The last guest
 * runs the other workloads as well.
 */
static int run_guests(char *command[], int words, json_t *rows, long boots, long samples)
{
	char **argv = hv_alloc((words + 2) * sizeof(*argv)), number[24];
	json_t *unused = json_array();
	int ret;

	memcpy(argv, command, words * sizeof(*argv));
	argv[words] = "0";
	ret = run_guest(argv, unused, 1);
	for (long i = 1; !ret && i < boots; i++) {
		MARK(MARK_BEGIN);
		ret = run_guest(argv, rows, 1);
	}
	snprintf(number, sizeof(number), "%ld", samples);
	argv[words] = number;
	if (!ret) {
		MARK(MARK_BEGIN);
		ret = run_guest(argv, rows, 1 + (nr_workloads - 1) * samples);
	}
	json_decref(unused);
	free(argv);
	return ret;
}

static int run_workloads(int argc, char *argv[])
{
	static const struct option options[] = {
		{ "output", required_argument, NULL, 'o' }, { "machine", required_argument, NULL, 'm' },
		{ "backend", required_argument, NULL, 'b' }, { "switches", no_argument, NULL, 's' },
		{ "boots", required_argument, NULL, 'n' }, { "samples", required_argument, NULL, 'S' },
		{ "help", no_argument, NULL, 'h' }, { 0 }
	};
	const char *output = DEFAULT_FILE, *machine = NULL, *backend = NULL;
	long boots = 0, samples = 0;	/* not given */
	bool switches = false;
	json_t *result, *run;
	int c, ret;

	opterr = 0;
	while ((c = getopt_long(argc, argv, "+:o:h", options, NULL)) != -1) {
		switch (c) {
		case 'o': output = optarg; break;
		case 'm': machine = optarg; break;
		case 'b': backend = optarg; break;
		case 's': switches = true; break;
		case 'n': boots = parse_number(&cmd_workloads, "number of boots", optarg, 1, 1000); break;
		case 'S': samples = parse_number(&cmd_workloads, "number of samples", optarg, 1, 10000); break;
		case 'h': return print_help(&cmd_workloads);
		default: return bad_option(&cmd_workloads, argv, c);
		}
	}
	if (boots < 0 || samples < 0)
		return STATUS_ERROR;
	if (switches && (boots || samples))
		return hv_error("workloads: --%s is not for --switches, which counts one boot (hvbench workloads --help)",
				boots ? "boots" : "samples"), STATUS_ERROR;
	if (optind == argc)
		return hv_error("workloads: give the command that boots a guest (hvbench workloads --help)"), STATUS_ERROR;
	if (host_check_names(machine, backend) || result_writable(output))
		return STATUS_ERROR;
	run = host_run(switches ? "switches" : "workloads", machine, backend);
	if (!run)
		return STATUS_ERROR;
	result = result_new();
	json_array_append_new(json_object_get(result, "runs"), run);
	ret = switches ? run_guest(argv + optind, json_object_get(run, "rows"), 1) :
		run_guests(argv + optind, argc - optind, json_object_get(run, "rows"), boots ? boots : 3, samples ? samples : 5);
	ret = ret || result_save(result, output);
	json_decref(result);
	return ret ? STATUS_ERROR : STATUS_OK;
}

const struct command cmd_workloads = {
	.name = "workloads",
	.summary = "measures whole workloads in a Linux guest that a command boots",
	.help = "[OPTION]... -- COMMAND...\n\n"
		"Runs COMMAND, which boots a guest whose first command is hvwork, and writes what that says on COMMAND's\n"
		"standard output to a result file: once to warm up, then to measure. The number of samples that hvwork\n"
		"is to take, 0 for a boot alone, is put at COMMAND's end.\n\n"
		"  --boots N                      how many boots are measured (default 3); the last guest takes the samples\n"
		"  --samples N                    of each other workload (default 5)\n"
		"  --switches                     COMMAND is /usr/lib/kvm-hv/boot-switches: partition switches of a boot.\n"
		"                                 Not with the two above\n"
		"  -o, --output FILE              the result file (default " DEFAULT_FILE ")\n"
		"  --machine NAME, --backend NAME as of hvbench run\n",
	.run = run_workloads,
};
