// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../common/util.h"
#include "options.h"
#include "../common/stats.h"

enum { OPT_SVG = OPT_OWN, OPT_WIDTH };

/* What a vCPU does, as far as the events tell; an exit's time that is nothing else is the module's. */
enum state { STATE_GUEST, STATE_REAL, STATE_MODULE, STATE_SWITCH, STATE_USER, STATE_IDLE, NR_STATES };

static const struct {
	char letter;
	const char *name, *colour;
} states[NR_STATES] = {
	[STATE_GUEST]	= { 'G', "guest", "#4c9f70" },
	[STATE_REAL]	= { 'r', "real mode", "#8d5a97" },
	[STATE_MODULE]	= { 'h', "hypervisor", "#d1495b" },
	[STATE_SWITCH]	= { 's', "partition switch", "#edae49" },
	[STATE_USER]	= { 'u', "user space", "#3d6fb4" },
	[STATE_IDLE]	= { '-', "idle", "#c9ccd1" },
};

/* More bins than any terminal has columns; time is cut anew, twice as wide, when they run out. */
#define BINS		4096
#define FIRST_BIN_NS	1000
#define MAX_LANES	1024

struct lane {
	const struct hv_vcpu *v;
	uint64_t ns[BINS][NR_STATES];
};

struct timeline {
	struct reading reading;
	bool svg;
	int width;
	struct hv_reader *reader;
	struct hv_stats *stats;
	uint64_t bin_ns, bins;	/* bins: how many are in use */
	struct lane **lanes;
	size_t nr_lanes;
	bool has_more;
};

static struct lane *lane_of(struct timeline *t, const struct hv_vcpu *v)
{
	for (size_t i = 0; i < t->nr_lanes; i++)
		if (t->lanes[i]->v == v)
			return t->lanes[i];
	if (t->nr_lanes == MAX_LANES) {
		t->has_more = true;
		return NULL;
	}
	t->lanes = hv_grow(t->lanes, t->nr_lanes + 1, sizeof(*t->lanes));
	t->lanes[t->nr_lanes] = hv_alloc(sizeof(struct lane));
	t->lanes[t->nr_lanes]->v = v;
	return t->lanes[t->nr_lanes++];
}

static void widen(struct timeline *t)
{
	for (size_t l = 0; l < t->nr_lanes; l++) {
		struct lane *lane = t->lanes[l];

		for (size_t b = 0; b < BINS; b++)
			for (int s = 0; s < NR_STATES; s++)
				lane->ns[b][s] = b < BINS / 2 ? lane->ns[2 * b][s] + lane->ns[2 * b + 1][s] : 0;
	}
	t->bin_ns *= 2;
	t->bins = (t->bins + 1) / 2;
}

/* from and to: ns after the recording's start */
static void add(struct timeline *t, struct lane *lane, enum state state, uint64_t from, uint64_t to)
{
	while (to > t->bin_ns * BINS)
		widen(t);
	for (uint64_t b = from / t->bin_ns; b * t->bin_ns < to; b++) {
		uint64_t start = b * t->bin_ns, end = start + t->bin_ns;

		lane->ns[b][state] += (to < end ? to : end) - (from > start ? from : start);
		if (b >= t->bins)
			t->bins = b + 1;
	}
}

static int on_span(const struct hv_vcpu *v, const struct hv_span *span, void *arg)
{
	static const int state_of[HV_NR_SPANS] = {
		[HV_SPAN_GUEST] = STATE_GUEST, [HV_SPAN_EXIT] = STATE_MODULE, [HV_SPAN_HCALL] = -1,
		[HV_SPAN_USER] = STATE_USER, [HV_SPAN_IDLE] = STATE_IDLE,
		[HV_SPAN_SWITCH_IN] = STATE_SWITCH, [HV_SPAN_SWITCH_OUT] = STATE_SWITCH,
		[HV_SPAN_REAL] = STATE_REAL,
	};
	struct timeline *t = arg;
	uint64_t zero = t->reader->start + (t->reading.select.from > 0 ? t->reading.select.from : 0);
	struct lane *lane;

	/* Only a damaged file has times that the bins can't be widened to. */
	if (state_of[span->kind] < 0 || span->end <= zero || span->end - zero > UINT64_MAX / 4)
		return 0;
	lane = lane_of(t, v);
	if (lane)
		add(t, lane, state_of[span->kind], span->start > zero ? span->start - zero : 0, span->end - zero);
	return 0;
}

/* Exits contain real mode, user space, idling and switches: what is left of them is the module's. */
static void split_exits(uint64_t ns[NR_STATES])
{
	uint64_t inside = ns[STATE_REAL] + ns[STATE_SWITCH] + ns[STATE_USER] + ns[STATE_IDLE];

	ns[STATE_MODULE] = ns[STATE_MODULE] > inside ? ns[STATE_MODULE] - inside : 0;
}

/* What column c of the picture shows. */
static uint64_t column(const struct timeline *t, const struct lane *lane, int c, uint64_t ns[NR_STATES])
{
	uint64_t from = t->bins * c / t->width, to = t->bins * (c + 1) / t->width, all = 0;

	memset(ns, 0, NR_STATES * sizeof(*ns));
	if (to == from)
		to++;
	for (uint64_t b = from; b < to && b < BINS; b++)
		for (int s = 0; s < NR_STATES; s++)
			ns[s] += lane->ns[b][s];
	split_exits(ns);
	for (int s = 0; s < NR_STATES; s++)
		all += ns[s];
	return all;
}

static void lane_name(const struct timeline *t, const struct lane *lane, char *buf, size_t size)
{
	const char *comm = hv_reader_comm(t->reader, lane->v->pid);

	snprintf(buf, size, "%.11s %d vCPU %d", comm ? comm : "VM", lane->v->pid, lane->v->id);
}

/* All pictures begin in the same column. */
static int name_width(const struct timeline *t)
{
	char name[64];
	int most = 24;

	for (size_t l = 0; l < t->nr_lanes; l++) {
		lane_name(t, t->lanes[l], name, sizeof(name));
		if ((int)strlen(name) > most)
			most = strlen(name);
	}
	return most;
}

static void print_text(const struct timeline *t)
{
	int width = name_width(t);
	char name[64];

	printf("%s: %.6f s from left to right", t->reading.path, t->bins * t->bin_ns / 1e9);
	if (t->reading.select.from > 0)
		printf(", from %.6f s on", t->reading.select.from / 1e9);
	printf(", %.3f us per column; the letter is what took most of it\n", t->bins * t->bin_ns / 1e3 / t->width);
	for (int s = 0; s < NR_STATES; s++)
		printf("%s%c %s", s ? ", " : "", states[s].letter, states[s].name);
	puts(", . nothing known");
	for (size_t l = 0; l < t->nr_lanes; l++) {
		lane_name(t, t->lanes[l], name, sizeof(name));
		printf("\n%-*s ", width, name);
		for (int c = 0; c < t->width; c++) {
			uint64_t ns[NR_STATES], most = 0;
			char letter = '.';

			column(t, t->lanes[l], c, ns);
			for (int s = 0; s < NR_STATES; s++) {
				if (ns[s] > most) {
					most = ns[s];
					letter = states[s].letter;
				}
			}
			putchar(letter);
		}
	}
	puts(t->nr_lanes ? "" : "\n" HV_NO_GUEST);
}

#define LEFT	180
#define LANE	36
#define TOP	44

static void svg_lane(const struct timeline *t, size_t l)
{
	char name[64];
	double y = TOP + l * (double)LANE;

	lane_name(t, t->lanes[l], name, sizeof(name));
	printf("<text x=\"4\" y=\"%.0f\">", y + 20);
	for (const char *p = name; *p; p++)
		printf(strchr("<>&\"", *p) ? "&#%d;" : "%c", *p);
	puts("</text>");
	for (int c = 0; c < t->width; c++) {
		uint64_t ns[NR_STATES], all = column(t, t->lanes[l], c, ns);
		double at = y;

		for (int s = 0; all && s < NR_STATES; s++) {
			double height = (LANE - 6.0) * ns[s] / all;

			if (ns[s])
				printf("<rect x=\"%d\" y=\"%.2f\" width=\"1.05\" height=\"%.2f\" fill=\"%s\"/>\n",
				       LEFT + c, at, height, states[s].colour);
			at += height;
		}
	}
}

/* One column of one pixel per bin of time, cut by the states' shares. */
static void print_svg(const struct timeline *t)
{
	int width = LEFT + t->width + 10, height = TOP + t->nr_lanes * LANE + 24;
	double from = t->reading.select.from > 0 ? t->reading.select.from / 1e9 : 0;

	printf("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\""
	       " font-size=\"12\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n", width, height);
	for (int s = 0; s < NR_STATES; s++)
		printf("<rect x=\"%d\" y=\"10\" width=\"12\" height=\"12\" fill=\"%s\"/><text x=\"%d\" y=\"21\">%s</text>\n",
		       LEFT + s * 130, states[s].colour, LEFT + 16 + s * 130, states[s].name);
	for (size_t l = 0; l < t->nr_lanes; l++)
		svg_lane(t, l);
	printf("<text x=\"%d\" y=\"%d\">%g</text><text x=\"%d\" y=\"%d\" text-anchor=\"end\">%.6f s</text>\n</svg>\n",
	       LEFT, height - 6, from, LEFT + t->width, height - 6, from + t->bins * t->bin_ns / 1e9);
}

static int on_item(const struct hv_item *item, void *arg)
{
	struct timeline *t = arg;

	if (!item->lost)
		return hv_stats_add(t->stats, &item->r) ?
			pd_damaged(t->reader->file, "more vCPUs or exit reasons than any machine has") : 0;
	hv_stats_lost(t->stats, item->r.cpu);
	return 0;
}

static int timeline(struct timeline *t)
{
	int ret;

	t->reader = hv_reader_open(t->reading.path);
	if (!t->reader)
		return 1;
	t->reader->select = t->reading.select;
	t->bin_ns = FIRST_BIN_NS;
	t->stats = hv_stats_new();
	t->stats->on_span = on_span;
	t->stats->arg = t;
	hv_stats_setup(t->stats, t->reader->decoder, &t->reader->clock);
	ret = hv_reader_run(t->reader, on_item, t);
	if (!ret) {
		hv_reader_warn(t->reader);
		if (t->has_more)
			hv_warn("more than %d vCPUs: the picture shows the first", MAX_LANES);
		if (hv_reader_lost(t->reader))
			hv_warn("LOST: %" PRIu64 " events: the picture has holes", hv_reader_lost(t->reader));
		if (t->svg)
			print_svg(t);
		else
			print_text(t);
	}
	for (size_t l = 0; l < t->nr_lanes; l++)
		free(t->lanes[l]);
	free(t->lanes);
	hv_stats_free(t->stats);
	hv_reader_close(t->reader);
	return finish_output() || ret ? 1 : 0;
}

static int run_timeline(int argc, char *argv[])
{
	static const struct option options[] = {
		READING_OPTIONS,
		{ "svg", no_argument, NULL, OPT_SVG },
		{ "width", required_argument, NULL, OPT_WIDTH }, { 0 }
	};
	struct timeline t = { .reading = READING_DEFAULT };
	long long n;
	int opt, taken;

	opterr = 0;
	while ((opt = getopt_long(argc, argv, READING_LETTERS, options, NULL)) != -1) {
		taken = reading_option(&cmd_timeline, &t.reading, opt, optarg);
		if (taken < 0)
			return 1;
		if (taken)
			continue;
		if (opt == 'h')
			return print_help(&cmd_timeline);
		if (opt == OPT_SVG) {
			t.svg = true;
		} else if (opt == OPT_WIDTH) {
			if (parse_number(&cmd_timeline, "--width", optarg, 10, BINS, &n))
				return 1;
			t.width = n;
		} else {
			return bad_option(&cmd_timeline, argv, opt);
		}
	}
	if (!t.width)
		t.width = t.svg ? 1000 : 100;
	return optind < argc ? unexpected(&cmd_timeline, argv[optind]) : timeline(&t);
}

const struct command cmd_timeline = {
	.name = "timeline",
	.summary = "what each vCPU did when, as text or SVG",
	.help = "[-i FILE] [--svg] [--width COLUMNS] [SELECTION]\n\n"
		"Draws a line per vCPU: in the guest, dealing with an exit in real mode, in the\n"
		"hypervisor's module, switching partitions, in user space (the VMM), idle.\n\n"
		READING_HELP
		"  --svg           a picture, not text\n"
		"  --width COLUMNS columns of time (default: 100; 1000 for --svg)\n",
	.run = run_timeline,
};
