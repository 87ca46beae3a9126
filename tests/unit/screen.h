/* SPDX-License-Identifier: GPL-2.0 */
/* hvtop in a pseudo-terminal, on a recording that it steps through. */
#ifndef UNIT_SCREEN_H
#define UNIT_SCREEN_H

#include "check.h"
#include "tool.h"
#include "vt100.h"

extern char *hvtop, recording[];	/* paths */
extern struct vt vt;

/* Not 0 after a message; from then on tool_dir is the current folder. The end is for cmocka, after all tests. */
int screen_begin(int argc, char *argv[]);
int screen_end(void **state);
/* Minute by minute, two VMs appear and die. */
void start(int lines, int columns, const char *term);
void see(const char *text);
void quit(void);
void check_line(int y, const char *want);

#endif
