// SPDX-License-Identifier: GPL-2.0
/* hvbench show: a result file as tables. */
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../tools/common/util.h"
#include "cmd.h"
#include "foreign.h"
#include "limits.h"
#include "rows.h"
#include "view.h"

#define CONFIDENCE 0.95
#define CELL 128

enum form { TEXT, MARKDOWN, CSV };

struct cell {
	const struct series *series;
	struct summary s;
};

static void number(char *buf, size_t size, double v)
{
	if (isnan(v))
		snprintf(buf, size, "-");
	else
		snprintf(buf, size, fabs(v) < 100 ? "%.1f" : "%.0f", v);
}

/* "median [low, high]", with ! and their number if there are outliers; the unit, if it is not the table's */
static void cell_text(char *buf, size_t size, const struct cell *c, enum metric usual)
{
	char m[24], low[24], high[24], out[24] = "";

	if (!c->series || (!c->series->n && !c->series->skipped)) {
		snprintf(buf, size, "-");
		return;
	}
	if (!c->series->n) {
		snprintf(buf, size, "not run");
		return;
	}
	number(m, sizeof(m), c->s.median);
	number(low, sizeof(low), c->s.interval.low);
	number(high, sizeof(high), c->s.interval.high);
	if (c->s.outliers)
		snprintf(out, sizeof(out), " !%zu", c->s.outliers);
	snprintf(buf, size, "%s [%s, %s]%s%s%s", m, low, high, out, c->series->metric == usual ? "" : " ",
		 c->series->metric == usual ? "" : metric_name(c->series->metric));
}

static void ratio_text(char *buf, size_t size, const struct cell *first, const struct cell *c)
{
	if (first->series && c->series && first->series->n && c->series->n && first->s.median > 0 &&
	    first->series->metric == c->series->metric)
		snprintf(buf, size, "%.2f", c->s.median / first->s.median);
	else
		snprintf(buf, size, "-");
}

static void print_cells(enum form form, const char *name, char texts[][CELL], size_t n)
{
	printf(form == MARKDOWN ? "| %s |" : "%-18s", name);
	for (size_t i = 0; i < n; i++) {
		if (form == MARKDOWN)
			printf(" %s |", texts[i]);
		else
			printf(i % 2 ? " %7s" : " %30s", texts[i]);
	}
	putchar('\n');
}

/* The heads of a place's table; cells come in pairs: the figure and its ratio to the first backend's. */
static void print_head(enum form form, const struct place *p, const char *metric, const char *const *backends, size_t nb)
{
	char (*heads)[CELL] = hv_alloc(2 * nb * CELL);
	size_t n = 0;

	printf(form == MARKDOWN ? "\n**%s, mitigations=%s, %s: %s each, median [95 %% interval]**\n\n" :
	       "\n%s, mitigations=%s, %s: %s each, median [95 %% interval] !outliers\n", p->machine, p->mitigations, p->suite, metric);
	for (size_t i = 0; i < nb; i++) {
		snprintf(heads[n++], sizeof(heads[0]), "%s", backends[i]);
		snprintf(heads[n++], sizeof(heads[0]), i ? "/%s" : "%s", i ? backends[0] : "");
	}
	print_cells(form, form == MARKDOWN ? "row" : "", heads, n);
	if (form == MARKDOWN) {
		printf("|---|");
		for (size_t i = 0; i < n; i++)
			printf("---:|");
		putchar('\n');
	}
	free(heads);
}

static void fill_cell(struct cell *c, const struct table *t, const struct place *p, const char *backend, const char *row)
{
	c->series = table_find(t, p->suite, p->machine, p->mitigations, backend, row);
	if (c->series && c->series->n)
		series_summary(&c->s, c->series, CONFIDENCE);
}

/* Why some samples, or all, have no figure */
static const char *why(const struct series *s)
{
	if (s->skipped)
		return s->skipped;
	return s->n ? "in another unit, or an emulator's ticks" : "an emulator's ticks without --icount mean nothing";
}

static void print_notes(const struct table *t, const struct place *p, enum form form)
{
	bool first = true;

	for (size_t i = 0; i < t->n; i++) {
		const struct series *s = &t->series[i];

		if ((s->n && !s->skipped && !s->left_out) || strcmp(s->suite, p->suite) || strcmp(s->machine, p->machine) ||
		    strcmp(s->mitigations, p->mitigations))
			continue;
		if (first)
			printf(form == MARKDOWN ? "\nNot run:\n" : "not run:\n");
		first = false;
		printf(form == MARKDOWN ? "- %s, %s%s: %s\n" : "  %s, %s%s: %s\n", s->row, s->backend, s->n ? ", in some runs" : "", why(s));
	}
}

struct pool {
	const struct place *place;
	const char *backend;
};

static bool in_pool(const json_t *run, const void *arg)
{
	const struct pool *p = arg;

	return !strcmp(json_string_value(json_object_get(run, "suite")), p->place->suite) &&
		!strcmp(json_string_value(json_object_get(run, "machine")), p->place->machine) &&
		!strcmp(json_string_value(json_object_get(run, "mitigations")), p->place->mitigations) &&
		!strcmp(json_string_value(json_object_get(run, "backend")), p->backend);
}

/* Samples of another kernel, emulator, ... are in the same median. */
static void print_mixtures(const json_t *result, const struct place *p, const char *const *backends, size_t nb, enum form form)
{
	for (size_t b = 0; b < nb; b++)
		for (const char *const *key = foreign; *key; key++) {
			struct pool pool = { p, backends[b] };
			size_t n;
			char *values = values_of(result, in_pool, &pool, *key, &n);

			if (n > 1)
				printf(form == MARKDOWN ? "\n%s: runs of DIFFERENT %s: %s\n" : "%s: runs of DIFFERENT %s: %s\n",
				       backends[b], *key, values);
			free(values);
		}
}

static enum metric metric_of(const struct table *t, const struct place *p)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->series[i].n && !strcmp(t->series[i].machine, p->machine) && !strcmp(t->series[i].suite, p->suite))
			return t->series[i].metric;
	return METRIC_NONE;
}

static void show_place(const struct table *t, const struct place *p, const char *const *backends, size_t nb, enum form form)
{
	size_t nrows;
	const char **rows = rows_of(t, p, &nrows);
	enum metric metric = metric_of(t, p);
	char (*texts)[CELL] = hv_alloc(2 * nb * CELL);

	print_head(form, p, metric == METRIC_NONE ? "nothing" : metric_name(metric), backends, nb);
	for (size_t r = 0; r < nrows; r++) {
		struct cell first = { 0 }, c;
		size_t n = 0;

		for (size_t b = 0; b < nb; b++) {
			fill_cell(&c, t, p, backends[b], rows[r]);
			if (!b)
				first = c;
			cell_text(texts[n++], sizeof(texts[0]), &c, metric);
			if (b)
				ratio_text(texts[n++], sizeof(texts[0]), &first, &c);
			else
				texts[n++][0] = '\0';
		}
		print_cells(form, rows[r], texts, n);
	}
	print_notes(t, p, form);
	free(texts);
	free(rows);
}

/* For programs: a line to a series, numbers with all their digits. */
static void show_csv(const struct table *t)
{
	puts("suite,machine,mitigations,backend,group,row,unit,metric,samples,boots,runs,median,low95,high95,min,q1,q3,max,"
	     "outliers,ticks,cycles,skipped");
	for (size_t i = 0; i < t->n; i++) {
		const struct series *s = &t->series[i];
		const struct row *row = row_find(s->row);
		struct summary u = { NAN, NAN, NAN, NAN, NAN, { NAN, NAN }, 0 };

		if (s->n)
			series_summary(&u, s, CONFIDENCE);
		printf("%s,%s,%s,%s,%s,%s,%s,%s,%zu,%zu,%zu,%.10g,%.10g,%.10g,%.10g,%.10g,%.10g,%.10g,%zu,%.10g,%.10g,\"%s\"\n",
		       s->suite, s->machine, s->mitigations, s->backend, row ? group_name(row->group) : s->suite, s->row, s->unit,
		       s->n ? metric_name(s->metric) : "-", s->n, s->boots, s->runs, u.median, u.interval.low, u.interval.high,
		       u.min, u.q1, u.q3, u.max, u.outliers, s->ticks, s->cycles, s->n ? "" : why(s));
	}
}

static bool all_emulated(const json_t *result)
{
	const json_t *runs = json_object_get(result, "runs"), *run;
	size_t i;

	json_array_foreach(runs, i, run)
		if (!json_is_true(json_object_get(run, "emulated")))
			return false;
	return json_array_size(runs);
}

static int show(const char *path, enum form form)
{
	json_t *result = result_load(path);
	struct place *places;
	const char **backends;
	size_t np, nb, exceeded = 0, checked = 0;
	int status = STATUS_OK;
	struct table t;

	if (!result)
		return STATUS_ERROR;
	table_make(&t, result);
	places = places_of(&t, &np);
	backends = backends_of(&t, &nb);
	if (form == CSV)
		show_csv(&t);
	else if (all_emulated(result))
		puts("From an emulator: instructions executed, which are not cycles; nothing here is a time.");
	for (size_t i = 0; i < np && form != CSV; i++) {
		show_place(&t, &places[i], backends, nb, form);
		print_mixtures(result, &places[i], backends, nb, form);
		exceeded += limits_check(&t, &places[i], &checked);
	}
	if (!t.n) {
		hv_error("%s: no rows in it", path);
		status = STATUS_ERROR;
	} else if (exceeded) {
		status = STATUS_WORSE;
	} else if (nr_limits && !checked) {
		puts("limits: NONE CHECKED: they are of other rows, mitigations or units, or parts of what is not here");
	}
	free(places);
	free(backends);
	table_free(&t);
	json_decref(result);
	return status;
}

static int run_show(int argc, char *argv[])
{
	static const struct option options[] = {
		{ "format", required_argument, NULL, 'f' }, { "limits", required_argument, NULL, 'l' }, { "help", no_argument, NULL, 'h' }, { 0 }
	};
	enum form form = TEXT;
	int c;

	opterr = 0;
	while ((c = getopt_long(argc, argv, ":f:l:h", options, NULL)) != -1) {
		if (c == 'h')
			return print_help(&cmd_show);
		if (c == 'l') {
			if (limits_read(optarg))
				return STATUS_ERROR;
			continue;
		}
		if (c != 'f')
			return bad_option(&cmd_show, argv, c);
		if (!strcmp(optarg, "text"))
			form = TEXT;
		else if (!strcmp(optarg, "markdown"))
			form = MARKDOWN;
		else if (!strcmp(optarg, "csv"))
			form = CSV;
		else
			return hv_error("show: no format '%s': text, markdown or csv", optarg), STATUS_ERROR;
	}
	if (form == CSV && nr_limits)
		return hv_error("show: --limits is not for csv"), STATUS_ERROR;
	if (argc - optind > 1)
		return hv_error("show: one file at a time (hvbench show --help)"), STATUS_ERROR;
	return show(optind < argc ? argv[optind] : DEFAULT_FILE, form);
}

const struct command cmd_show = {
	.name = "show",
	.summary = "a result file as tables",
	.help = "[-f FORMAT] [FILE]\n\n"
		"Per machine and choice of mitigations a table: a row of the benchmark to a line, a backend to a\n"
		"column: median, 95 % bootstrap interval, !n if n samples lie far out (they are in the median),\n"
		"ratio to the first backend. FILE is " DEFAULT_FILE " by default.\n\n"
		"  -f, --format text|markdown|csv   (default text; csv has all digits)\n"
		"  -l, --limits FILE                lines ROW MITIGATIONS INSTRUCTIONS, or stock/N for a part of what\n"
		"                                   stock's costs: what ours may cost at most; status 1 if a row\n"
		"                                   costs more or has no figure. Said if none is of a row here.\n"
		"                                   Not with csv\n",
	.run = run_show,
};
