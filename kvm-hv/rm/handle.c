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
	if (a->insn) {
		inject(c, v, BOOK3S_INTERRUPT_INST_STORAGE, flags);
		return true;
	}
	rm_mtspr(SPRN_DAR, c->hdar);
	rm_mtspr(SPRN_DSISR, flags | (a->write ? DSISR_ISSTORE : 0));
	inject(c, v, BOOK3S_INTERRUPT_DATA_STORAGE, 0);
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

/* The entry is the guest's and allows the access: is the host's page at hand? */
static bool find_page(struct kvm *kvm, u32 index, const struct hv_access *a, u64 v)
{
	u64 r = hv_guest_rpte(kvm, index), psize = kvmppc_actual_pgsz(v, r);
	gpa_t gpa = (r & HPTE_R_RPN & ~HPTE_R_KEY_HI & ~(psize - 1)) | (a->ea & (psize - 1));

	hv_make_absent(kvm, index);
	return hv_map_present(kvm, index, gpa, a->write);
}

static noinline bool fault(struct hv_rm_ctx *c, struct kvm_vcpu *v, bool insn)
{
	struct hv_access a = {
		.insn = insn,
		.ea = insn ? v->arch.regs.nip : c->hdar,
		.write = !insn && (c->hdsisr & DSISR_ISSTORE),
		.relocated = v->arch.shregs.msr & (insn ? MSR_IR : MSR_DR),
	};
	struct kvm *kvm = v->kvm;
	u64 slb_v, hv, hr, flags;
	bool done;
	long index;

	if (!insn && (c->flags & HV_RM_CANARY) && c->hdsisr == HV_RM_HDSISR_CANARY)
		return true;	/* once more: the processor did not say why */
	slb_v = find_segment(v, &a);
	if (!slb_v || !rm_lock(&kvm->mmu_lock))
		return false;
	index = hv_hpte_find(kvm, slb_v, a.ea, &hv, &hr);
	flags = index < 0 ? (insn ? SRR1_ISI_NOPT : DSISR_NOHPTE) :
		hv_guest_protection(&a, hv_guest_rpte(kvm, index), rm_mfspr(SPRN_AMR));
	done = flags || find_page(kvm, index, &a, hv);
	rm_unlock(&kvm->mmu_lock);
	if (flags)
		reflect(c, v, &a, flags);
	return done;
}

/* One record for the module to emit later; the ring has room. v->arch.regs is the guest's as it left. */
static struct hv_record *note_exit(struct hv_rm_ctx *c, struct kvm_vcpu *v)
{
	struct hv_record *r = &c->ring[c->records];
	bool data;

	r->tb_exit = rm_mftb() - v->arch.vcore->tb_offset;
	r->pc = v->arch.regs.nip;
	r->msr = v->arch.shregs.msr;
	r->trap = c->trap & ~2u;
	data = r->trap == BOOK3S_INTERRUPT_H_DATA_STORAGE;
	r->dsisr = data ? c->hdsisr : 0;
	r->dar = data ? c->hdar : 0;
	r->gpr[0] = v->arch.regs.gpr[3];
	r->gpr[1] = v->arch.regs.gpr[4];
	r->gpr[2] = v->arch.regs.gpr[5];
	r->gpr[3] = v->arch.regs.gpr[6];
	r->gpr[4] = v->arch.regs.gpr[7];
	return r;
}

static __always_inline bool act(struct hv_rm_ctx *c, struct kvm_vcpu *v)
{
	if (likely(c->trap == BOOK3S_INTERRUPT_SYSCALL))
		return rm_hcall(c, v);
	switch (c->trap & ~2u) {
	case BOOK3S_INTERRUPT_H_DATA_STORAGE:
		return fault(c, v, false);
	case BOOK3S_INTERRUPT_H_INST_STORAGE:
		return fault(c, v, true);
	default:
		return false;
	}
}

/*
 * True: the guest can go on. A ring that is full sends the exit to the module,
 * which empties it: no record is ever lost.
 */
bool hv_rm_handle(struct hv_rm_ctx *c, struct kvm_vcpu *v)
{
	struct hv_record *r;

	if (!c->ring) {
		if (!act(c, v))
			return false;
		c->answered++;
		return true;
	}
	if (c->records == HV_RING_RECORDS)
		return false;
	r = note_exit(c, v);
	if (!act(c, v))
		return false;
	r->rc = v->arch.regs.gpr[3];
	r->next_pc = v->arch.regs.nip;
	r->tb_enter = rm_mftb() - v->arch.vcore->tb_offset;
	c->records++;
	c->answered++;
	return true;
}
