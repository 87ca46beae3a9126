// SPDX-License-Identifier: GPL-2.0
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../common/part.h"
#include "../common/util.h"
#include "export.h"
#include "options.h"

enum { OPT_TO = OPT_OWN };

static const struct export_format *const formats[] = {
	&export_perf_data, &export_perfetto, &export_chrome, &export_csv, &export_json, &export_folded
};

struct exporting {
	struct reading reading;
	const struct export_format *format;
	const char *file;	/* NULL: stdout */
	struct export x;
	struct hv_stats *stats;
};

static int on_span(const struct hv_vcpu *v, const struct hv_span *span, void *arg)
{
	struct exporting *e = arg;

	return e->format->span(&e->x, v, span);
}

static int on_item(const struct hv_item *item, void *arg)
{
	struct exporting *e = arg;
	if (e->format->record)
		return e->format->record(&e->x, item);
	if (item->lost)
		hv_stats_lost(e->stats, item->r.cpu);
	else if (hv_stats_add(e->stats, &item->r))
		return pd_damaged(e->x.reader->file, "more vCPUs or exit reasons than any machine has");
	return 0;
}

static int convert(struct exporting *e)
{
	const struct export_format *f = e->format;
	int ret;

	if (f->whole)
		return f->whole(&e->x);
	e->stats->on_span = on_span;
	e->stats->arg = e;
	if (!f->record)
		hv_stats_setup(e->stats, e->x.reader->decoder, &e->x.reader->clock);
	if (f->begin && f->begin(&e->x))
		return -1;
	ret = hv_reader_run(e->x.reader, on_item, e);
	if (f->end && f->end(&e->x))
		ret = -1;
	return ret;
}

static const char *unfinished;

static void on_signal(int sig)
{
	unlink(unfinished);
	raise(sig);
}

/* What ends us takes half a file with it: nothing is in that which the recording has not. NULL: no more of that. */
static void remove_at_signal(const char *part)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction sa = { .sa_handler = part ? on_signal : SIG_DFL, .sa_flags = SA_RESETHAND }, old;

	if (part)
		unfinished = part;
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
		sigaction(signals[i], NULL, &old);
		if (old.sa_handler != SIG_IGN)	/* nohup */
			sigaction(signals[i], &sa, NULL);
	}
}

static int convert_to_file(struct exporting *e)
{
	struct hv_part file;
	int ret;

	if (hv_same_file(e->file, e->reading.path))
		return hv_error("%s: is the recording itself", e->file);
	if (hv_part_open(&file, e->file, HV_PART_PRIVATE))
		return -1;
	e->x.path = file.part;
	e->x.out = file.out;
	remove_at_signal(file.part);
	ret = convert(e);
	remove_at_signal(NULL);
	return hv_part_close(&file, !ret) ? -1 : ret;
}

static int export(struct exporting *e)
{
	int ret;

	e->x.reader = hv_reader_open(e->reading.path);
	if (!e->x.reader)
		return 1;
	e->x.reader->select = e->reading.select;
	e->x.reader->by_time = e->format->record;
	e->x.out = stdout;
	e->x.path = "stdout";
	e->stats = hv_stats_new();
	ret = e->file ? convert_to_file(e) : convert(e);
	hv_reader_warn(e->x.reader);
	if (hv_reader_lost(e->x.reader))
		hv_warn("LOST: %llu events are missing in it", (unsigned long long)hv_reader_lost(e->x.reader));
	hv_stats_free(e->stats);
	hv_reader_close(e->x.reader);
	return finish_output() || ret ? 1 : 0;
}

static int export_help(void)
{
	print_help(&cmd_export);
	puts("\nFormats:");
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		printf("  %-10s %s\n", formats[i]->name, formats[i]->help);
	return 0;
}

static int check(const struct exporting *e)
{
	const struct hv_select *s = &e->reading.select;

	if (!e->format)
		return hv_error("export: --to FORMAT is missing (hvtrace export --help lists them)");
	if (!e->format->whole)
		return 0;
	if (!e->file)
		return hv_error("export: --to %s needs -o FILE", e->format->name);
	if (s->pid || s->lpid >= 0 || s->vcpu >= 0 || s->from >= 0 || s->to >= 0)
		return hv_error("export: --to %s takes the whole recording", e->format->name);
	return 0;
}

static int take_option(struct exporting *e, int opt)
{
	if (opt == 'o') {
		e->file = strcmp(optarg, "-") ? optarg : NULL;
		return 1;
	}
	if (opt != OPT_TO)
		return reading_option(&cmd_export, &e->reading, opt, optarg);
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		if (!strcmp(formats[i]->name, optarg))
			e->format = formats[i];
	return e->format ? 1 : hv_error("export: --to %s: no such format (hvtrace export --help lists them)", optarg);
}

static int run_export(int argc, char *argv[])
{
	static const struct option options[] = {
		READING_OPTIONS,
		{ "to", required_argument, NULL, OPT_TO }, { 0 }
	};
	struct exporting e = { .reading = READING_DEFAULT };
	int opt, taken;

	opterr = 0;
	while ((opt = getopt_long(argc, argv, READING_LETTERS "o:", options, NULL)) != -1) {
		taken = take_option(&e, opt);
		if (taken < 0)
			return 1;
		if (!taken)
			return opt == 'h' ? export_help() : bad_option(&cmd_export, argv, opt);
	}
	if (optind < argc)
		return unexpected(&cmd_export, argv[optind]);
	return check(&e) ? 1 : export(&e);
}

const struct command cmd_export = {
	.name = "export",
	.summary = "a recording in other programs' formats",
	.help = "--to FORMAT [-i FILE] [-o FILE] [SELECTION]\n\n"
		"Writes what a recording holds in another format. Times are when things happened, not\n"
		"when the kernel told of them.\n\n"
		"  --to FORMAT     see below\n"
		"  -o FILE         write to FILE, not to standard output (-)\n"
		READING_HELP,
	.run = run_export,
};
