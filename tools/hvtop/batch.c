// SPDX-License-Identifier: GPL-2.0
/* hvtop without a terminal: text, JSON, and a page of counters (metrics.c). */
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "../common/names.h"
#include "../common/util.h"
#include "metrics.h"
#include "top.h"

/* One interval, in rounds short enough that what is shown is not old. As live_wait(). */
static int pass_interval(struct top *t)
{
	struct timespec start, now;
	double left = live_is_replay(t->live) ? 0 : t->delay;
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

static void print_text(struct top *t, bool first)
{
	const int *columns = top_columns_in(INT_MAX);
	char line[256];

	top_headline(t, line, sizeof(line));
	printf("%s%s\n", first ? "" : "\n", line);
	hv_format_row(line, sizeof(line), columns, NULL);
	puts(line);
	for (size_t r = 0; r < t->nr_shown; r++) {
		hv_format_row(line, sizeof(line), columns, &t->table->rows[t->shown[r]].row);
		puts(line);
	}
}

static void json_reasons(struct hv_json *j, const char *key, const struct hv_table *table,
			 const char *(*name)(int64_t, char[HV_NAME_MAX]))
{
	static const int columns[] = { COL_NAME, COL_COUNT, COL_MEAN, COL_P50, COL_P90, COL_P99, COL_P999, COL_MAX, -1 };

	hv_json_open(j, key, '[');
	for (size_t i = 0; i < table->nr_reasons; i++) {
		const struct hv_reason *r = &table->reasons[i];
		char buf[HV_NAME_MAX];

		hv_json_open(j, NULL, '{');
		hv_json_row(j, columns, &(struct hv_row){ .name = name(r->nr, buf), .count = r->count, .hist = &r->hist });
		hv_json_close(j, '}');
	}
	hv_json_close(j, ']');
}

/* One object per interval and line, so that a reader need not wait for the end. */
static void print_json(struct top *t)
{
	const struct live_table *table = t->table;
	struct hv_json j = { .out = stdout, .depth = 100 };

	hv_json_open(&j, NULL, '{');
	if (table->at >= 0)
		hv_json_real(&j, "at_s", table->at);
	else
		hv_json_uint(&j, "time", time(NULL));
	hv_json_real(&j, "seconds", table->seconds);
	hv_json_string(&j, "backend", table->backend);
	hv_json_string(&j, "source", table->source);
	hv_json_uint(&j, "lost", table->lost);
	hv_json_open(&j, "rows", '[');
	for (size_t i = 0; i < t->nr_shown; i++) {
		const struct live_row *r = &table->rows[t->shown[i]];

		hv_json_open(&j, NULL, '{');
		hv_json_string(&j, "kind", r->is_vm ? "vm" : "vcpu");
		hv_json_row(&j, top_columns, &r->row);
		if (!r->is_vm) {
			json_reasons(&j, "exits", &r->sums.exits, hv_exit_name);
			json_reasons(&j, "hcalls", &r->sums.hcalls, hv_hcall_name);
		}
		hv_json_close(&j, '}');
	}
	hv_json_close(&j, ']');
	hv_json_close(&j, '}');
	putchar('\n');
}

static int show(struct top *t, enum top_form form, struct metrics *all, const char *path, bool first)
{
	top_arrange(t);
	switch (form) {
	case FORM_TEXT:
		print_text(t, first);
		break;
	case FORM_JSON:
		print_json(t);
		break;
	case FORM_OPENMETRICS:
		metrics_count(all, t->table);
		if (metrics_write(all, t->table, path))
			return -1;
		break;
	}
	return fflush(stdout) || ferror(stdout) ? hv_error("cannot write") : 0;
}

int top_batch(struct top *t, enum top_form form, const char *path)
{
	struct metrics all = { 0 };
	int over = 0, ret = 0;

	for (long i = 0; !ret && !over && !top_stop && (!t->iterations || i < t->iterations); i++) {
		over = pass_interval(t);
		if (over < 0 || (over && live_is_replay(t->live)))
			break;
		t->table = live_next(t->live);
		ret = t->table ? show(t, form, &all, path, !i) : -1;
	}
	metrics_free(&all);
	return ret || over < 0;
}
