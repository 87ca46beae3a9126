// SPDX-License-Identifier: GPL-2.0
#include <ncurses.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "../common/util.h"
#include "top.h"

#define LINE		256
#define MIN_LINES	12
#define MIN_COLUMNS	60

/* Meaning first, colour second: on a monochrome terminal, and with NO_COLOR set, attributes alone tell. */
enum look { LOOK_PLAIN, LOOK_HEAD, LOOK_VM, LOOK_SELECTED, LOOK_KEY, LOOK_WARN, NR_LOOKS };

static const struct {
	short fore, back;
	attr_t with_colour, without;
} looks[NR_LOOKS] = {
	[LOOK_PLAIN]	= { -1, -1, A_NORMAL, A_NORMAL },
	[LOOK_HEAD]	= { COLOR_BLACK, COLOR_GREEN, A_NORMAL, A_REVERSE },
	[LOOK_VM]	= { -1, -1, A_BOLD, A_BOLD },
	[LOOK_SELECTED]	= { COLOR_BLACK, COLOR_CYAN, A_NORMAL, A_REVERSE },
	[LOOK_KEY]	= { COLOR_BLACK, COLOR_CYAN, A_NORMAL, A_REVERSE },
	[LOOK_WARN]	= { COLOR_RED, -1, A_BOLD, A_BOLD },
};

static bool colours;

static void start_colours(void)
{
	const char *no = getenv("NO_COLOR");	/* no-color.org: any value but an empty one */

	colours = (!no || !*no) && has_colors() && start_color() == OK && use_default_colors() == OK;
	for (int l = 1; colours && l < NR_LOOKS; l++)
		init_pair(l, looks[l].fore, looks[l].back);
}

static attr_t attr_of(enum look l)
{
	return colours ? looks[l].with_colour | COLOR_PAIR(l) : looks[l].without;
}

static void draw_line(int y, const char *text, enum look look)
{
	attrset(attr_of(look));
	mvaddnstr(y, 0, text, COLS);
	if (look != LOOK_PLAIN && look != LOOK_VM)
		for (int x = strlen(text); x < COLS; x++)
			mvaddch(y, x, ' ');
	attrset(A_NORMAL);
}

/* As many columns as there is room for, none of them cut: half a number is another one. */
static void format_row(char line[LINE], const struct hv_row *row)
{
	const int *columns = top_columns_in(COLS);
	int shown[HV_NR_COLUMNS + 1], n = 0;

	do
		shown[n] = columns[n];
	while (columns[n++] >= 0);
	hv_columns_that_fit(shown, COLS);
	hv_format_row(line, LINE, shown, row);
}

/* A line of words, which ends with a whole one. */
static void draw_words(int y, char *line, enum look look)
{
	if ((int)strlen(line) > COLS) {
		line[COLS + 1] = '\0';
		*(strrchr(line, ' ') ?: line + COLS) = '\0';
	}
	draw_line(y, line, look);
}

/* A filter may have left a vCPU without its VM's row: then its own has to say whose it is. */
static bool is_below_its_vm(const struct top *t, size_t shown)
{
	const struct hv_row *r = &t->table->rows[t->shown[shown]].row, *above;

	if (!shown || t->flat)
		return false;
	above = &t->table->rows[t->shown[shown - 1]].row;
	return above->pid == r->pid && above->lpid == r->lpid;
}

static void draw_row(const struct top *t, int y, size_t shown)
{
	const struct live_row *r = &t->table->rows[t->shown[shown]];
	struct hv_row row = r->row;
	char line[LINE];

	if (is_below_its_vm(t, shown))
		row.comm = " `-";
	format_row(line, &row);
	draw_line(y, line, shown == t->selected ? LOOK_SELECTED : r->is_vm ? LOOK_VM : LOOK_PLAIN);
}

static void draw_detail(const struct top *t, int y)
{
	struct detail *d;
	const char *line;

	if (!t->nr_shown)
		return;
	d = detail_new(&t->table->rows[t->shown[t->selected]], t->table->seconds, LINES - 1 - y, COLS);
	for (int i = 0; y < LINES - 1 && (line = detail_line(d, i)); i++, y++)
		draw_line(y, line, i ? LOOK_PLAIN : LOOK_HEAD);
	detail_free(d);
}

static void draw_table(struct top *t)
{
	char line[LINE];
	int y = TOP_ROWS_Y, x = 0, width = 0;

	format_row(line, NULL);
	draw_line(TOP_ROWS_Y - 1, line, LOOK_HEAD);
	top_column_place(t, t->sort, &x, &width);
	if (x + width <= COLS)
		mvchgat(TOP_ROWS_Y - 1, x, width, attr_of(LOOK_HEAD) | A_BOLD | A_UNDERLINE,
			colours ? LOOK_HEAD : 0, NULL);
	for (size_t i = t->first_row; i < t->nr_shown && y < TOP_ROWS_Y + t->page; i++, y++)
		draw_row(t, y, i);
	if (!t->table->nr)
		draw_line(TOP_ROWS_Y, "no guest has run yet", LOOK_PLAIN);
	else if (!t->nr_shown)
		draw_line(TOP_ROWS_Y, "nothing matches the filter", LOOK_PLAIN);
	if (t->detail)
		draw_detail(t, TOP_ROWS_Y + t->page);
}

/* What there is no room for can be scrolled to. */
static void draw_help(struct top *t)
{
	int rows = LINES - TOP_ROWS_Y - 1, columns = COLS < 80 ? 1 : 2;	/* beside the keys where lines are few */
	char line[LINE];
	size_t i;

	t->help_room = rows * columns;
	for (i = 0; i < t->help_room && top_help_line(t->help_first + i, line, sizeof(line)); i++) {
		int x = i / rows * (COLS < 100 ? 46 : COLS / 2);

		mvaddnstr(TOP_ROWS_Y - 1 + i % rows, x, line, COLS - x);
	}
	if (t->help_first || top_help_line(i, line, sizeof(line)))
		mvaddnstr(TOP_ROWS_Y - 1 + rows, 0, "  Up and Down: more of this", COLS);
}

static void draw_bottom(const struct top *t)
{
	static const char *const prompts[] = {
		[PROMPT_SEARCH] = "Search: ", [PROMPT_FILTER] = "Filter: ", [PROMPT_DELAY] = "Delay in seconds, 0.1 to 86400: "
	};
	const char *key, *label;
	char line[LINE];

	if (t->prompt != PROMPT_NONE) {
		snprintf(line, sizeof(line), "%s%s_", prompts[t->prompt], t->input);
		draw_line(LINES - 1, line, LOOK_KEY);
		return;
	}
	move(LINES - 1, 0);
	for (size_t i = 0; top_function_key(i, &key, &label) && (int)(i + 1) * TOP_FUNCTION_WIDTH <= COLS; i++) {
		attrset(A_NORMAL);
		mvaddstr(LINES - 1, i * TOP_FUNCTION_WIDTH, key);
		attrset(attr_of(LOOK_KEY));
		printw("%-*s", TOP_FUNCTION_WIDTH - (int)strlen(key), label);
	}
	attrset(A_NORMAL);
}

static void draw(struct top *t)
{
	char line[LINE];

	erase();
	if (LINES < MIN_LINES || COLS < MIN_COLUMNS) {
		snprintf(line, sizeof(line), "too small: needs %dx%d", MIN_COLUMNS, MIN_LINES);
		draw_line(0, line, LOOK_PLAIN);
		refresh();
		return;
	}
	t->width = COLS;
	t->page = LINES - TOP_ROWS_Y - 1;
	if (t->detail)
		t->page = t->page / 3 < 3 ? 3 : t->page / 3;
	if (t->table)
		top_arrange(t);
	if (t->detail && (size_t)t->page > t->nr_shown)
		t->page = t->nr_shown ? t->nr_shown : 1;
	top_headline(t, line, sizeof(line));
	draw_words(0, line, t->table && t->table->lost ? LOOK_WARN : LOOK_PLAIN);
	if (t->table) {
		top_summary(t, line, sizeof(line));
		draw_words(1, line, LOOK_PLAIN);
	}
	if (t->help)
		draw_help(t);
	else if (t->table)
		draw_table(t);
	draw_bottom(t);
	refresh();
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static int next(struct top *t)
{
	const struct live_table *table = live_next(t->live);

	if (!table)
		return -1;
	t->table = table;
	if (t->iterations && !--t->iterations)
		t->quit = true;
	return 0;
}

static void take_key(struct top *t, int key)
{
	MEVENT m;

	if (key == KEY_MOUSE && getmouse(&m) == OK) {
		if (m.bstate & BUTTON4_PRESSED)
			top_key(t, KEY_UP);
		else if (m.bstate & BUTTON5_PRESSED)
			top_key(t, KEY_DOWN);
		else if (m.bstate & (BUTTON1_PRESSED | BUTTON1_CLICKED))
			top_click(t, m.y, m.x, LINES);
	} else if (key != KEY_RESIZE) {
		top_key(t, key);
	}
	if (!t->reset)
		return;
	t->reset = false;
	t->step = true;
	t->filter[0] = '\0';
	t->flat = t->reverse = t->picked = false;
	t->sort = t->first_sort;
}

/* Paused, a recording waits; what is live goes on unseen, so that the rings do not overflow. */
static int loop(struct top *t)
{
	double due = now() + (live_is_replay(t->live) ? 0 : t->delay);

	while (!t->quit && !top_stop) {
		int key = getch(), over;	/* getch() waits as timeout() said */

		if (key != ERR)
			take_key(t, key);
		over = live_wait(t->live, 0);
		if (over < 0)
			return over;
		if (over && !live_is_replay(t->live))
			return over;
		t->over = over;
		if (t->step || (!t->paused && now() >= due)) {
			t->step = false;
			/* At its end a recording stays on the screen. */
			if (!over && next(t))
				return -1;
			due = now() + t->delay;
		} else if (key == ERR) {
			continue;
		}
		draw(t);
	}
	return 0;
}

static void on_hangup(int sig)
{
	(void)sig;
	top_stop = 1;
}

int top_screen(struct top *t)
{
	const struct sigaction hangup = { .sa_handler = on_hangup };
	int ret;

	if (!isatty(STDOUT_FILENO) || !isatty(STDIN_FILENO)) {
		hv_error("not a terminal: use -b for plain text");
		return 1;
	}
	if (!newterm(NULL, stdout, stdin)) {
		hv_error("this terminal (TERM=%s) is not known: use -b for plain text", getenv("TERM") ?: "");
		return 1;
	}
	if (!tigetstr("cup")) {
		endwin();
		hv_error("this terminal (TERM=%s) can't move its cursor: use -b for plain text", getenv("TERM"));
		return 1;
	}
	sigaction(SIGHUP, &hangup, NULL);
	start_colours();
	cbreak();
	noecho();
	curs_set(0);
	keypad(stdscr, TRUE);
	set_escdelay(50);
	mousemask(BUTTON1_PRESSED | BUTTON1_CLICKED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
	mouseinterval(0);
	timeout(100);
	draw(t);
	hv_messages_later();
	ret = loop(t);
	endwin();
	hv_messages_now();
	if (ret > 0)
		hv_warn("the process has ended");
	return ret < 0;
}
