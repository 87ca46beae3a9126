// SPDX-License-Identifier: GPL-2.0
#include <ncurses.h>
#include <stdio.h>
#include "../common/util.h"
#include "top.h"

const int top_columns[] = {
	COL_COMM, COL_PID, COL_LPID, COL_VCPU, COL_EXITS, COL_HCALLS, COL_SWITCHES, COL_OUTSIDE,
	COL_MEAN, COL_P99, COL_P50, -1
};

static void quit(struct top *t)
{
	t->quit = true;
}

static void help(struct top *t)
{
	t->help = !t->help;
}

/* Moves to the next column that sorts, in that direction, if there is one. */
static void move_sort(struct top *t, int step)
{
	for (int i = t->sort + step; i >= 0 && top_columns[i] >= 0; i += step) {
		if (hv_columns[top_columns[i]].value) {
			t->sort = i;
			return;
		}
	}
}

static void sort_left(struct top *t)
{
	move_sort(t, -1);
}

static void sort_right(struct top *t)
{
	move_sort(t, 1);
}

static void reverse(struct top *t)
{
	t->reverse = !t->reverse;
}

static void up(struct top *t)
{
	if (t->first_row)
		t->first_row--;
}

static void down(struct top *t)
{
	if (t->table && t->first_row + 1 < t->table->nr)
		t->first_row++;
}

static const struct {
	int keys[3];
	const char *names, *help;
	void (*action)(struct top *t);
} keys[] = {
	{ { 'q', 'Q' }, "q", "quit", quit },
	{ { 'h', '?', KEY_F(1) }, "h ? F1", "this help, and back", help },
	{ { '<', ',' }, "<", "sort by the column to the left", sort_left },
	{ { '>', '.' }, ">", "sort by the column to the right", sort_right },
	{ { 'R', 'r' }, "R", "reverse the order", reverse },
	{ { KEY_UP, 'k' }, "Up", "scroll up", up },
	{ { KEY_DOWN, 'j' }, "Down", "scroll down", down },
};

void top_key(struct top *t, int key)
{
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		for (size_t k = 0; k < ARRAY_SIZE(keys[i].keys); k++)
			if (key && keys[i].keys[k] == key)
				keys[i].action(t);
}

bool top_help_line(size_t nr, char *buf, size_t size)
{
	const struct hv_column *c;

	if (nr < ARRAY_SIZE(keys)) {
		snprintf(buf, size, "  %-8s %s", keys[nr].names, keys[nr].help);
		return true;
	}
	nr -= ARRAY_SIZE(keys);
	if (!nr) {
		buf[0] = '\0';
		return true;
	}
	nr--;
	for (size_t i = 0; i <= nr; i++)
		if (top_columns[i] < 0)
			return false;
	c = &hv_columns[top_columns[nr]];
	snprintf(buf, size, "  %-8s %s", c->head, c->help);
	return true;
}
