// SPDX-License-Identifier: GPL-2.0
#include "clock.h"

void hv_clock_setup(struct hv_clock *c, const struct hv_decoder *d)
{
	c->use_ticks = c->mult;
	for (int e = 0; e < HV_NR_EVENTS; e++)
		if (hv_decoder_knows(d, e) && !hv_decoder_has_field(d, e, hv_clock_field(e)))
			c->use_ticks = false;
}

void hv_clock_learn(struct hv_clock *c, const struct hv_record *r)
{
	enum hv_field f = hv_clock_field(r->event);
	uint64_t ns = hv_has(r, f) ? hv_clock_ns(c, r->field[f]) : 0;
	int64_t offset = r->time - ns;

	if (!c->learned || r->time < c->first_time)
		c->first_time = r->time;
	if (!c->learned || ns < c->first_ns)
		c->first_ns = ns;
	if (!c->learned || offset < c->offset)
		c->offset = offset;
	c->learned = true;
}

uint64_t hv_clock_start(const struct hv_clock *c)
{
	return c->use_ticks ? c->first_ns + c->offset : c->first_time;
}
