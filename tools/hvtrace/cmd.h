/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HVTRACE_CMD_H
#define HVTRACE_CMD_H

#define DEFAULT_FILE "hvtrace.data"

/* What the whole command line was, for the recording's own description. */
extern char *const *hvtrace_argv;

struct command {
	const char *name, *summary, *help;
	int (*run)(int argc, char *argv[]);	/* returns the exit status */
};

extern const struct command cmd_record, cmd_report, cmd_stat, cmd_script, cmd_diff, cmd_timeline, cmd_export;

/* For getopt()'s '?' and ':': one line, and where help is. Returns the exit status. */
int bad_option(const struct command *c, char *const argv[], int opt);
int print_help(const struct command *c);

#endif
