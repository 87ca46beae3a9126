// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include "report.h"

bool several_vms(const struct hv_stats *s)
{
	return s->nr_vcpus && !hv_same_vm(s->vcpus[0], s->vcpus[s->nr_vcpus - 1]);
}

static double share(const struct hist *h, uint64_t outside)
{
	return outside ? (double)h->sum / outside : 0;
}

static void table_rows(const char *table, struct hv_table *t, name_fn name, uint64_t outside,
		       table_row_fn fn, void *arg)
{
	hv_table_sort(t);
	for (size_t i = 0; i < t->nr_reasons; i++) {
		const struct hv_reason *r = &t->reasons[i];
		char buf[HV_NAME_MAX];

		fn(table, r->nr, &(struct hv_row){ .name = name(r->nr, buf), .count = r->count,
			.hist = &r->hist, .share = share(&r->hist, outside) }, arg);
	}
}

void for_each_row(struct hv_sums *s, table_row_fn fn, void *arg)
{
	static const struct {
		enum hv_span_kind kind;
		const char *name;
	} switches[] = { { HV_SPAN_SWITCH_IN, "to the guest" }, { HV_SPAN_SWITCH_OUT, "to the host" } };
	uint64_t outside = hv_sums_outside(s);
	/* An exit that was counted may have begun long before the interval that it ended in. */
	uint64_t exits = s->is_counted ? hv_table_time(&s->exits) : outside;

	table_rows("exits", &s->exits, hv_exit_name, exits, fn, arg);
	table_rows("hcalls", &s->hcalls, hv_hcall_name, exits, fn, arg);
	for (int i = 0; i < 2; i++) {
		const struct hist *h = &s->spent[switches[i].kind];

		if (h->count)
			fn("switches", -1, &(struct hv_row){ .name = s->is_counted ? "both ways" : switches[i].name, .count = h->count,
				.hist = h, .share = share(h, outside) }, arg);
	}
}

void for_each_pc(const struct recording *r, const struct hv_vcpu *v, uint64_t outside, table_row_fn fn, void *arg)
{
	for (size_t i = 0; i < r->nr_pcs; i++) {
		const struct pc_row *p = r->pcs[i];
		char buf[HV_NAME_MAX];

		if (p->pid != v->pid || p->lpid != v->lpid)
			continue;
		snprintf(buf, sizeof(buf), "0x%" PRIx64, p->pc);
		fn("pcs", p->name ? -1 : (int64_t)p->pc, &(struct hv_row){ .name = p->name ? p->name : buf,
			.count = p->hist.count, .hist = &p->hist, .share = share(&p->hist, outside) }, arg);
	}
}
