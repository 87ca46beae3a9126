// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>
#include "order.h"
#include "util.h"

struct entry {
	uint64_t time, seq;	/* seq: equal times leave in the order they came */
	uint32_t slot;
};

struct hv_order {
	hv_order_fn fn;
	void *arg;
	struct entry *heap;
	struct hv_item *slots;
	uint32_t *free_slots;
	size_t nr, room;
	uint64_t seq, newest, newest_last_round;
	bool by_when;
	uint64_t slack;
};

struct hv_order *hv_order_new(hv_order_fn fn, void *arg)
{
	struct hv_order *o = hv_alloc(sizeof(*o));

	o->fn = fn;
	o->arg = arg;
	return o;
}

void hv_order_by_when(struct hv_order *o, uint64_t slack)
{
	o->by_when = true;
	o->slack = slack;
}

void hv_order_free(struct hv_order *o)
{
	free(o->heap);
	free(o->slots);
	free(o->free_slots);
	free(o);
}

static bool before(const struct entry *a, const struct entry *b)
{
	return a->time != b->time ? a->time < b->time : a->seq < b->seq;
}

static void sift_up(struct entry *heap, size_t i)
{
	struct entry e = heap[i];

	while (i && before(&e, &heap[(i - 1) / 2])) {
		heap[i] = heap[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	heap[i] = e;
}

static void sift_down(struct entry *heap, size_t nr)
{
	struct entry e = heap[0];
	size_t i = 0, child;

	while ((child = 2 * i + 1) < nr) {
		if (child + 1 < nr && before(&heap[child + 1], &heap[child]))
			child++;
		if (!before(&heap[child], &e))
			break;
		heap[i] = heap[child];
		i = child;
	}
	heap[i] = e;
}

static int pop(struct hv_order *o)
{
	uint32_t slot = o->heap[0].slot;
	int ret = o->fn(&o->slots[slot], o->arg);

	o->heap[0] = o->heap[--o->nr];
	if (o->nr)
		sift_down(o->heap, o->nr);
	o->free_slots[o->nr] = slot;
	return ret;
}

static void grow(struct hv_order *o)
{
	size_t room = o->room ? 2 * o->room : 1024;

	o->heap = hv_grow(o->heap, room, sizeof(*o->heap));
	o->slots = hv_grow(o->slots, room, sizeof(*o->slots));
	o->free_slots = hv_grow(o->free_slots, room, sizeof(*o->free_slots));
	/* free_slots[nr..room) are the free ones; all room are in use now */
	for (size_t i = o->room; i < room; i++)
		o->free_slots[i] = i;
	o->room = room;
}

/* Up to the last field that it has: most records have few of all there are. */
static size_t used_size(const struct hv_item *item)
{
	return offsetof(struct hv_item, r.field) +
	       (item->r.present ? 64 - __builtin_clzll(item->r.present) : 0) * sizeof(item->r.field[0]);
}

int hv_order_add(struct hv_order *o, const struct hv_item *item)
{
	uint64_t key = o->by_when ? item->r.when : item->r.time;
	uint32_t slot;
	int ret = 0;

	if (o->nr == HV_ORDER_MAX)
		ret = pop(o);
	if (o->nr == o->room)
		grow(o);
	slot = o->free_slots[o->nr];
	memcpy(&o->slots[slot], item, used_size(item));
	o->heap[o->nr] = (struct entry){ key, o->seq++, slot };
	sift_up(o->heap, o->nr++);
	if (key > o->newest)
		o->newest = key;
	return ret;
}

int hv_order_round(struct hv_order *o)
{
	int ret = 0;

	while (!ret && o->nr && o->newest_last_round >= o->slack &&
	       o->heap[0].time <= o->newest_last_round - o->slack)
		ret = pop(o);
	o->newest_last_round = o->newest;
	return ret;
}

int hv_order_flush(struct hv_order *o)
{
	int ret = 0;

	while (!ret && o->nr)
		ret = pop(o);
	return ret;
}
