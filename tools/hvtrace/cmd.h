/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HVTRACE_CMD_H
#define HVTRACE_CMD_H

#include "../common/command.h"

#define DEFAULT_FILE "hvtrace.data"

/* What the whole command line was, for the recording's own description. */
extern char *const *hvtrace_argv;

extern const struct command cmd_record, cmd_report, cmd_stat, cmd_script, cmd_diff, cmd_timeline, cmd_export;

#endif
