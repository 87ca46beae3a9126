// SPDX-License-Identifier: GPL-2.0
#include <perf/event.h>
#include "source.h"
#include "util.h"

/* Rates and durations of what is live need no common zero of the samples' clock and the timebase. */
static int add_to_order(struct hv_record *r, void *arg)
{
	struct hv_source *s = arg;

	hv_clock_stamp(&s->clock, r);
	return hv_order_add(s->order, hv_item_of(r));
}

static int on_record(const struct perf_event_header *h, void *arg)
{
	struct hv_source *s = arg;
	size_t size = h->size - sizeof(*h);
	bool is_sample = h->type == PERF_RECORD_SAMPLE;
	struct hv_sample sample;
	struct hv_item item;
	int ret;

	if (is_sample ? hv_parse_sample(&s->layout, h + 1, size, &sample) :
	    h->type != PERF_RECORD_LOST || hv_parse_trailer(&s->layout, h + 1, size, &sample))
		return 0;
	item.lost = 0;
	item.r.present = 0;
	item.r.time = item.r.when = sample.time;
	item.r.cpu = sample.cpu;
	item.r.pid = sample.pid;
	item.r.tid = sample.tid;
	if (!is_sample) {
		item.lost = ((const struct perf_record_lost *)h)->lost;
		s->lost += item.lost;
		return hv_order_add(s->order, &item);
	}
	ret = hv_decode(s->decoder, sample.raw, sample.raw_size, &item.r, add_to_order, s);
	return ret == HV_DAMAGED || ret > 0 ? 0 : ret;
}

const char *hv_backend_name(const struct hv_decoder *d)
{
	if (hv_decoder_knows(d, HV_kvm_partition_switch))
		return HV_OUR_BACKEND;
	if (!hv_decoder_knows(d, HV_kvm_exit))
		return "the kernel's own kvm-hv";
	return hv_decoder_knows(d, HV_kvm_guest_exit) ? "the kernel's own kvm-hv and kvm-pr" : "kvm-pr";
}

static int learn_formats(struct hv_source *s)
{
	for (size_t i = 0; i < s->tracepoints.nr; i++) {
		const struct hv_tracepoint *tp = &s->tracepoints.tp[i];

		if (hv_decoder_add(s->decoder, tp->system, tp->format, tp->format_len))
			return hv_error("cannot make sense of the format of %s:%s", tp->system, tp->name);
	}
	s->clock = HV_CLOCK_POWER;
	hv_clock_setup(&s->clock, s->decoder);
	s->backend = hv_backend_name(s->decoder);
	return 0;
}

int hv_source_open(struct hv_source *s, const struct hv_target *target, hv_order_fn fn, void *arg)
{
	*s = (struct hv_source){
		.decoder = hv_decoder_new(__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__, sizeof(long)),
		.order = hv_order_new(fn, arg),
	};
	if (hv_tracepoints_find(NULL, &s->tracepoints))
		return -1;
	hv_tracepoints_single(&s->tracepoints);
	if (learn_formats(s))
		return -1;
	s->session = hv_session_open(&s->tracepoints, target);
	if (!s->session)
		return -1;
	s->layout = hv_session_layout(s->session);
	return 0;
}

void hv_source_close(struct hv_source *s)
{
	if (s->session)
		hv_session_close(s->session);
	hv_tracepoints_free(&s->tracepoints);
	hv_decoder_free(s->decoder);
	if (s->order)
		hv_order_free(s->order);
	*s = (struct hv_source){ 0 };
}

int hv_source_wait(struct hv_source *s, int milliseconds)
{
	bool gone = milliseconds > 0 && !hv_session_wait(s->session, milliseconds);

	if (hv_session_drain(s->session, on_record, s) < 0 || hv_order_round(s->order))
		return -1;
	return gone;
}

int hv_source_finish(struct hv_source *s)
{
	return hv_source_wait(s, 0) < 0 || hv_order_flush(s->order) ? -1 : 0;
}
