// SPDX-License-Identifier: GPL-2.0
/*
 * Exits that the image acts on itself: hypercalls (hcall.c), and page faults
 * that Linux's page table or the guest's own HPT decide. The guest's SPRs, SLB and timebase are still
 * in the processor; its GPRs, pc and MSR are in the vCPU. Every walk here is
 * bounded, every lock is tried so many times and then left to the module.
 */
#include <linux/kvm_host.h>
#include <asm/reg.h>
#include "rm.h"
#include "spr.h"

/* As the processor would have delivered it (v3.1B III, "Interrupt Processing"; LPCR[AIL]). */
static void inject(struct hv_rm_ctx *c, struct kvm_vcpu *v, u64 vector, u64 srr1_flags)
{
	u64 msr = v->arch.shregs.msr, new = v->arch.intr_msr;

	rm_mtspr(SPRN_SRR0, v->arch.regs.nip);
	rm_mtspr(SPRN_SRR1, (msr & SRR1_MSR_BITS) | srr1_flags);
	if ((c->lpcr & LPCR_AIL) == LPCR_AIL_3 && (msr & (MSR_IR | MSR_DR)) == (MSR_IR | MSR_DR)) {
		new |= MSR_IR | MSR_DR;
		vector += 0xc000000000004000ul;
	}
	v->arch.regs.nip = vector;
	v->arch.shregs.msr = new;
}

/*
 * The vCPU's external interrupt line as its XICS has it shows when the guest
 * goes on: as an interrupt, or in LPCR[MER] while MSR[EE] holds it back.
 */
void rm_show_line(struct hv_rm_ctx *c, struct kvm_vcpu *v)
{
	u64 lpcr = c->lpcr & ~LPCR_MER;

	if (xics_line_up(v)) {
		lpcr |= LPCR_MER;
		if (v->arch.shregs.msr & MSR_EE)
			inject(c, v, BOOK3S_INTERRUPT_EXTERNAL, 0);
	}
	if (lpcr != c->lpcr) {
		c->lpcr = lpcr;
		rm_mtspr(SPRN_LPCR, lpcr);
	}
}

static bool reflect(struct hv_rm_ctx *c, struct kvm_vcpu *v, const struct hv_access *a, u64 flags)
{
	u64 prefixed = c->srr1 & SRR1_PREFIXED;

	if (a->insn) {
		inject(c, v, BOOK3S_INTERRUPT_INST_STORAGE, flags | prefixed);
		return true;
	}
	rm_mtspr(SPRN_DAR, c->hdar);
	rm_mtspr(SPRN_DSISR, flags | (a->write ? DSISR_ISSTORE : 0));
	inject(c, v, BOOK3S_INTERRUPT_DATA_STORAGE, prefixed);
	return true;
}

/* The segment is in the processor's SLB: slbfee. finds it as a translation would; 0: none. */
static u64 find_segment(struct kvm_vcpu *v, struct hv_access *a)
{
	u64 slb_v;

	if (!a->relocated) {
		a->ea &= HV_EA_REAL;
		return v->kvm->arch.vrma_slb_v;
	}
	slb_v = rm_slbfee(a->ea & ESID_MASK);
	a->user_key = slb_v & (v->arch.shregs.msr & MSR_PR ? SLB_VSID_KP : SLB_VSID_KS);
	return slb_v;
}

/* For a record, before anything changes. gpa: 0 where the guest's table has no entry. */
static noinline void tell_fault(struct hv_rm_ctx *c, const struct hv_access *a, u64 ea, u64 v, u64 r, long index)
{
	struct kvm *kvm = c->vcpu->kvm;
	struct kvm_memory_slot *slot = NULL;
	u64 gr = 0, gpa = 0;

	if (index >= 0) {
		gr = hv_guest_rpte(kvm, index);
		gpa = hv_fault_gpa(a, v, gr);
		slot = hv_slot_of(kvm, gpa >> PAGE_SHIFT);
	}
	c->fault[HV_FAULT_EA] = ea;
	c->fault[HV_FAULT_HOW] = a->dsisr | (u64)HV_FAULT_MAPPED << 32 |
				 (u64)(slot ? slot->flags : 0) << 40;
	c->fault[HV_FAULT_V] = index >= 0 ? v : 0;
	c->fault[HV_FAULT_R] = index >= 0 ? r : 0;
	c->fault[HV_FAULT_GR] = gr;
	c->fault[HV_FAULT_GPA] = gpa;
	c->fault[HV_FAULT_BASE_GFN] = slot ? slot->base_gfn : 0;
}

/* The entry is the guest's and allows the access: is the host's page at hand? */
static bool find_page(struct kvm *kvm, u32 index, const struct hv_access *a, u64 v)
{
	gpa_t gpa = hv_fault_gpa(a, v, hv_guest_rpte(kvm, index));

	hv_make_absent(kvm, index);
	return hv_map_present(kvm, index, gpa, a->write);
}

static noinline bool fault(struct hv_rm_ctx *c, struct kvm_vcpu *v, bool insn)
{
	struct hv_fault f;
	struct kvm *kvm = v->kvm;
	u64 flags, ea;
	bool done;
	long index;

	f.a = (struct hv_access){
		.insn = insn,
		.ea = insn ? v->arch.regs.nip : c->hdar,
		.write = !insn && (c->hdsisr & DSISR_ISSTORE),
		.relocated = v->arch.shregs.msr & (insn ? MSR_IR : MSR_DR),
		.dsisr = insn ? c->srr1 & DSISR_SRR1_MATCH_64S : c->hdsisr,
	};
	ea = f.a.ea;
	if (!insn && (c->flags & HV_RM_CANARY)) {
		if (c->hdsisr == HV_RM_HDSISR_CANARY) {
			if (c->watch & HV_WATCH_RECORDS)
				tell_fault(c, &f.a, ea, 0, 0, -1);
			return true;	/* once more: the processor did not say why */
		}
		rm_mtspr(SPRN_HDSISR, HV_RM_HDSISR_CANARY);	/* for the next one, if the guest goes on from here */
	}
	f.slb_v = find_segment(v, &f.a);
	if (!f.slb_v || !rm_lock(&kvm->mmu_lock))
		return false;
	index = hv_hpte_find(kvm, f.slb_v, f.a.ea, &f.v, &f.hr);
	flags = index < 0 ? (insn ? SRR1_ISI_NOPT : DSISR_NOHPTE) :
		hv_guest_protection(&f.a, hv_guest_rpte(kvm, index), rm_mfspr(SPRN_AMR));
	if (c->watch & HV_WATCH_RECORDS)
		tell_fault(c, &f.a, ea, f.v, f.hr, index);
	done = flags || find_page(kvm, index, &f.a, f.v);
	if (!done) {		/* the module need not look for it again */
		f.index = index;
		f.r = hv_guest_rpte(kvm, index);
		c->missed = f;
	}
	rm_unlock(&kvm->mmu_lock);
	if (flags) {
		reflect(c, v, &f.a, flags);
		c->fault[HV_FAULT_HOW] ^= (u64)(HV_FAULT_MAPPED ^ HV_FAULT_REFLECTED) << 32;
	}
	return done;
}

/* An exit that is no hypercall */
static __always_inline bool act(struct hv_rm_ctx *c, struct kvm_vcpu *v)
{
	switch (c->trap & ~2u) {
	case BOOK3S_INTERRUPT_H_DATA_STORAGE:
		return fault(c, v, false);
	case BOOK3S_INTERRUPT_H_INST_STORAGE:
		return fault(c, v, true);
	default:
		return false;
	}
}

/* NULL: every segment is full, and only the module can empty them. */
static noinline u64 *next_segment(struct hv_rm_ctx *c)
{
	struct hv_ring *r = c->ring;
	u32 i = r->segment;

	if (i + 1 >= HV_SEGMENTS)
		return NULL;
	r->used[i] = c->next - r->words[i];
	hv_ring_open(r, i + 1);
	c->last = r->last;
	c->whole_pc = HV_NO_PC;
	return c->next = r->next;
}

static noinline u64 *note_fault(struct hv_rm_ctx *c, u64 *p)
{
	u32 i;

	for (i = 0; i < HV_FAULT_WORDS; i++)
		p[4 + i] = c->fault[i];
	return p + 4 + HV_FAULT_WORDS;
}

/* The ring moves on when the record is complete: an exit that goes to the module leaves none. */
static void note_stayed(struct hv_rm_ctx *c, struct kvm_vcpu *v, u64 *p, u64 *end, u32 trap, u64 ticks)
{
	u64 moved = 0;

	if (v->arch.regs.nip != p[2]) {
		*end++ = v->arch.regs.nip;
		moved = HV_REC_MOVED;
	}
	p[1] = HV_REC_STAYED | moved | (end - p) << 8 | trap << 16 | min(ticks, (u64)U32_MAX) << 32;
	c->next = end;
}

static __always_inline struct hv_stat_row *hcall_row(struct hv_rm_ctx *c, u64 req)
{
	return (void *)c->rows + (req & (HV_HCALL_SLOTS * 4 - 4)) * (sizeof(struct hv_stat_row) / 4);
}

static __always_inline void add(struct hv_stat_row *row, u64 ticks)
{
	hv_stat_add(row, &row->stayed_ticks, ticks & (HV_STAT_MOST - 1));	/* never so long */
}

/* For the module, which has nothing to do with what it took: that is counted at the next entry. */
static __always_inline bool leave(struct hv_rm_ctx *c, struct hv_stat_row *row)
{
	c->row = row;
	return false;
}

/* A hypercall that is none of PAPR's, or not from the guest's kernel */
static noinline bool leave_oddly(struct hv_rm_ctx *c, struct kvm_vcpu *v)
{
	return leave(c, &c->rows[hv_row_of(c->tables, BOOK3S_INTERRUPT_SYSCALL, v->arch.shregs.msr, v->arch.regs.gpr[3])]);
}

/* With statistics alone each instruction counts. row: of nothing, if there are none */
static __always_inline bool act_counted(struct hv_rm_ctx *c, struct kvm_vcpu *v)
{
	u64 start = rm_mftb();
	struct hv_stat_row *row;
	long req;

	if (likely(c->trap == BOOK3S_INTERRUPT_SYSCALL)) {
		req = rm_hcall_nr(v);
		if (unlikely(req < 0))
			return leave_oddly(c, v);
		row = hcall_row(c, req);
		if (!rm_hcall_answer(c, v, req))
			return leave(c, row);
	} else {
		row = &c->rows[c->tables->exit_row[c->trap / 0x20 % HV_EXIT_SLOTS]];
		if (!act(c, v))
			return leave(c, row);
	}
	if (likely(c->watch & HV_WATCH_STATS))
		add(row, rm_mftb() - start);
	return true;
}

/* A STAYED record's words, as the guest left: the handlers change its registers. */
static noinline void note_whole(struct kvm_vcpu *v, u64 *p, u64 head)
{
	u32 i, args = HV_REC_WORDS(head) - HV_REC_HEAD;

	p[2] = v->arch.regs.nip;
	p[3] = v->arch.shregs.msr;
	for (i = 0; i <= args && i <= HV_REC_ARGS; i++)
		p[4 + i] = v->arch.regs.gpr[3 + i];
}

static noinline void note_more_args(u64 *p, struct kvm_vcpu *v)
{
	u32 i;

	for (i = 4; i < HV_REC_ARGS; i++)
		p[HV_REC_HEAD + i] = v->arch.regs.gpr[4 + i];
}

/* A STAYED record of a hypercall. pc: what stands there is an AGAIN record's, whose arguments move up. head: AGAIN's */
static noinline void note_hcall(struct hv_rm_ctx *c, struct kvm_vcpu *v, u64 *p, u64 pc, u64 head, u64 ticks)
{
	u32 i, args = HV_REC_WORDS(head) - HV_REC_HEAD;

	if (pc != HV_NO_PC) {
		for (i = args; i--; )
			p[5 + i] = p[HV_REC_HEAD + i];
		p[2] = pc;
		p[3] = c->whole_msr;
		p[4] = HV_REC_AGAIN_REQ(head);
	}
	p[5 + args] = v->arch.regs.gpr[3];
	note_stayed(c, v, p, p + 6 + args, BOOK3S_INTERRUPT_SYSCALL, ticks);
	c->whole_pc = p[2];
	c->whole_msr = p[3];
}

static noinline bool fault_recorded(struct hv_rm_ctx *c, struct kvm_vcpu *v)
{
	u32 trap = c->trap & ~2u;
	struct hv_stat_row *row = &c->rows[c->tables->exit_row[trap / 0x20 % HV_EXIT_SLOTS]];
	u64 start, ticks, *p = NULL;

	if (trap != BOOK3S_INTERRUPT_H_DATA_STORAGE && trap != BOOK3S_INTERRUPT_H_INST_STORAGE)
		return leave(c, row);
	start = rm_mftb();
	if (hv_wanted(c->tables, trap, 0)) {
		p = likely(c->next <= c->last) ? c->next : next_segment(c);
		if (!p)
			return leave(c, row);
		p[0] = start - c->tb_offset;
		p[2] = v->arch.regs.nip;
		p[3] = v->arch.shregs.msr;
	}
	if (!fault(c, v, trap == BOOK3S_INTERRUPT_H_INST_STORAGE))
		return leave(c, row);
	ticks = rm_mftb() - start;
	if (c->watch & HV_WATCH_STATS)
		add(row, ticks);
	if (p)
		note_stayed(c, v, p, note_fault(c, p), trap, ticks);
	return true;
}

/*
 * A ring that is full sends the exit to the module, which empties it: no record is ever lost. The
 * arguments that a hypercall has not are written over. many: it may have more than four.
 */
static __always_inline bool record_hcall(struct hv_rm_ctx *c, struct kvm_vcpu *v, u64 start, long req, u64 head, bool many)
{
	const unsigned long *gpr = v->arch.regs.gpr;
	u64 *p = c->next, pc = v->arch.regs.nip, msr = v->arch.shregs.msr, ticks, rc;

	if (unlikely(p > c->last)) {
		p = next_segment(c);
		if (!p)
			return leave(c, hcall_row(c, req));
	}
	p[0] = start - c->tb_offset;
	if (unlikely(pc != c->whole_pc || msr != c->whole_msr)) {
		note_whole(v, p, head);
		pc = HV_NO_PC;
	} else {
		p[2] = gpr[4];
		p[3] = gpr[5];
		p[4] = gpr[6];
		p[5] = gpr[7];
		if (many)
			note_more_args(p, v);
	}
	if (!rm_hcall_answer(c, v, req))
		return leave(c, hcall_row(c, req));
	ticks = rm_mftb() - start;
	if (likely(c->watch & HV_WATCH_STATS))
		add(hcall_row(c, req), ticks);
	/* It goes on where it was, and that was told before; its return code and ticks fit. */
	rc = gpr[3];
	if (likely(v->arch.regs.nip == pc && !(ticks >> 24 | (rc + 128) >> 8))) {
		p[1] = (u64)((u32)ticks << 8 | (u8)rc) << 32 | head;
		c->next = p + HV_REC_WORDS(head);
	} else {
		note_hcall(c, v, p, pc, head, ticks);
	}
	return true;
}

static noinline bool record_oddly(struct hv_rm_ctx *c, struct kvm_vcpu *v, u64 start, long req, u64 head)
{
	return head ? record_hcall(c, v, start, req, head, true) : act_counted(c, v);
}

/* What words a hypercall's record has, and whether it has one, stands in a table. */
static __always_inline bool hcall_recorded(struct hv_rm_ctx *c, struct kvm_vcpu *v)
{
	u64 start = rm_mftb(), head;
	long req = rm_hcall_nr(v);

	if (req < 0)
		return leave_oddly(c, v);
	head = READ_ONCE(c->tables->again_head[req / 4]);	/* once: a filter may change it meanwhile */
	if (unlikely(!(head & HV_REC_FEW)))
		return record_oddly(c, v, start, req, head);
	return record_hcall(c, v, start, req, head, false);
}

/* True: the guest can go on. */
static __always_inline bool handle(struct hv_rm_ctx *c, struct kvm_vcpu *v)
{
	bool done = act_counted(c, v);

	c->answered += done;
	return done;
}

/* The same with HV_WATCH_RECORDS */
static __always_inline bool handle_recorded(struct hv_rm_ctx *c, struct kvm_vcpu *v)
{
	bool done = likely(c->trap == BOOK3S_INTERRUPT_SYSCALL) ? hcall_recorded(c, v) : fault_recorded(c, v);

	c->answered += done;
	return done;
}
