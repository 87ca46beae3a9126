/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Puts records in order of time. perf.data holds one ring's records after the
 * other's; after each pass over all rings stands a FINISHED_ROUND record. What
 * is older than the newest record of the round before can't be preceded by
 * anything still to come, so it may go. At most HV_ORDER_MAX records are held:
 * beyond that the oldest goes, however long ago the last round ended.
 */
#ifndef HV_ORDER_H
#define HV_ORDER_H

#include "decode.h"

#define HV_ORDER_MAX (1 << 18)

/* A record, or (lost) the place where a CPU's ring was full. */
struct hv_item {
	uint64_t lost;
	struct hv_record r;	/* at the end: only the fields that it has are kept */
};

static inline struct hv_item *hv_item_of(struct hv_record *r)
{
	return (struct hv_item *)((char *)r - offsetof(struct hv_item, r));
}

struct hv_order;
typedef int (*hv_order_fn)(const struct hv_item *item, void *arg);

struct hv_order *hv_order_new(hv_order_fn fn, void *arg);
/*
 * By when records happened, not by when they were emitted (r.time): what comes out of a batch is late
 * by as much as slack ns.
 */
void hv_order_by_when(struct hv_order *o, uint64_t slack);
void hv_order_free(struct hv_order *o);
/* Room for the next item, to be filled in and added; or not, if it turns out that there is none. */
struct hv_item *hv_order_room(struct hv_order *o);
/* All three return what fn returned if that was not 0. item may be the room, which then need not be copied. */
int hv_order_add(struct hv_order *o, const struct hv_item *item);
int hv_order_round(struct hv_order *o);
int hv_order_flush(struct hv_order *o);

#endif
