// SPDX-License-Identifier: GPL-2.0
/* hvtrace: record what a hypervisor does for its guests, and report it. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include "../common/util.h"
#include "cmd.h"

static const struct command *const commands[] = { &cmd_record, &cmd_report, &cmd_stat, &cmd_script, &cmd_diff, &cmd_timeline, &cmd_export };

char *const *hvtrace_argv;

int print_help(const struct command *c)
{
	printf("usage: hvtrace %s %s", c->name, c->help);
	return 0;
}

int bad_option(const struct command *c, char *const argv[], int opt)
{
	/* Options without a letter have numbers beyond those of letters. */
	if (opt == ':' && optopt > 255)
		hv_error("%s: %s needs an argument (hvtrace %s --help)", c->name, argv[optind - 1], c->name);
	else if (opt == ':')
		hv_error("%s: -%c needs an argument (hvtrace %s --help)", c->name, optopt, c->name);
	else if (optopt && optopt < 256)
		hv_error("%s: unknown option -%c (hvtrace %s --help)", c->name, optopt, c->name);
	else
		hv_error("%s: unknown option %s (hvtrace %s --help)", c->name, argv[optind - 1], c->name);
	return 1;
}

static int usage(void)
{
	puts("usage: hvtrace COMMAND [OPTIONS]\n\n"
	     "Records and reports guest exits, hypercalls and partition switches of KVM on POWER.\n");
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		printf("  %-8s %s\n", commands[i]->name, commands[i]->summary);
	puts("\n  --help, --version\n\nhvtrace COMMAND --help tells more.");
	return 0;
}

int main(int argc, char *argv[])
{
	hvtrace_argv = argv;
	if (argc < 2) {
		hv_error("no command given (hvtrace --help)");
		return 1;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help"))
		return usage();
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V"))
		return hv_print_version();
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(argv[1], commands[i]->name))
			return commands[i]->run(argc - 1, argv + 1);
	hv_error("unknown %s %s (hvtrace --help)", argv[1][0] == '-' ? "option" : "command", argv[1]);
	return 1;
}
