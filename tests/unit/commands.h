/* SPDX-License-Identifier: GPL-2.0 */
/* What tests of hvtrace's commands share. */
#ifndef UNIT_COMMANDS_H
#define UNIT_COMMANDS_H

#include "check.h"
#include "tool.h"

extern char *hvtrace;	/* its path; in the environment: HVTRACE */

/* Not 0 after a message. The end is for cmocka, after all tests. */
int commands_begin(int argc, char *argv[]);
int commands_end(void **state);
/* In the folder; the exit status. */
int run(const char *args);
/* It succeeds, and prints that; or does not. */
void shows(const char *args, const char *text);
void hides(const char *args, const char *text);
/* Two VMs; the first has two vCPUs. 5 + 3 hcalls, then 4 in the other. */
void make_two(const char *name, bool big, bool tb);
/* times.py FILE: the samples' times in a perf.data file, as script --fields time has them. */
void make_times_py(void);

#endif
