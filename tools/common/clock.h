/* SPDX-License-Identifier: GPL-2.0 */
/*
 * When a record happened. Its sample's time is when the event was emitted, which
 * for records made with the MMU off is later; the timebase in the record itself
 * is exact. One recording is read with one clock throughout: the timebase where
 * all its events carry it, else the samples' time.
 */
#ifndef HV_CLOCK_H
#define HV_CLOCK_H

#include "decode.h"

struct hv_clock {
	/* ns = ticks * mult >> shift; mult 0: fields in ticks can't be used */
	uint64_t mult;
	unsigned int shift;
	bool assumed;		/* nobody said how fast the timebase runs */
	bool use_ticks;
	int64_t offset;		/* of the samples' clock to the timebase's ns */
	bool learned;
	uint64_t first, began;	/* without the offset: the earliest record, and the earliest beginning */
};

/* The timebase of every POWER server processor since POWER6 runs at 512 MHz. */
#define HV_CLOCK_POWER	((struct hv_clock){ .mult = 8388608000ull, .shift = 32, .assumed = true })

/* Which clock to use follows from the fields that the recording has. */
void hv_clock_setup(struct hv_clock *c, const struct hv_decoder *d);
/* No event is emitted before it happens: the smallest difference is the clocks' offset. */
void hv_clock_learn(struct hv_clock *c, const struct hv_record *r);
/* When the earliest of the records that were learned from happened. */
uint64_t hv_clock_start(const struct hv_clock *c);
/* When the first of what they tell of began: before that, if it is a partition switch, which is told of when it is over. */
uint64_t hv_clock_begin(const struct hv_clock *c);
static inline uint64_t hv_clock_ns(const struct hv_clock *c, uint64_t ticks)
{
	return (unsigned __int128)ticks * c->mult >> c->shift;
}

/* The moment that a record is about: a partition switch is over when it is told of. */
static inline enum hv_field hv_clock_field(enum hv_event e)
{
	return e == HV_kvm_partition_switch ? HV_F_tb_end : HV_F_tb;
}

/* Sets r->when. */
static inline void hv_clock_stamp(const struct hv_clock *c, struct hv_record *r)
{
	enum hv_field f = hv_clock_field(r->event);

	r->when = r->time;
	if (c->use_ticks && hv_has(r, f))
		r->when = hv_clock_ns(c, r->field[f]) + c->offset;
}

#endif
