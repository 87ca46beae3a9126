// SPDX-License-Identifier: GPL-2.0
#include <ncurses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../common/util.h"
#include "top.h"

/* The first ones, up to p99, fit a terminal of 80 columns. */
#define AFTER_COMM \
	COL_PID, COL_VCPU, COL_EXITS, COL_HCALLS, COL_SWITCHES, COL_GUEST, COL_REAL, COL_HYPERVISOR, \
	COL_USER, COL_IDLE, COL_P50, COL_P99, COL_LPID, COL_MEAN, -1
const int top_columns[] = { COL_COMM, AFTER_COMM };
static const int wide_columns[] = { COL_WHOLE_COMM, AFTER_COMM };

static int end_of(const int *columns)
{
	int end = -1;

	for (; *columns >= 0; columns++)
		end += 1 + abs(hv_columns[*columns].width);
	return end;
}

const int *top_columns_in(int width)
{
	return width >= end_of(wide_columns) ? wide_columns : top_columns;
}

static void quit(struct top *t)
{
	t->quit = true;
}

static void help(struct top *t)
{
	t->help = !t->help;
	t->help_first = 0;
}

static size_t help_lines(void)
{
	char line[256];
	size_t n = 0;

	while (top_help_line(n, line, sizeof(line)))
		n++;
	return n;
}

/* Where the screen is too small for all of it; false: no key for that. */
static bool scroll_help(struct top *t, int key)
{
	long most = help_lines() - (long)t->help_room, at = t->help_first;

	switch (key) {
	case KEY_DOWN: case 'j': at++; break;
	case KEY_UP: case 'k': at--; break;
	case KEY_NPAGE: at += t->help_room; break;
	case KEY_PPAGE: at -= t->help_room; break;
	case KEY_HOME: at = 0; break;
	case KEY_END: at = most; break;
	default: return false;
	}
	at = at > most ? most : at;
	t->help_first = at < 0 ? 0 : at;
	return true;
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

static void select_row(struct top *t, long row)
{
	size_t room = t->page > 0 ? t->page : 0;

	if (!t->nr_shown)
		return;
	if (row < 0)
		row = 0;
	t->selected = (size_t)row < t->nr_shown ? (size_t)row : t->nr_shown - 1;
	for (int i = 0; i < 3; i++) {
		const struct hv_row *r = &t->table->rows[t->shown[t->selected]].row;

		t->selected_id[i] = (long[]){ r->pid, r->lpid, r->vcpu }[i];
	}
	if (t->selected < t->first_row)
		t->first_row = t->selected;
	if (room && t->selected >= t->first_row + room)
		t->first_row = t->selected - room + 1;
	/* rows may have gone: none stays empty while there are others above */
	if (t->first_row && t->first_row + room > t->nr_shown)
		t->first_row = t->nr_shown > room ? t->nr_shown - room : 0;
}

static void pick_row(struct top *t, long row)
{
	t->picked = true;
	select_row(t, row);
}

static void up(struct top *t)
{
	pick_row(t, (long)t->selected - 1);
}

static void down(struct top *t)
{
	pick_row(t, t->selected + 1);
}

static void page_up(struct top *t)
{
	pick_row(t, (long)t->selected - t->page);
}

static void page_down(struct top *t)
{
	pick_row(t, t->selected + t->page);
}

static void home(struct top *t)
{
	t->picked = false;
	select_row(t, 0);
}

static void end(struct top *t)
{
	pick_row(t, t->nr_shown);
}

static void detail(struct top *t)
{
	t->detail = !t->detail;
	t->picked = true;
}

static void tree(struct top *t)
{
	t->flat = !t->flat;
}

static void pause_it(struct top *t)
{
	t->paused = !t->paused;
}

static void step(struct top *t)
{
	t->step = true;
}

static void reset(struct top *t)
{
	t->reset = true;
}

static void ask(struct top *t, enum prompt prompt, const char *now)
{
	t->prompt = prompt;
	snprintf(t->input, sizeof(t->input), "%s", now);
}

static void ask_search(struct top *t)
{
	ask(t, PROMPT_SEARCH, "");
}

static void ask_filter(struct top *t)
{
	ask(t, PROMPT_FILTER, t->filter);
}

static void ask_delay(struct top *t)
{
	ask(t, PROMPT_DELAY, "");
}

static const struct {
	int keys[4];
	const char *names, *help;
	const char *function, *label;	/* in the line of function keys */
	void (*action)(struct top *t);
} keys[] = {
	{ { 'h', '?', KEY_F(1) }, "h ? F1", "this help, and back", "F1", "Help", help },
	{ { KEY_ENTER, '\n', '\r', KEY_F(2) }, "Enter F2", "details of the selected row", "F2", "Detail", detail },
	{ { '/', KEY_F(3) }, "/ F3", "search in name, PID and vCPU", "F3", "Search", ask_search },
	{ { '\\', KEY_F(4) }, "\\ F4", "show only rows with this", "F4", "Filter", ask_filter },
	{ { 't', KEY_F(5) }, "t F5", "vCPUs under VMs, or in one order", "F5", "Tree", tree },
	{ { '<', ',' }, "<", "sort by the column to the left", NULL, NULL, sort_left },
	{ { '>', '.', KEY_F(6) }, "> F6", "sort by the column to the right", "F6", "Sort>", sort_right },
	{ { 'R', 'r', KEY_F(7) }, "R F7", "reverse the order", "F7", "Revers", reverse },
	{ { 'p', ' ', KEY_F(8) }, "p F8", "pause, and go on", "F8", "Pause", pause_it },
	{ { 'd', KEY_F(9) }, "d F9", "change the delay, in seconds", "F9", "Delay", ask_delay },
	{ { 'n', KEY_RIGHT }, "n Right", "the next interval at once", NULL, NULL, step },
	{ { 'z' }, "z", "reset filter, order, interval", NULL, NULL, reset },
	{ { KEY_UP, 'k' }, "Up", "select the row above", NULL, NULL, up },
	{ { KEY_DOWN, 'j' }, "Down", "select the row below", NULL, NULL, down },
	{ { KEY_PPAGE }, "PgUp", "a screen up", NULL, NULL, page_up },
	{ { KEY_NPAGE }, "PgDn", "a screen down", NULL, NULL, page_down },
	{ { KEY_HOME }, "Home", "follow the first row", NULL, NULL, home },
	{ { KEY_END }, "End", "the last row", NULL, NULL, end },
	{ { 'q', 'Q', KEY_F(10) }, "q F10", "quit", "F10", "Quit", quit },
};

static bool matches(const struct live_row *r, const char *text)
{
	char line[96];

	snprintf(line, sizeof(line), "%s %ld %s%ld", r->comm, r->row.pid, r->is_vm ? "VM" : "vCPU ",
		 r->is_vm ? r->row.lpid : r->row.vcpu);
	return strcasestr(line, text);
}

static bool find_next(struct top *t)
{
	for (size_t i = 1; i <= t->nr_shown; i++) {
		size_t at = (t->selected + i) % t->nr_shown;

		if (matches(&t->table->rows[t->shown[at]], t->input)) {
			pick_row(t, at);
			return true;
		}
	}
	return false;
}

/* What can't be done stays there to be changed. */
static void answer(struct top *t)
{
	char *rest;
	double v;

	switch (t->prompt) {
	case PROMPT_SEARCH:
		if (!find_next(t))
			return;
		break;
	case PROMPT_FILTER:
		memcpy(t->filter, t->input, sizeof(t->filter));
		break;
	case PROMPT_DELAY:
		v = strtod(t->input, &rest);
		if (rest == t->input || *rest || !(v >= 0.1 && v <= 86400))
			return;
		t->delay = v;
		break;
	case PROMPT_NONE:
		break;
	}
	t->prompt = PROMPT_NONE;
}

static void prompt_key(struct top *t, int key)
{
	size_t len = strlen(t->input);

	if (key == '\n' || key == '\r' || key == KEY_ENTER) {
		answer(t);
	} else if (key == 27) {	/* Esc */
		t->prompt = PROMPT_NONE;
	} else if (key == KEY_BACKSPACE || key == 127 || key == '\b') {
		if (len)
			t->input[len - 1] = '\0';
	} else if (key >= ' ' && key < 127 && len + 1 < sizeof(t->input)) {
		t->input[len] = key;
		t->input[len + 1] = '\0';
	}
}

void top_key(struct top *t, int key)
{
	if (!key)
		return;
	if (t->prompt != PROMPT_NONE) {
		prompt_key(t, key);
		return;
	}
	if (t->help && (key == 'q' || key == 27)) {
		t->help = false;
		return;
	}
	if (t->help && scroll_help(t, key))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		for (size_t k = 0; k < ARRAY_SIZE(keys[i].keys); k++) {
			if (keys[i].keys[k] == key) {
				keys[i].action(t);
				return;
			}
		}
	}
}

bool top_function_key(size_t nr, const char **key, const char **label)
{
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		if (!keys[i].function || nr--)
			continue;
		*key = keys[i].function;
		*label = keys[i].label;
		return true;
	}
	return false;
}

static void click_function(struct top *t, size_t nr)
{
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		if (keys[i].function && !nr--) {
			keys[i].action(t);
			return;
		}
	}
}

void top_column_place(const struct top *t, int index, int *x, int *width)
{
	const int *columns = top_columns_in(t->width);

	*x = 0;
	for (int i = 0; i <= index; i++) {
		*width = abs(hv_columns[columns[i]].width);
		if (i < index)
			*x += *width + 1;
	}
}

static void click_head(struct top *t, int at)
{
	for (int i = 0; top_columns[i] >= 0; i++) {
		int x, width;

		top_column_place(t, i, &x, &width);
		if (at < x || at > x + width || !hv_columns[top_columns[i]].value)
			continue;
		if (t->sort == i)
			t->reverse = !t->reverse;
		t->sort = i;
		return;
	}
}

void top_click(struct top *t, int y, int x, int lines)
{
	if (y == lines - 1)
		click_function(t, x / TOP_FUNCTION_WIDTH);
	else if (y == TOP_ROWS_Y - 1)
		click_head(t, x);
	else if (y >= TOP_ROWS_Y && y < TOP_ROWS_Y + t->page && t->first_row + y - TOP_ROWS_Y < t->nr_shown)
		pick_row(t, t->first_row + y - TOP_ROWS_Y);
}

/* qsort() has no argument to pass it in. */
static const struct top *sorting;

static int by_column(const void *pa, const void *pb)
{
	const struct hv_column *c = &hv_columns[top_columns[sorting->sort]];
	size_t a = *(const size_t *)pa, b = *(const size_t *)pb;
	double ka = c->value(&sorting->table->rows[a].row), kb = c->value(&sorting->table->rows[b].row);
	int order = (ka < kb) - (ka > kb);

	if (sorting->reverse)
		order = -order;
	return order ? order : (a > b) - (a < b);
}

void top_arrange(struct top *t)
{
	const struct live_table *table = t->table;

	live_sort(table, top_columns[t->sort], t->reverse);
	t->shown = hv_grow(t->shown, table->nr + 1, sizeof(*t->shown));
	t->nr_shown = 0;
	for (size_t i = 0; i < table->nr; i++)
		if (!(t->flat && table->rows[i].is_vm) && (!*t->filter || matches(&table->rows[i], t->filter)))
			t->shown[t->nr_shown++] = i;
	if (t->flat) {
		sorting = t;
		qsort(t->shown, t->nr_shown, sizeof(*t->shown), by_column);
	}
	for (size_t i = 0; t->picked && i < t->nr_shown; i++) {
		const struct hv_row *r = &table->rows[t->shown[i]].row;

		if (r->pid == t->selected_id[0] && r->lpid == t->selected_id[1] && r->vcpu == t->selected_id[2]) {
			select_row(t, i);
			return;
		}
	}
	select_row(t, t->picked ? t->selected : 0);
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
