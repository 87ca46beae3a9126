/* SPDX-License-Identifier: GPL-2.0 */
/* Commands that hvbench runs. None outlives it: what ends it by a signal ends them first. */
#ifndef HVBENCH_CHILD_H
#define HVBENCH_CHILD_H

#include <stdio.h>
#include <sys/types.h>

struct child {
	pid_t pid;
	FILE *out;		/* what it writes */
};

/* Starts a command, the second one at most; first: to be done in the child before that, or NULL. -1 after a message. */
int child_start(char *const argv[], void (*first)(void), struct child *c);
/* Waits for its end, and returns its status as waitpid() has it. */
int child_end(struct child *c);
/* For first: no chance in where the command's memory is. What a fault costs under kvm-pr depends on that. */
void child_fixed_layout(void);

#endif
