/* SPDX-License-Identifier: GPL-2.0 */
/* A program in a pseudo-terminal, and what a VT100 would show of it. */
#ifndef UNIT_VT100_H
#define UNIT_VT100_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define VT_MAX_LINES 60
#define VT_MAX_COLUMNS 200

struct vt {
	pid_t pid;
	int fd;
	int lines, columns, y, x;
	int top, bottom;	/* of the part that scrolls */
	char last;
	char cell[VT_MAX_LINES][VT_MAX_COLUMNS];
	bool reverse[VT_MAX_LINES][VT_MAX_COLUMNS], reverse_now;
	char pending[64];	/* an escape sequence that is not complete yet */
	size_t nr_pending;
	bool coloured;		/* it has asked for a colour */
	char text[VT_MAX_LINES * (VT_MAX_COLUMNS + 1) + 1];
};

void vt_start(struct vt *t, int lines, int columns, const char *term, char *const argv[]);
void vt_resize(struct vt *t, int lines, int columns);
void vt_type(struct vt *t, const char *keys);
/* Reads until the screen shows the text; the screen, or NULL if it does not come within 20 s. */
const char *vt_wait(struct vt *t, const char *text);
/* One line, without blanks at its end. */
const char *vt_line(struct vt *t, int y);
/* The exit status, after it has ended by itself. */
int vt_end(struct vt *t);

#endif
