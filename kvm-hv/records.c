// SPDX-License-Identifier: GPL-2.0
/*
 * What happened, written down (tracepoints/records.h) and told. The image can't call a
 * tracepoint: what it acted on itself it writes into its processor's ring, the module
 * adds what it does. After each stay the single events are emitted from there. The batch event
 * carries the words as they are, when there are enough of them, or after a while. A
 * full ring is itself a reason to leave the guest: no record is lost.
 */
#include <linux/cpu.h>
#include <linux/gfp.h>
#include <linux/percpu.h>
#include <linux/workqueue.h>
#include <asm/time.h>
#include "hv.h"
#include "kvm_hv_trace.h"

/* Written down for longer than this, records are emitted, many or few; where no vCPU comes by, later. */
#define HELD_MS		10
#define ABANDONED_MS	100

static DEFINE_PER_CPU(struct hv_ring *, ring);
static u32 session;	/* counts up when somebody begins to listen: older records are nobody's */
int hv_listeners;	/* events that are switched on */

static void emit_abandoned(struct work_struct *work);

/* When an event is switched on; process context, one at a time. Rings stay until the module goes. -ENOMEM */
int hv_listen(void)
{
	struct hv_ring **r;
	int cpu;

	BUILD_BUG_ON(sizeof(struct hv_ring) > HV_SEGMENTS * 8192);
	for_each_possible_cpu(cpu) {
		r = per_cpu_ptr(&ring, cpu);
		if (*r)
			continue;
		*r = alloc_pages_exact(sizeof(**r), GFP_KERNEL | __GFP_ZERO);
		if (!*r)
			return -ENOMEM;
		hv_ring_open(*r, 0);
		INIT_DELAYED_WORK(&(*r)->work, emit_abandoned);
	}
	WRITE_ONCE(session, session + 1);
	WRITE_ONCE(hv_listeners, hv_listeners + 1);
	return 0;
}

void hv_unlisten(void)
{
	WRITE_ONCE(hv_listeners, hv_listeners - 1);
}

void hv_ring_free(void)
{
	struct hv_ring *r;
	int cpu;

	for_each_possible_cpu(cpu) {
		r = per_cpu(ring, cpu);
		if (!r)
			continue;
		cancel_delayed_work_sync(&r->work);
		free_pages_exact(r, sizeof(*r));
	}
}

static bool single_events(void)
{
	return trace_kvm_guest_exit_enabled() || trace_kvm_guest_enter_enabled() ||
	       trace_kvm_hcall_enter_enabled() || trace_kvm_hcall_exit_enabled() ||
	       trace_kvm_page_fault_enter_enabled() || trace_kvm_page_fault_exit_enabled() ||
	       trace_kvm_mmio_enabled() || trace_kvm_hcall_user_enabled();
}

static bool is_empty(const struct hv_ring *r)
{
	return !r->segment && r->next == r->words[0];
}

/* This and all below: preemption off, and not in an interrupt. */
static void emit_batches(struct hv_ring *r)
{
	u32 s;

	if (!is_empty(r) && r->session == READ_ONCE(session)) {
		r->used[r->segment] = r->next - r->words[r->segment];
		for (s = 0; s <= r->segment; s++)
			trace_kvm_records(&r->owner, r->words[s], r->used[s]);
	}
	hv_ring_open(r, 0);
}

static bool held_long(const struct hv_ring *r)
{
	return mftb() - r->since > HELD_MS * (tb_ticks_per_sec / 1000);
}

static bool same_owner(const struct hv_owner *a, const struct hv_owner *b)
{
	return a->vcpu_id == b->vcpu_id && a->lpid == b->lpid && a->tid == b->tid && a->pid == b->pid;
}

/* This processor's ring, with room for a record of the vCPU's; NULL: nobody listens. */
static struct hv_ring *ring_for(struct kvm_vcpu *vcpu)
{
	struct hv_vcpu *hv = to_hv_vcpu(vcpu);
	struct hv_ring *r = this_cpu_read(ring);

	if (!r)
		return NULL;
	if (!is_empty(r) && (r->next > r->last || r->session != READ_ONCE(session) || held_long(r) ||
			     !same_owner(&r->owner, &hv->owner)))
		emit_batches(r);
	if (is_empty(r)) {
		r->owner = hv->owner;
		r->since = mftb();
		r->session = READ_ONCE(session);
	}
	return r;
}

static void end_record(struct hv_ring *r, u64 *p, u32 words, u64 tb, u32 kind, u32 trap, u64 ticks)
{
	p[0] = tb;
	p[1] = kind | words << 8 | (u64)trap << 16 | min_t(u64, ticks, U32_MAX) << 32;
	r->next = p + words;
}

static void put_enter(struct kvm_vcpu *vcpu, struct hv_ring *r, u64 now)
{
	struct hv_vcpu *hv = to_hv_vcpu(vcpu);
	u64 *p = r->next;

	p[2] = vcpu->arch.regs.nip;
	p[3] = vcpu->arch.pending_exceptions;
	p[4] = hv->phase.module;
	p[5] = hv->phase.user;
	p[6] = hv->phase.idle;
	end_record(r, p, 7, now, HV_REC_ENTER, 0, 0);
	hv->enter = p;
}

/* What the ENTER record tells is complete only after the stay. */
void hv_records_begin(struct kvm_vcpu *vcpu)
{
	struct hv_vcpu *hv = to_hv_vcpu(vcpu);
	struct hv_phase *ph = &hv->phase;
	u64 now = mftb();
	struct hv_ring *r;

	ph->module = ph->host ? now - ph->host - ph->user - ph->idle : 0;
	if (ph->noted)
		trace_kvm_guest_enter(vcpu, vcpu->arch.regs.nip, now, ph);
	if (!trace_kvm_records_enabled() && !single_events())
		return;
	r = ring_for(vcpu);
	if (!r)
		return;
	hv->rm.ring = r;
	hv->rm.tb_offset = vcpu->arch.vcore->tb_offset;
	r->mark = r->next;
	r->mark_segment = r->segment;
	if (ph->noted)
		put_enter(vcpu, r, now);
}

static notrace u64 *put_hcall(u64 *p, const unsigned long *gpr, u32 args)
{
	u32 i;

	for (i = 0; i <= args; i++)
		*p++ = gpr[3 + i];
	return p;
}

/* Registers are as the guest left them. */
notrace void hv_records_end(struct kvm_vcpu *vcpu)
{
	struct hv_vcpu *hv = to_hv_vcpu(vcpu);
	const struct hv_rm_ctx *c = &hv->rm;
	struct hv_ring *r = c->ring;
	u32 trap = vcpu->arch.trap;
	u64 *p, *q;

	hv->phase.noted = hv_wanted(hv_tables, trap, vcpu->arch.regs.gpr[3]);
	hv->phase.host = c->to_host.tb_end;
	hv->phase.out = c->to_host.tb_end - c->to_host.tb_start;
	hv->phase.user = hv->phase.idle = 0;
	if (hv->enter) {
		hv->enter[0] = c->to_guest.tb_end;
		hv->enter[1] |= min_t(u64, c->to_guest.tb_end - c->to_guest.tb_start, U32_MAX) << 32;
	}
	if (!hv->phase.noted)
		return;
	p = r->next;
	p[2] = vcpu->arch.regs.nip;
	p[3] = vcpu->arch.shregs.msr;
	q = p + 4;
	if (trap == BOOK3S_INTERRUPT_SYSCALL) {
		q = put_hcall(q, vcpu->arch.regs.gpr, hv_args(hv_tables, vcpu->arch.regs.gpr[3]));
	} else if (trap == BOOK3S_INTERRUPT_H_DATA_STORAGE) {
		*q++ = vcpu->arch.fault_dar;
		*q++ = vcpu->arch.fault_dsisr;
	}
	end_record(r, p, q - p, hv->phase.exit, HV_REC_LEFT, trap, hv->phase.out);
}

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

static void emit_stay(struct kvm_vcpu *vcpu, const struct hv_ring *r)
{
	const u64 *p, *end;
	u32 s;

	for (s = r->mark_segment; s <= r->segment; s++) {
		p = s == r->mark_segment ? r->mark : r->words[s];
		end = s == r->segment ? r->next : r->words[s] + r->used[s];
		for (; p < end; p += HV_REC_WORDS(p[1]))
			emit_single(vcpu, p);
	}
}

void hv_records_emit_stay(struct kvm_vcpu *vcpu)
{
	struct hv_rm_ctx *c = &to_hv_vcpu(vcpu)->rm;

	trace_kvm_partition_switch(vcpu, true, c->to_guest.tb_start, c->to_guest.tb_end);
	if (c->ring && single_events())
		emit_stay(vcpu, c->ring);
	trace_kvm_partition_switch(vcpu, false, c->to_host.tb_start, c->to_host.tb_end);
	if (c->ring && (c->ring->segment || !trace_kvm_records_enabled()))
		emit_batches(c->ring);
}

/* A record of the module's own, after an exit that was noted. */
static void note(struct kvm_vcpu *vcpu, u32 kind, const u64 *words, u32 n)
{
	struct hv_ring *r;

	if (!trace_kvm_records_enabled() || !to_hv_vcpu(vcpu)->phase.noted)
		return;
	preempt_disable();
	r = ring_for(vcpu);
	if (r) {
		memcpy(r->next + HV_REC_HEAD, words, n * sizeof(*words));
		end_record(r, r->next, HV_REC_HEAD + n, mftb(), kind, 0, 0);
	}
	preempt_enable();
}

void hv_records_hcall(struct kvm_vcpu *vcpu, int ret, u64 req)
{
	u64 rc = ret & RESUME_FLAG_HOST ? H_TOO_HARD : vcpu->arch.regs.gpr[3];

	trace_kvm_hcall_exit(vcpu, ret, req, rc, mftb(), ret & RESUME_FLAG_HOST ? HV_WHERE_USER : HV_WHERE_MODULE);
	note(vcpu, HV_REC_HCALL, (u64[]){ req, ret, rc }, 3);
	to_hv_vcpu(vcpu)->asked = req;
}

/* User space is back with the answer, which kvm.ko has put in r3. */
void hv_note_user(struct kvm_vcpu *vcpu)
{
	struct hv_vcpu *hv = to_hv_vcpu(vcpu);
	const struct kvm_run *run = vcpu->run;

	if (!hv->phase.noted) {
		hv->awaits = 0;
		return;
	}
	if (hv->awaits == HV_AWAITS_HCALL) {
		trace_kvm_hcall_user(vcpu, hv->asked, vcpu->arch.regs.gpr[3], mftb());
		note(vcpu, HV_REC_USER, (u64[]){ hv->asked, vcpu->arch.regs.gpr[3] }, 2);
	} else if (hv->awaits == HV_AWAITS_LOAD) {
		hv_note_mmio(vcpu, run->mmio.phys_addr, run->mmio.len, false, HV_WHERE_USER);
	}
	hv->awaits = 0;
}

void hv_note_fault(struct kvm_vcpu *vcpu, const u64 *fault, int ret)
{
	if (!to_hv_vcpu(vcpu)->phase.noted)
		return;
	trace_kvm_page_fault_enter(vcpu, to_hv_vcpu(vcpu)->phase.exit, fault, HV_WHERE_MODULE);
	trace_kvm_page_fault_exit(vcpu, mftb(), fault, ret, HV_WHERE_MODULE);
	note(vcpu, HV_REC_FAULT, fault, HV_FAULT_WORDS);
}

/* The value is in run->mmio.data, as the guest's register had or gets it. */
void hv_note_mmio(struct kvm_vcpu *vcpu, u64 gpa, u32 len, bool write, u32 where)
{
	const u8 *data = vcpu->run->mmio.data;
	u64 value = 0;

	if (!to_hv_vcpu(vcpu)->phase.noted)
		return;
	switch (len) {
	case 1: value = *data; break;
	case 2: value = *(const u16 *)data; break;
	case 4: value = *(const u32 *)data; break;
	case 8: value = *(const u64 *)data; break;
	}
	trace_kvm_mmio(vcpu, gpa, value, len, write, mftb(), where);
	note(vcpu, HV_REC_MMIO, (u64[]){ gpa, value, (len & 0xff) | write << 8 | (where == HV_WHERE_USER) << 9 }, 3);
}

static long flush_one(void *arg)
{
	struct hv_ring *r;

	preempt_disable();
	r = this_cpu_read(ring);
	if (r)
		emit_batches(r);
	preempt_enable();
	return 0;
}

/* On the processor itself, or from here if it is offline: nobody else touches its ring then. cpus_read_lock */
static void flush_cpu(int cpu)
{
	if (cpu_online(cpu)) {
		work_on_cpu(cpu, flush_one, NULL);
	} else if (per_cpu(ring, cpu)) {
		preempt_disable();
		emit_batches(per_cpu(ring, cpu));
		preempt_enable();
	}
}

/*
 * The vCPU's thread leaves. away: this processor, perhaps for another one, where its
 * next records must not come out before these; else for user space, and likely back soon.
 */
void hv_records_hold(struct kvm_vcpu *vcpu, bool away)
{
	struct hv_ring *r;

	if (!trace_kvm_records_enabled())
		return;
	preempt_disable();
	r = this_cpu_read(ring);
	if (r && !is_empty(r)) {
		to_hv_vcpu(vcpu)->ring_cpu = smp_processor_id();
		if (away || held_long(r))
			emit_batches(r);
		else if (!delayed_work_pending(&r->work))
			schedule_delayed_work_on(smp_processor_id(), &r->work, msecs_to_jiffies(ABANDONED_MS));
	}
	preempt_enable();
}

/* ... and is back, maybe on another processor. Sleeps. */
void hv_records_follow(struct kvm_vcpu *vcpu)
{
	int cpu = to_hv_vcpu(vcpu)->ring_cpu;

	if (cpu == raw_smp_processor_id())
		return;
	to_hv_vcpu(vcpu)->ring_cpu = -1;
	cpus_read_lock();
	flush_cpu(cpu);
	cpus_read_unlock();
}

static void emit_abandoned(struct work_struct *work)
{
	flush_one(NULL);
}

/* All rings. Sleeps. */
void hv_records_flush(void)
{
	int cpu;

	cpus_read_lock();
	for_each_possible_cpu(cpu)
		flush_cpu(cpu);
	cpus_read_unlock();
}
