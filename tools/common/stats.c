// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include "stats.h"
#include "util.h"

struct hv_stats *hv_stats_new(void)
{
	return hv_alloc(sizeof(struct hv_stats));
}

void hv_table_free(struct hv_table *t)
{
	for (size_t i = 0; i < t->nr_reasons; i++)
		hist_free(&t->reasons[i].hist);
	free(t->reasons);
	*t = (struct hv_table){ 0 };
}

static void forget_counts(struct hv_vcpu *v)
{
	hv_table_free(&v->exits);
	hv_table_free(&v->hcalls);
	hist_free(&v->guest);
	hist_free(&v->switch_in);
	hist_free(&v->switch_out);
	v->enters = 0;
}

void hv_stats_free(struct hv_stats *s)
{
	for (size_t i = 0; i < s->nr_vcpus; i++) {
		forget_counts(s->vcpus[i]);
		free(s->vcpus[i]);
	}
	free(s->vcpus);
	free(s);
}

void hv_stats_setup(struct hv_stats *s, const struct hv_decoder *d, uint64_t tick_mult, unsigned int tick_shift)
{
	s->tick_mult = tick_mult;
	s->tick_shift = tick_shift;
	s->use_ticks = tick_mult;
	/* Both ends of a span have to be read from one clock. */
	for (int e = 0; e < HV_NR_EVENTS; e++)
		if (e != HV_kvm_partition_switch && hv_decoder_knows(d, e) &&
		    !hv_decoder_has_field(d, e, HV_F_tb))
			s->use_ticks = false;
	s->no_enter_events = !hv_decoder_knows(d, HV_kvm_guest_enter);
}

static struct hv_reason *reason_of(struct hv_table *t, int64_t nr)
{
	for (size_t i = 0; i < t->nr_reasons; i++)
		if (t->reasons[i].nr == nr)
			return &t->reasons[i];
	if (t->nr_reasons == HV_MAX_REASONS)
		return NULL;
	t->reasons = hv_grow(t->reasons, t->nr_reasons + 1, sizeof(*t->reasons));
	t->reasons[t->nr_reasons] = (struct hv_reason){ .nr = nr };
	return &t->reasons[t->nr_reasons++];
}

static int64_t lpid_of(const struct hv_record *r)
{
	if (hv_has(r, HV_F_lpid))
		return r->field[HV_F_lpid];
	if (hv_has(r, HV_F_to_guest) && hv_has(r, HV_F_to_lpid) && hv_has(r, HV_F_from_lpid))
		return r->field[r->field[HV_F_to_guest] ? HV_F_to_lpid : HV_F_from_lpid];
	return -1;
}

static struct hv_vcpu **chain_of(struct hv_stats *s, int32_t pid, int64_t lpid, int32_t id)
{
	return &s->hash[((uint32_t)pid * 31 + (uint32_t)lpid * 7 + (uint32_t)id) % HV_HASH_SIZE];
}

void hv_stats_restart(struct hv_stats *s, bool (*keep)(const struct hv_vcpu *v))
{
	size_t kept = 0;

	for (size_t i = 0; i < s->nr_vcpus; i++) {
		struct hv_vcpu *v = s->vcpus[i], **link;

		if (keep(v)) {
			forget_counts(v);
			s->vcpus[kept++] = v;
			continue;
		}
		for (link = chain_of(s, v->pid, v->lpid, v->id); *link != v; )
			link = &(*link)->next;
		*link = v->next;
		forget_counts(v);
		free(v);
	}
	s->nr_vcpus = kept;
}

static struct hv_vcpu *vcpu_of(struct hv_stats *s, const struct hv_record *r)
{
	int64_t lpid = lpid_of(r);
	int32_t id = r->field[HV_F_vcpu_id];
	struct hv_vcpu **chain = chain_of(s, r->pid, lpid, id), *v;

	for (v = *chain; v; v = v->next)
		if (v->pid == r->pid && v->lpid == lpid && v->id == id)
			return v;
	if (s->nr_vcpus == HV_MAX_VCPUS)
		return NULL;
	v = hv_alloc(sizeof(*v));
	v->pid = r->pid;
	v->lpid = lpid;
	v->id = id;
	v->next = *chain;
	*chain = v;
	s->vcpus = hv_grow(s->vcpus, s->nr_vcpus + 1, sizeof(*s->vcpus));
	s->vcpus[s->nr_vcpus++] = v;
	return v;
}

static uint64_t ticks_to_ns(const struct hv_stats *s, uint64_t ticks)
{
	return (unsigned __int128)ticks * s->tick_mult >> s->tick_shift;
}

/* The event's own clock where it has one: the sample's time is when it was emitted, not when it happened. */
static uint64_t when(const struct hv_stats *s, const struct hv_record *r)
{
	if (s->use_ticks && hv_has(r, HV_F_tb))
		return ticks_to_ns(s, r->field[HV_F_tb]);
	return r->time;
}

static void span_open(struct hv_span *span, int64_t nr, uint64_t now)
{
	*span = (struct hv_span){ true, nr, now };
}

static void span_close(struct hv_span *span, struct hist *into, uint64_t now)
{
	if (span->open && into && now >= span->since)
		hist_add(into, now - span->since);
	span->open = false;
}

static void reason_close(struct hv_span *span, struct hv_table *t, uint64_t now)
{
	if (span->open)
		span_close(span, &reason_of(t, span->nr)->hist, now);
}

static int reason_open(struct hv_span *span, struct hv_table *t, int64_t nr, uint64_t now)
{
	struct hv_reason *reason = reason_of(t, nr);

	if (!reason)
		return -1;
	reason->count++;
	span_open(span, nr, now);
	return 0;
}

static void add_switch(const struct hv_stats *s, struct hv_vcpu *v, const struct hv_record *r)
{
	uint64_t start = r->field[HV_F_tb_start], end = r->field[HV_F_tb_end];

	if (!hv_has(r, HV_F_tb_start) || !hv_has(r, HV_F_tb_end) || !hv_has(r, HV_F_to_guest))
		return;
	hist_add(r->field[HV_F_to_guest] ? &v->switch_in : &v->switch_out,
		 end >= start ? ticks_to_ns(s, end - start) : 0);
}

int hv_stats_add(struct hv_stats *s, const struct hv_record *r)
{
	uint64_t now = when(s, r);
	struct hv_vcpu *v;

	if (!s->records++)
		s->first_time = r->time;
	s->last_time = r->time;
	if (!hv_has(r, HV_F_vcpu_id))
		return 0;
	v = vcpu_of(s, r);
	if (!v)
		return -1;
	v->last_cpu = r->cpu;
	switch (r->event) {
	case HV_kvm_guest_enter:
		v->enters++;
		reason_close(&v->exit, &v->exits, now);
		reason_close(&v->hcall, &v->hcalls, now);
		span_open(&v->in_guest, 0, now);
		break;
	case HV_kvm_guest_exit:
		span_close(&v->in_guest, &v->guest, now);
		v->hcall.open = false;
		return reason_open(&v->exit, &v->exits, r->field[HV_F_trap], now);
	case HV_kvm_hcall_enter:
		return reason_open(&v->hcall, &v->hcalls, r->field[HV_F_req], now);
	case HV_kvm_hcall_exit:
		if (s->no_enter_events)
			reason_close(&v->hcall, &v->hcalls, now);
		break;
	case HV_kvm_partition_switch:
		add_switch(s, v, r);
		break;
	default:	/* these say nothing about how long exits and hypercalls took */
		break;
	}
	return 0;
}

void hv_stats_lost(struct hv_stats *s, int32_t cpu)
{
	for (size_t i = 0; i < s->nr_vcpus; i++) {
		struct hv_vcpu *v = s->vcpus[i];

		if (v->last_cpu == cpu)
			v->in_guest.open = v->exit.open = v->hcall.open = false;
	}
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

int hv_table_merge(struct hv_table *into, const struct hv_table *from)
{
	for (size_t i = 0; i < from->nr_reasons; i++) {
		struct hv_reason *r = reason_of(into, from->reasons[i].nr);

		if (!r)
			return -1;
		r->count += from->reasons[i].count;
		hist_merge(&r->hist, &from->reasons[i].hist);
	}
	return 0;
}

static int by_weight(const void *pa, const void *pb)
{
	const struct hv_reason *a = pa, *b = pb;

	if (a->hist.sum != b->hist.sum)
		return a->hist.sum < b->hist.sum ? 1 : -1;
	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	return compare(a->nr, b->nr);
}

void hv_table_sort(struct hv_table *t)
{
	if (t->nr_reasons)
		qsort(t->reasons, t->nr_reasons, sizeof(*t->reasons), by_weight);
}

uint64_t hv_table_count(const struct hv_table *t)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < t->nr_reasons; i++)
		sum += t->reasons[i].count;
	return sum;
}

uint64_t hv_table_time(const struct hv_table *t)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < t->nr_reasons; i++)
		sum += t->reasons[i].hist.sum;
	return sum;
}
