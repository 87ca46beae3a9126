// SPDX-License-Identifier: GPL-2.0
/*
 * What happened, written down (tracepoints/records.h). The image can't call a tracepoint: what it
 * acted on itself it writes into its processor's ring (ring.c), the module adds what it does.
 */
#include "ring.h"
#include "kvm_hv_trace.h"

/* What an ENTER record tells is complete only after the stay. Zeros at its end are left out. */
static __always_inline void begin_enter(struct kvm_vcpu *vcpu, struct hv_ring *r)
{
	struct hv_vcpu *hv = to_hv_vcpu(vcpu);
	const struct hv_phase *ph = &hv->phase;
	u64 *p = r->next;

	p[2] = vcpu->arch.regs.nip;
	p[4] = ph->user;
	p[5] = ph->idle;
	p[6] = vcpu->arch.pending_exceptions;
	hv->enter = p;
	hv->enter_words = p[6] ? 7 : p[5] ? 6 : p[4] ? 5 : 4;
	r->next = p + hv->enter_words;
}

static void end_enter(const struct hv_vcpu *hv, const struct hv_rm_switch *sw)
{
	const struct hv_phase *ph = &hv->phase;
	u64 *p = hv->enter;

	p[0] = sw->tb_end;
	p[1] = hv_record_head(HV_REC_ENTER, 0, hv->enter_words, sw->tb_end - sw->tb_start);
	p[3] = ph->host ? sw->tb_start - ph->host - ph->user - ph->idle : 0;
}

static void trace_enter(struct kvm_vcpu *vcpu)
{
	struct hv_phase *ph = &to_hv_vcpu(vcpu)->phase;
	u64 now = mftb();

	ph->module = ph->host ? now - ph->host - ph->user - ph->idle : 0;
	trace_kvm_guest_enter(vcpu, vcpu->arch.regs.nip, now, ph);
}

static __always_inline void begin_in(struct kvm_vcpu *vcpu, struct hv_vcpu *hv, struct hv_ring *r)
{
	struct hv_rm_ctx *c = &hv->rm;

	c->tb_offset = vcpu->arch.vcore->tb_offset;
	r->mark = r->next;
	r->mark_segment = r->segment;
	if (hv_noted(vcpu))
		begin_enter(vcpu, r);
	c->ring = r;
	c->next = r->next;
	c->last = r->last;
	c->whole_pc = HV_NO_PC;
	c->watch |= HV_WATCH_RECORDS;
}

static noinline void begin_anew(struct kvm_vcpu *vcpu, struct hv_vcpu *hv)
{
	struct hv_ring *r;

	if (static_branch_unlikely(&hv_listened_singly) && hv_noted(vcpu))
		trace_enter(vcpu);
	r = hv_ring_make_room(hv);
	if (r)
		begin_in(vcpu, hv, r);
}

/* Somebody listens, or did until now. */
void hv_records_begin(struct kvm_vcpu *vcpu)
{
	struct hv_vcpu *hv = to_hv_vcpu(vcpu);
	struct hv_ring *r = hv_ring_at_hand(hv);

	hv->phase.user = hv->counts->sum.user - hv->phase.user_before;
	hv->phase.idle = hv->counts->sum.idle - hv->phase.idle_before;
	hv->stay_ring = NULL;
	hv->enter = NULL;
	if (static_branch_unlikely(&hv_listened_singly) ||
	    unlikely(!r || r->session != READ_ONCE(hv_ring_session) || hv_ring_held_long(r)))
		begin_anew(vcpu, hv);
	else
		begin_in(vcpu, hv, r);
}

static notrace u64 *put_hcall(u64 *p, const unsigned long *gpr)
{
	u32 i, args = hv_args(hv_tables, gpr[3]);

	p[0] = gpr[3];
	p[1] = gpr[4];	/* what it has not is written over */
	p[2] = gpr[5];
	p[3] = gpr[6];
	p[4] = gpr[7];
	for (i = 4; i < args; i++)
		p[1 + i] = gpr[4 + i];
	return p + 1 + args;
}

static notrace void put_left(struct kvm_vcpu *vcpu, struct hv_ring *r, u32 trap, const struct hv_phase *ph)
{
	u64 *p = r->next, *q = p + 4;

	p[0] = ph->exit;
	p[2] = vcpu->arch.regs.nip;
	p[3] = vcpu->arch.shregs.msr;
	if (trap == BOOK3S_INTERRUPT_SYSCALL) {
		q = put_hcall(q, vcpu->arch.regs.gpr);
	} else if (trap == BOOK3S_INTERRUPT_H_DATA_STORAGE) {
		*q++ = vcpu->arch.fault_dar;
		*q++ = vcpu->arch.fault_dsisr;
	}
	p[1] = hv_record_head(HV_REC_LEFT, trap, q - p, ph->out);
	r->next = q;
}

/* Registers are as the guest left them. */
notrace void hv_records_end(struct kvm_vcpu *vcpu)
{
	struct hv_vcpu *hv = to_hv_vcpu(vcpu);
	struct hv_rm_ctx *c = &hv->rm;
	struct hv_ring *r = c->ring;

	if (hv->enter)
		end_enter(hv, &c->to_guest);
	hv->phase.exit = c->to_host.tb_start;
	hv->phase.host = c->to_host.tb_end;
	hv->phase.out = c->to_host.tb_end - c->to_host.tb_start;
	hv->phase.user_before = hv->counts->sum.user;
	hv->phase.idle_before = hv->counts->sum.idle;
	hv->phase.noted = hv_wanted(hv_tables, vcpu->arch.trap, vcpu->arch.regs.gpr[3]);
	hv->awaits = 0;
	r->next = c->next;
	if (hv->phase.noted)
		put_left(vcpu, r, vcpu->arch.trap, &hv->phase);
	hv->stay_ring = r;
	c->ring = NULL;
	c->watch &= ~HV_WATCH_RECORDS;
}

void hv_records_emit_stay(struct kvm_vcpu *vcpu, struct hv_ring *r)
{
	if (static_branch_unlikely(&hv_listened_singly))
		hv_emit_singly(vcpu, r);
	if (r && (r->segment || !trace_kvm_records_enabled()))
		hv_ring_emit(r);
}

/* A record of the module's own, after an exit that was noted. n is constant. */
static __always_inline void note(struct kvm_vcpu *vcpu, u64 head, u64 now, const u64 *words, u32 n)
{
	struct hv_vcpu *hv = to_hv_vcpu(vcpu);
	struct hv_ring *r;
	u64 *p;
	u32 i;

	if (!trace_kvm_records_enabled())
		return;
	preempt_disable();
	r = hv_ring_at_hand(hv);
	if (unlikely(!r))
		r = hv_ring_make_room(hv);
	if (r) {
		p = r->next;
		p[0] = now;
		p[1] = head | (HV_REC_HEAD + n) << 8;
		for (i = 0; i < n; i++)
			p[HV_REC_HEAD + i] = words[i];
		r->next = p + HV_REC_HEAD + n;
	}
	preempt_enable();
}

/* The hypercall's number goes into the head if it fits: bits is the rest of that. */
static noinline void note_hcall_anew(struct kvm_vcpu *vcpu, u64 bits, u64 now, u64 req, u64 rc, bool with_rc)
{
	if (req <= HV_REC_TRAP(~0ull))
		note(vcpu, bits | req << 16, now, (u64[]){ rc }, with_rc);
	else if (with_rc)
		note(vcpu, bits, now, (u64[]){ rc, req }, 2);
	else
		note(vcpu, bits, now, (u64[]){ req }, 1);
}

/* In short where the ring at hand has room, as nearly always */
static __always_inline void note_hcall(struct kvm_vcpu *vcpu, u64 bits, u64 now, u64 req, u64 rc, bool with_rc)
{
	struct hv_ring *r;
	u64 *p;

	preempt_disable();
	r = hv_ring_at_hand(to_hv_vcpu(vcpu));
	if (unlikely(!r || req > HV_REC_TRAP(~0ull) || !trace_kvm_records_enabled())) {
		preempt_enable();
		note_hcall_anew(vcpu, bits, now, req, rc, with_rc);
		return;
	}
	p = r->next;
	p[0] = now;
	p[1] = bits | (HV_REC_HEAD + with_rc) << 8 | req << 16;
	p[2] = rc;	/* what it has not is written over */
	r->next = p + HV_REC_HEAD + with_rc;
	preempt_enable();
}

#define HEAD_OF(ret)	(HV_REC_HCALL | (u64)(ret) << 32)

static noinline void tell_hcall(struct kvm_vcpu *vcpu, int ret, u64 req, u64 rc, u64 now, bool asks)
{
	trace_kvm_hcall_exit(vcpu, ret, req, rc, now, asks ? HV_WHERE_USER : HV_WHERE_MODULE);
	note_hcall_anew(vcpu, HEAD_OF(ret), now, req, rc, !asks);
}

void hv_records_hcall(struct kvm_vcpu *vcpu, int ret, u64 req)
{
	bool asks = ret & RESUME_FLAG_HOST;
	u64 rc = asks ? H_TOO_HARD : vcpu->arch.regs.gpr[3], now = mftb();

	to_hv_vcpu(vcpu)->asked = req;
	if (static_branch_unlikely(&hv_listened_singly))
		tell_hcall(vcpu, ret, req, rc, now, asks);
	else
		note_hcall(vcpu, HEAD_OF(ret), now, req, rc, !asks);
}

static noinline void tell_hcall_user(struct kvm_vcpu *vcpu, u64 now)
{
	u64 req = to_hv_vcpu(vcpu)->asked, rc = vcpu->arch.regs.gpr[3];

	trace_kvm_hcall_user(vcpu, req, rc, now);
	note_hcall_anew(vcpu, HV_REC_USER, now, req, rc, true);
}

/* User space is back with the answer, which kvm.ko has put in r3. */
void hv_note_user(struct kvm_vcpu *vcpu)
{
	struct hv_vcpu *hv = to_hv_vcpu(vcpu);
	const struct kvm_run *run = vcpu->run;
	u32 awaits = hv->awaits;
	u64 now;

	hv->awaits = 0;
	if (!hv_noted(vcpu))
		return;
	if (awaits == HV_AWAITS_LOAD) {
		hv_note_mmio(vcpu, run->mmio.phys_addr, run->mmio.len, false, HV_WHERE_USER);
		return;
	}
	now = mftb();
	if (static_branch_unlikely(&hv_listened_singly))
		tell_hcall_user(vcpu, now);
	else
		note_hcall(vcpu, HV_REC_USER, now, hv->asked, vcpu->arch.regs.gpr[3], true);
}

void hv_note_fault(struct kvm_vcpu *vcpu, const u64 *fault, int ret)
{
	u64 now;

	if (!hv_noted(vcpu))
		return;
	now = mftb();
	trace_kvm_page_fault_enter(vcpu, to_hv_vcpu(vcpu)->phase.exit, fault, HV_WHERE_MODULE);
	trace_kvm_page_fault_exit(vcpu, now, fault, ret, HV_WHERE_MODULE);
	note(vcpu, HV_REC_FAULT, now, fault, HV_FAULT_WORDS);
}

/* The value is in run->mmio.data, as the guest's register had or gets it. */
void hv_note_mmio(struct kvm_vcpu *vcpu, u64 gpa, u32 len, bool write, u32 where)
{
	const u8 *data = vcpu->run->mmio.data;
	u64 value = 0, now;

	if (!hv_noted(vcpu))
		return;
	switch (len) {
	case 1: value = *data; break;
	case 2: value = *(const u16 *)data; break;
	case 4: value = *(const u32 *)data; break;
	case 8: value = *(const u64 *)data; break;
	}
	now = mftb();
	trace_kvm_mmio(vcpu, gpa, value, len, write, now, where);
	note(vcpu, HV_REC_MMIO, now, (u64[]){ gpa, value, (len & 0xff) | write << 8 | (where == HV_WHERE_USER) << 9 }, 3);
}
