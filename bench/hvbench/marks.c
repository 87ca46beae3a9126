// SPDX-License-Identifier: GPL-2.0
/* hvbench marks: puts the instructions that the emulator's plug-in counted in a result file of workloads. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include "../../tools/common/util.h"
#include "cmd.h"
#include "result.h"

/* What lies between the next "begin COUNT" and its "end COUNT"; -1: no such pair */
static long long next_pair(FILE *marks)
{
	unsigned long long begin, end;

	if (fscanf(marks, " begin %llu end %llu", &begin, &end) != 2 || end < begin)
		return -1;
	return end - begin;
}

static int fill_row(json_t *row, FILE *marks, const char *path)
{
	json_t *exact = json_array();

	json_object_set_new(row, "instructions", exact);
	for (size_t i = 0; i < json_array_size(json_object_get(row, "counts")); i++) {
		long long n = next_pair(marks);

		if (n < 0)
			return hv_error("%s: fewer marks than samples", path);
		json_array_append_new(exact, json_integer(n));
	}
	return 0;
}

/* Samples were marked in the order in which they stand in the file. */
static int fill(json_t *result, FILE *marks, const char *path)
{
	json_t *run, *row;
	size_t i, k;

	json_array_foreach(json_object_get(result, "runs"), i, run)
		json_array_foreach(json_object_get(run, "rows"), k, row)
			if (fill_row(row, marks, path))
				return -1;
	return next_pair(marks) < 0 && feof(marks) ? 0 : hv_error("%s: more marks than samples", path);
}

static int run_marks(int argc, char *argv[])
{
	static const struct option options[] = {
		{ "output", required_argument, NULL, 'o' }, { "help", no_argument, NULL, 'h' }, { 0 }
	};
	const char *output = "-";
	json_t *result;
	FILE *marks;
	int c, ret;

	opterr = 0;
	while ((c = getopt_long(argc, argv, ":o:h", options, NULL)) != -1) {
		if (c == 'h')
			return print_help(&cmd_marks);
		if (c != 'o')
			return bad_option(&cmd_marks, argv, c);
		output = optarg;
	}
	if (argc - optind != 2)
		return hv_error("marks: give a result file and a file of marks (hvbench marks --help)"), STATUS_ERROR;
	marks = fopen(argv[optind + 1], "r");
	if (!marks)
		return hv_error("%s: %s", argv[optind + 1], strerror(errno)), STATUS_ERROR;
	result = result_load(argv[optind]);
	ret = !result || fill(result, marks, argv[optind + 1]) || result_save(result, output);
	fclose(marks);
	json_decref(result);
	return ret ? STATUS_ERROR : STATUS_OK;
}

const struct command cmd_marks = {
	.name = "marks",
	.summary = "adds an emulator's exact instruction counts to a result of workloads",
	.help = "[-o FILE] RESULT MARKS\n\n"
		"RESULT is what hvbench workloads wrote in a lab host, MARKS what QEMU's plug-in (bench/workloads/\n"
		"count.c) wrote meanwhile. ./hv bench --suite workloads does all that.\n\n"
		"  -o, --output FILE   (default: standard output)\n",
	.run = run_marks,
};
