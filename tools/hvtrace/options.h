/* SPDX-License-Identifier: GPL-2.0 */
/* The options that all commands share which read a recording. */
#ifndef HVTRACE_OPTIONS_H
#define HVTRACE_OPTIONS_H

#include <getopt.h>
#include "../common/reader.h"
#include "cmd.h"

enum {	/* values of long options that have no letter */
	OPT_PID = 256, OPT_LPID, OPT_VCPU, OPT_TIME, OPT_OWN
};

struct reading {
	const char *path;
	struct hv_select select;
};
#define READING_DEFAULT ((struct reading){ DEFAULT_FILE, HV_SELECT_ALL })

#define READING_LETTERS ":i:h"
#define READING_OPTIONS \
	{ "help", no_argument, NULL, 'h' }, \
	{ "pid", required_argument, NULL, OPT_PID }, \
	{ "lpid", required_argument, NULL, OPT_LPID }, \
	{ "vcpu", required_argument, NULL, OPT_VCPU }, \
	{ "time", required_argument, NULL, OPT_TIME }
#define READING_HELP \
	"  -i FILE         read FILE (default: " DEFAULT_FILE ")\n" \
	SELECT_HELP
#define SELECT_HELP \
	"  --pid PID       only VMs of this process\n" \
	"  --lpid LPID     only the VM of this partition number\n" \
	"  --vcpu NUMBER   only vCPUs of this number\n" \
	"  --time FROM,TO  only from FROM to TO, seconds after the first event; either may be left out\n"

/* 1: taken; 0: not one of these; -1 after an error message. */
int reading_option(const struct command *c, struct reading *r, int opt, const char *value);
/* A number from min to max; -1 after an error message that names the option. */
int parse_number(const struct command *c, const char *option, const char *value, long long min, long long max,
		 long long *result);
/* For what stands behind the options where nothing may: the exit status. */
int unexpected(const struct command *c, const char *argument);
/* For help: a list of words, broken into lines. at: the column that the line has come to, which is returned. */
int print_word(int at, const char *word);
/* At the end: 1 after an error message if what was printed could not be written. */
int finish_output(void);

#endif
