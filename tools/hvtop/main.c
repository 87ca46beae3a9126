// SPDX-License-Identifier: GPL-2.0
/* hvtop: what the guests of this host are doing, live. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../common/util.h"
#include "top.h"

volatile int top_stop;

static void on_signal(int sig)
{
	(void)sig;
	top_stop = 1;
}

enum { OPT_JSON = 256, OPT_OPENMETRICS, OPT_REPLAY };

struct options {
	bool batch;
	enum top_form form;
	const char *page, *replay;
	long pid;
};

static void usage(void)
{
	puts("usage: hvtop [-d SECONDS] [-n COUNT] [-p PID] [-o COLUMN] [--replay FILE]\n"
	     "             [-b | --json | --openmetrics FILE]\n\n"
	     "Shows the exits, hypercalls and partition switches per second of every VM and vCPU on this\n"
	     "host, where their time goes, and how long exits take.\n\n"
	     "  -d SECONDS          how long each table covers (default: 2)\n"
	     "  -n COUNT            end after so many tables\n"
	     "  -p PID              only the VMs of this process\n"
	     "  -o COLUMN           sort by this column, as its head has it\n"
	     "  --replay FILE       not what is live but a recording (hvtrace record), interval by interval\n"
	     "  -b                  batch: plain text, one table after the other\n"
	     "  --json              one JSON object per table and line; durations are in nanoseconds\n"
	     "  --openmetrics FILE  keep a page of counters there, for Prometheus' node exporter (-: stdout)\n"
	     "  -h, --help, -V, --version\n\nKeys and columns:\n");
	for (size_t i = 0; ; i++) {
		char line[256];

		if (!top_help_line(i, line, sizeof(line)))
			return;
		puts(line);
	}
}

/* -h or -V */
static int tell(int opt)
{
	if (opt == 'h')
		usage();
	else
		hv_print_version();
	if (!fflush(stdout) && !ferror(stdout))
		return 0;
	hv_error("cannot write");
	return 1;
}

static int bad_value(const char *opt, const char *value, const char *want)
{
	return hv_error("%s %s: %s", opt, value, want);
}

/* Without its unit it will do: "p50" for "p50 us", "exits" for "exits/s", "gu" for "gu%". */
static bool is_head(const char *head, const char *name)
{
	size_t len = strcspn(head, " /%");

	return !strcasecmp(head, name) || (strlen(name) == len && !strncasecmp(head, name, len));
}

static int set_sort(struct top *t, const char *name)
{
	for (int i = 0; top_columns[i] >= 0; i++) {
		const struct hv_column *c = &hv_columns[top_columns[i]];

		if ((is_head(c->head, name) || !strcasecmp(c->key, name)) && c->value) {
			t->sort = t->first_sort = i;
			return 0;
		}
	}
	return bad_value("-o", name, "no column of numbers has this head (hvtop --help lists them)");
}

/* --json or --openmetrics */
static int set_form(struct options *o, enum top_form form)
{
	if (o->form != FORM_TEXT && o->form != form)
		return hv_error("--json and --openmetrics exclude each other");
	o->form = form;
	o->batch = true;
	return 0;
}

static int take_value(struct top *t, struct options *o, int opt)
{
	char *end;

	switch (opt) {
	case 'd':
		t->delay = strtod(optarg, &end);
		return *end || end == optarg || !(t->delay >= 0.1 && t->delay <= 86400) ?
			bad_value("-d", optarg, "needs seconds, from 0.1 to 86400") : 0;
	case 'n':
		t->iterations = strtol(optarg, &end, 10);
		return *end || end == optarg || t->iterations <= 0 ?
			bad_value("-n", optarg, "needs a number above 0") : 0;
	case 'p':
		o->pid = strtol(optarg, &end, 10);
		return *end || end == optarg || o->pid <= 0 || o->pid > INT32_MAX ?
			bad_value("-p", optarg, "not a process number") : 0;
	case 'o':
		return set_sort(t, optarg);
	case OPT_OPENMETRICS:
		o->page = strcmp(optarg, "-") ? optarg : NULL;
		return set_form(o, FORM_OPENMETRICS);
	case OPT_JSON:
		return set_form(o, FORM_JSON);
	case OPT_REPLAY:
		o->replay = optarg;
		return 0;
	default:	/* -b */
		o->batch = true;
		return 0;
	}
}

static int bad_option(char *const argv[], int opt)
{
	if (opt == ':' && optopt > 255)
		hv_error("%s needs an argument (hvtop --help)", argv[optind - 1]);
	else if (opt == ':')
		hv_error("-%c needs an argument (hvtop --help)", optopt);
	else if (optopt && optopt < 256)
		hv_error("unknown option -%c (hvtop --help)", optopt);
	else
		hv_error("unknown option %s (hvtop --help)", argv[optind - 1]);
	return 1;
}

static int run(struct top *t, const struct options *o)
{
	struct sigaction sa = { .sa_handler = on_signal };
	int ret;

	t->live = o->replay ? live_replay(o->replay, o->pid, t->delay) : live_open(o->pid);
	if (!t->live)
		return 1;
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	ret = o->batch ? top_batch(t, o->form, o->page) : top_screen(t);
	live_close(t->live);
	free(t->shown);
	return ret;
}

int main(int argc, char *argv[])
{
	static const struct option options[] = {
		{ "help", no_argument, NULL, 'h' }, { "version", no_argument, NULL, 'V' },
		{ "json", no_argument, NULL, OPT_JSON },
		{ "openmetrics", required_argument, NULL, OPT_OPENMETRICS },
		{ "replay", required_argument, NULL, OPT_REPLAY }, { 0 }
	};
	struct top t = { .delay = 2 };
	struct options o = { 0 };
	int opt;

	while (top_columns[t.sort] != COL_EXITS)
		t.sort++;
	t.first_sort = t.sort;
	opterr = 0;
	while ((opt = getopt_long(argc, argv, ":bd:n:p:o:hV", options, NULL)) != -1) {
		if (opt == 'h' || opt == 'V')
			return tell(opt);
		if (opt == ':' || opt == '?')
			return bad_option(argv, opt);
		if (take_value(&t, &o, opt))
			return 1;
	}
	if (optind < argc) {
		hv_error("unexpected argument %s (hvtop --help)", argv[optind]);
		return 1;
	}
	return run(&t, &o);
}
