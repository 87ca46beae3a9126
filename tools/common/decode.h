/* SPDX-License-Identifier: GPL-2.0 */
/* From a trace event's raw bytes to its fields, by the event's own format description. */
#ifndef HV_DECODE_H
#define HV_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HV_TRACE_SYSTEM "kvm_hv"

enum hv_event {
#define HV_EVENT(name) HV_##name,
#include "events.h"
	HV_NR_EVENTS
};

enum hv_field {
#define HV_FIELD(name) HV_F_##name,
#include "events.h"
	HV_NR_FIELDS
};

extern const char *const hv_event_names[HV_NR_EVENTS];

struct hv_record {
	uint64_t time;			/* ns, the sample's own time stamp */
	int32_t cpu, pid, tid;		/* -1 if not recorded */
	enum hv_event event;
	uint32_t present;		/* bit per field */
	uint64_t field[HV_NR_FIELDS];	/* signed ones are sign-extended */
};

static inline bool hv_has(const struct hv_record *r, enum hv_field f)
{
	return r->present & (1u << f);
}

struct hv_decoder;

struct hv_decoder *hv_decoder_new(bool big_endian, unsigned int long_size);
void hv_decoder_free(struct hv_decoder *d);
/* Learn one event from its "format" file; events that are not ours are accepted and ignored. */
int hv_decoder_add(struct hv_decoder *d, const char *system, const char *format, size_t len);
bool hv_decoder_knows(const struct hv_decoder *d, enum hv_event e);
bool hv_decoder_has_field(const struct hv_decoder *d, enum hv_event e, enum hv_field f);
/* 1: decoded; 0: not one of our events; -1: shorter than its format says. Sets event, present and field. */
int hv_decode(const struct hv_decoder *d, const void *raw, size_t len, struct hv_record *r);

#endif
