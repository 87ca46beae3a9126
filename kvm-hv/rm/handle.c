// SPDX-License-Identifier: GPL-2.0
/*
 * Exits that the image acts on itself: hypercalls that need no more than the
 * guest's HPT or another vCPU's flags, and page faults that Linux's page table
 * or the guest's own HPT decide. The guest's SPRs, SLB and timebase are still
 * in the processor; its GPRs, pc and MSR are in the vCPU. Every walk here is
 * bounded, every lock is tried so many times and then left to the module.
 */
#include <linux/kvm_host.h>
#include <asm/hvcall.h>
#include <asm/reg.h>
#include "rm.h"
#include "spr.h"

#define LOCK_TRIES	64

/* The holder may be anything that the kernel does under kvm->mmu_lock; it is never on this processor. */
static bool lock_mmu(struct kvm *kvm)
{
	int i;

	for (i = 0; i < LOCK_TRIES; i++)
		if (arch_spin_trylock(&kvm->mmu_lock.rlock.raw_lock))
			return true;
	return false;
}

static void unlock_mmu(struct kvm *kvm)
{
	arch_spin_unlock(&kvm->mmu_lock.rlock.raw_lock);
}

static bool dec_expired(const struct hv_rm_ctx *c)
{
	s64 dec = rm_mfspr(SPRN_DEC);

	return (c->lpcr & LPCR_LD ? dec : (s32)dec) < 0;
}

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
static void show_line(struct hv_rm_ctx *c, struct kvm_vcpu *v)
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

static noinline bool xics(struct hv_rm_ctx *c, struct kvm_vcpu *v, unsigned long req)
{
	if (!rm_xics(c, v, req))
		return false;
	show_line(c, v);
	return true;
}

/*
 * Work that is there already ends the cede before it begins: a prod, a
 * decrementer that has expired, an interrupt that the XICS shows. LPCR[MER] says
 * nothing of other controllers: it is as old as the entry.
 */
static noinline bool cede(struct hv_rm_ctx *c, struct kvm_vcpu *v)
{
	if (READ_ONCE(v->arch.prodded))
		WRITE_ONCE(v->arch.prodded, 0);
	else if (!dec_expired(c) && !((c->flags & HV_RM_XICS) && xics_line_up(v)))
		return false;
	v->arch.shregs.msr |= MSR_EE;
	v->arch.regs.gpr[3] = H_SUCCESS;
	if (c->flags & HV_RM_XICS)
		show_line(c, v);
	return true;
}

/* One that sleeps has to be woken, which the module does. */
static noinline bool prod(struct kvm_vcpu *v)
{
	struct kvm_vcpu *other = hv_vcpu_of(v->kvm, v->arch.regs.gpr[4]);

	if (!other)
		return false;
	WRITE_ONCE(other->arch.prodded, 1);
	smp_mb();	/* against H_CEDE: it sets ceded, then reads prodded */
	if (READ_ONCE(other->arch.ceded))
		return false;
	v->arch.regs.gpr[3] = H_SUCCESS;
	return true;
}

/* Nobody to whom our time would be of use: the target runs, or no vCPU of this VM waits for a CPU. */
static noinline bool confer(struct kvm_vcpu *v)
{
	u64 target = v->arch.regs.gpr[4];
	struct kvm_vcpu *other;

	if (target == HV_CONFER_ALL) {
		if (atomic_read(&to_hv_vm(v->kvm)->waiting))
			return false;
	} else {
		other = hv_vcpu_of(v->kvm, target);
		if (!other || READ_ONCE(other->arch.thread_cpu) < 0)
			return false;
	}
	v->arch.regs.gpr[3] = H_SUCCESS;
	return true;
}

static noinline bool hpt(struct kvm_vcpu *v, unsigned long req)
{
	struct kvm *kvm = v->kvm;
	long rc;

	if (!lock_mmu(kvm))
		return false;
	rc = hv_hcall_hpt(kvm, req, (u64 *)v->arch.regs.gpr);
	unlock_mmu(kvm);
	v->arch.regs.gpr[3] = rc;
	return true;
}

static __always_inline bool hcall(struct hv_rm_ctx *c, struct kvm_vcpu *v)
{
	unsigned long req = v->arch.regs.gpr[3];

	if ((v->arch.shregs.msr & MSR_PR) || req > MAX_HCALL_OPCODE || (req & 3) ||
	    !test_bit(req / 4, v->kvm->arch.enabled_hcalls))
		return false;
	switch (req) {
	case H_REMOVE:
		if (hv_hpt_is_free(v->kvm, v->arch.regs.gpr[5])) {
			v->arch.regs.gpr[3] = H_NOT_FOUND;
			return true;
		}
		return hpt(v, req);
	case H_ENTER:
	case H_READ:
	case H_PROTECT:
	case H_BULK_REMOVE:
	case H_CLEAR_REF:
	case H_CLEAR_MOD:
		return hpt(v, req);
	case H_CEDE:
		return cede(c, v);
	case H_PROD:
		return prod(v);
	case H_CONFER:
		return confer(v);
	case H_XIRR:
	case H_CPPR:
	case H_EOI:
	case H_IPI:
	case H_IPOLL:
		return xics(c, v, req);
	default:
		return false;
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
	if (!slb_v || !lock_mmu(kvm))
		return false;
	index = hv_hpte_find(kvm, slb_v, a.ea, &hv, &hr);
	flags = index < 0 ? (insn ? SRR1_ISI_NOPT : DSISR_NOHPTE) :
		hv_guest_protection(&a, hv_guest_rpte(kvm, index), rm_mfspr(SPRN_AMR));
	done = flags || find_page(kvm, index, &a, hv);
	unlock_mmu(kvm);
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
		return hcall(c, v);
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
