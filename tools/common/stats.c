// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include "names.h"
#include "stats.h"
#include "util.h"

struct hv_stats *hv_stats_new(void)
{
	return hv_alloc(sizeof(struct hv_stats));
}

static void forget_counts(struct hv_stats *s, struct hv_vcpu *v)
{
	s->nr_reasons -= v->exits.nr_reasons + v->hcalls.nr_reasons;
	hv_table_free(&v->exits);
	hv_table_free(&v->hcalls);
	for (int k = 0; k < HV_NR_SPANS; k++)
		hist_free(&v->spent[k]);
	v->enters = 0;
}

void hv_stats_free(struct hv_stats *s)
{
	for (size_t i = 0; i < s->nr_vcpus; i++) {
		forget_counts(s, s->vcpus[i]);
		free(s->vcpus[i]);
	}
	free(s->vcpus);
	free(s);
}

#define BIT(field) (1ull << HV_F_##field)

static const uint64_t wanted = BIT(vcpu_id) | BIT(runner_vcpu) | BIT(lpid) | BIT(from_lpid) | BIT(to_lpid) | BIT(tb) |
	BIT(tb_start) | BIT(tb_end) | BIT(to_guest) | BIT(trap) | BIT(pc) | BIT(msr) | BIT(where) | BIT(req) | BIT(ret) |
	BIT(user) | BIT(idle) | BIT(exit_nr) | BIT(last_inst) | BIT(r) | BIT(ns);

void hv_stats_setup(struct hv_stats *s, struct hv_decoder *d, const struct hv_clock *c)
{
	hv_decoder_want(d, wanted);
	s->clock = *c;
	s->no_enter_events = !hv_decoder_knows(d, HV_kvm_guest_enter);
}

static struct hv_reason *reason_of(struct hv_stats *s, struct hv_table *t, int64_t nr)
{
	size_t before = t->nr_reasons;
	struct hv_reason *r = s->nr_reasons < HV_MAX_ALL_REASONS ? hv_table_row(t, nr) :
								    (struct hv_reason *)hv_table_find(t, nr);

	s->nr_reasons += t->nr_reasons - before;
	return r;
}

static struct hv_vcpu **chain_of(struct hv_stats *s, int32_t pid, int64_t lpid, int32_t key)
{
	return &s->hash[((uint32_t)pid * 31 + (uint32_t)lpid * 7 + (uint32_t)key) % HV_HASH_SIZE];
}

void hv_stats_restart(struct hv_stats *s, bool (*keep)(const struct hv_vcpu *v))
{
	size_t kept = 0;

	s->last = NULL;
	for (size_t i = 0; i < s->nr_vcpus; i++) {
		struct hv_vcpu *v = s->vcpus[i], **link;

		if (!keep || keep(v)) {
			forget_counts(s, v);
			s->vcpus[kept++] = v;
			continue;
		}
		for (link = chain_of(s, v->pid, v->lpid, v->key); *link != v; )
			link = &(*link)->next;
		*link = v->next;
		forget_counts(s, v);
		free(v);
	}
	s->nr_vcpus = kept;
}

static int32_t next_id(const struct hv_stats *s, int32_t pid)
{
	int32_t id = 0;

	for (size_t i = 0; i < s->nr_vcpus; i++)
		if (s->vcpus[i]->pid == pid && s->vcpus[i]->id >= id)
			id = s->vcpus[i]->id + 1;
	return id;
}

static struct hv_vcpu *find_vcpu(struct hv_stats *s, int32_t pid, int64_t lpid, int32_t key)
{
	struct hv_vcpu *v = s->last;

	if (v && v->pid == pid && v->lpid == lpid && v->key == key)
		return v;
	for (v = *chain_of(s, pid, lpid, key); v; v = v->next)
		if (v->pid == pid && v->lpid == lpid && v->key == key)
			return s->last = v;
	return NULL;
}

static struct hv_vcpu *new_vcpu(struct hv_stats *s, const struct hv_record *r, int64_t lpid, int32_t key)
{
	struct hv_vcpu **chain = chain_of(s, r->pid, lpid, key), *v;

	if (s->nr_vcpus == HV_MAX_VCPUS)
		return NULL;
	v = hv_alloc(sizeof(*v));
	v->pid = r->pid;
	v->lpid = lpid;
	v->key = key;
	v->hides_user = hv_is_pr(r->event);
	v->id = v->hides_user ? next_id(s, r->pid) : key;
	v->next = *chain;
	*chain = v;
	s->vcpus = hv_grow(s->vcpus, s->nr_vcpus + 1, sizeof(*s->vcpus));
	s->vcpus[s->nr_vcpus++] = v;
	return s->last = v;
}

static struct hv_table *table_of(struct hv_vcpu *v, enum hv_span_kind kind)
{
	if (kind == HV_SPAN_EXIT)
		return &v->exits;
	return kind == HV_SPAN_HCALL ? &v->hcalls : NULL;
}

static void span_open(struct hv_vcpu *v, enum hv_span_kind kind, int64_t nr, uint64_t now)
{
	const struct hv_span *exit = &v->open[HV_SPAN_EXIT];

	v->open[kind] = (struct hv_span){ true, kind, nr, now, 0, exit->pc, exit->msr, 0 };
}

static int close_open(struct hv_stats *s, struct hv_vcpu *v, enum hv_span_kind kind, uint64_t now)
{
	struct hv_span *span = &v->open[kind];
	struct hv_table *t = table_of(v, kind);
	struct hv_reason *reason;

	span->open = false;
	if (now < span->start)
		return 0;
	span->end = now;
	if (t && span->row < t->nr_reasons && t->reasons[span->row].nr == span->nr)
		reason = &t->reasons[span->row];
	else	/* its row went when the counts were forgotten */
		reason = t ? reason_of(s, t, span->nr) : NULL;
	if (t && !reason)
		return -1;
	hist_add(t ? &reason->hist : &v->spent[kind], now - span->start);
	if (kind >= HV_SPAN_USER)
		v->not_module += now - span->start;
	else if (kind == HV_SPAN_EXIT && hv_has_module_time(v, span))
		hist_add(&v->spent[HV_SPAN_MODULE], hv_module_time(v, span));
	return s->on_span ? s->on_span(v, span, s->arg) : 0;
}

static inline int span_close(struct hv_stats *s, struct hv_vcpu *v, enum hv_span_kind kind, uint64_t now)
{
	return v->open[kind].open ? close_open(s, v, kind, now) : 0;
}

static int reason_open(struct hv_stats *s, struct hv_vcpu *v, enum hv_span_kind kind, int64_t nr, uint64_t now)
{
	struct hv_table *t = table_of(v, kind);
	struct hv_reason *reason = reason_of(s, t, nr);

	if (!reason)
		return -1;
	reason->count++;
	span_open(v, kind, nr, now);
	v->open[kind].row = reason - t->reasons;
	return 0;
}

/* A span that ends or began at no event of its own. */
static int span_whole(struct hv_stats *s, struct hv_vcpu *v, enum hv_span_kind kind, uint64_t start, uint64_t end)
{
	if (end <= start)
		return 0;
	span_open(v, kind, 0, start);
	return span_close(s, v, kind, end);
}

/*
 * Where the entry tells how long each phase of the exit took, that is exact: user space comes
 * last before the switch to the guest, sleep before that.
 */
static int add_phases(struct hv_stats *s, struct hv_vcpu *v, const struct hv_record *r)
{
	uint64_t in = 0;
	uint64_t user = hv_clock_ns(&s->clock, r->field[HV_F_user]);
	uint64_t idle = hv_clock_ns(&s->clock, r->field[HV_F_idle]);
	const struct hv_span *exit = &v->open[HV_SPAN_EXIT];

	v->open[HV_SPAN_IDLE].open = v->open[HV_SPAN_USER].open = false;
	if (v->switch_in.start >= exit->start && v->switch_in.end >= v->switch_in.start)
		in = v->switch_in.end - v->switch_in.start;
	if (!exit->open || in + user + idle > r->when - exit->start)
		return 0;
	if (v->in_real_mode)
		return span_whole(s, v, HV_SPAN_REAL, exit->start, r->when);
	return span_whole(s, v, HV_SPAN_IDLE, r->when - in - user - idle, r->when - in - user) ? :
	       span_whole(s, v, HV_SPAN_USER, r->when - in - user, r->when - in);
}

static int add_enter(struct hv_stats *s, struct hv_vcpu *v, const struct hv_record *r)
{
	struct hv_span *hcall = &v->open[HV_SPAN_HCALL];
	uint64_t now = r->when;

	v->enters++;
	if (hv_has(r, HV_F_user) && hv_has(r, HV_F_idle)) {
		if (add_phases(s, v, r))
			return -1;
	} else if (hcall->open && hcall->nr == HV_H_CEDE && !v->tells_idle && !v->open[HV_SPAN_USER].open) {
		span_open(v, HV_SPAN_IDLE, 0, hcall->start);
	}
	if (span_close(s, v, HV_SPAN_IDLE, now) || span_close(s, v, HV_SPAN_USER, now) ||
	    span_close(s, v, HV_SPAN_HCALL, now) || span_close(s, v, HV_SPAN_EXIT, now))
		return -1;
	span_open(v, HV_SPAN_GUEST, 0, now);
	return 0;
}

static int add_exit(struct hv_stats *s, struct hv_vcpu *v, const struct hv_record *r, enum hv_field trap)
{
	if (span_close(s, v, HV_SPAN_GUEST, r->when))
		return -1;
	v->open[HV_SPAN_HCALL].open = v->open[HV_SPAN_USER].open = v->open[HV_SPAN_IDLE].open = false;
	if (reason_open(s, v, HV_SPAN_EXIT, r->field[trap], r->when))
		return -1;
	v->not_module = 0;
	v->in_real_mode = hv_has(r, HV_F_where) && r->field[HV_F_where] == HV_IN_REAL_MODE;
	v->open[HV_SPAN_EXIT].pc = hv_has(r, HV_F_pc) ? r->field[HV_F_pc] : 0;
	v->open[HV_SPAN_EXIT].msr = hv_has(r, HV_F_msr) ? r->field[HV_F_msr] : 0;
	return 0;
}

static int add_hcall_exit(struct hv_stats *s, struct hv_vcpu *v, const struct hv_record *r)
{
	if (hv_has(r, HV_F_ret) && r->field[HV_F_ret] & HV_RET_HOST)
		span_open(v, HV_SPAN_USER, 0, r->when);
	return s->no_enter_events ? span_close(s, v, HV_SPAN_HCALL, r->when) : 0;
}

static int add_switch(struct hv_stats *s, struct hv_vcpu *v, const struct hv_record *r)
{
	uint64_t start = r->field[HV_F_tb_start], end = r->field[HV_F_tb_end];
	enum hv_span_kind kind;

	if (!hv_has(r, HV_F_tb_start) || !hv_has(r, HV_F_tb_end) || !hv_has(r, HV_F_to_guest))
		return 0;
	kind = r->field[HV_F_to_guest] ? HV_SPAN_SWITCH_IN : HV_SPAN_SWITCH_OUT;
	start = hv_clock_ns(&s->clock, end >= start ? end - start : 0);
	span_open(v, kind, 0, r->when > start ? r->when - start : 0);
	if (kind == HV_SPAN_SWITCH_IN)
		v->switch_in = (struct hv_span){ .start = v->open[kind].start, .end = r->when };
	return span_close(s, v, kind, r->when);
}

static int add_blocked(struct hv_stats *s, struct hv_vcpu *v, const struct hv_record *r)
{
	v->tells_idle = true;
	if (r->field[HV_F_where])
		return span_close(s, v, HV_SPAN_IDLE, r->when);
	span_open(v, HV_SPAN_IDLE, 0, r->when);
	return 0;
}

#define SYSCALL		0xc00
#define SC_1		0x44000022
#define MSR_PR		0x4000

static int add_pr_exit(struct hv_stats *s, struct hv_vcpu *v, const struct hv_record *r)
{
	bool is_hcall = r->field[HV_F_exit_nr] == SYSCALL && hv_has(r, HV_F_last_inst) && hv_has(r, HV_F_msr) &&
			(uint32_t)r->field[HV_F_last_inst] == SC_1 && !(r->field[HV_F_msr] & MSR_PR);

	v->tells_idle = true;
	return add_exit(s, v, r, HV_F_exit_nr) || (is_hcall && reason_open(s, v, HV_SPAN_HCALL, HV_OTHERS, r->when)) ? -1 : 0;
}

/* Where it does not go on (RESUME_GUEST, _NV), user space's turn comes, and nobody tells when it is over. */
static int add_pr_reenter(struct hv_stats *s, struct hv_vcpu *v, const struct hv_record *r)
{
	return r->field[HV_F_r] <= 1 ? add_enter(s, v, r) : 0;
}

/* It has slept for so long, until now. */
static int add_wakeup(struct hv_stats *s, struct hv_vcpu *v, const struct hv_record *r)
{
	uint64_t ns = r->field[HV_F_ns];

	return v->open[HV_SPAN_EXIT].open && ns <= r->when - v->open[HV_SPAN_EXIT].start ?
		span_whole(s, v, HV_SPAN_IDLE, r->when - ns, r->when) : 0;
}

int hv_stats_add(struct hv_stats *s, const struct hv_record *r)
{
	int32_t key = hv_is_pr(r->event) ? r->tid : hv_record_vcpu(r);
	int64_t lpid = hv_record_lpid(r);
	struct hv_vcpu *v;

	s->records++;
	if (key < 0)
		return 0;
	v = find_vcpu(s, r->pid, lpid, key);
	/* all backends, x86's too, tell of that one */
	if (!v && r->event == HV_kvm_vcpu_wakeup)
		return 0;
	v = v ? v : new_vcpu(s, r, lpid, key);
	if (!v)
		return -1;
	v->last_cpu = r->cpu;
	switch (r->event) {
	case HV_kvm_guest_enter:
		return add_enter(s, v, r);
	case HV_kvm_guest_exit:
		return add_exit(s, v, r, HV_F_trap);
	case HV_kvm_hcall_enter:
		return reason_open(s, v, HV_SPAN_HCALL, r->field[HV_F_req], r->when);
	case HV_kvm_hcall_exit:
		return add_hcall_exit(s, v, r);
	case HV_kvm_partition_switch:
		return add_switch(s, v, r);
	case HV_kvmppc_vcore_blocked:
		return add_blocked(s, v, r);
	case HV_kvmppc_run_vcpu_enter:
		return span_close(s, v, HV_SPAN_USER, r->when);
	case HV_kvmppc_run_vcpu_exit:
		span_open(v, HV_SPAN_USER, 0, r->when);
		return 0;
	case HV_kvm_exit:
		return add_pr_exit(s, v, r);
	case HV_kvm_book3s_reenter:
		return add_pr_reenter(s, v, r);
	case HV_kvm_vcpu_wakeup:
		return add_wakeup(s, v, r);
	default:	/* these say nothing about how long exits and hypercalls took */
		return 0;
	}
}

void hv_stats_lost(struct hv_stats *s, int32_t cpu)
{
	for (size_t i = 0; i < s->nr_vcpus; i++)
		if (s->vcpus[i]->last_cpu == cpu)
			for (int k = 0; k < HV_NR_SPANS; k++)
				s->vcpus[i]->open[k].open = false;
}

bool hv_same_vm(const struct hv_vcpu *a, const struct hv_vcpu *b)
{
	return a->pid == b->pid && a->lpid == b->lpid;
}

static int compare(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int by_vm_and_id(const void *pa, const void *pb)
{
	const struct hv_vcpu *a = *(struct hv_vcpu *const *)pa, *b = *(struct hv_vcpu *const *)pb;
	int c = compare(a->pid, b->pid);

	if (!c)
		c = compare(a->lpid, b->lpid);
	return c ? c : compare(a->id, b->id);
}

void hv_stats_sort(struct hv_stats *s)
{
	if (s->nr_vcpus)
		qsort(s->vcpus, s->nr_vcpus, sizeof(*s->vcpus), by_vm_and_id);
}

uint64_t hv_sums_outside(const struct hv_sums *s)
{
	return s->is_counted ? s->outside : hv_table_time(&s->exits);
}

uint64_t hv_sums_module(const struct hv_sums *s)
{
	static const enum hv_span_kind others[] = { HV_SPAN_REAL, HV_SPAN_SWITCH_IN, HV_SPAN_SWITCH_OUT,
						    HV_SPAN_USER, HV_SPAN_IDLE };
	uint64_t left = hv_sums_outside(s);

	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		left = left > s->spent[others[i]].sum ? left - s->spent[others[i]].sum : 0;
	return left;
}

int hv_sums_add(struct hv_sums *s, const struct hv_vcpu *v)
{
	for (int k = 0; k < HV_NR_SPANS; k++)
		hist_merge(&s->spent[k], &v->spent[k]);
	s->enters += v->enters;
	s->is_counted |= v->is_counted;
	s->hides_user |= v->hides_user;
	s->outside += v->outside;
	return hv_table_merge(&s->exits, &v->exits) || hv_table_merge(&s->hcalls, &v->hcalls) ? -1 : 0;
}

void hv_sums_free(struct hv_sums *s)
{
	hv_table_free(&s->exits);
	hv_table_free(&s->hcalls);
	for (int k = 0; k < HV_NR_SPANS; k++)
		hist_free(&s->spent[k]);
}

size_t hv_vm_vcpus(const struct hv_stats *s, size_t i)
{
	size_t end = i;

	while (end < s->nr_vcpus && hv_same_vm(s->vcpus[i], s->vcpus[end]))
		end++;
	return end - i;
}
