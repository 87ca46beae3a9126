// SPDX-License-Identifier: GPL-2.0
/* hvbench: what a guest's exits cost under a KVM backend on POWER; shows and compares results. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../tools/common/util.h"
#include "cmd.h"

static const struct command *const commands[] = { &cmd_run, &cmd_show, &cmd_compare, &cmd_merge, &cmd_rows,
	&cmd_workloads, &cmd_marks };

int print_help(const struct command *c)
{
	printf("usage: hvbench %s %s", c->name, c->help);
	return STATUS_OK;
}

int bad_option(const struct command *c, char *const argv[], int opt)
{
	if (opt == ':')
		hv_error("%s: %s needs an argument (hvbench %s --help)", c->name, argv[optind - 1], c->name);
	else
		hv_error("%s: unknown option %s (hvbench %s --help)", c->name, argv[optind - 1], c->name);
	return STATUS_ERROR;
}

long parse_number(const struct command *c, const char *what, const char *text, long min, long max)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (end == text || *end || n < min || n > max)
		return hv_error("%s: bad %s '%s': give a number from %ld to %ld", c->name, what, text, min, max);
	return n;
}

static int usage(void)
{
	puts("usage: hvbench COMMAND [OPTIONS]\n\n"
	     "Measures what exits of a guest cost under a KVM backend on POWER, shows and compares results.\n");
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		printf("  %-9s %s\n", commands[i]->name, commands[i]->summary);
	puts("\n  --help, --version\n\nhvbench COMMAND --help tells more.");
	return STATUS_OK;
}

int main(int argc, char *argv[])
{
	if (argc < 2) {
		hv_error("no command given (hvbench --help)");
		return STATUS_ERROR;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help"))
		return usage();
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V"))
		return hv_print_version();
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(argv[1], commands[i]->name))
			return commands[i]->run(argc - 1, argv + 1);
	hv_error("unknown %s %s (hvbench --help)", argv[1][0] == '-' ? "option" : "command", argv[1]);
	return STATUS_ERROR;
}
