// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include "../common/util.h"
#include "options.h"
#include "report.h"

enum { OPT_JSON = OPT_OWN, OPT_CSV, OPT_SYMBOLS };

struct report {
	struct reading reading;
	int form;	/* 0: text */
	const char *symbols;
};

static int report(const struct report *o)
{
	struct hv_symbols *symbols = NULL;
	struct recording *r;

	if (o->symbols && !(symbols = hv_symbols_read(o->symbols)))
		return 1;
	r = recording_read(o->reading.path, &o->reading.select, symbols);
	if (r) {
		if (o->form)
			hv_reader_warn(r->reader);
		if (o->form == OPT_JSON)
			report_json(r, o->reading.path);
		else if (o->form == OPT_CSV)
			report_csv(r);
		else
			report_text(r, o->reading.path);
		recording_free(r);
	}
	hv_symbols_free(symbols);
	return r ? finish_output() : 1;
}

static int run_report(int argc, char *argv[])
{
	static const struct option options[] = {
		READING_OPTIONS,
		{ "json", no_argument, NULL, OPT_JSON },
		{ "csv", no_argument, NULL, OPT_CSV },
		{ "symbols", required_argument, NULL, OPT_SYMBOLS }, { 0 }
	};
	struct report o = { .reading = READING_DEFAULT };
	int opt, taken;

	opterr = 0;
	while ((opt = getopt_long(argc, argv, READING_LETTERS, options, NULL)) != -1) {
		taken = reading_option(&cmd_report, &o.reading, opt, optarg);
		if (taken < 0)
			return 1;
		if (taken)
			continue;
		switch (opt) {
		case OPT_JSON:
		case OPT_CSV:
			if (o.form && o.form != opt) {
				hv_error("report: --json and --csv exclude each other");
				return 1;
			}
			o.form = opt;
			break;
		case OPT_SYMBOLS:
			o.symbols = optarg;
			break;
		case 'h':
			return print_help(&cmd_report);
		default:
			return bad_option(&cmd_report, argv, opt);
		}
	}
	return optind < argc ? unexpected(&cmd_report, argv[optind]) : report(&o);
}

const struct command cmd_report = {
	.name = "report",
	.summary = "exits and hypercalls in a recording: how often, how long",
	.help = "[-i FILE] [--json | --csv] [--symbols FILE] [SELECTION]\n\n"
		"Reports what hvtrace record or perf record wrote: per VM and vCPU, exits by reason and\n"
		"hypercalls by name, per VM the guest addresses that exits come from; with count, share\n"
		"of the time spent outside the guest, and min, mean, percentiles and max duration in\n"
		"microseconds. Events that were lost are said at the top, per CPU.\n\n"
		"An exit lasts until the vCPU's next guest entry. A hypercall lasts until the same\n"
		"moment, whoever answered it, kernel or user space.\n\n"
		READING_HELP
		"  --symbols FILE  the guest kernel's System.map or vmlinux: functions instead of addresses\n"
		"  --json, --csv   for programs; durations are in nanoseconds\n",
	.run = run_report,
};
