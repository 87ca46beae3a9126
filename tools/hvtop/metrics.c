// SPDX-License-Identifier: GPL-2.0
/* A page of counters in OpenMetrics' text form, for Prometheus' node exporter. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../common/names.h"
#include "../common/part.h"
#include "../common/util.h"
#include "metrics.h"

static const char *direction(int64_t nr, char buf[HV_NAME_MAX])
{
	(void)buf;
	return nr ? "guest" : "host";
}

static const enum hv_column_id states[] = { COL_GUEST, COL_REAL, COL_HYPERVISOR, COL_USER, COL_IDLE };

static const char *state(int64_t nr, char buf[HV_NAME_MAX])
{
	(void)buf;
	return hv_columns[states[nr]].key;
}

enum family_id { EXITS, HCALLS, SWITCHES, STATES, NR_FAMILIES };

static const struct family {
	const char *name, *what;
	const char *label;	/* what tells one vCPU's counters apart */
	const char *(*value)(int64_t nr, char buf[HV_NAME_MAX]);
	bool is_time;		/* that alone; the others: number and time */
} families[NR_FAMILIES] = {
	[EXITS]    = { "exits", "guest exits", "reason", hv_exit_name },
	[HCALLS]   = { "hypercalls", "guest hypercalls", "hcall", hv_hcall_name },
	[SWITCHES] = { "partition_switches", "partition switches", "to", direction },
	[STATES]   = { "vcpu", "vCPUs", "state", state, true },
};

/* Intervals added up, by vCPU and what it is of. */
struct counter {
	long pid, lpid, vcpu;
	char comm[16];
	enum family_id family;
	int64_t nr;
	uint64_t count, ns;
};

static void add(struct metrics *m, const struct live_row *r, enum family_id family, int64_t nr, uint64_t count, uint64_t ns)
{
	struct counter *c = NULL;

	for (size_t i = 0; i < m->nr && !c; i++) {
		struct counter *k = &m->counters[i];

		if (k->pid == r->row.pid && k->lpid == r->row.lpid && k->vcpu == r->row.vcpu && k->family == family && k->nr == nr)
			c = k;
	}
	if (!c) {
		m->counters = hv_grow(m->counters, m->nr + 1, sizeof(*m->counters));
		c = &m->counters[m->nr++];
		*c = (struct counter){ .pid = r->row.pid, .lpid = r->row.lpid, .vcpu = r->row.vcpu, .family = family, .nr = nr };
		memcpy(c->comm, r->comm, sizeof(c->comm));
	}
	c->count += count;
	c->ns += ns;
}

static void add_table(struct metrics *m, const struct live_row *r, enum family_id family, const struct hv_table *t)
{
	for (size_t i = 0; i < t->nr_reasons; i++)
		add(m, r, family, t->reasons[i].nr, t->reasons[i].count, t->reasons[i].hist.sum);
}

static void add_vcpu(struct metrics *m, const struct live_row *r, const struct live_table *t)
{
	const struct hv_sums *s = &r->sums;
	const struct hist *in = &s->spent[HV_SPAN_SWITCH_IN], *out = &s->spent[HV_SPAN_SWITCH_OUT];
	const uint64_t ns[] = { s->spent[HV_SPAN_GUEST].sum, s->spent[HV_SPAN_REAL].sum, hv_sums_module(s) + in->sum + out->sum,
				s->spent[HV_SPAN_USER].sum, s->spent[HV_SPAN_IDLE].sum };

	add_table(m, r, EXITS, &s->exits);
	add_table(m, r, HCALLS, &s->hcalls);
	if (!t->hides_switches) {
		add(m, r, SWITCHES, 1, in->count, in->sum);
		add(m, r, SWITCHES, 0, out->count, out->sum);
	}
	for (size_t i = 0; i < ARRAY_SIZE(states); i++)
		if (states[i] != COL_USER || !s->hides_user)
			add(m, r, STATES, i, 0, ns[i]);
}

/* A counter goes with its VM. */
void metrics_count(struct metrics *m, const struct live_table *t)
{
	size_t kept = 0;

	for (size_t i = 0; i < m->nr; i++) {
		bool there = false;

		for (size_t r = 0; r < t->nr && !there; r++)
			there = t->rows[r].row.pid == m->counters[i].pid && t->rows[r].row.lpid == m->counters[i].lpid;
		if (there)
			m->counters[kept++] = m->counters[i];
	}
	m->nr = kept;
	for (size_t i = 0; i < t->nr; i++)
		if (!t->rows[i].is_vm)
			add_vcpu(m, &t->rows[i], t);
}

static void print_label(FILE *out, const char *text)
{
	for (; *text; text++)
		fprintf(out, strchr("\"\\", *text) ? "\\%c" : "%c", *text);
}

static void print_family(FILE *out, const struct metrics *m, enum family_id id, bool seconds)
{
	const struct family *f = &families[id];
	char name[64], buf[HV_NAME_MAX];

	snprintf(name, sizeof(name), seconds ? "kvm_hv_%s_seconds" : "kvm_hv_%s", f->name);
	fprintf(out, "# TYPE %s counter\n", name);
	if (seconds)
		fprintf(out, "# UNIT %s seconds\n", name);
	fprintf(out, "# HELP %s %s of %s since hvtop started.\n", name, seconds ? "Time" : "Number", f->what);
	for (const struct counter *c = m->counters; c < m->counters + m->nr; c++) {
		if (c->family != id)
			continue;
		fprintf(out, "%s_total{vmm=\"", name);
		print_label(out, c->comm);
		fprintf(out, "\",pid=\"%ld\",", c->pid);
		if (c->lpid >= 0)	/* one process may have several VMs */
			fprintf(out, "lpid=\"%ld\",", c->lpid);
		fprintf(out, "vcpu=\"%ld\",%s=\"%s\"} ", c->vcpu, f->label, f->value(c->nr, buf));
		if (seconds)
			fprintf(out, "%.9f\n", c->ns / 1e9);
		else
			fprintf(out, "%" PRIu64 "\n", c->count);
	}
}

static void print_page(FILE *out, const struct metrics *m, const struct live_table *t)
{
	for (int id = 0; id < NR_FAMILIES; id++) {
		if (!families[id].is_time)
			print_family(out, m, id, false);
		print_family(out, m, id, true);
	}
	fprintf(out, "# TYPE kvm_hv_lost_events counter\n# HELP kvm_hv_lost_events Trace events that hvtop missed.\n"
		"kvm_hv_lost_events_total %llu\n# EOF\n", t->lost);
}

/* The collector, which is not root, must never see half a page. */
int metrics_write(const struct metrics *m, const struct live_table *t, const char *path)
{
	struct hv_part page;

	if (!path) {
		print_page(stdout, m, t);
		return 0;
	}
	if (hv_part_open(&page, path, 0644))
		return -1;
	print_page(page.out, m, t);
	return hv_part_close(&page, true);
}

void metrics_free(struct metrics *m)
{
	free(m->counters);
}
