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
static u32 session;	/* counts up when somebody begins to listen and nobody did: older records are nobody's */
DEFINE_STATIC_KEY_FALSE(hv_listened);	/* events are switched on */
static DEFINE_STATIC_KEY_FALSE(hv_listened_singly);	/* others than the batch event among them */
static u64 held_ticks;

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
	held_ticks = HELD_MS * (tb_ticks_per_sec / 1000);
	/* Who listens already goes on to get all. */
	if (!static_key_enabled(&hv_listened))
		WRITE_ONCE(session, session + 1);
	static_branch_inc(&hv_listened);
	return 0;
}

void hv_unlisten(void)
{
	static_branch_dec(&hv_listened);
}

/* The same for all events but the batch. */
int hv_listen_singly(void)
{
	int rc = hv_listen();

	if (!rc)
		static_branch_inc(&hv_listened_singly);
	return rc;
}

void hv_unlisten_singly(void)
{
	static_branch_dec(&hv_listened_singly);
	hv_unlisten();
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
	r->owner.serial = 0;
	hv_ring_open(r, 0);
}

static bool held_long(const struct hv_ring *r)
{
	return mftb() - r->since > held_ticks;
}

/* This processor's ring, with room for a record of the vCPU's; NULL: nobody listens. */
static noinline struct hv_ring *make_room(struct hv_vcpu *hv)
{
	struct hv_ring *r = this_cpu_read(ring);

	if (!r)
		return NULL;
	if (!is_empty(r) && (r->next > r->last || r->session != READ_ONCE(session) || held_long(r) ||
			     r->owner.serial != hv->owner.serial))
		emit_batches(r);
	if (is_empty(r)) {
		r->owner = hv->owner;
		r->since = mftb();
		r->session = READ_ONCE(session);
	}
	return r;
}

static __always_inline struct hv_ring *ring_for(struct hv_vcpu *hv)
{
	struct hv_ring *r = this_cpu_read(ring);

	if (likely(r && r->owner.serial == hv->owner.serial && r->next <= r->last &&
		   r->session == READ_ONCE(session) && !held_long(r)))
		return r;
	return make_room(hv);
}

static __always_inline u64 head(u32 kind, u32 trap, u32 words, u64 ticks)
{
	return kind | words << 8 | trap << 16 | ticks << 32;
}

/* What an ENTER record tells is complete only after the stay. Zeros at its end are left out. */
static void begin_enter(struct kvm_vcpu *vcpu, struct hv_ring *r)
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
	p[1] = head(HV_REC_ENTER, 0, hv->enter_words, sw->tb_end - sw->tb_start);
	p[3] = ph->host ? sw->tb_start - ph->host - ph->user - ph->idle : 0;
}

static void trace_enter(struct kvm_vcpu *vcpu)
{
	struct hv_phase *ph = &to_hv_vcpu(vcpu)->phase;
	u64 now = mftb();

	ph->module = ph->host ? now - ph->host - ph->user - ph->idle : 0;
	trace_kvm_guest_enter(vcpu, vcpu->arch.regs.nip, now, ph);
}

/* Somebody listens, or did until now. */
void hv_records_begin(struct kvm_vcpu *vcpu)
{
	struct hv_vcpu *hv = to_hv_vcpu(vcpu);
	struct hv_rm_ctx *c = &hv->rm;
	struct hv_ring *r;

	hv->stay_ring = NULL;
	hv->enter = NULL;
	if (static_branch_unlikely(&hv_listened_singly) && hv_noted(vcpu))
		trace_enter(vcpu);
	r = ring_for(hv);
	if (!r)
		return;
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
	p[1] = head(HV_REC_LEFT, trap, q - p, ph->out);
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
	hv->phase.user = hv->phase.idle = 0;
	hv->phase.noted = hv_wanted(hv_tables, vcpu->arch.trap, vcpu->arch.regs.gpr[3]);
	hv->awaits = 0;
	r->next = c->next;
	if (hv->phase.noted)
		put_left(vcpu, r, vcpu->arch.trap, &hv->phase);
	hv->stay_ring = r;
	c->ring = NULL;
	c->watch &= ~HV_WATCH_RECORDS;
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

/* The STAYED record that says the same, in words[HV_REC_MAX]; whole: as AGAIN means it */
static const u64 *as_stayed(const u64 *p, const u64 *whole, u64 *words)
{
	u32 args = HV_REC_WORDS(p[1]) - HV_REC_HEAD;

	words[0] = p[0];
	words[1] = head(HV_REC_STAYED, BOOK3S_INTERRUPT_SYSCALL, 6 + args, HV_REC_AGAIN_TICKS(p[1]));
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

static noinline void emit_singly(struct kvm_vcpu *vcpu, const struct hv_ring *r)
{
	const struct hv_rm_ctx *c = &to_hv_vcpu(vcpu)->rm;

	trace_kvm_partition_switch(vcpu, true, c->to_guest.tb_start, c->to_guest.tb_end);
	if (r)
		emit_stay(vcpu, r);
	trace_kvm_partition_switch(vcpu, false, c->to_host.tb_start, c->to_host.tb_end);
}

void hv_records_emit_stay(struct kvm_vcpu *vcpu)
{
	struct hv_ring *r = to_hv_vcpu(vcpu)->stay_ring;

	to_hv_vcpu(vcpu)->stay_ring = NULL;	/* who begins to listen in the next stay gets nothing of this one */
	if (static_branch_unlikely(&hv_listened_singly))
		emit_singly(vcpu, r);
	if (r && (r->segment || !trace_kvm_records_enabled()))
		emit_batches(r);
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
	r = this_cpu_read(ring);
	if (unlikely(!r || r->owner.serial != hv->owner.serial || r->next > r->last))
		r = make_room(hv);
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
static __always_inline void note_hcall(struct kvm_vcpu *vcpu, u64 bits, u64 now, u64 req, u64 rc, bool with_rc)
{
	if (likely(req <= HV_REC_TRAP(~0ull)))
		note(vcpu, bits | req << 16, now, (u64[]){ rc }, with_rc);
	else if (with_rc)
		note(vcpu, bits, now, (u64[]){ rc, req }, 2);
	else
		note(vcpu, bits, now, (u64[]){ req }, 1);
}

void hv_records_hcall(struct kvm_vcpu *vcpu, int ret, u64 req)
{
	bool asks = ret & RESUME_FLAG_HOST;
	u64 rc = asks ? H_TOO_HARD : vcpu->arch.regs.gpr[3], now = mftb();

	trace_kvm_hcall_exit(vcpu, ret, req, rc, now, asks ? HV_WHERE_USER : HV_WHERE_MODULE);
	note_hcall(vcpu, HV_REC_HCALL | (u64)ret << 32, now, req, rc, !asks);
	to_hv_vcpu(vcpu)->asked = req;
}

/* User space is back with the answer, which kvm.ko has put in r3. */
void hv_note_user(struct kvm_vcpu *vcpu)
{
	struct hv_vcpu *hv = to_hv_vcpu(vcpu);
	const struct kvm_run *run = vcpu->run;
	u64 now;

	if (!hv_noted(vcpu)) {
		hv->awaits = 0;
		return;
	}
	if (hv->awaits == HV_AWAITS_HCALL) {
		now = mftb();
		trace_kvm_hcall_user(vcpu, hv->asked, vcpu->arch.regs.gpr[3], now);
		note_hcall(vcpu, HV_REC_USER, now, hv->asked, vcpu->arch.regs.gpr[3], true);
	} else if (hv->awaits == HV_AWAITS_LOAD) {
		hv_note_mmio(vcpu, run->mmio.phys_addr, run->mmio.len, false, HV_WHERE_USER);
	}
	hv->awaits = 0;
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
		if (away)
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
