/* SPDX-License-Identifier: GPL-2.0 */
/* A command that is started only when everything is ready to watch it. */
#ifndef HV_CHILD_H
#define HV_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

struct hv_child {
	pid_t pid;
	int go, failed;		/* pipes: to let it run, and to hear why it could not */
	bool exited;
	int status;		/* as waitpid() gives it */
};

/* Both: -1 after an error message. */
int hv_child_prepare(struct hv_child *c, char *const argv[]);
int hv_child_start(struct hv_child *c, const char *name);
/* Has it exited? Does not wait. */
bool hv_child_exited(struct hv_child *c);
/* Ends it if it still runs; returns its exit status as a shell would. */
int hv_child_end(struct hv_child *c);

#endif
