// SPDX-License-Identifier: GPL-2.0
/*
 * HDSI and HISI: the guest touched a page that its HPT does not map for the
 * hardware. Either the HPTE is there but the host page is not (found and
 * mapped here), or the guest's own table says no (its kernel gets a DSI or
 * ISI), or there is no memory at that address (MMIO).
 */
#include <linux/mm.h>
#include <linux/kvm_host.h>
#include <asm/reg.h>
#include <asm/pte-walk.h>
#include "hv.h"

/* The guest's segment for an address: the VRMA with relocation off, else an SLB entry. */
static bool find_segment(struct kvm_vcpu *vcpu, struct hv_fault *f)
{
	u64 msr = vcpu->arch.shregs.msr;
	int i;

	f->a.relocated = msr & (f->a.insn ? MSR_IR : MSR_DR);
	if (!f->a.relocated) {
		f->slb_v = vcpu->kvm->arch.vrma_slb_v;
		f->a.ea &= HV_EA_REAL;
		f->a.user_key = false;
		return true;
	}
	for (i = 0; i < vcpu->arch.slb_max; i++) {
		struct kvmppc_slb *e = &vcpu->arch.slb[i];
		u64 mask = e->origv & SLB_VSID_B_1T ? ESID_MASK_1T : ESID_MASK;

		if (!((e->orige ^ f->a.ea) & mask)) {
			f->slb_v = e->origv;
			f->a.user_key = e->origv & (msr & MSR_PR ? SLB_VSID_KP : SLB_VSID_KS);
			return true;
		}
	}
	return false;
}

static bool find_hpte(struct kvm *kvm, struct hv_fault *f)
{
	spin_lock(&kvm->mmu_lock);
	f->index = hv_hpte_find(kvm, f->slb_v, f->a.ea, &f->v, &f->hr);
	if (f->index >= 0)
		f->r = hv_guest_rpte(kvm, f->index);
	spin_unlock(&kvm->mmu_lock);
	return f->index >= 0;
}

static int reflect(struct kvm_vcpu *vcpu, struct hv_fault *f, u32 flags)
{
	f->outcome = HV_FAULT_REFLECTED;
	if (f->a.insn)
		kvmppc_core_queue_inst_storage(vcpu, flags | hv_prefixed(vcpu));
	else
		kvmppc_core_queue_data_storage(vcpu, hv_prefixed(vcpu), vcpu->arch.fault_dar,
					       flags | (f->a.write ? DSISR_ISSTORE : 0));
	return RESUME_GUEST;
}

/* kvm.ko decodes the instruction. Loads that user space has to answer are told of when it did. */
static int mmio(struct kvm_vcpu *vcpu, struct hv_fault *f, gpa_t gpa)
{
	struct kvm_run *run = vcpu->run;
	int r;

	if (f->a.insn)
		return reflect(vcpu, f, SRR1_ISI_NOPT);
	f->outcome = HV_FAULT_MMIO;
	vcpu->arch.paddr_accessed = gpa;
	vcpu->arch.vaddr_accessed = vcpu->arch.fault_dar;
	run->mmio.len = 0;
	vcpu->arch.shregs.msr |= hv_prefixed(vcpu);	/* where kvm.ko looks whether it is one */
	r = kvmppc_emulate_mmio(vcpu);
	vcpu->arch.shregs.msr &= ~(u64)SRR1_PREFIXED;
	if (r == RESUME_HOST && run->exit_reason == KVM_EXIT_MMIO && !run->mmio.is_write)
		to_hv_vcpu(vcpu)->awaits = HV_AWAITS_LOAD;
	else if (run->mmio.len)		/* 0: an instruction that accesses no device */
		hv_note_mmio(vcpu, run->mmio.phys_addr, run->mmio.len, run->mmio.is_write,
			     r == RESUME_HOST ? HV_WHERE_USER : HV_WHERE_MODULE);
	return r;
}

/* page: NULL where the host maps no struct page */
static int get_host_page(struct kvm_memory_slot *slot, gfn_t gfn, bool write, struct hv_page *hp,
			 struct page **page)
{
	unsigned long hva = gfn_to_hva_memslot(slot, gfn);

	/* Most pages are there, writable: no lock, no sleep. */
	*page = NULL;
	hp->writable = false;
	if (!(slot->flags & KVM_MEM_READONLY) &&
	    get_user_pages_fast_only(hva, 1, FOLL_WRITE, page) == 1) {
		hp->pfn = page_to_pfn(*page);
		hp->writable = true;
		return 0;
	}
	hp->pfn = __gfn_to_pfn_memslot(slot, gfn, false, false, NULL, write, &hp->writable, NULL);
	if (is_error_noslot_pfn(hp->pfn))
		return -EFAULT;
	/* Mapped writable means marked dirty: here only for a page that is written now. */
	hp->writable &= write;
	*page = NULL;
	if (pfn_valid(hp->pfn)) {
		*page = pfn_to_page(hp->pfn);
		/* the zero page, or one of persistent memory, is reserved, but comes with a reference all the same */
		if (PageReserved(*page) && !is_zero_pfn(hp->pfn) && !is_zone_device_page(*page))
			*page = NULL;
	}
	return 0;
}

/* The size and cache attribute of the host's own PTE; false: it has gone again. */
static bool read_host_pte(struct kvm *kvm, unsigned long seq, unsigned long hva, struct hv_page *hp)
{
	pte_t *ptep, pte;

	ptep = find_kvm_host_pte(kvm, seq, hva, &hp->shift);
	if (!ptep)
		return false;
	pte = READ_ONCE(*ptep);
	if (!pte_present(pte))
		return false;
	hp->cache_inhibited = pte_ci(pte);
	hp->shift = hv_host_page_shift(kvm, hp->shift);
	return true;
}

/* Puts the host page in the HPTE, unless the entry (0) or the host's mapping (-EAGAIN) changed meanwhile. */
static int map_page(struct kvm *kvm, struct kvm_memory_slot *slot, struct hv_fault *f,
		    struct hv_page *hp, gpa_t gpa, u64 psize, unsigned long seq)
{
	gfn_t gfn = gpa >> PAGE_SHIFT;
	gfn_t head = gpa_to_gfn(gpa & ~(psize - 1));
	unsigned long flags;
	u64 v, r;
	int err = 0;

	/* interrupts off, but not while waiting: find_kvm_host_pte walks the host's table without a lock */
	spin_lock(&kvm->mmu_lock);
	local_irq_save(flags);
	err = -EAGAIN;
	if (mmu_invalidate_retry(kvm, seq) ||
	    !read_host_pte(kvm, seq, gfn_to_hva_memslot(slot, gfn), hp))
		goto out;
	err = 0;
	if (!hv_page_fits(slot, gpa, psize, hp->shift)) {
		err = -EFAULT;
		goto out;
	}
	hv_hpte_read(kvm, f->index, &v, &r);
	if ((v ^ f->v) & (HPTE_V_AVPN | SLB_VSID_B | HPTE_V_SECONDARY | HPTE_V_LARGE) ||
	    hv_guest_rpte(kvm, f->index) != f->r)
		goto out;
	if (v & HPTE_V_VALID) {
		hv_hpte_unmap(kvm, f->index, hv_rmap(slot, head));
		hv_hpte_read(kvm, f->index, &v, &r);
		f->r = hv_guest_rpte(kvm, f->index);
	}
	if (!(v & HPTE_V_ABSENT))
		goto out;
	/* the access that brought us here will set R and C: the processor need not */
	r = hv_host_rpte(slot, f->r, hp, gpa, psize) | HPTE_R_R | (f->a.write ? HPTE_R_C : 0);
	hv_hpte_map(kvm, f->index, v, r, hv_rmap(slot, head));
out:
	local_irq_restore(flags);
	spin_unlock(&kvm->mmu_lock);
	return err;
}

static int fault_in(struct kvm_vcpu *vcpu, struct hv_fault *f)
{
	struct kvm *kvm = vcpu->kvm;
	u64 psize = kvmppc_actual_pgsz(f->v, f->r);
	gpa_t gpa = hv_fault_gpa(&f->a, f->v, f->r);
	struct kvm_memory_slot *slot = hv_slot_of(kvm, gpa >> PAGE_SHIFT);
	struct hv_page hp = {};
	struct page *page;
	unsigned long seq;
	int err;

	if (!slot)
		return mmio(vcpu, f, gpa);
	if (f->a.write && (slot->flags & KVM_MEM_READONLY))
		return mmio(vcpu, f, gpa);
	seq = kvm->mmu_invalidate_seq;
	smp_rmb();
	err = get_host_page(slot, gpa >> PAGE_SHIFT, f->a.write, &hp, &page);
	if (err)
		return err;
	err = map_page(kvm, slot, f, &hp, gpa, psize, seq);
	if (page) {
		if (hp.writable && !err)
			set_page_dirty_lock(page);
		put_page(page);
	}
	return err ? err : RESUME_GUEST;
}

/*
 * A store to a page that is shared makes the host copy it, which in itself
 * invalidates the old mapping: the second try then maps the copy. A guest that
 * loses the race more often than that can as well fault again.
 */
static int resolve(struct kvm_vcpu *vcpu, struct hv_fault *f)
{
	bool found = f->index >= 0, segment = found || find_segment(vcpu, f);
	int tries, r;
	u32 flags;

	for (tries = 0; tries < 3; tries++, found = false) {
		if (!found && (!segment || !find_hpte(vcpu->kvm, f)))
			return reflect(vcpu, f, f->a.insn ? SRR1_ISI_NOPT : DSISR_NOHPTE);
		flags = found ? 0 : hv_guest_protection(&f->a, f->r, vcpu->arch.amr);
		if (flags)
			return reflect(vcpu, f, flags);
		r = fault_in(vcpu, f);
		if (r != -EAGAIN)
			return r;
	}
	return RESUME_GUEST;
}

static void tell(struct kvm_vcpu *vcpu, const struct hv_fault *f, int r)
{
	struct kvm_memory_slot *slot = NULL;
	u64 words[HV_FAULT_WORDS] = {
		[HV_FAULT_EA] = f->a.insn ? vcpu->arch.regs.nip : vcpu->arch.fault_dar,
	};

	if (f->index >= 0) {
		words[HV_FAULT_V] = f->v;
		words[HV_FAULT_R] = f->hr;
		words[HV_FAULT_GR] = f->r;
		words[HV_FAULT_GPA] = hv_fault_gpa(&f->a, f->v, f->r);
		slot = hv_slot_of(vcpu->kvm, words[HV_FAULT_GPA] >> PAGE_SHIFT);
	}
	if (slot)
		words[HV_FAULT_BASE_GFN] = slot->base_gfn;
	words[HV_FAULT_HOW] = f->a.dsisr | (u64)(r < 0 ? HV_FAULT_FAILED : f->outcome) << 32 |
			      (u64)(slot ? slot->flags : 0) << 40;
	hv_note_fault(vcpu, words, r);
}

/* Where the image looked, it left what it found. */
static void begin(struct kvm_vcpu *vcpu, struct hv_fault *f)
{
	struct hv_rm_ctx *c = &to_hv_vcpu(vcpu)->rm;
	bool insn = vcpu->arch.trap == BOOK3S_INTERRUPT_H_INST_STORAGE;

	*f = c->missed;
	c->missed.index = -1;
	f->outcome = HV_FAULT_MAPPED;
	if (f->index >= 0)
		return;
	f->a = (struct hv_access){
		.insn = insn,
		.ea = insn ? vcpu->arch.regs.nip : vcpu->arch.fault_dar,
		.write = !insn && (vcpu->arch.fault_dsisr & DSISR_ISSTORE),
		.dsisr = insn ? c->srr1 & DSISR_SRR1_MATCH_64S : vcpu->arch.fault_dsisr,
	};
}

/* RESUME_GUEST, RESUME_HOST (MMIO), or -EFAULT: the host has no page for memory it promised. */
int hv_page_fault(struct kvm_vcpu *vcpu)
{
	struct hv_fault f;
	int r = RESUME_GUEST, idx;

	begin(vcpu, &f);
	idx = srcu_read_lock(&vcpu->kvm->srcu);
	/* Early POWER9 may leave HDSISR as it was: let the guest fault once more. */
	if (f.a.insn || !cpu_has_feature(CPU_FTR_P9_RADIX_PREFETCH_BUG) ||
	    vcpu->arch.fault_dsisr != HV_RM_HDSISR_CANARY)
		r = resolve(vcpu, &f);
	if (hv_noted(vcpu))
		tell(vcpu, &f, r);
	srcu_read_unlock(&vcpu->kvm->srcu, idx);
	return r;
}

/* For kvm.ko, which fetches the instruction of an MMIO access through it; -ENOENT: not mapped. */
int hv_mmu_xlate(struct kvm_vcpu *vcpu, gva_t ea, struct kvmppc_pte *pte, bool data, bool write)
{
	struct hv_fault f = { .a = { .ea = ea, .insn = !data, .write = write } };
	u64 pp;

	if (!find_segment(vcpu, &f) || !find_hpte(vcpu->kvm, &f))
		return -ENOENT;
	pp = f.r & (HPTE_R_PP0 | HPTE_R_PP);
	pte->eaddr = ea;
	pte->vpage = (f.v & HPTE_V_AVPN) << 4 | (ea >> 12 & 0xfff);
	pte->raddr = hv_fault_gpa(&f.a, f.v, f.r);
	pte->may_read = hpte_read_permission(pp, f.a.user_key);
	pte->may_write = hpte_write_permission(pp, f.a.user_key);
	pte->may_execute = pte->may_read && !(f.r & (HPTE_R_N | HPTE_R_G));
	return 0;
}
