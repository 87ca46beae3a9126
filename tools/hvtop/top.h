/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HVTOP_TOP_H
#define HVTOP_TOP_H

#include "live.h"

enum prompt { PROMPT_NONE, PROMPT_SEARCH, PROMPT_FILTER, PROMPT_DELAY };

#define INPUT_MAX 32

struct top {
	struct live *live;
	const struct live_table *table;
	double delay;		/* seconds */
	long iterations;	/* still to do; 0: no end */
	int sort, first_sort;	/* indices into top_columns; first_sort: to go back to */
	bool reverse, flat, help, detail, paused, over, quit;	/* over: the recording */
	bool step, reset;	/* to be done by whoever runs the loop */
	enum prompt prompt;
	char input[INPUT_MAX], filter[INPUT_MAX];
	size_t *shown, nr_shown;	/* rows of the table, in order */
	size_t selected, first_row;	/* indices into shown */
	/* The first row is selected, whichever that is, until somebody picks one, which then may move. */
	bool picked;
	long selected_id[3];	/* its PID, LPID, vCPU */
	int page;		/* rows that the screen has room for */
	int width;		/* of the screen */
	size_t help_first, help_room;	/* lines of the help: the first one shown, and how many are */
};

/* What the table shows, left to right; ended by -1. */
extern const int top_columns[];
/* The same where so many columns are there for it: names are not cut where there is room for them. */
const int *top_columns_in(int width);

/* The lines above the table. */
void top_headline(const struct top *t, char *buf, size_t size);
void top_summary(const struct top *t, char *buf, size_t size);

enum top_form { FORM_TEXT, FORM_JSON, FORM_OPENMETRICS };
/* Both: the exit status. path: of the OpenMetrics page, NULL: stdout. */
int top_batch(struct top *t, enum top_form form, const char *path);
int top_screen(struct top *t);

/* Which rows are shown, in which order; the selection stays on the row that it was on. */
void top_arrange(struct top *t);
/* What a key does, if anything. */
void top_key(struct top *t, int key);
/* Mouse: a click on that place of the screen, whose last line is lines - 1. */
void top_click(struct top *t, int y, int x, int lines);
/* The help screen's lines, one by one; false: no more. */
bool top_help_line(size_t nr, char *buf, size_t size);
/* The line of function keys, one by one: "F1", "Help"; false: no more. */
bool top_function_key(size_t nr, const char **key, const char **label);
#define TOP_FUNCTION_WIDTH 8
/* Where a column starts and how wide it is. */
void top_column_place(const struct top *t, int index, int *x, int *width);

/* First line of the table's rows on the screen. */
#define TOP_ROWS_Y 3

/* Lines about one row: its exits, hypercalls and how long exits take; false: no more. */
struct detail;
struct detail *detail_new(const struct live_row *row, double seconds, int height, int width);
const char *detail_line(const struct detail *d, int nr);
void detail_free(struct detail *d);

/* Set by a signal that ends it. */
extern volatile int top_stop;

#endif
