// SPDX-License-Identifier: GPL-2.0
/*
 * One trace event for each record, after the stay in which it was written: what perf, trace-cmd and
 * scripts for the kernel's own backend know.
 */
#include "ring.h"
#include "kvm_hv_trace.h"

static void emit_stayed(struct kvm_vcpu *vcpu, const u64 *p)
{
	u64 going_on = p[0] + HV_REC_TICKS(p[1]), rc;
	u32 words = HV_REC_WORDS(p[1]), moved = !!(p[1] & HV_REC_MOVED);

	if (HV_REC_TRAP(p[1]) == BOOK3S_INTERRUPT_SYSCALL) {
		rc = p[words - 1 - moved];
		trace_kvm_hcall_enter(vcpu, p);
		trace_kvm_hcall_exit(vcpu, RESUME_GUEST, p[4], rc, going_on, HV_WHERE_REAL_MODE);
	} else {
		trace_kvm_page_fault_enter(vcpu, p[0], p + 4, HV_WHERE_REAL_MODE);
		trace_kvm_page_fault_exit(vcpu, going_on, p + 4, RESUME_GUEST, HV_WHERE_REAL_MODE);
	}
	trace_kvm_guest_enter(vcpu, moved ? p[words - 1] : p[2], going_on, NULL);
}

static void emit_single(struct kvm_vcpu *vcpu, const u64 *p)
{
	u32 kind = HV_REC_KIND(p[1]);

	if (kind != HV_REC_STAYED && kind != HV_REC_LEFT)
		return;
	trace_kvm_guest_exit(vcpu, p);
	if (kind == HV_REC_STAYED)
		emit_stayed(vcpu, p);
	else if (HV_REC_TRAP(p[1]) == BOOK3S_INTERRUPT_SYSCALL && !(p[3] & MSR_PR))
		trace_kvm_hcall_enter(vcpu, p);
}

/* The STAYED record that says the same, in words[HV_REC_MAX]; whole: as AGAIN means it */
static const u64 *as_stayed(const u64 *p, const u64 *whole, u64 *words)
{
	u32 args = HV_REC_WORDS(p[1]) - HV_REC_HEAD;

	words[0] = p[0];
	words[1] = hv_record_head(HV_REC_STAYED, BOOK3S_INTERRUPT_SYSCALL, 6 + args, HV_REC_AGAIN_TICKS(p[1]));
	words[2] = whole[2];
	words[3] = whole[3];
	words[4] = HV_REC_AGAIN_REQ(p[1]);
	memcpy(words + 5, p + HV_REC_HEAD, args * sizeof(u64));
	words[5 + args] = HV_REC_AGAIN_RC(p[1]);
	return words;
}

static void emit_stay(struct kvm_vcpu *vcpu, const struct hv_ring *r)
{
	const u64 *p, *end, *whole = NULL;
	u64 words[HV_REC_MAX];
	u32 s;

	for (s = r->mark_segment; s <= r->segment; s++) {
		p = s == r->mark_segment ? r->mark : r->words[s];
		end = s == r->segment ? r->next : r->words[s] + r->used[s];
		for (; p < end; p += HV_REC_WORDS(p[1])) {
			if (HV_REC_KIND(p[1]) == HV_REC_STAYED && HV_REC_TRAP(p[1]) == BOOK3S_INTERRUPT_SYSCALL)
				whole = p;
			emit_single(vcpu, HV_REC_KIND(p[1]) == HV_REC_AGAIN ? as_stayed(p, whole, words) : p);
		}
	}
}

void hv_emit_singly(struct kvm_vcpu *vcpu, const struct hv_ring *r)
{
	const struct hv_vcpu *hv = to_hv_vcpu(vcpu);
	const struct hv_rm_ctx *c = &hv->rm;

	/* A switch is told of with the entry or the exit that it is for. */
	if (!r || hv->enter)
		trace_kvm_partition_switch(vcpu, true, c->to_guest.tb_start, c->to_guest.tb_end);
	if (r)
		emit_stay(vcpu, r);
	if (hv->phase.noted)
		trace_kvm_partition_switch(vcpu, false, c->to_host.tb_start, c->to_host.tb_end);
}
