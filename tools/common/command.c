// SPDX-License-Identifier: GPL-2.0
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include "command.h"
#include "util.h"

static const struct hv_program *program;

int print_help(const struct command *c)
{
	printf("usage: %s %s %s", program->name, c->name, c->help);
	return 0;
}

int bad_option(const struct command *c, char *const argv[], int opt)
{
	const char *p = program->name;

	/* Options without a letter have numbers beyond those of letters. */
	if (opt == ':' && optopt > 255)
		hv_error("%s: %s needs an argument (%s %s --help)", c->name, argv[optind - 1], p, c->name);
	else if (opt == ':')
		hv_error("%s: -%c needs an argument (%s %s --help)", c->name, optopt, p, c->name);
	else if (optopt && optopt < 256)
		hv_error("%s: unknown option -%c (%s %s --help)", c->name, optopt, p, c->name);
	else
		hv_error("%s: unknown option %s (%s %s --help)", c->name, argv[optind - 1], p, c->name);
	return program->trouble;
}

static int usage(const struct hv_program *p)
{
	printf("usage: %s COMMAND [OPTIONS]\n\n%s\n\n", p->name, p->purpose);
	for (size_t i = 0; i < p->nr_commands; i++)
		printf("  %-9s %s\n", p->commands[i]->name, p->commands[i]->summary);
	printf("\n  --help, --version\n\n%s COMMAND --help tells more.\n", p->name);
	return 0;
}

int hv_program_run(const struct hv_program *p, int argc, char *argv[])
{
	program = p;
	if (argc < 2) {
		hv_error("no command given (%s --help)", p->name);
		return p->trouble;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help"))
		return usage(p);
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V"))
		return hv_print_version();
	for (size_t i = 0; i < p->nr_commands; i++)
		if (!strcmp(argv[1], p->commands[i]->name))
			return p->commands[i]->run(argc - 1, argv + 1);
	hv_error("unknown %s %s (%s --help)", argv[1][0] == '-' ? "option" : "command", argv[1], p->name);
	return p->trouble;
}
