/* SPDX-License-Identifier: GPL-2.0 */
/* From a trace event's raw bytes to its fields, by the event's own format description. */
#ifndef HV_DECODE_H
#define HV_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HV_TRACE_SYSTEM "kvm_hv"
#define HV_BATCH_EVENT "kvm_records"	/* carries many records in one sample */

enum hv_event {
#define HV_EVENT(system, name) HV_##name,
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
	HV_KIND_DEC, HV_KIND_HEX, HV_KIND_TRAP, HV_KIND_HCALL, HV_KIND_HCALL_RC, HV_KIND_MSR, HV_KIND_DSISR,
	HV_KIND_WHERE, HV_KIND_OUTCOME
};

/* Who dealt with an exit: the field "where" of our backend's events. */
enum hv_where { HV_IN_REAL_MODE, HV_IN_MODULE, HV_IN_USER_SPACE };

/* In kvm_hcall_exit's ret: user space answers, whatever r3 holds now (RESUME_FLAG_HOST, asm/kvm_book3s.h). */
#define HV_RET_HOST 2

extern const char *const hv_event_systems[HV_NR_EVENTS];
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

/* kvm-pr's events do not tell which vCPU they are about. */
static inline bool hv_is_pr(enum hv_event e)
{
	return e == HV_kvm_exit || e == HV_kvm_book3s_reenter || e == HV_kvm_vcpu_wakeup;
}

/* Both: -1 if the record does not tell. */
int64_t hv_record_lpid(const struct hv_record *r);
int32_t hv_record_vcpu(const struct hv_record *r);

struct hv_decoder;

struct hv_decoder *hv_decoder_new(bool big_endian, unsigned int long_size);
void hv_decoder_free(struct hv_decoder *d);
/* Learn one event from its "format" file; events that are not ours are accepted and ignored. */
int hv_decoder_add(struct hv_decoder *d, const char *system, const char *format, size_t len);
/*
 * Which of the events that it has learned are recorded, by their ids; all if it is never told. Where
 * the batch event is among them, what that carries is not taken from the single events once more.
 */
void hv_decoder_recorded(struct hv_decoder *d, const uint64_t *ids, size_t nr);
/*
 * What nobody will look at need not be decoded: bits of enum hv_field, all that are wanted. To be
 * called when all events have been learned.
 */
void hv_decoder_want(struct hv_decoder *d, uint64_t fields);
/* Both: in a recording of these events, be it as what the batch event carries. */
bool hv_decoder_knows(const struct hv_decoder *d, enum hv_event e);
bool hv_decoder_has_field(const struct hv_decoder *d, enum hv_event e, enum hv_field f);
/* The batch event's own id, if it is recorded; -1: it is not. */
int hv_decoder_batch_id(const struct hv_decoder *d);
static inline bool hv_decoder_has_batches(const struct hv_decoder *d)
{
	return hv_decoder_batch_id(d) >= 0;
}


/* Not 0 ends hv_decode(). */
typedef int (*hv_record_fn)(struct hv_record *r, void *arg);
#define HV_DAMAGED (-2)
/*
 * Calls fn for each record of a sample, in order of time. r: with what the sample itself tells (time,
 * cpu, pid, tid); the rest is filled in. 1: one of our events; 0: another; HV_DAMAGED: it is not as
 * its format says; else what fn returned.
 */
int hv_decode(const struct hv_decoder *d, const void *raw, size_t len, struct hv_record *r,
	      hv_record_fn fn, void *arg);

/* The same for an event that is one record, which r then is; HV_IS_BATCH: it is none, r is as it was. */
#define HV_IS_BATCH 2
int hv_decode_one(const struct hv_decoder *d, const void *raw, size_t len, struct hv_record *r);

/* Of a sample of the batch event: the VMM's process. -1: it is none, or damaged. */
int32_t hv_batch_pid(const struct hv_decoder *d, const void *raw, size_t len);

/* The other way round: raw bytes of event e as its format has it. 0: its format is not known, or needs more room. */
size_t hv_encode(const struct hv_decoder *d, const struct hv_record *r, char *raw, size_t room);
/* The event's own id; -1: not known. */
int hv_decoder_id(const struct hv_decoder *d, enum hv_event e);

#endif
