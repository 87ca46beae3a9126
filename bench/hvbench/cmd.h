/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HVBENCH_CMD_H
#define HVBENCH_CMD_H

#include "../../tools/common/command.h"

#define DEFAULT_FILE "hvbench.json"

/* What scripts go by: 1 is an answer, 2 is trouble. */
enum { STATUS_OK, STATUS_WORSE, STATUS_ERROR };

extern const struct command cmd_run, cmd_show, cmd_compare, cmd_merge, cmd_rows, cmd_workloads, cmd_marks;

/* A whole number from min to max, or -1 after a message */
long parse_number(const struct command *c, const char *what, const char *text, long min, long max);

#endif
