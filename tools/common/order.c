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
	/*
	 * What comes no earlier than all before it goes into a queue, which costs nothing: all of it if
	 * there is one ring, one ring's share of each round if there are several. The rest goes into a heap.
	 */
	struct entry *heap, *queue;	/* queue: a ring of room entries */
	size_t in_heap, in_queue, first;
	struct hv_item *slots, spare;	/* spare: while all slots are taken */
	uint32_t *free_slots;
	size_t room;
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
	free(o->queue);
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

static size_t nr_held(const struct hv_order *o)
{
	return o->in_heap + o->in_queue;
}

static struct entry *queue_at(const struct hv_order *o, size_t i)
{
	return &o->queue[(o->first + i) & (o->room - 1)];	/* room is a power of two */
}

static bool next_is_in_heap(const struct hv_order *o)
{
	return o->in_heap && (!o->in_queue || before(&o->heap[0], queue_at(o, 0)));
}

static int pop_one(struct hv_order *o, uint32_t slot, bool from_heap)
{
	int ret = o->fn(&o->slots[slot], o->arg);

	if (from_heap) {
		o->heap[0] = o->heap[--o->in_heap];
		if (o->in_heap)
			sift_down(o->heap, o->in_heap);
	} else {
		o->first++;
		o->in_queue--;
	}
	o->free_slots[nr_held(o)] = slot;
	return ret;
}

/* Those that are no later than last, at most so many. */
static int pop(struct hv_order *o, uint64_t last, size_t most)
{
	int ret = 0;

	while (!ret && most-- && nr_held(o)) {
		bool from_heap = next_is_in_heap(o);
		const struct entry *next = from_heap ? &o->heap[0] : queue_at(o, 0);

		if (next->time > last)
			break;
		ret = pop_one(o, next->slot, from_heap);
	}
	return ret;
}

static void grow(struct hv_order *o)
{
	size_t room = o->room ? 2 * o->room : 1024;
	struct entry *queue = hv_alloc(room * sizeof(*queue));

	for (size_t i = 0; i < o->in_queue; i++)
		queue[i] = *queue_at(o, i);
	free(o->queue);
	o->queue = queue;
	o->first = 0;
	o->heap = hv_grow(o->heap, room, sizeof(*o->heap));
	o->slots = hv_grow(o->slots, room, sizeof(*o->slots));
	o->free_slots = hv_grow(o->free_slots, room, sizeof(*o->free_slots));
	/* free_slots[held..room) are the free ones; all room are in use now */
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

struct hv_item *hv_order_room(struct hv_order *o)
{
	if (nr_held(o) == o->room && o->room < HV_ORDER_MAX)
		grow(o);
	return nr_held(o) < o->room ? &o->slots[o->free_slots[nr_held(o)]] : &o->spare;
}

int hv_order_add(struct hv_order *o, const struct hv_item *item)
{
	uint64_t key = o->by_when ? item->r.when : item->r.time;
	uint32_t slot;
	int ret = 0;

	if (nr_held(o) == HV_ORDER_MAX)
		ret = pop(o, UINT64_MAX, 1);
	if (nr_held(o) == o->room)
		grow(o);
	slot = o->free_slots[nr_held(o)];
	if (item != &o->slots[slot])
		memcpy(&o->slots[slot], item, used_size(item));
	if (key >= o->newest) {
		*queue_at(o, o->in_queue++) = (struct entry){ key, o->seq++, slot };
		o->newest = key;
	} else {
		o->heap[o->in_heap] = (struct entry){ key, o->seq++, slot };
		sift_up(o->heap, o->in_heap++);
	}
	return ret;
}

int hv_order_round(struct hv_order *o)
{
	int ret = o->newest_last_round >= o->slack ?
		pop(o, o->newest_last_round - o->slack, HV_ORDER_MAX) : 0;

	o->newest_last_round = o->newest;
	return ret;
}

int hv_order_flush(struct hv_order *o)
{
	return pop(o, UINT64_MAX, HV_ORDER_MAX);
}
