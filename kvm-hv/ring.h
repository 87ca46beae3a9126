/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The processors' rings (struct hv_ring): what ring.c, who writes records (records.c), and who tells
 * them one by one (singles.c) share. All with preemption off, and not in an interrupt.
 */
#ifndef KVM_HV_RING_H
#define KVM_HV_RING_H

#include <linux/percpu.h>
#include <asm/time.h>
#include "hv.h"

DECLARE_PER_CPU(struct hv_ring *, hv_ring);	/* NULL until somebody listens; then until the module goes */
extern u32 hv_ring_session;	/* counts up when somebody begins to listen and nobody did: older records are nobody's */
extern u64 hv_ring_held_ticks;	/* timebase ticks: records held for longer are emitted, many or few */

static inline bool hv_ring_is_empty(const struct hv_ring *r)
{
	return !r->segment && r->next == r->words[0];
}

static inline bool hv_ring_held_long(const struct hv_ring *r)
{
	return mftb() - r->since > hv_ring_held_ticks;
}

/* Emits the batch event, if there is anything, and leaves an empty ring. */
void hv_ring_emit(struct hv_ring *r);

/* This processor's ring, with room for a record of the vCPU's; NULL: nobody listens. */
struct hv_ring *hv_ring_make_room(struct hv_vcpu *hv);

/* The same, if nothing has to be done for it; or NULL */
static __always_inline struct hv_ring *hv_ring_at_hand(const struct hv_vcpu *hv)
{
	struct hv_ring *r = this_cpu_read(hv_ring);

	return likely(r && r->owner.serial == hv->owner.serial && r->next <= r->last) ? r : NULL;
}

/* A record's second word (tracepoints/records.h) */
static __always_inline u64 hv_record_head(u32 kind, u32 trap, u32 words, u64 ticks)
{
	return kind | words << 8 | trap << 16 | ticks << 32;
}

/* singles.c: the single events of the vCPU's last stay; r: its records, NULL: none were written. */
void hv_emit_singly(struct kvm_vcpu *vcpu, const struct hv_ring *r);

#endif
