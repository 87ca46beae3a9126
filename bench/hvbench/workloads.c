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

/* What is to be done */
struct guests {
	char **command;		/* the number of samples is put at its end */
	int words;
	const char *machine, *backend;
	long runs, samples;	/* 0: not given */
	bool switches;
};

/* One start of the guest: a run in the result, 0 to warm up. samples < 0: the command takes no number. */
static int measure_guest(const struct guests *g, json_t *result, long nr, long samples)
{
	char **argv = hv_alloc((g->words + 2) * sizeof(*argv)), number[24];
	json_t *run = host_run(g->switches ? "switches" : "workloads", g->machine, g->backend);
	int ret = -1;

	snprintf(number, sizeof(number), "%ld", samples);
	memcpy(argv, g->command, g->words * sizeof(*argv));
	argv[g->words] = samples < 0 ? NULL : number;
	if (run) {
		json_object_set_new(run, "run", json_integer(nr));
		json_array_append(json_object_get(result, "runs"), run);
		if (nr)
			MARK(MARK_BEGIN);
		ret = run_guest(argv, json_object_get(run, "rows"), samples < 0 ? 1 : 1 + (nr_workloads - 1) * samples);
	}
	json_decref(run);
	free(argv);
	return ret;
}

/* The first boot, which finds nothing of the guest's disk in the host's memory, warms up. */
static int measure_guests(const struct guests *g, json_t *result)
{
	json_t *unused = json_pack("{s:[]}", "runs");
	int ret = measure_guest(g, unused, 0, 0);

	json_decref(unused);
	for (long nr = 1; !ret && nr <= g->runs; nr++)
		ret = measure_guest(g, result, nr, g->samples);
	return ret;
}

static int measure(struct guests *g, const char *output)
{
	json_t *result = result_new();
	int ret;

	if (g->switches) {
		ret = measure_guest(g, result, 1, -1);
	} else {
		g->runs = g->runs ? g->runs : 3;
		g->samples = g->samples ? g->samples : 3;
		ret = measure_guests(g, result);
	}
	ret = ret || result_save(result, output);
	json_decref(result);
	return ret ? STATUS_ERROR : STATUS_OK;
}

static int run_workloads(int argc, char *argv[])
{
	static const struct option options[] = {
		{ "output", required_argument, NULL, 'o' }, { "machine", required_argument, NULL, 'm' },
		{ "backend", required_argument, NULL, 'b' }, { "switches", no_argument, NULL, 's' },
		{ "runs", required_argument, NULL, 'n' }, { "samples", required_argument, NULL, 'S' },
		{ "help", no_argument, NULL, 'h' }, { 0 }
	};
	const char *output = DEFAULT_FILE;
	struct guests g = { 0 };
	int c;

	opterr = 0;
	while ((c = getopt_long(argc, argv, "+:o:h", options, NULL)) != -1) {
		switch (c) {
		case 'o': output = optarg; break;
		case 'm': g.machine = optarg; break;
		case 'b': g.backend = optarg; break;
		case 's': g.switches = true; break;
		case 'n': g.runs = parse_number(&cmd_workloads, "number of runs", optarg, 1, 1000); break;
		case 'S': g.samples = parse_number(&cmd_workloads, "number of samples", optarg, 1, 10000); break;
		case 'h': return print_help(&cmd_workloads);
		default: return bad_option(&cmd_workloads, argv, c);
		}
	}
	g.command = argv + optind;
	g.words = argc - optind;
	if (g.runs < 0 || g.samples < 0)
		return STATUS_ERROR;
	if (g.switches && (g.runs || g.samples))
		return hv_error("workloads: --%s is not for --switches, which counts one boot (hvbench workloads --help)",
				g.runs ? "runs" : "samples"), STATUS_ERROR;
	if (!g.words)
		return hv_error("workloads: give the command that boots a guest (hvbench workloads --help)"), STATUS_ERROR;
	if (host_check_names(g.machine, g.backend) || result_writable(output))
		return STATUS_ERROR;
	return measure(&g, output);
}

const struct command cmd_workloads = {
	.name = "workloads",
	.summary = "measures whole workloads in a Linux guest that a command boots",
	.help = "[OPTION]... -- COMMAND...\n\n"
		"Runs COMMAND, which boots a guest whose first command is hvwork, and writes what that says on COMMAND's\n"
		"standard output to a result file: a boot to warm up, then runs, which are measured. The number of samples\n"
		"that hvwork is to take, 0 for a boot alone, is put at COMMAND's end.\n\n"
		"  --runs N                       how often the guest is started and measured (default 3)\n"
		"  --samples N                    of each workload but the boot, in each run (default 3)\n"
		"  --switches                     COMMAND is /usr/lib/kvm-hv/boot-switches: partition switches of a boot.\n"
		"                                 Not with the two above\n"
		"  -o, --output FILE              the result file (default " DEFAULT_FILE ")\n"
		"  --machine NAME, --backend NAME as of hvbench run\n",
	.run = run_workloads,
};
