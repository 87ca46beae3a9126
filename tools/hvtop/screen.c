// SPDX-License-Identifier: GPL-2.0
#include <ncurses.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "../common/util.h"
#include "top.h"

#define LINE 256

/* Where a column starts and how wide it is on the screen. */
static void column_place(int index, int *x, int *width)
{
	*x = 0;
	for (int i = 0; i <= index; i++) {
		*width = abs(hv_columns[top_columns[i]].width);
		if (i < index)
			*x += *width + 1;
	}
}

static void draw_line(int y, const char *text, attr_t attr)
{
	attrset(attr);
	mvaddnstr(y, 0, text, COLS);
	if (attr != A_NORMAL)
		for (int x = strlen(text); x < COLS; x++)
			mvaddch(y, x, ' ');
	attrset(A_NORMAL);
}

static void draw_table(const struct top *t)
{
	char line[LINE];
	int y = 2, x = 0, width = 0;

	hv_format_row(line, sizeof(line), top_columns, NULL);
	draw_line(1, line, A_REVERSE);
	column_place(t->sort, &x, &width);
	mvchgat(1, x, width, A_REVERSE | A_BOLD | A_UNDERLINE, 0, NULL);
	for (size_t i = t->first_row; i < t->table->nr && y < LINES; i++, y++) {
		hv_format_row(line, sizeof(line), top_columns, &t->table->rows[i].row);
		draw_line(y, line, t->table->rows[i].is_vm ? A_BOLD : A_NORMAL);
	}
	if (!t->table->nr)
		draw_line(2, "no guest has run yet", A_NORMAL);
}

static void draw_help(void)
{
	char line[LINE];
	int y = 2;

	for (size_t i = 0; y < LINES && top_help_line(i, line, sizeof(line)); i++, y++)
		draw_line(y, line, A_NORMAL);
}

static void draw(const struct top *t)
{
	char line[LINE];

	erase();
	top_headline(t, line, sizeof(line));
	draw_line(0, line, A_NORMAL);
	if (t->help)
		draw_help();
	else if (t->table)
		draw_table(t);
	refresh();
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static void next(struct top *t)
{
	t->table = live_next(t->live);
	if (t->first_row >= t->table->nr)
		t->first_row = 0;
	if (t->iterations && !--t->iterations)
		t->quit = true;
}

static int loop(struct top *t)
{
	double due = now() + t->delay;

	while (!t->quit && !top_stop) {
		int key = getch(), over;	/* getch() waits as timeout() said */

		if (key != ERR)
			top_key(t, key);
		over = live_wait(t->live, 0);
		if (over)
			return over;
		if (now() >= due) {
			next(t);
			due = now() + t->delay;
		} else if (key == ERR) {
			continue;
		}
		if (t->table)
			live_sort(t->table, top_columns[t->sort], t->reverse);
		draw(t);
	}
	return 0;
}

int top_screen(struct top *t)
{
	int ret;

	if (!isatty(STDOUT_FILENO) || !isatty(STDIN_FILENO)) {
		hv_error("not a terminal: use -b for plain text");
		return 1;
	}
	if (!newterm(NULL, stdout, stdin)) {
		hv_error("this terminal (TERM=%s) is not known: use -b for plain text", getenv("TERM") ?: "");
		return 1;
	}
	cbreak();
	noecho();
	curs_set(0);
	keypad(stdscr, TRUE);
	timeout(100);
	draw(t);
	ret = loop(t);
	endwin();
	if (ret > 0)
		hv_warn("the process has ended");
	return ret < 0;
}
