// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../common/util.h"
#include "options.h"
#include "report.h"
#include "series.h"

enum { OPT_JSON = OPT_OWN };

/* The chance of calling any row's difference significant where there is none, over all rows together. */
#define ERROR_CHANCE 0.01

/* In order of time, over all vCPUs. */
struct durations {
	enum hv_span_kind kind;
	int64_t nr;
	struct series series;
};

/* More than any real guest has; what comes beyond that is not compared. */
#define MAX_DURATIONS 512

struct side {
	struct recording *r;
	struct durations *durations[MAX_DURATIONS];
	size_t nr_durations;
	struct hv_sums sums;
	double seconds;
};

struct pair {
	const char *table;
	int64_t nr;
	char name[HV_NAME_MAX];
	uint64_t count[2];
	const struct hist *hist[2];
	double p;	/* of durations as different as these, if nothing differs; NAN: too few */
	double longer;	/* A's durations are (> 0), or B's */
};

struct diff {
	struct side side[2];
	struct pair *pairs;
	size_t nr_pairs, tests;
	struct hist none;
};

static const struct hist *or_none(const struct diff *d, const struct hist *h)
{
	return h ? h : &d->none;
}

static struct pair *add_pair(struct diff *d, const char *table, int64_t nr, const char *name)
{
	struct pair *p;

	d->pairs = hv_grow(d->pairs, d->nr_pairs + 1, sizeof(*d->pairs));
	p = &d->pairs[d->nr_pairs++];
	*p = (struct pair){ .table = table, .nr = nr };
	snprintf(p->name, sizeof(p->name), "%s", name);
	return p;
}

static struct series *series_of(struct side *s, enum hv_span_kind kind, int64_t nr)
{
	struct durations *d;

	for (size_t i = 0; i < s->nr_durations; i++)
		if (s->durations[i]->kind == kind && s->durations[i]->nr == nr)
			return &s->durations[i]->series;
	if (s->nr_durations == MAX_DURATIONS)
		return NULL;
	d = s->durations[s->nr_durations++] = hv_alloc(sizeof(*d));
	d->kind = kind;
	d->nr = nr;
	return &d->series;
}

static void add_duration(struct side *s, enum hv_span_kind kind, int64_t nr, uint64_t ns)
{
	struct series *series = series_of(s, kind, nr);

	if (series)
		series_add(series, ns);
}

static int on_span(const struct hv_vcpu *v, const struct hv_span *span, void *arg)
{
	bool is_reason = span->kind == HV_SPAN_EXIT || span->kind == HV_SPAN_HCALL;

	add_duration(arg, span->kind, is_reason ? span->nr : 0, span->end - span->start);
	if (span->kind == HV_SPAN_EXIT && hv_has_module_time(v, span))
		add_duration(arg, HV_SPAN_MODULE, 0, hv_module_time(v, span));
	return 0;
}

static void finish_pair(struct diff *d, struct pair *p, enum hv_span_kind kind, int64_t nr)
{
	struct series *a = series_of(&d->side[0], kind, nr), *b = series_of(&d->side[1], kind, nr);

	p->p = a && b ? series_same(a, b, &p->longer) : NAN;
	d->tests += !isnan(p->p);
}

static void add_reason(struct diff *d, enum hv_span_kind kind, int64_t nr, const struct hv_table *const t[2])
{
	const char *table = kind == HV_SPAN_EXIT ? "exits" : "hypercalls";
	char buf[HV_NAME_MAX];
	struct pair *p;

	for (size_t i = 0; i < d->nr_pairs; i++)
		if (d->pairs[i].nr == nr && !strcmp(d->pairs[i].table, table))
			return;
	p = add_pair(d, table, nr, kind == HV_SPAN_EXIT ? hv_exit_name(nr, buf) : hv_hcall_name(nr, buf));
	for (int s = 0; s < 2; s++) {
		const struct hv_reason *r = hv_table_find(t[s], nr);

		p->count[s] = r ? r->count : 0;
		p->hist[s] = or_none(d, r ? &r->hist : NULL);
	}
	finish_pair(d, p, kind, nr);
}

static void add_tables(struct diff *d, enum hv_span_kind kind, const struct hv_table *a, const struct hv_table *b)
{
	const struct hv_table *const t[2] = { a, b };

	for (int s = 0; s < 2; s++)
		for (size_t i = 0; i < t[s]->nr_reasons; i++)
			add_reason(d, kind, t[s]->reasons[i].nr, t);
}

static void add_spent(struct diff *d, const char *name, enum hv_span_kind kind)
{
	const struct hist *a = &d->side[0].sums.spent[kind], *b = &d->side[1].sums.spent[kind];
	struct pair *p;

	if (!a->count && !b->count)
		return;
	p = add_pair(d, "time", kind, name);
	p->count[0] = a->count;
	p->count[1] = b->count;
	p->hist[0] = a;
	p->hist[1] = b;
	finish_pair(d, p, kind, 0);
}

static uint64_t distance(const struct pair *p)
{
	uint64_t a = p->hist[0]->sum, b = p->hist[1]->sum;

	return a > b ? a - b : b - a;
}

/* Tables in their order; in each, what made most of the difference first. */
static int by_distance(const void *pa, const void *pb)
{
	const struct pair *a = pa, *b = pb;
	int c = strcmp(a->table, b->table);
	uint64_t da = distance(a), db = distance(b);

	if (c)
		return c;
	return da != db ? (da < db ? 1 : -1) : (a->nr > b->nr) - (a->nr < b->nr);
}

static double level(const struct diff *d)
{
	return ERROR_CHANCE / d->tests;
}

static bool is_significant(const struct diff *d, const struct pair *p)
{
	return !isnan(p->p) && p->p < level(d);
}

/* So few that even the clearest difference could be chance. */
static bool is_too_few(const struct diff *d, const struct pair *p)
{
	return isnan(p->p) || series_least_chance(p->hist[0]->count, p->hist[1]->count) >= level(d);
}

/* What has no duration is not shown as one of 0. */
static void print_us(const struct hist *h, double ns)
{
	if (h->count)
		printf(" %9.2f", ns / 1e3);
	else
		printf(" %9s", "-");
}

/* The difference of durations in words. */
static const char *verdict(const struct diff *d, const struct pair *p)
{
	if (!p->count[0] || !p->count[1])
		return p->count[0] ? "only in A" : "only in B";
	if (is_too_few(d, p))
		return "too few";
	if (!is_significant(d, p))
		return "same";
	return p->longer < 0 ? "B slower" : "B faster";
}

static void print_ratio(double a, double b)
{
	if (a > 0 && b > 0)
		printf(" %7.2f", b / a);
	else
		printf(" %7s", "-");
}

static void print_pair(const struct diff *d, const struct pair *p)
{
	const struct hist *a = p->hist[0], *b = p->hist[1];

	printf("%-22s %9" PRIu64 " %9" PRIu64, p->name, p->count[0], p->count[1]);
	print_ratio(p->count[0], p->count[1]);
	print_us(a, hist_mean(a));
	print_us(b, hist_mean(b));
	print_ratio(hist_mean(a), hist_mean(b));
	print_us(a, hist_percentile(a, 0.5));
	print_us(b, hist_percentile(b, 0.5));
	printf(" %+11.3f  %s\n", ((double)b->sum - a->sum) / 1e6, verdict(d, p));
}

static void print_side(const char *name, const struct side *s)
{
	uint64_t guest = s->sums.spent[HV_SPAN_GUEST].sum, outside = hv_sums_outside(&s->sums);
	uint64_t lost = hv_reader_lost(s->r->reader);

	printf("%s: %s: %" PRIu64 " events in %.3f s, %" PRIu64 " guest entries, %.3f ms in the guest, %.3f ms outside\n",
	       name, s->r->reader->path, s->r->reader->records, s->seconds, s->sums.enters, guest / 1e6, outside / 1e6);
	if (pd_is_unfinished(s->r->reader->file))
		printf("%s: " HV_INCOMPLETE "\n", name);
	if (lost)
		printf("%s: LOST: %" PRIu64 " events. Its counts are too low.\n", name, lost);
}

static void print_text(const struct diff *d)
{
	const char *table = NULL;

	print_side("A", &d->side[0]);
	print_side("B", &d->side[1]);
	for (size_t i = 0; i < d->nr_pairs; i++) {
		const struct pair *p = &d->pairs[i];

		if (!table || strcmp(table, p->table)) {
			table = p->table;
			printf("\n%-22s %9s %9s %7s %9s %9s %7s %9s %9s %11s\n", table, "count A", "count B", "B/A",
			       "mean A us", "mean B us", "B/A", "p50 A us", "p50 B us", "all, ms");
		}
		print_pair(d, p);
	}
	printf("\n\"B slower\", \"B faster\": most of the durations are, by more than they vary within each recording (Mann-Whitney U\n"
	       "test; chance of any false one among the %zu rows %g). Two runs of the same may differ as well: compare two of\n"
	       "A first. \"all\": how much more time it took in B than in A.\n", d->tests, ERROR_CHANCE);
}

static void json_side(struct hv_json *j, const char *key, const struct side *s)
{
	hv_json_open(j, key, '{');
	hv_json_string(j, "file", s->r->reader->path);
	hv_json_uint(j, "events", s->r->reader->records);
	hv_json_bool(j, "incomplete", pd_is_unfinished(s->r->reader->file));
	hv_json_uint(j, "lost", hv_reader_lost(s->r->reader));
	hv_json_uint(j, "entries", s->sums.enters);
	hv_json_uint(j, "guest_ns", s->sums.spent[HV_SPAN_GUEST].sum);
	hv_json_uint(j, "outside_ns", hv_sums_outside(&s->sums));
	hv_json_close(j, '}');
}

static void print_json(const struct diff *d)
{
	static const int columns[] = { COL_COUNT, COL_MIN, COL_MEAN, COL_P50, COL_P90, COL_P99, COL_P999, COL_MAX, -1 };
	struct hv_json j = { .out = stdout };

	hv_json_open(&j, NULL, '{');
	json_side(&j, "a", &d->side[0]);
	json_side(&j, "b", &d->side[1]);
	hv_json_open(&j, "rows", '[');
	for (size_t i = 0; i < d->nr_pairs; i++) {
		const struct pair *p = &d->pairs[i];

		hv_json_open(&j, NULL, '{');
		hv_json_string(&j, "table", p->table);
		hv_json_string(&j, "name", p->name);
		for (int s = 0; s < 2; s++) {
			hv_json_open(&j, s ? "b" : "a", '{');
			hv_json_row(&j, columns, &(struct hv_row){ .count = p->count[s], .hist = p->hist[s] });
			hv_json_close(&j, '}');
		}
		hv_json_string(&j, "verdict", verdict(d, p));
		hv_json_real(&j, "p", p->p);
		hv_json_bool(&j, "significant", is_significant(d, p));
		hv_json_close(&j, '}');
	}
	hv_json_close(&j, ']');
	hv_json_close(&j, '}');
}

static int read_side(struct side *s, const char *path, const struct hv_select *select)
{
	s->r = recording_read_spans(path, select, on_span, s);
	if (!s->r)
		return -1;
	for (size_t i = 0; i < s->r->stats->nr_vcpus; i++)
		hv_sums_add(&s->sums, s->r->stats->vcpus[i]);
	s->seconds = (s->r->reader->last_time - s->r->reader->first_time) / 1e9;
	return 0;
}

static int diff(const char *a, const char *b, const struct hv_select *select, bool json)
{
	struct diff d = { 0 };
	int ret = read_side(&d.side[0], a, select) || read_side(&d.side[1], b, select);

	if (!ret) {
		add_tables(&d, HV_SPAN_EXIT, &d.side[0].sums.exits, &d.side[1].sums.exits);
		add_tables(&d, HV_SPAN_HCALL, &d.side[0].sums.hcalls, &d.side[1].sums.hcalls);
		add_spent(&d, "in the guest", HV_SPAN_GUEST);
		add_spent(&d, "in real mode", HV_SPAN_REAL);
		add_spent(&d, "in the module", HV_SPAN_MODULE);
		add_spent(&d, "in user space", HV_SPAN_USER);
		add_spent(&d, "idle", HV_SPAN_IDLE);
		add_spent(&d, "switch to the guest", HV_SPAN_SWITCH_IN);
		add_spent(&d, "switch to the host", HV_SPAN_SWITCH_OUT);
		if (d.nr_pairs)
			qsort(d.pairs, d.nr_pairs, sizeof(*d.pairs), by_distance);
		if (json)
			print_json(&d);
		else
			print_text(&d);
	}
	for (int s = 0; s < 2; s++) {
		for (size_t i = 0; i < d.side[s].nr_durations; i++) {
			series_free(&d.side[s].durations[i]->series);
			free(d.side[s].durations[i]);
		}
		hv_sums_free(&d.side[s].sums);
		if (d.side[s].r)
			recording_free(d.side[s].r);
	}
	free(d.pairs);
	return finish_output() || ret ? 1 : 0;
}

static int run_diff(int argc, char *argv[])
{
	static const struct option options[] = {
		READING_OPTIONS,
		{ "json", no_argument, NULL, OPT_JSON }, { 0 }
	};
	struct reading reading = READING_DEFAULT;
	bool json = false;
	int opt, taken;

	opterr = 0;
	while ((opt = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		taken = reading_option(&cmd_diff, &reading, opt, optarg);
		if (taken < 0)
			return 1;
		if (opt == 'h')
			return print_help(&cmd_diff);
		if (opt == OPT_JSON)
			json = true;
		else if (!taken)
			return bad_option(&cmd_diff, argv, opt);
	}
	if (argc - optind != 2) {
		hv_error("diff: needs two recordings, A and B (hvtrace diff --help)");
		return 1;
	}
	return diff(argv[optind], argv[optind + 1], &reading.select, json);
}

const struct command cmd_diff = {
	.name = "diff",
	.summary = "two recordings side by side: what changed, and is it more than chance",
	.help = "[--json] [SELECTION] A B\n\n"
		"Compares two runs, or one run under two backends: per exit, hypercall and kind of time the\n"
		"counts, mean and median durations, their ratios, the difference of the time that it took\n"
		"in all, and whether the durations differ by more than they vary within each recording\n"
		"(Mann-Whitney U test, which assumes nothing about how durations are spread).\n\n"
		SELECT_HELP
		"  --json          for programs; durations are in nanoseconds\n",
	.run = run_diff,
};
