// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../common/format.h"
#include "../common/util.h"
#include "options.h"

enum { OPT_FIELDS = OPT_OWN };

/* What a line can show besides the events' own fields. */
enum { SHOW_TIME, SHOW_CPU, SHOW_PID, SHOW_TID, SHOW_COMM, SHOW_EVENT, SHOW_TEXT, NR_SHOWS };

static const char *const show_names[NR_SHOWS] = { "time", "cpu", "pid", "tid", "comm", "event", "text" };

#define MAX_SHOWN (NR_SHOWS + HV_NR_FIELDS)

struct script {
	struct reading reading;
	int shown[MAX_SHOWN];	/* SHOW_..., or NR_SHOWS + field */
	int nr_shown;		/* 0: the default line */
	struct hv_reader *reader;
};

static const char *comm_of(const struct script *s, int32_t pid)
{
	const char *comm = hv_reader_comm(s->reader, pid);

	return comm ? comm : "-";
}

static void print_time(const struct script *s, uint64_t when)
{
	int64_t ns = when - s->reader->start;
	uint64_t abs = ns < 0 ? -ns : ns;

	printf("%s%" PRIu64 ".%09" PRIu64, ns < 0 ? "-" : "", abs / 1000000000, abs % 1000000000);
}

static void print_shown(const struct script *s, const struct hv_record *r, int what)
{
	char text[HV_LINE_MAX];

	switch (what) {
	case SHOW_TIME:
		print_time(s, r->when);
		break;
	case SHOW_CPU:
		printf("%d", r->cpu);
		break;
	case SHOW_PID:
		printf("%d", r->pid);
		break;
	case SHOW_TID:
		printf("%d", r->tid);
		break;
	case SHOW_COMM:
		fputs(comm_of(s, r->pid), stdout);
		break;
	case SHOW_EVENT:
		fputs(hv_event_names[r->event], stdout);
		break;
	case SHOW_TEXT:
		hv_format_record(text, sizeof(text), r);
		fputs(text, stdout);
		break;
	default:
		hv_format_field(text, sizeof(text), r, what - NR_SHOWS);
		fputs(*text ? text : "-", stdout);
	}
}

static int on_item(const struct hv_item *item, void *arg)
{
	const struct script *s = arg;
	const struct hv_record *r = &item->r;

	if (item->lost) {
		print_time(s, r->when);
		printf(" LOST %" PRIu64 " events on CPU %d\n", item->lost, r->cpu);
	} else if (s->nr_shown) {
		for (int i = 0; i < s->nr_shown; i++) {
			if (i)
				putchar('\t');
			print_shown(s, r, s->shown[i]);
		}
		putchar('\n');
	} else {
		printf("%15s %6d/%-6d [%03d] ", comm_of(s, r->pid), r->pid, r->tid, r->cpu);
		print_time(s, r->when);
		printf(" %s: ", hv_event_names[r->event]);
		print_shown(s, r, SHOW_TEXT);
		putchar('\n');
	}
	return ferror(stdout) ? -1 : 0;
}

static int find_shown(const char *name)
{
	for (int i = 0; i < NR_SHOWS; i++)
		if (!strcmp(show_names[i], name))
			return i;
	for (int f = 0; f < HV_NR_FIELDS; f++)
		if (!strcmp(hv_field_names[f], name))
			return NR_SHOWS + f;
	return -1;
}

static int parse_fields(struct script *s, const char *list)
{
	char *copy = hv_strdup(list), *at = copy, *name;
	int ret = 0;

	while (!ret && (name = strsep(&at, ","))) {
		int what = find_shown(name);

		if (what < 0)
			ret = hv_error("script: --fields: no field \"%s\" (hvtrace script --help lists them)", name);
		else if (s->nr_shown == MAX_SHOWN)
			ret = hv_error("script: --fields: too many");
		else
			s->shown[s->nr_shown++] = what;
	}
	free(copy);
	return ret;
}

static int script(struct script *s)
{
	int ret;

	s->reader = hv_reader_open(s->reading.path);
	if (!s->reader)
		return 1;
	s->reader->select = s->reading.select;
	s->reader->by_time = true;
	hv_reader_warn(s->reader);
	ret = hv_reader_run(s->reader, on_item, s);
	hv_reader_close(s->reader);
	return finish_output() || ret ? 1 : 0;
}

static int script_help(void)
{
	int at;

	print_help(&cmd_script);
	at = printf("\nFields:");
	for (int i = 0; i < MAX_SHOWN; i++)
		at = print_word(at, i < NR_SHOWS ? show_names[i] : hv_field_names[i - NR_SHOWS]);
	puts("");
	return 0;
}

static int run_script(int argc, char *argv[])
{
	static const struct option options[] = {
		READING_OPTIONS,
		{ "fields", required_argument, NULL, OPT_FIELDS }, { 0 }
	};
	struct script s = { .reading = READING_DEFAULT };
	int opt, taken;

	opterr = 0;
	while ((opt = getopt_long(argc, argv, READING_LETTERS, options, NULL)) != -1) {
		taken = reading_option(&cmd_script, &s.reading, opt, optarg);
		if (taken < 0)
			return 1;
		if (taken)
			continue;
		if (opt == 'h')
			return script_help();
		if (opt != OPT_FIELDS)
			return bad_option(&cmd_script, argv, opt);
		if (parse_fields(&s, optarg))
			return 1;
	}
	return optind < argc ? unexpected(&cmd_script, argv[optind]) : script(&s);
}

const struct command cmd_script = {
	.name = "script",
	.summary = "the events of a recording, one a line",
	.help = "[-i FILE] [--fields LIST] [SELECTION]\n\n"
		"Prints every event in order of time: the VMM's command name, process and thread, CPU,\n"
		"seconds after the first event, the event and what it says.\n\n"
		READING_HELP
		"  --fields LIST   comma-separated: only these, with tabs between; - where an event has\n"
		"                  no such field\n",
	.run = run_script,
};
