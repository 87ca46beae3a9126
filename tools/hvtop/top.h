/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HVTOP_TOP_H
#define HVTOP_TOP_H

#include "live.h"

struct top {
	struct live *live;
	const struct live_table *table;
	double delay;		/* seconds */
	long iterations;	/* still to do; 0: no end */
	int sort;		/* index into top_columns */
	bool reverse, help, quit;
	size_t first_row;	/* on the screen */
};

/* What the table shows, left to right; ended by -1. */
extern const int top_columns[];

/* The line above the table. */
void top_headline(const struct top *t, char *buf, size_t size);
/* Both: the exit status. */
int top_batch(struct top *t);
int top_screen(struct top *t);

/* What a key does, if anything. */
void top_key(struct top *t, int key);
/* The help screen's lines, one by one; false: no more. */
bool top_help_line(size_t nr, char *buf, size_t size);

/* Set by Ctrl-C. */
extern volatile int top_stop;

#endif
