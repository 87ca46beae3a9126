/* SPDX-License-Identifier: GPL-2.0 */
/* What tests of the tools share: running them in a folder of their own, and guests to look at. */
#ifndef UNIT_TOOL_H
#define UNIT_TOOL_H

#include "perfgen.h"

extern char tool_dir[];		/* an empty folder, until tool_end() */
extern char tool_output[1 << 20];

/* Before anything else, and at the end. Both: not 0 after a message. */
int tool_begin(void);
int tool_end(void);
/* Runs it in the folder; stdout and stderr go to tool_output. Returns the exit status. */
int tool_run(const char *tool, const char *args);
void tool_write(const char *name, const void *data, size_t len);
/* Finishes the recording, writes it, frees it. */
void tool_save(struct gen *g, const char *name);

#endif
