// SPDX-License-Identifier: GPL-2.0
/* hvbench: what a guest's exits cost under a KVM backend on POWER; shows and compares results. */
#include <stdio.h>
#include <stdlib.h>
#include "../../tools/common/util.h"
#include "cmd.h"

static const struct command *const commands[] = { &cmd_run, &cmd_show, &cmd_compare, &cmd_merge, &cmd_rows,
	&cmd_workloads, &cmd_marks };

static const struct hv_program hvbench = {
	.name = "hvbench",
	.purpose = "Measures what exits of a guest cost under a KVM backend on POWER, shows and compares results.",
	.commands = commands,
	.nr_commands = ARRAY_SIZE(commands),
	.trouble = STATUS_ERROR,
};

long parse_number(const struct command *c, const char *what, const char *text, long min, long max)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (end == text || *end || n < min || n > max)
		return hv_error("%s: bad %s '%s': give a number from %ld to %ld", c->name, what, text, min, max);
	return n;
}

int main(int argc, char *argv[])
{
	int status = hv_program_run(&hvbench, argc, argv);

	if (fflush(stdout) || ferror(stdout))
		return hv_error("cannot write the output"), STATUS_ERROR;
	return status;
}
