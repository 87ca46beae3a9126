// SPDX-License-Identifier: GPL-2.0
/* hvbench compare: two result files, row by row. */
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../tools/common/util.h"
#include "cmd.h"
#include "foreign.h"
#include "view.h"

#define CONFIDENCE 0.99

struct comparison {
	const char *path[2], *backend[2];	/* backend NULL: each with its own kind */
	json_t *result[2];
	struct table table[2];
	double tolerance;	/* a share */
	size_t rows, compared, worse, better, missing;
	char *named;		/* a line to each row that is worse */
};

static bool same(const json_t *a, const json_t *b, const char *key)
{
	return !strcmp(json_string_value(json_object_get(a, key)), json_string_value(json_object_get(b, key)));
}

/* Does the other file have runs of the same place? NULL: nobody asks. */
static bool has_place(const json_t *run, const void *other)
{
	const json_t *r;
	size_t i;

	json_array_foreach(json_object_get(other, "runs"), i, r)
		if (same(r, run, "suite") && same(r, run, "machine") && same(r, run, "mitigations"))
			return true;
	return !other;
}

static void say_what_differs(const struct comparison *c)
{
	for (const char *const *key = foreign; *key; key++) {
		char *a = values_of(c->result[0], has_place, c->result[1], *key, NULL),
		     *b = values_of(c->result[1], has_place, c->result[0], *key, NULL);

		if (strcmp(a, b))
			printf("DIFFERENT %s:\n  A %s\n  B %s\n", *key, a, b);
		if (strcmp(a, b) && !strcmp(*key, "payload_sha256"))
			puts("  Rows of the same name may not do the same in both.");
		free(a);
		free(b);
	}
}

static void say_commits(const struct comparison *c)
{
	for (int i = 0; i < 2; i++) {
		char *commit = values_of(c->result[i], has_place, NULL, "commit", NULL),
		     *dirty = values_of(c->result[i], has_place, NULL, "dirty", NULL);

		printf("%c: %s, commit %s%s\n", "AB"[i], c->path[i], commit, strstr(dirty, "true") ? ", with changes" : "");
		free(commit);
		free(dirty);
	}
}

struct difference {
	double a, b, change, delta, shift;
	struct interval interval;	/* of the change */
};

static void compute(struct difference *d, const struct series *a, const struct series *b)
{
	struct summary sa, sb;
	struct interval r = bootstrap_ratio(a->values, a->n, b->values, b->n, CONFIDENCE);

	series_summary(&sa, a, CONFIDENCE);
	series_summary(&sb, b, CONFIDENCE);
	d->a = sa.median;
	d->b = sb.median;
	d->change = ratio(sb.median, sa.median) - 1;
	d->interval = (struct interval){ r.low - 1, r.high - 1 };
	d->delta = cliffs_delta(a->values, a->n, b->values, b->n);
	d->shift = hodges_lehmann(a->values, a->n, b->values, b->n);
}

static void name_regression(struct comparison *c, const char *row, const char *place, const char *what)
{
	static const char form[] = "%sREGRESSION: %s, %s: %s\n";
	size_t size = sizeof(form) + strlen(c->named) + strlen(row) + strlen(place) + strlen(what);
	char *more = hv_alloc(size);

	snprintf(more, size, form, c->named, row, place, what);
	free(c->named);
	c->named = more;
	c->worse++;
}

/* Beyond the tolerance, and not by chance: the interval leaves no change out. A single sample says nothing of chance. */
static const char *verdict(struct comparison *c, const struct difference *d, bool single)
{
	if (fabs(d->change) <= c->tolerance)
		return "same";
	if (single || (d->interval.low <= 0 && d->interval.high >= 0))
		return "unclear";
	if (d->change > 0)
		return "WORSE";
	c->better++;
	return "better";
}

static bool ran(const struct series *s)
{
	return s && s->n;
}

/* What one file lacks. That a backend can't do any more what it could is a regression too. */
static void compare_missing(struct comparison *c, const struct series *a, const struct series *b, const char *place)
{
	char what[256];

	c->missing++;
	printf("%-18s %s\n", a ? a->row : b->row, !b ? "not in B" : !ran(a) ? "only in B" : !b->n ? "only in A" : "in other units");
	if (!ran(a) || !b || b->n || !b->skipped || strcmp(a->backend, b->backend))
		return;
	snprintf(what, sizeof(what), "not run in B: %s", b->skipped);
	name_regression(c, a->row, place, what);
}

static void compare_row(struct comparison *c, const struct series *a, const struct series *b, const char *place)
{
	struct difference d;
	char what[256];
	const char *v;

	c->rows++;
	if (!ran(a) || !ran(b) || a->metric != b->metric) {
		if (ran(a) || ran(b))
			compare_missing(c, a, b, place);
		return;
	}
	c->compared++;
	compute(&d, a, b);
	v = verdict(c, &d, a->n < 2 || b->n < 2);
	printf("%-18s %11.1f %11.1f %+8.2f%% [%+8.2f, %+8.2f] %6.2f %+11.1f  %s", a->row, d.a, d.b, 100 * d.change,
	       100 * d.interval.low, 100 * d.interval.high, d.delta, d.shift, v);
	if (a->count != b->count)
		printf(" (of %g to a sample in A, %g in B)", a->count, b->count);
	if (a->skipped || b->skipped)
		printf(" (not in all runs of %s)", !b->skipped ? "A" : !a->skipped ? "B" : "both");
	putchar('\n');
	if (strcmp(v, "WORSE"))
		return;
	snprintf(what, sizeof(what), "%.1f -> %.1f %s (%+.2f %%)", d.a, d.b, metric_name(a->metric), 100 * d.change);
	name_regression(c, a->row, place, what);
}

static bool has_kind(const struct table *t, const struct place *p, const char *kind)
{
	for (size_t i = 0; i < t->n; i++)
		if (!strcmp(t->series[i].suite, p->suite) && !strcmp(t->series[i].machine, p->machine) &&
		    !strcmp(t->series[i].mitigations, p->mitigations) && !strcmp(t->series[i].backend, kind))
			return true;
	return false;
}

/* The rows of one file; of the second one those that the first one lacks. */
static void compare_rows(struct comparison *c, int file, const struct place *p, const char *a_kind, const char *b_kind,
			 const char *place)
{
	size_t n;
	const char **rows = rows_of(&c->table[file], p, &n);

	for (size_t i = 0; i < n; i++) {
		const struct series *a = table_find(&c->table[0], p->suite, p->machine, p->mitigations, a_kind, rows[i]);
		const struct series *b = table_find(&c->table[1], p->suite, p->machine, p->mitigations, b_kind, rows[i]);

		if (file ? b && !a : !!a)
			compare_row(c, a, b, place);
	}
	free(rows);
}

/* As the rows: of the second file what the first one lacks. */
static void compare_place(struct comparison *c, int file, const struct place *p, const char *a_kind, const char *b_kind)
{
	bool in_a = has_kind(&c->table[0], p, a_kind), in_b = has_kind(&c->table[1], p, b_kind);
	char place[256];

	if (file ? in_a || !in_b : !in_a)
		return;
	snprintf(place, sizeof(place), "%s, %s%s%s, mitigations=%s, %s", p->machine, a_kind,
		 strcmp(a_kind, b_kind) ? " against " : "", strcmp(a_kind, b_kind) ? b_kind : "", p->mitigations, p->suite);
	printf("\n%s%s\n", place, !in_a ? ": not in A" : !in_b ? ": not in B" : "");
	if (!in_a || !in_b)
		return;
	printf("%-18s %11s %11s %9s %20s %6s %11s\n", "", "A", "B", "change", "99 % interval", "delta", "shift");
	for (file = 0; file < 2; file++)
		compare_rows(c, file, p, a_kind, b_kind, place);
}

static void compare_places(struct comparison *c, int file)
{
	size_t np, nb;
	struct place *places = places_of(&c->table[file], &np);
	const char **backends = backends_of(&c->table[file], &nb);

	for (size_t p = 0; p < np; p++) {
		if (c->backend[0])
			compare_place(c, file, &places[p], c->backend[0], c->backend[1]);
		for (size_t b = 0; b < nb && !c->backend[0]; b++)
			compare_place(c, file, &places[p], backends[b], backends[b]);
	}
	free(places);
	free(backends);
}

static void compare_tables(struct comparison *c)
{
	c->named = hv_strdup("");
	for (int file = 0; file < 2; file++)
		compare_places(c, file);
	printf("\n%zu rows: %zu worse, %zu better by more than %g %%, %zu in one file only\n%s", c->rows, c->worse, c->better,
	       100 * c->tolerance, c->missing, c->named);
	free(c->named);
}

static int compare(struct comparison *c)
{
	int ret = STATUS_ERROR;

	c->result[0] = result_load(c->path[0]);
	c->result[1] = c->result[0] ? result_load(c->path[1]) : NULL;
	if (c->result[1]) {
		say_commits(c);
		say_what_differs(c);
		for (int i = 0; i < 2; i++)
			table_make(&c->table[i], c->result[i]);
		compare_tables(c);
		for (int i = 0; i < 2; i++)
			table_free(&c->table[i]);
		ret = c->worse ? STATUS_WORSE : STATUS_OK;
		if (!c->compared && !c->worse) {
			hv_error("compare: the files have no row in common");
			ret = STATUS_ERROR;
		}
	}
	json_decref(c->result[0]);
	json_decref(c->result[1]);
	return ret;
}

static int run_compare(int argc, char *argv[])
{
	static const struct option options[] = {
		{ "tolerance", required_argument, NULL, 't' }, { "backend", required_argument, NULL, 'b' },
		{ "help", no_argument, NULL, 'h' }, { 0 }
	};
	struct comparison c = { .tolerance = 0.01 };
	char *comma, *end;
	int opt;

	opterr = 0;
	while ((opt = getopt_long(argc, argv, ":t:b:h", options, NULL)) != -1) {
		switch (opt) {
		case 'h': return print_help(&cmd_compare);
		case 't':
			c.tolerance = strtod(optarg, &end) / 100;
			if (end == optarg || *end || !(c.tolerance >= 0 && c.tolerance < 10))
				return hv_error("compare: bad tolerance '%s': give percent, from 0 to less than 1000", optarg), STATUS_ERROR;
			break;
		case 'b':
			comma = strchr(optarg, ',');
			if (!comma || comma == optarg || !comma[1])
				return hv_error("compare: bad backends '%s': give two, as stock,hv", optarg), STATUS_ERROR;
			*comma = '\0';
			c.backend[0] = optarg;
			c.backend[1] = comma + 1;
			break;
		default: return bad_option(&cmd_compare, argv, opt);
		}
	}
	if (argc - optind != 2)
		return hv_error("compare: needs two result files, A and B (hvbench compare --help)"), STATUS_ERROR;
	c.path[0] = argv[optind];
	c.path[1] = argv[optind + 1];
	return compare(&c);
}

const struct command cmd_compare = {
	.name = "compare",
	.summary = "two result files, row by row: what changed, and is it more than chance",
	.help = "[OPTION]... A B\n\n"
		"For each row that both files have of a machine, backend and choice of mitigations: medians,\n"
		"change from A to B with its 99 % bootstrap interval, Cliff's delta (1: every sample of B is above\n"
		"every one of A), Hodges and Lehmann's shift. A row is WORSE or better if the change is beyond the\n"
		"tolerance and the interval leaves out zero; unclear if only the first, or of a single sample. WORSE\n"
		"too if A has it and in B it could not be run. Says which kernel, emulator, compiler or payload is\n"
		"not the same in both.\n\n"
		"  -t, --tolerance PERCENT   (default 1)\n"
		"  -b, --backend X,Y         backend X of A with backend Y of B; A and B may be the same file\n\n"
		"Status: 0, 1 if a row is WORSE (each is named at the end), 2 if there is nothing to compare.\n",
	.run = run_compare,
};
