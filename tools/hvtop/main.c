// SPDX-License-Identifier: GPL-2.0
/* hvtop: what the guests of this host are doing, live. */
#include <getopt.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "../common/util.h"
#include "top.h"

volatile int top_stop;

static void on_signal(int sig)
{
	(void)sig;
	top_stop = 1;
}

void top_headline(const struct top *t, char *buf, size_t size)
{
	char clock[16];
	time_t now = time(NULL);
	size_t at;

	strftime(clock, sizeof(clock), "%H:%M:%S", localtime(&now));
	at = snprintf(buf, size, "hvtop %s", clock);
	if (!t->table) {
		snprintf(buf + at, size - at, ", first numbers in %g s", t->delay);
		return;
	}
	at += snprintf(buf + at, size - at, ", %s, by %s, %zu VM%s", t->table->backend, t->table->source,
		       t->table->nr_vms, t->table->nr_vms == 1 ? "" : "s");
	if (t->table->lost)
		snprintf(buf + at, size - at, ", LOST %llu events", t->table->lost);
}

/* One interval, in rounds short enough that what is shown is not old. As live_wait(). */
static int pass_interval(struct top *t)
{
	struct timespec start, now;
	double left = t->delay;
	int over;

	clock_gettime(CLOCK_MONOTONIC, &start);
	while (left > 0 && !top_stop) {
		over = live_wait(t->live, left < 0.25 ? (int)ceil(left * 1000) : 250);
		if (over)
			return over;
		clock_gettime(CLOCK_MONOTONIC, &now);
		left = t->delay - (now.tv_sec - start.tv_sec) - (now.tv_nsec - start.tv_nsec) / 1e9;
	}
	return live_wait(t->live, 0);
}

int top_batch(struct top *t)
{
	char line[256];
	int over = 0;

	for (long i = 0; !over && !top_stop && (!t->iterations || i < t->iterations); i++) {
		over = pass_interval(t);
		if (over < 0)
			return 1;
		t->table = live_next(t->live);
		live_sort(t->table, top_columns[t->sort], false);
		top_headline(t, line, sizeof(line));
		printf("%s%s\n", i ? "\n" : "", line);
		hv_format_row(line, sizeof(line), top_columns, NULL);
		puts(line);
		for (size_t r = 0; r < t->table->nr; r++) {
			hv_format_row(line, sizeof(line), top_columns, &t->table->rows[r].row);
			puts(line);
		}
		if (fflush(stdout)) {
			hv_error("cannot write");
			return 1;
		}
	}
	return 0;
}

static int usage(void)
{
	puts("usage: hvtop [-b] [-d SECONDS] [-n COUNT] [-p PID]\n\n"
	     "Shows the exits, hypercalls and partition switches per second of every VM and vCPU\n"
	     "on this host, and how long their exits take.\n\n"
	     "  -b          batch: plain text, one table after the other\n"
	     "  -d SECONDS  how long each table covers (default: 2)\n"
	     "  -n COUNT    end after so many tables\n"
	     "  -p PID      only the VMs of this process\n"
	     "  -h, --help, -V, --version\n\nKeys and columns:\n");
	for (size_t i = 0; ; i++) {
		char line[256];

		if (!top_help_line(i, line, sizeof(line)))
			return 0;
		puts(line);
	}
}

static int bad_value(char opt, const char *value, const char *want)
{
	hv_error("-%c %s: %s", opt, value, want);
	return 1;
}

static int run(struct top *t, bool batch, pid_t pid)
{
	struct sigaction sa = { .sa_handler = on_signal };
	int ret;

	for (t->sort = 0; top_columns[t->sort] != COL_EXITS; )
		t->sort++;
	t->live = live_open(pid);
	if (!t->live)
		return 1;
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	ret = batch ? top_batch(t) : top_screen(t);
	live_close(t->live);
	return ret;
}

int main(int argc, char *argv[])
{
	static const struct option options[] = {
		{ "help", no_argument, NULL, 'h' }, { "version", no_argument, NULL, 'V' }, { 0 }
	};
	struct top t = { .delay = 2 };
	bool batch = false;
	long pid = 0;
	char *end;
	int opt;

	opterr = 0;
	while ((opt = getopt_long(argc, argv, ":bd:n:p:hV", options, NULL)) != -1) {
		switch (opt) {
		case 'b':
			batch = true;
			break;
		case 'd':
			t.delay = strtod(optarg, &end);
			if (*end || end == optarg || !(t.delay >= 0.1 && t.delay <= 86400))
				return bad_value('d', optarg, "needs seconds, from 0.1 to 86400");
			break;
		case 'n':
			t.iterations = strtol(optarg, &end, 10);
			if (*end || end == optarg || t.iterations <= 0)
				return bad_value('n', optarg, "needs a number above 0");
			break;
		case 'p':
			pid = strtol(optarg, &end, 10);
			if (*end || end == optarg || pid <= 0 || pid > INT32_MAX)
				return bad_value('p', optarg, "not a process number");
			break;
		case 'h':
			return usage();
		case 'V':
			return hv_print_version();
		case ':':
			hv_error("-%c needs an argument (hvtop --help)", optopt);
			return 1;
		default:
			if (optopt)
				hv_error("unknown option -%c (hvtop --help)", optopt);
			else
				hv_error("unknown option %s (hvtop --help)", argv[optind - 1]);
			return 1;
		}
	}
	if (optind < argc) {
		hv_error("unexpected argument %s (hvtop --help)", argv[optind]);
		return 1;
	}
	return run(&t, batch, pid);
}
