// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "names.h"
#include "snapshot.h"
#include "util.h"

/* A vCPU's statistics are some 20 kB at most. */
#define FIRST_READ	(256u << 10)
#define MAX_READ	(1u << 30)
#define SYSCALL		0xc00

static int read_all(int fd, struct hv_snapshot *s, size_t *size)
{
	size_t room = FIRST_READ, have = 0;
	ssize_t n;

	if (lseek(fd, 0, SEEK_SET))
		return hv_error("%s: cannot read from the start: %s", HV_DEV_PATH, strerror(errno));
	s->data = hv_alloc(room);
	while ((n = read(fd, s->data + have, room - have)) > 0 || (n < 0 && errno == EINTR)) {
		have += n > 0 ? n : 0;
		if (have < room)
			continue;
		if (room == MAX_READ)
			return hv_error("%s: it has no end", HV_DEV_PATH);
		s->data = hv_grow(s->data, room *= 2, 1);
	}
	*size = have;
	return n < 0 ? hv_error("%s: cannot read: %s", HV_DEV_PATH, strerror(errno)) : 0;
}

static int not_understood(void)
{
	return hv_error("%s: the backend that is loaded has another version than this program: install both anew",
			HV_DEV_PATH);
}

/* Structures may have grown at their ends: what they were when this was built is taken. */
static int take_vcpu(struct hv_snapshot *s, size_t *at, size_t size)
{
	struct hv_counted c = { 0 };
	uint64_t rows;

	if (size - *at < sizeof(c.v))
		return not_understood();
	memcpy(&c.v, s->data + *at, sizeof(c.v));
	rows = (uint64_t)c.v.rows * c.v.row_size;
	if (c.v.size < sizeof(c.v) || c.v.size > size - *at || c.v.row_size < sizeof(struct hv_stats_row) ||
	    rows > size - *at - c.v.size)
		return not_understood();
	c.rows = *at + c.v.size;
	*at = c.rows + rows;
	s->vcpus = hv_grow(s->vcpus, s->nr_vcpus + 1, sizeof(*s->vcpus));
	s->vcpus[s->nr_vcpus++] = c;
	return 0;
}

int hv_snapshot_read(int fd, struct hv_snapshot *s)
{
	size_t size = 0, at;

	*s = (struct hv_snapshot){ 0 };
	if (read_all(fd, s, &size))
		return -1;
	if (size < sizeof(s->head))
		return not_understood();
	memcpy(&s->head, s->data, sizeof(s->head));
	if (s->head.magic != HV_STATS_MAGIC || s->head.version != HV_DEV_VERSION || s->head.size < sizeof(s->head) ||
	    s->head.size > size || s->head.buckets != HV_STATS_BUCKETS || !s->head.tb_hz)
		return not_understood();
	for (at = s->head.size; at < size; )
		if (take_vcpu(s, &at, size))
			return -1;
	return 0;
}

void hv_snapshot_free(struct hv_snapshot *s)
{
	free(s->data);
	free(s->vcpus);
	*s = (struct hv_snapshot){ 0 };
}

static const struct hv_counted *find_vcpu(const struct hv_snapshot *s, const struct hv_stats_vcpu *v)
{
	for (size_t i = 0; i < s->nr_vcpus; i++) {
		const struct hv_stats_vcpu *w = &s->vcpus[i].v;

		if (w->vcpu_id == v->vcpu_id && w->lpid == v->lpid && w->pid == v->pid && w->created == v->created)
			return &s->vcpus[i];
	}
	return NULL;
}

static struct hv_stats_row row_at(const struct hv_snapshot *s, const struct hv_counted *c, size_t i)
{
	struct hv_stats_row row;

	memcpy(&row, s->data + c->rows + i * c->v.row_size, sizeof(row));
	return row;
}

/* All zeros if there is none. */
static struct hv_stats_row find_row(const struct hv_snapshot *s, const struct hv_counted *c, const struct hv_stats_row *like)
{
	for (size_t i = 0; c && i < c->v.rows; i++) {
		struct hv_stats_row row = row_at(s, c, i);

		if (row.kind == like->kind && row.number == like->number)
			return row;
	}
	return (struct hv_stats_row){ 0 };
}

/* Two counters may be an exit apart: no difference is less than nothing. */
static uint64_t minus(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

struct between {
	struct hv_clock clock;
	const struct hv_snapshot *was, *is;
	const struct hv_counted *old, *now;	/* old: NULL, it is new */
};

/* The last bucket has no upper end: a guest may sleep for long. What all of them take less what the others do tells. */
static void add_longest(const struct between *b, struct hist *h, uint64_t n, uint64_t mean)
{
	const uint64_t least = 1ull << (HV_STATS_BUCKETS - 1);
	uint64_t ns = hv_clock_ns(&b->clock, mean > least ? mean : least);

	hist_add_spread(h, ns, ns, n);
}

static void add_row(const struct between *b, struct hv_table *t, int64_t nr, const struct hv_stats_row *row,
		    const struct hv_stats_row *old)
{
	uint64_t ticks = minus(row->stayed_ticks + row->left_ticks, old->stayed_ticks + old->left_ticks), count = 0;
	unsigned __int128 others = 0;
	struct hv_reason *r = NULL;

	for (int i = 0; i < HV_STATS_BUCKETS; i++) {
		uint64_t n = minus(row->bucket[i], old->bucket[i]);

		if (!n)
			continue;
		r = r ? r : hv_table_row(t, nr);
		if (!r)
			return;
		if (i < HV_STATS_BUCKETS - 1) {
			hist_add_spread(&r->hist, hv_clock_ns(&b->clock, i ? 1ull << i : 0),
					hv_clock_ns(&b->clock, 2ull << i), n);
			others += (unsigned __int128)n * (3ull << i) / 2;
		} else {
			add_longest(b, &r->hist, n, ticks > others ? (ticks - others) / n : 0);
		}
		count += n;
	}
	if (!r)
		return;
	r->count += count;
	hist_set_sum(&r->hist, hv_clock_ns(&b->clock, ticks));
}

/* A hypercall lasts as long as its exit. */
static uint64_t add_rows(const struct between *b, struct hv_vcpu *v)
{
	uint64_t stayed = 0;

	for (size_t i = 0; i < b->now->v.rows; i++) {
		struct hv_stats_row row = row_at(b->is, b->now, i), old = find_row(b->was, b->old, &row);

		add_row(b, row.kind == HV_ROW_HCALL ? &v->hcalls : &v->exits, row.number == ~0ull ? HV_OTHERS : (int64_t)row.number, &row, &old);
		stayed += minus(row.stayed_ticks, old.stayed_ticks);
	}
	for (size_t i = 0; i < v->hcalls.nr_reasons; i++) {
		struct hv_reason *exit = hv_table_row(&v->exits, SYSCALL);

		if (!exit)
			break;
		exit->count += v->hcalls.reasons[i].count;
		hist_merge(&exit->hist, &v->hcalls.reasons[i].hist);
	}
	return stayed;
}

/* Ticks up to when the snapshot was taken, the state that it is in included. */
struct phases {
	uint64_t all, guest, switches, user, idle;
};

static struct phases phases_of(const struct hv_snapshot *s, const struct hv_counted *c)
{
	struct phases p = { 0 };
	uint64_t end, now;

	if (!c)
		return p;
	end = c->v.state == HV_STATE_GONE ? c->v.since : s->head.tb;
	now = c->v.state == HV_STATE_GONE ? 0 : minus(end, c->v.since);
	p.all = minus(end, c->v.created);
	p.guest = c->v.guest + (c->v.state == HV_STATE_GUEST ? now : 0);
	p.switches = c->v.switches;
	p.user = c->v.user + (c->v.state == HV_STATE_USER ? now : 0);
	p.idle = c->v.idle + (c->v.state == HV_STATE_IDLE ? now : 0);
	return p;
}

static void set_spent(const struct between *b, struct hist *h, uint64_t count, uint64_t ticks)
{
	h->count = count;
	h->sum = hv_clock_ns(&b->clock, ticks);
	h->lacks = HIST_LACKS_SPREAD;
}

static void add_vcpu(struct hv_stats *s, const struct between *b)
{
	const struct hv_stats_vcpu *is = &b->now->v, *was = b->old ? &b->old->v : &(struct hv_stats_vcpu){ 0 };
	struct phases p = phases_of(b->is, b->now), q = phases_of(b->was, b->old);
	struct hv_vcpu *v = hv_alloc(sizeof(*v));
	uint64_t real, guest;

	v->pid = is->pid;
	v->lpid = is->lpid;
	v->id = is->vcpu_id;
	real = add_rows(b, v);
	guest = minus(minus(p.guest, q.guest), real);
	v->enters = minus(is->stays, was->stays) + minus(is->stayed, was->stayed);
	set_spent(b, &v->spent[HV_SPAN_GUEST], v->enters, guest);
	set_spent(b, &v->spent[HV_SPAN_REAL], minus(is->stayed, was->stayed), real);
	set_spent(b, &v->spent[HV_SPAN_SWITCH_IN], 2 * minus(is->stays, was->stays), minus(p.switches, q.switches));
	set_spent(b, &v->spent[HV_SPAN_USER], 0, minus(p.user, q.user));
	set_spent(b, &v->spent[HV_SPAN_IDLE], 0, minus(p.idle, q.idle));
	v->outside = hv_clock_ns(&b->clock, minus(minus(p.all, q.all), guest));
	v->is_counted = true;
	s->vcpus = hv_grow(s->vcpus, s->nr_vcpus + 1, sizeof(*s->vcpus));
	s->vcpus[s->nr_vcpus++] = v;
}

struct hv_stats *hv_snapshot_stats(const struct hv_snapshot *was, const struct hv_snapshot *is,
				   bool (*keep)(const struct hv_stats_vcpu *v, void *arg), void *arg)
{
	struct between b = { .was = was, .is = is };
	struct hv_stats *s = hv_stats_new();

	b.clock.shift = 32;
	b.clock.mult = (1000000000ull << 32) / is->head.tb_hz;
	for (size_t i = 0; i < is->nr_vcpus; i++) {
		b.now = &is->vcpus[i];
		b.old = find_vcpu(was, &b.now->v);
		/* gone before, or never run: then nobody knows yet whose it is */
		if ((b.old && b.old->v.state == HV_STATE_GONE) || !b.now->v.pid)
			continue;
		if (!keep || keep(&b.now->v, arg))
			add_vcpu(s, &b);
	}
	hv_stats_sort(s);
	return s;
}
