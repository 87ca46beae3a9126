// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>
#include "../common/util.h"
#include "live.h"

void table_free(struct live_table *t)
{
	for (size_t i = 0; i < t->nr; i++) {
		hist_free(&t->rows[i].hist);
		hv_sums_free(&t->rows[i].sums);
	}
	free(t->rows);
	t->rows = NULL;
	t->nr = t->nr_vms = 0;
}

static void finish_row(struct live_row *r, const struct live_table *t)
{
	const struct hv_sums *s = &r->sums;

	for (size_t i = 0; i < s->exits.nr_reasons; i++)
		hist_merge(&r->hist, &s->exits.reasons[i].hist);
	r->row.count = hv_table_count(&s->exits);
	r->row.exits_rate = r->row.count / t->seconds;
	r->row.hcalls_rate = hv_table_count(&s->hcalls) / t->seconds;
	r->row.switches_rate = t->hides_switches ? -1 :
		(s->spent[HV_SPAN_SWITCH_IN].count + s->spent[HV_SPAN_SWITCH_OUT].count) / t->seconds;
	hv_fill_shares(&r->row, s);
}

static struct live_row new_row(const struct hv_vcpu *v, bool is_vm)
{
	struct live_row r = { .is_vm = is_vm };

	r.row.pid = v->pid;
	r.row.lpid = v->lpid;
	r.row.vcpu = is_vm ? -1 : v->id;
	memcpy(r.comm, v->comm[0] ? v->comm : "-", v->comm[0] ? sizeof(v->comm) : 2);
	return r;
}

/* To call whenever rows have moved. */
static void fix_pointers(const struct live_table *t)
{
	for (size_t i = 0; i < t->nr; i++) {
		t->rows[i].row.hist = &t->rows[i].hist;
		t->rows[i].row.comm = t->rows[i].comm;
	}
}

/* It is shown once more, so that one sees where it was. */
static bool is_over(const struct hv_vcpu *v)
{
	return v->silent > 1;
}

/* A VM's row, then its vCPUs'. */
static void add_vm(struct live_table *t, struct hv_vcpu *const *v, size_t nr)
{
	size_t vm = t->nr;

	t->rows = hv_grow(t->rows, t->nr + nr + 1, sizeof(*t->rows));
	for (size_t i = 0; i < nr; i++) {
		struct live_row *r;

		if (is_over(v[i]))
			continue;
		if (t->nr == vm) {
			t->rows[t->nr++] = new_row(v[i], true);
			t->nr_vms++;
		}
		r = &t->rows[t->nr++];
		*r = new_row(v[i], false);
		hv_sums_add(&r->sums, v[i]);
		hv_sums_add(&t->rows[vm].sums, v[i]);
		finish_row(r, t);
	}
	if (t->nr > vm)
		finish_row(&t->rows[vm], t);
}

void table_add_vms(struct live_table *t, const struct hv_stats *s)
{
	for (size_t i = 0, nr; i < s->nr_vcpus; i += nr) {
		nr = hv_vm_vcpus(s, i);
		add_vm(t, s->vcpus + i, nr);
	}
	fix_pointers(t);
}

struct order {
	enum hv_column_id column;
	bool reverse;
	const struct live_row *rows;	/* to find a vCPU's VM */
};

/* qsort() has no argument to pass it in. */
static struct order by;

/* The row may just be on the move, so its pointer to its own histogram is not to be trusted. */
static double key_of(const struct live_row *r)
{
	struct hv_row row = r->row;

	row.hist = &r->hist;
	return hv_columns[by.column].value(&row);
}

static int compare(const struct live_row *a, const struct live_row *b)
{
	double ka = key_of(a), kb = key_of(b);
	int c = (ka < kb) - (ka > kb);

	return by.reverse ? -c : c;
}

static int compare_numbers(long a, long b)
{
	return (a > b) - (a < b);
}

static int compare_vcpus(const void *pa, const void *pb)
{
	const struct live_row *a = pa, *b = pb;
	int c = compare(a, b);

	return c ? c : compare_numbers(a->row.vcpu, b->row.vcpu);
}

/* A VM with its vCPUs: a slice of the rows. */
struct slice {
	size_t start, nr;
};

static int compare_vms(const void *pa, const void *pb)
{
	const struct live_row *a = &by.rows[((const struct slice *)pa)->start];
	const struct live_row *b = &by.rows[((const struct slice *)pb)->start];
	int c = compare(a, b);

	if (!c)
		c = compare_numbers(a->row.pid, b->row.pid);
	return c ? c : compare_numbers(a->row.lpid, b->row.lpid);
}

static struct slice *vm_slices(const struct live_table *t)
{
	struct slice *vms = hv_alloc((t->nr_vms + 1) * sizeof(*vms)), *vm = vms - 1;

	for (size_t i = 0; i < t->nr; i++) {
		if (t->rows[i].is_vm)
			(++vm)->start = i;
		vm->nr++;
	}
	return vms;
}

void live_sort(const struct live_table *t, enum hv_column_id column, bool reverse)
{
	struct live_row *rows, *to;
	struct slice *vms;

	if (!t->nr)
		return;
	vms = vm_slices(t);
	to = rows = hv_alloc((t->nr + 1) * sizeof(*rows));
	by = (struct order){ column, reverse, t->rows };
	for (size_t i = 0; i < t->nr_vms; i++)
		qsort(t->rows + vms[i].start + 1, vms[i].nr - 1, sizeof(*t->rows), compare_vcpus);
	qsort(vms, t->nr_vms, sizeof(*vms), compare_vms);
	for (size_t i = 0; i < t->nr_vms; i++) {
		memcpy(to, t->rows + vms[i].start, vms[i].nr * sizeof(*to));
		to += vms[i].nr;
	}
	memcpy(t->rows, rows, t->nr * sizeof(*rows));
	free(rows);
	free(vms);
	fix_pointers(t);
}
