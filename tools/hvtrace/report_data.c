// SPDX-License-Identifier: GPL-2.0
/* The report for programs: the same tables with all rows, as JSON and as CSV. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../common/util.h"
#include "report.h"

static const int data_columns[] = {
	COL_NAME, COL_COUNT, COL_SHARE, COL_MIN, COL_MEAN, COL_P50, COL_P90, COL_P99, COL_P999, COL_MAX, -1
};

struct json_table {
	struct hv_json *j;
	const char *open;
};

static void switch_table(struct json_table *t, const char *table)
{
	if (t->open && table && !strcmp(t->open, table))
		return;
	if (t->open)
		hv_json_close(t->j, ']');
	if (table)
		hv_json_open(t->j, table, '[');
	t->open = table;
}

static void json_row(const char *table, int64_t nr, const struct hv_row *row, void *arg)
{
	struct json_table *t = arg;

	switch_table(t, table);
	hv_json_open(t->j, NULL, '{');
	if (nr >= 0)
		hv_json_int(t->j, "number", nr);
	hv_json_row(t->j, data_columns, row);
	hv_json_uint(t->j, "sum_ns", row->hist->sum);
	hv_json_close(t->j, '}');
}

void json_sums(struct hv_json *j, struct hv_sums *s)
{
	struct json_table t = { .j = j };

	hv_json_uint(j, "entries", s->enters);
	hv_json_uint(j, "guest_ns", s->spent[HV_SPAN_GUEST].sum);
	hv_json_uint(j, "outside_ns", hv_sums_outside(s));
	hv_json_uint(j, "real_mode_ns", s->spent[HV_SPAN_REAL].sum);
	hv_json_uint(j, "module_ns", hv_sums_module(s));
	hv_json_uint(j, "user_ns", s->spent[HV_SPAN_USER].sum);
	hv_json_uint(j, "idle_ns", s->spent[HV_SPAN_IDLE].sum);
	for_each_row(s, json_row, &t);
	switch_table(&t, NULL);
}

static void json_feature(struct hv_json *j, struct pd_file *f, const char *key,
			 char *(*get)(struct pd_file *, enum pd_feature), enum pd_feature feature)
{
	char *text = get(f, feature);

	if (text)
		hv_json_string(j, key, text);
	free(text);
}

static void json_head(struct hv_json *j, const struct hv_reader *rd, const char *path)
{
	hv_json_string(j, "file", path);
	hv_json_uint(j, "events", rd->records);
	hv_json_uint(j, "other_events", rd->others);
	hv_json_uint(j, "duration_ns", rd->last_time - rd->first_time);
	hv_json_string(j, "clock", rd->clock.use_ticks ? "timebase" : "samples");
	json_feature(j, rd->file, "host", pd_feature_string, PD_HOSTNAME);
	json_feature(j, rd->file, "kernel", pd_feature_string, PD_OSRELEASE);
	json_feature(j, rd->file, "machine", pd_feature_string, PD_ARCH);
	json_feature(j, rd->file, "command", pd_feature_strings, PD_CMDLINE);
	hv_json_bool(j, "incomplete", pd_is_unfinished(rd->file));
	hv_json_uint(j, "lost", hv_reader_lost(rd));
	hv_json_open(j, "lost_by_cpu", '{');
	for (int cpu = 0; cpu < HV_MAX_CPUS; cpu++) {
		char key[16];

		snprintf(key, sizeof(key), "%d", cpu);
		if (rd->lost[cpu])
			hv_json_uint(j, key, rd->lost[cpu]);
	}
	hv_json_close(j, '}');
}

static void json_vm(struct hv_json *j, const struct recording *r, size_t from, size_t nr)
{
	const struct hv_vcpu *v = r->stats->vcpus[from];
	const char *comm = hv_reader_comm(r->reader, v->pid);
	struct json_table t = { .j = j };
	uint64_t outside = 0;

	hv_json_open(j, NULL, '{');
	hv_json_int(j, "pid", v->pid);
	if (v->lpid >= 0)
		hv_json_int(j, "lpid", v->lpid);
	if (comm)
		hv_json_string(j, "vmm", comm);
	hv_json_open(j, "vcpus", '[');
	for (size_t i = from; i < from + nr; i++) {
		struct hv_sums s = { 0 };

		hv_json_open(j, NULL, '{');
		hv_json_int(j, "vcpu", r->stats->vcpus[i]->id);
		hv_sums_add(&s, r->stats->vcpus[i]);
		json_sums(j, &s);
		outside += hv_sums_outside(&s);
		hv_sums_free(&s);
		hv_json_close(j, '}');
	}
	hv_json_close(j, ']');
	if (hv_decoder_has_field(r->reader->decoder, HV_kvm_guest_exit, HV_F_pc))
		for_each_pc(r, v, outside, json_row, &t);
	switch_table(&t, NULL);
	hv_json_close(j, '}');
}

void report_json(struct recording *r, const char *path)
{
	struct hv_json j = { .out = stdout };

	hv_json_open(&j, NULL, '{');
	json_head(&j, r->reader, path);
	hv_json_open(&j, "vms", '[');
	for (size_t i = 0, nr; i < r->stats->nr_vcpus; i += nr) {
		nr = hv_vm_vcpus(r->stats, i);
		json_vm(&j, r, i, nr);
	}
	hv_json_close(&j, ']');
	hv_json_close(&j, '}');
}

struct csv_row {
	const struct hv_vcpu *v;
	const char *comm;
	bool whole_vm;
};

static void csv_row(const char *table, int64_t nr, const struct hv_row *row, void *arg)
{
	const struct csv_row *c = arg;

	printf("%d,", c->v->pid);
	if (c->v->lpid >= 0)
		printf("%" PRId64, c->v->lpid);
	putchar(',');
	hv_csv_text(stdout, c->comm ? c->comm : "");
	putchar(',');
	if (!c->whole_vm)
		printf("%d", c->v->id);
	printf(",%s,", table);
	if (nr >= 0)
		printf("0x%" PRIx64, (uint64_t)nr);
	hv_csv_row(stdout, data_columns, row);
	putchar('\n');
}

static void csv_vm(const struct recording *r, size_t from, size_t nr)
{
	struct csv_row c = { .v = r->stats->vcpus[from] };
	uint64_t outside = 0;

	c.comm = hv_reader_comm(r->reader, c.v->pid);
	for (size_t i = from; i < from + nr; i++) {
		struct hv_sums s = { 0 };

		c.v = r->stats->vcpus[i];
		hv_sums_add(&s, c.v);
		for_each_row(&s, csv_row, &c);
		outside += hv_sums_outside(&s);
		hv_sums_free(&s);
	}
	c.whole_vm = true;
	if (hv_decoder_has_field(r->reader->decoder, HV_kvm_guest_exit, HV_F_pc))
		for_each_pc(r, c.v, outside, csv_row, &c);
}

void report_csv(struct recording *r)
{
	uint64_t lost = hv_reader_lost(r->reader);

	if (lost)
		hv_warn("LOST: %" PRIu64 " events. Counts are too low.", lost);
	fputs("pid,lpid,vmm,vcpu,table,number", stdout);
	hv_csv_row(stdout, data_columns, NULL);
	putchar('\n');
	for (size_t i = 0, nr; i < r->stats->nr_vcpus; i += nr) {
		nr = hv_vm_vcpus(r->stats, i);
		csv_vm(r, i, nr);
	}
}
