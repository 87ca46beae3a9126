/* SPDX-License-Identifier: GPL-2.0 */
/* Programs that are a number of commands, as git and perf are. */
#ifndef HV_COMMAND_H
#define HV_COMMAND_H

#include <stddef.h>

struct command {
	const char *name, *summary, *help;
	int (*run)(int argc, char *argv[]);	/* returns the exit status */
};

struct hv_program {
	const char *name, *purpose;	/* purpose: a sentence for --help */
	const struct command *const *commands;
	size_t nr_commands;
	int trouble;			/* the exit status where a command line makes no sense */
};

/* What main() returns. */
int hv_program_run(const struct hv_program *p, int argc, char *argv[]);
/* For getopt()'s '?' and ':': one line, and where help is. Returns the exit status. */
int bad_option(const struct command *c, char *const argv[], int opt);
int print_help(const struct command *c);

#endif
