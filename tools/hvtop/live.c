// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <perf/event.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "../common/order.h"
#include "../common/session.h"
#include "../common/stats.h"
#include "../common/util.h"
#include "live.h"

struct live {
	pid_t pid;
	struct hv_tracepoints tracepoints;
	struct hv_session *session;
	struct hv_layout layout;
	struct hv_decoder *decoder;
	struct hv_order *order;
	struct hv_stats *stats;
	struct timespec start;	/* of the interval */
	struct live_table table;
};

static int on_item(const struct hv_item *item, void *arg)
{
	struct live *l = arg;

	if (item->lost)
		hv_stats_lost(l->stats, item->r.cpu);
	else if (hv_stats_add(l->stats, &item->r))
		return hv_error("more than %d vCPUs or %d exit reasons", HV_MAX_VCPUS, HV_MAX_REASONS);
	return 0;
}

static int on_record(const struct perf_event_header *h, void *arg)
{
	struct live *l = arg;
	size_t size = h->size - sizeof(*h);
	struct hv_item item = { 0 };
	struct hv_sample s;

	if (h->type == PERF_RECORD_SAMPLE) {
		if (hv_parse_sample(&l->layout, h + 1, size, &s) ||
		    hv_decode(l->decoder, s.raw, s.raw_size, &item.r) <= 0)
			return 0;
	} else if (h->type == PERF_RECORD_LOST && !hv_parse_trailer(&l->layout, h + 1, size, &s)) {
		item.lost = ((const struct perf_record_lost *)h)->lost;
		l->table.lost += item.lost;
	} else {
		return 0;
	}
	item.r.time = item.r.when = s.time;
	item.r.cpu = s.cpu;
	item.r.pid = s.pid;
	item.r.tid = s.tid;
	return hv_order_add(l->order, &item);
}

static bool gone(pid_t pid)
{
	return kill(pid, 0) && errno == ESRCH;
}

int live_wait(struct live *l, int milliseconds)
{
	bool over = l->pid && gone(l->pid);

	/* A process that is dead but not yet buried makes every wait end at once. */
	if (milliseconds > 0 && !over && !hv_session_wait(l->session, milliseconds))
		nanosleep(&(struct timespec){ .tv_nsec = 50000000 }, NULL);
	if (hv_session_drain(l->session, on_record, l) < 0 || hv_order_round(l->order))
		return -1;
	return over;
}

static int learn_formats(struct live *l)
{
	for (size_t i = 0; i < l->tracepoints.nr; i++) {
		const struct hv_tracepoint *tp = &l->tracepoints.tp[i];

		if (hv_decoder_add(l->decoder, tp->system, tp->format, tp->format_len))
			return hv_error("cannot make sense of the format of %s:%s", tp->system, tp->name);
	}
	/* Only ours has it, and only ours tells the partition. */
	l->table.backend = hv_decoder_knows(l->decoder, HV_kvm_partition_switch) ?
		"kvm-hv of this project" : "the kernel's own kvm-hv";
	l->table.source = "trace events";
	return 0;
}

struct live *live_open(pid_t pid)
{
	struct live *l = hv_alloc(sizeof(*l));

	l->pid = pid;
	l->decoder = hv_decoder_new(__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__, sizeof(long));
	l->stats = hv_stats_new();
	l->order = hv_order_new(on_item, l);
	if (hv_tracepoints_find(NULL, &l->tracepoints) || learn_formats(l))
		goto fail;
	/* Rates and durations of what is live now: the samples' clock is good enough. */
	hv_stats_setup(l->stats, l->decoder, &HV_CLOCK_POWER);
	l->session = hv_session_open(&l->tracepoints, &(struct hv_target){ .pid = pid });
	if (!l->session)
		goto fail;
	l->layout = hv_session_layout(l->session);
	hv_session_enable(l->session);
	clock_gettime(CLOCK_MONOTONIC, &l->start);
	return l;
fail:
	live_close(l);
	return NULL;
}

static void free_rows(struct live_table *t)
{
	for (size_t i = 0; i < t->nr; i++)
		hist_free(&t->rows[i].hist);
	free(t->rows);
	t->rows = NULL;
	t->nr = t->nr_vms = 0;
}

void live_close(struct live *l)
{
	if (l->session)
		hv_session_close(l->session);
	hv_tracepoints_free(&l->tracepoints);
	hv_decoder_free(l->decoder);
	hv_order_free(l->order);
	hv_stats_free(l->stats);
	free_rows(&l->table);
	free(l);
}

/* The process' name, or the last one known if it is gone. */
static void read_comm(struct hv_vcpu *v, char comm[16])
{
	char path[64], *text;

	snprintf(path, sizeof(path), "/proc/%d/comm", v->pid);
	text = hv_read_file(path, NULL);
	if (text)
		snprintf(v->comm, sizeof(v->comm), "%.*s", (int)strcspn(text, "\n"), text);
	free(text);
	for (char *p = v->comm; *p; p++)
		if (*p < ' ' || *p > '~')
			*p = '?';
	memcpy(comm, v->comm[0] ? v->comm : "-", v->comm[0] ? sizeof(v->comm) : 2);
}

/* Sums while rows are added up; rates come in finish_row(). */
static void add_vcpu(struct live_row *r, const struct hv_vcpu *v, uint64_t *inside)
{
	for (size_t i = 0; i < v->exits.nr_reasons; i++)
		hist_merge(&r->hist, &v->exits.reasons[i].hist);
	r->row.count += hv_table_count(&v->exits);
	r->row.exits_rate += hv_table_count(&v->exits);
	r->row.hcalls_rate += hv_table_count(&v->hcalls);
	r->row.switches_rate += v->spent[HV_SPAN_SWITCH_IN].count + v->spent[HV_SPAN_SWITCH_OUT].count;
	*inside += v->spent[HV_SPAN_GUEST].sum;
}

static void finish_row(struct live_row *r, double seconds, uint64_t inside)
{
	uint64_t outside = r->hist.sum;

	r->row.exits_rate /= seconds;
	r->row.hcalls_rate /= seconds;
	r->row.switches_rate /= seconds;
	r->row.share = inside + outside ? (double)outside / (inside + outside) : 0;
}

static struct live_row new_row(struct hv_vcpu *v, bool is_vm)
{
	struct live_row r = { .is_vm = is_vm };

	r.row.pid = v->pid;
	r.row.lpid = v->lpid;
	r.row.vcpu = is_vm ? -1 : v->id;
	read_comm(v, r.comm);
	return r;
}

/* A VM's row, then its vCPUs'. Returns the number of vCPUs taken. */
static size_t add_vm(struct live_table *t, struct hv_vcpu *const *v, size_t nr)
{
	size_t vm = t->nr, end = 0;
	uint64_t vm_inside = 0;

	while (end < nr && hv_same_vm(v[0], v[end]))
		end++;
	t->rows = hv_grow(t->rows, t->nr + end + 1, sizeof(*t->rows));
	t->rows[t->nr++] = new_row(v[0], true);
	t->nr_vms++;
	for (size_t i = 0; i < end; i++) {
		struct live_row *r = &t->rows[t->nr++];
		uint64_t inside = 0;

		*r = new_row(v[i], false);
		add_vcpu(r, v[i], &inside);
		add_vcpu(&t->rows[vm], v[i], &vm_inside);
		finish_row(r, t->seconds, inside);
	}
	finish_row(&t->rows[vm], t->seconds, vm_inside);
	return end;
}

/* To call whenever rows have moved. */
static void fix_pointers(const struct live_table *t)
{
	for (size_t i = 0; i < t->nr; i++) {
		t->rows[i].row.hist = &t->rows[i].hist;
		t->rows[i].row.comm = t->rows[i].comm;
	}
}

static bool still_there(const struct hv_vcpu *v)
{
	return v->pid > 0 && !gone(v->pid);
}

const struct live_table *live_next(struct live *l)
{
	struct live_table *t = &l->table;
	struct timespec now;
	size_t i = 0;

	clock_gettime(CLOCK_MONOTONIC, &now);
	t->seconds = (now.tv_sec - l->start.tv_sec) + (now.tv_nsec - l->start.tv_nsec) / 1e9;
	l->start = now;
	if (t->seconds <= 0)
		t->seconds = 1e-9;
	free_rows(t);
	hv_stats_sort(l->stats);
	while (i < l->stats->nr_vcpus)
		i += add_vm(t, l->stats->vcpus + i, l->stats->nr_vcpus - i);
	fix_pointers(t);
	hv_stats_restart(l->stats, still_there);
	return t;
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
	struct slice *vms = vm_slices(t);
	struct live_row *rows = hv_alloc((t->nr + 1) * sizeof(*rows)), *to = rows;

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
