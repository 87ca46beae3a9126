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
#define HV_FIELD(name, kind) HV_F_##name,
#include "events.h"
	HV_NR_FIELDS
};

/* How a field is shown. */
enum hv_kind {
	HV_KIND_DEC, HV_KIND_HEX, HV_KIND_TRAP, HV_KIND_HCALL, HV_KIND_HCALL_RC, HV_KIND_MSR, HV_KIND_DSISR
};

/* In kvm_hcall_exit's ret: user space answers, whatever r3 holds now (RESUME_FLAG_HOST, asm/kvm_book3s.h). */
#define HV_RET_HOST 2

extern const char *const hv_event_names[HV_NR_EVENTS];
extern const char *const hv_field_names[HV_NR_FIELDS];
extern const enum hv_kind hv_field_kinds[HV_NR_FIELDS];

struct hv_record {
	uint64_t time;			/* ns, the sample's own time stamp: when it was emitted */
	uint64_t when;			/* ns, the same clock: when it happened */
	int32_t cpu, pid, tid;		/* -1 if not recorded */
	enum hv_event event;
	uint64_t present;		/* bit per field */
	uint64_t field[HV_NR_FIELDS];	/* signed ones are sign-extended */
};

static inline bool hv_has(const struct hv_record *r, enum hv_field f)
{
	return r->present >> f & 1;
}

/* Both: -1 if the record does not tell. */
int64_t hv_record_lpid(const struct hv_record *r);
int32_t hv_record_vcpu(const struct hv_record *r);

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
