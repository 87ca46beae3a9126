// SPDX-License-Identifier: GPL-2.0
#include <poll.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "vt100.h"

static void clear(struct vt *t, int y, int from, int to)
{
	for (int x = from; x < to; x++) {
		t->cell[y][x] = ' ';
		t->reverse[y][x] = false;
	}
}

static void erase_screen(struct vt *t, int how)
{
	int from = how ? 0 : t->y + 1;

	if (!how)
		clear(t, t->y, t->x, VT_MAX_COLUMNS);
	for (int y = from; y < VT_MAX_LINES; y++)
		clear(t, y, 0, VT_MAX_COLUMNS);
}

static void erase_in_line(struct vt *t, int how)
{
	clear(t, t->y, how ? 0 : t->x, how == 1 ? t->x + 1 : VT_MAX_COLUMNS);
}

static int limit(int v, int max)
{
	return v < 0 ? 0 : v > max ? max : v;
}

static void go(struct vt *t, int y, int x)
{
	t->y = limit(y, t->lines - 1);
	t->x = limit(x, t->columns - 1);
}

static void copy_line(struct vt *t, int to, int from)
{
	memcpy(t->cell[to], t->cell[from], sizeof(t->cell[to]));
	memcpy(t->reverse[to], t->reverse[from], sizeof(t->reverse[to]));
}

/* Lines from "from" to the end of the part that scrolls, up (n > 0) or down. */
static void scroll(struct vt *t, int from, int n)
{
	for (; n > 0; n--) {
		for (int y = from; y < t->bottom; y++)
			copy_line(t, y, y + 1);
		clear(t, t->bottom, 0, VT_MAX_COLUMNS);
	}
	for (; n < 0; n++) {
		for (int y = t->bottom; y > from; y--)
			copy_line(t, y, y - 1);
		clear(t, from, 0, VT_MAX_COLUMNS);
	}
}

static void line_feed(struct vt *t)
{
	if (t->y == t->bottom)
		scroll(t, t->top, 1);
	else
		go(t, t->y + 1, t->x);
}

static void put(struct vt *t, char c)
{
	t->cell[t->y][t->x] = t->last = c;
	t->reverse[t->y][t->x] = t->reverse_now;
	if (t->x < t->columns - 1)
		t->x++;
}

static void attributes(struct vt *t, const char *at)
{
	do {
		int v = atoi(at);

		if (!v || v == 27)
			t->reverse_now = false;
		else if (v == 7)
			t->reverse_now = true;
		else if (v >= 30 && v < 50)
			t->coloured = true;
	} while ((at = strchr(at, ';')) && at++);
}

/* "[12;3H": what stands between the bracket and the last letter are numbers. */
static void control(struct vt *t, const char *at, char final)
{
	int a = atoi(at), b = strchr(at, ';') ? atoi(strchr(at, ';') + 1) : 0, n = a ? a : 1;

	switch (final) {
	case 'H':
		go(t, n - 1, (b ? b : 1) - 1);
		break;
	case 'A':
		go(t, t->y - n, t->x);
		break;
	case 'B':
		go(t, t->y + n, t->x);
		break;
	case 'C':
		go(t, t->y, t->x + n);
		break;
	case 'D':
		go(t, t->y, t->x - n);
		break;
	case 'J':
		erase_screen(t, a);
		break;
	case 'K':
		erase_in_line(t, a);
		break;
	case 'm':
		attributes(t, at);
		break;
	case 'r':
		t->top = n - 1;
		t->bottom = limit(b ? b - 1 : t->lines - 1, t->lines - 1);
		go(t, 0, 0);
		break;
	/* What an xterm can do besides. */
	case 'd':
		go(t, n - 1, t->x);
		break;
	case 'G':
		go(t, t->y, n - 1);
		break;
	case 'X':
		clear(t, t->y, t->x, limit(t->x + n, VT_MAX_COLUMNS));
		break;
	case 'L':
		scroll(t, t->y, -n);
		break;
	case 'M':
		scroll(t, t->y, n);
		break;
	case 'l':
		if (!strcmp(at, "?1049l"))	/* back to its first screen, on which nothing was */
			erase_screen(t, 2);
		break;
	case 'b':
		while (n--)
			put(t, t->last);
		break;
	}
}

/* Is the escape sequence complete? */
static bool escape(struct vt *t, char c)
{
	t->pending[t->nr_pending++] = c;
	t->pending[t->nr_pending] = '\0';
	if (t->nr_pending == 1)
		return false;
	if (t->nr_pending == 2 && c == 'M') {
		if (t->y == t->top)
			scroll(t, t->top, -1);
		else
			go(t, t->y - 1, t->x);
	}
	if (t->nr_pending == 2)
		return c != '[' && c != '(' && c != ')';
	if (t->pending[1] != '[')
		return true;	/* a character set */
	if ((c >= '@' && c <= '~') || t->nr_pending == sizeof(t->pending) - 1) {
		control(t, t->pending + 2, c);
		return true;
	}
	return false;
}

static void show(struct vt *t, char c)
{
	if (t->nr_pending || c == '\033') {
		if (escape(t, c))
			t->nr_pending = 0;
	} else if (c == '\r') {
		t->x = 0;
	} else if (c == '\n') {
		line_feed(t);
	} else if (c == '\b') {
		go(t, t->y, t->x - 1);
	} else if (c == '\t') {
		go(t, t->y, (t->x / 8 + 1) * 8);
	} else if (c >= ' ' && c < 127) {
		put(t, c);
	}
}

void vt_start(struct vt *t, int lines, int columns, const char *term, char *const argv[])
{
	struct winsize size = { .ws_row = lines, .ws_col = columns };

	*t = (struct vt){ .lines = lines, .columns = columns, .bottom = lines - 1 };
	erase_screen(t, 2);
	t->pid = forkpty(&t->fd, NULL, NULL, &size);
	if (!t->pid) {
		setenv("TERM", term, 1);
		unsetenv("LINES");
		unsetenv("COLUMNS");
		execv(argv[0], argv);
		_exit(127);
	}
}

void vt_resize(struct vt *t, int lines, int columns)
{
	struct winsize size = { .ws_row = lines, .ws_col = columns };

	t->lines = lines;
	t->columns = columns;
	t->top = 0;
	t->bottom = lines - 1;
	ioctl(t->fd, TIOCSWINSZ, &size);
}

void vt_type(struct vt *t, const char *keys)
{
	if (write(t->fd, keys, strlen(keys)) < 0)
		perror("vt_type");
}

/* false: nothing came within that time, or the program has ended */
static bool take(struct vt *t, int milliseconds)
{
	struct pollfd p = { .fd = t->fd, .events = POLLIN };
	char buf[4096];
	ssize_t n;

	if (poll(&p, 1, milliseconds) <= 0)
		return false;
	n = read(t->fd, buf, sizeof(buf));
	for (ssize_t i = 0; i < n; i++)
		show(t, buf[i]);
	return n > 0;
}

static const char *screen(struct vt *t)
{
	t->text[0] = '\0';
	for (int y = 0; y < t->lines; y++) {
		strcat(t->text, vt_line(t, y));
		strcat(t->text, "\n");
	}
	return t->text;
}

const char *vt_wait(struct vt *t, const char *text)
{
	time_t end = time(NULL) + 20;

	while (!strstr(screen(t), text)) {
		if (time(NULL) > end) {
			fprintf(stderr, "waited for \"%s\"; the screen is\n%s", text, screen(t));
			return NULL;
		}
		if (!take(t, 1000) && waitpid(t->pid, NULL, WNOHANG) == t->pid) {
			fprintf(stderr, "waited for \"%s\", and it has ended; the screen was\n%s", text, screen(t));
			return NULL;
		}
	}
	/* What belongs to the same picture comes right behind. */
	while (take(t, 100))
		;
	return screen(t);
}

const char *vt_line(struct vt *t, int y)
{
	static char line[VT_MAX_COLUMNS + 1];
	int len = t->columns;

	memcpy(line, t->cell[y], len);
	while (len && line[len - 1] == ' ')
		len--;
	line[len] = '\0';
	return line;
}

int vt_end(struct vt *t)
{
	int status;

	while (take(t, 1000))
		;
	waitpid(t->pid, &status, 0);
	close(t->fd);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
