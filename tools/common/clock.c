// SPDX-License-Identifier: GPL-2.0
#include "clock.h"

void hv_clock_setup(struct hv_clock *c, const struct hv_decoder *d)
{
	c->use_ticks = c->mult;
	for (int e = 0; e < HV_NR_EVENTS; e++)
		if (hv_decoder_knows(d, e) && !hv_decoder_has_field(d, e, hv_clock_field(e)))
			c->use_ticks = false;
}

/* Only a partition switch is told of when it is over. */
static uint64_t how_long(const struct hv_clock *c, const struct hv_record *r)
{
	bool tells = hv_has(r, HV_F_tb_start) && hv_has(r, HV_F_tb_end);

	return tells && r->field[HV_F_tb_end] > r->field[HV_F_tb_start] ?
		hv_clock_ns(c, r->field[HV_F_tb_end] - r->field[HV_F_tb_start]) : 0;
}

void hv_clock_learn(struct hv_clock *c, const struct hv_record *r)
{
	enum hv_field f = hv_clock_field(r->event);
	uint64_t ns = hv_has(r, f) ? hv_clock_ns(c, r->field[f]) : 0;
	uint64_t at = c->use_ticks ? ns : r->time, began = at - how_long(c, r);
	int64_t offset = r->time - ns;

	if (!c->learned || at < c->first)
		c->first = at;
	if (!c->learned || began < c->began)
		c->began = began;
	if (!c->learned || offset < c->offset)
		c->offset = offset;
	c->learned = true;
}

uint64_t hv_clock_start(const struct hv_clock *c)
{
	return c->first + (c->use_ticks ? c->offset : 0);
}

uint64_t hv_clock_begin(const struct hv_clock *c)
{
	return c->began + (c->use_ticks ? c->offset : 0);
}
