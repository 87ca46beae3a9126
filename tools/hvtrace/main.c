// SPDX-License-Identifier: GPL-2.0
/* hvtrace: record what a hypervisor does for its guests, and report it. */
#include "../common/util.h"
#include "cmd.h"
#include "options.h"

static const struct command *const commands[] = { &cmd_record, &cmd_report, &cmd_stat, &cmd_script, &cmd_diff, &cmd_timeline, &cmd_export };

static const struct hv_program hvtrace = {
	.name = "hvtrace",
	.purpose = "Records and reports guest exits, hypercalls and partition switches of KVM on POWER.",
	.commands = commands,
	.nr_commands = ARRAY_SIZE(commands),
	.trouble = 1,
};

char *const *hvtrace_argv;

int main(int argc, char *argv[])
{
	int status;

	hvtrace_argv = argv;
	status = hv_program_run(&hvtrace, argc, argv);
	return status ? status : finish_output();
}
