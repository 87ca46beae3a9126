// SPDX-License-Identifier: GPL-2.0
/* hvtop without a terminal: text, JSON, and a page for Prometheus' node exporter. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "../common/names.h"
#include "../common/part.h"
#include "../common/util.h"
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
	char line[256];

	top_headline(t, line, sizeof(line));
	printf("%s%s\n", first ? "" : "\n", line);
	hv_format_row(line, sizeof(line), top_columns, NULL);
	puts(line);
	for (size_t r = 0; r < t->nr_shown; r++) {
		hv_format_row(line, sizeof(line), top_columns, &t->table->rows[t->shown[r]].row);
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

/* What a counter counted since hvtop started: intervals are added up, by vCPU and reason. */
struct counter {
	long pid, lpid, vcpu;
	char comm[16];
	bool is_hcall;
	int64_t nr;
	uint64_t count, ns;
};

struct counters {
	struct counter *c;
	size_t nr;
};

static void count(struct counters *all, const struct live_row *r, bool is_hcall, const struct hv_reason *reason)
{
	struct counter *c = NULL;

	for (size_t i = 0; i < all->nr && !c; i++)
		if (all->c[i].pid == r->row.pid && all->c[i].lpid == r->row.lpid && all->c[i].vcpu == r->row.vcpu &&
		    all->c[i].is_hcall == is_hcall && all->c[i].nr == reason->nr)
			c = &all->c[i];
	if (!c) {
		all->c = hv_grow(all->c, all->nr + 1, sizeof(*all->c));
		c = &all->c[all->nr++];
		*c = (struct counter){ .pid = r->row.pid, .lpid = r->row.lpid, .vcpu = r->row.vcpu,
				       .is_hcall = is_hcall, .nr = reason->nr };
		memcpy(c->comm, r->comm, sizeof(c->comm));
	}
	c->count += reason->count;
	c->ns += reason->hist.sum;
}

/* A counter goes with its VM. */
static void count_all(struct counters *all, const struct top *t)
{
	size_t kept = 0;

	for (size_t i = 0; i < all->nr; i++) {
		bool there = false;

		for (size_t r = 0; r < t->table->nr && !there; r++)
			there = t->table->rows[r].row.pid == all->c[i].pid && t->table->rows[r].row.lpid == all->c[i].lpid;
		if (there)
			all->c[kept++] = all->c[i];
	}
	all->nr = kept;
	for (size_t i = 0; i < t->table->nr; i++) {
		const struct live_row *r = &t->table->rows[i];

		for (size_t n = 0; !r->is_vm && n < r->sums.exits.nr_reasons; n++)
			count(all, r, false, &r->sums.exits.reasons[n]);
		for (size_t n = 0; !r->is_vm && n < r->sums.hcalls.nr_reasons; n++)
			count(all, r, true, &r->sums.hcalls.reasons[n]);
	}
}

static void print_label(FILE *out, const char *text)
{
	for (; *text; text++)
		fprintf(out, strchr("\"\\", *text) ? "\\%c" : "%c", *text);
}

static void print_family(FILE *out, const struct counters *all, bool is_hcall, bool seconds)
{
	const char *what = is_hcall ? "hypercalls" : "exits";
	char name[64];

	snprintf(name, sizeof(name), seconds ? "kvm_hv_%s_seconds" : "kvm_hv_%s", what);
	fprintf(out, "# TYPE %s counter\n", name);
	if (seconds)
		fprintf(out, "# UNIT %s seconds\n", name);
	fprintf(out, "# HELP %s %s of guest %s since hvtop started.\n", name, seconds ? "Time" : "Number", what);
	for (size_t i = 0; i < all->nr; i++) {
		const struct counter *c = &all->c[i];
		char buf[HV_NAME_MAX];

		if (c->is_hcall != is_hcall)
			continue;
		fprintf(out, "%s_total{vmm=\"", name);
		print_label(out, c->comm);
		fprintf(out, "\",pid=\"%ld\",", c->pid);
		if (c->lpid >= 0)	/* one process may have several VMs */
			fprintf(out, "lpid=\"%ld\",", c->lpid);
		fprintf(out, "vcpu=\"%ld\",%s=\"%s\"} ", c->vcpu, is_hcall ? "hcall" : "reason",
			is_hcall ? hv_hcall_name(c->nr, buf) : hv_exit_name(c->nr, buf));
		if (seconds)
			fprintf(out, "%.9f\n", c->ns / 1e9);
		else
			fprintf(out, "%" PRIu64 "\n", c->count);
	}
}

static void print_page(FILE *out, const struct counters *all, const struct live_table *t)
{
	for (int family = 0; family < 4; family++)
		print_family(out, all, family & 2, family & 1);
	fprintf(out, "# TYPE kvm_hv_lost_events counter\n# HELP kvm_hv_lost_events Trace events that hvtop missed.\n"
		"kvm_hv_lost_events_total %llu\n# EOF\n", t->lost);
}

/* The collector, which is not root, must never see half a page. */
static int write_page(const struct counters *all, const struct live_table *t, const char *path)
{
	struct hv_part page;

	if (!path) {
		print_page(stdout, all, t);
		return 0;
	}
	if (hv_part_open(&page, path, 0644))
		return -1;
	print_page(page.out, all, t);
	return hv_part_close(&page, true);
}

static int show(struct top *t, enum top_form form, struct counters *all, const char *path, bool first)
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
		count_all(all, t);
		if (write_page(all, t->table, path))
			return -1;
		break;
	}
	return fflush(stdout) || ferror(stdout) ? hv_error("cannot write") : 0;
}

int top_batch(struct top *t, enum top_form form, const char *path)
{
	struct counters all = { 0 };
	int over = 0, ret = 0;

	for (long i = 0; !ret && !over && !top_stop && (!t->iterations || i < t->iterations); i++) {
		over = pass_interval(t);
		if (over < 0 || (over && live_is_replay(t->live)))
			break;
		t->table = live_next(t->live);
		ret = t->table ? show(t, form, &all, path, !i) : -1;
	}
	free(all.c);
	return ret || over < 0;
}
