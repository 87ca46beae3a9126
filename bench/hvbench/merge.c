// SPDX-License-Identifier: GPL-2.0
/* hvbench merge: one result file of several. hvbench rows: what is measured. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include "../../tools/common/util.h"
#include "cmd.h"
#include "result.h"
#include "rows.h"

enum { OPT_ABOUT = 256 };
#define MAX_ABOUT 16

static int merge(char *const files[], int nr, const char *output, const char *const *about, size_t nr_about)
{
	json_t *result = result_new();
	int ret = 0;

	for (int i = 0; i < nr && !ret; i++) {
		json_t *other = result_load(files[i]);

		ret = other ? result_merge(result, other, files[i]) : -1;
		json_decref(other);
	}
	for (size_t i = 0; i < nr_about && !ret; i++)
		ret = result_about(result, about[i]);
	if (!ret)
		ret = result_save(result, output);
	json_decref(result);
	return ret;
}

static int run_merge(int argc, char *argv[])
{
	static const struct option options[] = {
		{ "output", required_argument, NULL, 'o' }, { "about", required_argument, NULL, OPT_ABOUT },
		{ "help", no_argument, NULL, 'h' }, { 0 }
	};
	const char *about[MAX_ABOUT], *output = "-";
	size_t nr_about = 0;
	int c;

	opterr = 0;
	while ((c = getopt_long(argc, argv, ":o:h", options, NULL)) != -1) {
		switch (c) {
		case 'o': output = optarg; break;
		case 'h': return print_help(&cmd_merge);
		case OPT_ABOUT:
			if (nr_about == MAX_ABOUT)
				return hv_error("merge: more than %d --about", MAX_ABOUT), STATUS_ERROR;
			about[nr_about++] = optarg;
			break;
		default: return bad_option(&cmd_merge, argv, c);
		}
	}
	if (optind == argc)
		return hv_error("merge: give result files (hvbench merge --help)"), STATUS_ERROR;
	return merge(argv + optind, argc - optind, output, about, nr_about) ? STATUS_ERROR : STATUS_OK;
}

const struct command cmd_merge = {
	.name = "merge",
	.summary = "one result file of several",
	.help = "[-o FILE] [--about KEY=TEXT]... FILE...\n\n"
		"All runs of all files in one file: boots of a machine, machines, backends. None may be there twice.\n\n"
		"  -o, --output FILE   (default: standard output)\n"
		"  --about KEY=TEXT    one more thing that all these runs depend on; repeatable\n",
	.run = run_merge,
};

static int run_rows(int argc, char *argv[])
{
	const char *group = NULL;

	if (argc == 2 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")))
		return print_help(&cmd_rows);
	if (argc > 1)
		return hv_error("rows: what is '%s'? (hvbench rows --help)", argv[1]), STATUS_ERROR;
	for (size_t i = 0; i < nr_rows; i++) {
		const struct row *r = &bench_rows[i];

		if (!group || strcmp(group, group_name(r->group)))
			printf("%s%s:\n", group ? "\n" : "", group_name(r->group));
		group = group_name(r->group);
		printf("  %-18s %s%s%s%s\n", r->name, r->what, *r->dall ? " [Dall et al.: " : "", r->dall, *r->dall ? "]" : "");
	}
	puts("\nworkloads, in a Debian guest:");
	for (size_t i = 0; i < nr_workloads; i++)
		printf("  %-18s %s\n", workloads[i].name, workloads[i].what);
	puts("\npartition switches, of a Debian guest:");
	printf("  %-18s how often the host switches to the guest and back until its first command\n", BOOT_SWITCHES);
	return STATUS_OK;
}

const struct command cmd_rows = {
	.name = "rows",
	.summary = "what is measured, row by row",
	.help = "\n\nEach row's name and what one count of it is.\n",
	.run = run_rows,
};
