// SPDX-License-Identifier: GPL-2.0
/*
 * From a guest page to the host page behind it, as far as Linux's own page
 * table shows it: what can be found here needs no page fault in the host, and
 * so can be done with the MMU off. Under kvm->mmu_lock, interrupts hard-disabled.
 * Linux frees page tables by RCU (tlb_remove_table), which waits for a processor
 * with interrupts off, but for one in a guest not where nohz_full= has its context
 * tracked: there a walk in the image is protected by being short only (docs/threat-model.md).
 */
#include <linux/kvm_host.h>
#include "mmu.h"

#define ANY_SHIFT	63	/* a host page as large as can be */

/*
 * What a mapped page does not cure is the guest's own affair: a watchpoint, an instruction that such memory does not
 * take; a fetch from a segment or by a key that forbids it (SLB[N], IAMR). With the page mapped it would come again and again.
 */
static u32 other_reason(const struct hv_access *a)
{
	u32 cured = a->insn ? SRR1_ISI_NOPT : DSISR_NOHPTE | DSISR_PROTFAULT | DSISR_KEYFAULT;

	return a->dsisr & cured ? 0 : a->dsisr & ~DSISR_ISSTORE;
}

/* Why the guest's kernel gets an access that its HPTE maps; 0, or DSISR/SRR1 bits. r is the guest's. */
u32 hv_guest_protection(const struct hv_access *a, u64 r, u64 amr)
{
	u64 pp = r & (HPTE_R_PP0 | HPTE_R_PP);

	if (!a->relocated)
		return other_reason(a);
	if (a->insn)
		return r & (HPTE_R_N | HPTE_R_G) ? SRR1_ISI_N_G_OR_CIP :
		       !hpte_read_permission(pp, a->user_key) ? SRR1_ISI_PROT : other_reason(a);
	if (hpte_get_skey_perm(r, amr) & (a->write ? 2 : 1))
		return DSISR_KEYFAULT;
	if (a->write ? !hpte_write_permission(pp, a->user_key) :
		       !hpte_read_permission(pp, a->user_key))
		return DSISR_PROTFAULT;
	return other_reason(a);
}

/*
 * The HPTE's second doubleword for the hardware: guest's rights, host's address,
 * never more than both allow. R and C start as the guest has them, C only if
 * nobody logs writes: the processor sets them when it uses the entry.
 */
u64 hv_host_rpte(const struct kvm_memory_slot *slot, u64 guest_r, const struct hv_page *hp,
		 gpa_t gpa, u64 psize)
{
	u64 hpa = hp->pfn << PAGE_SHIFT | (gpa & ~PAGE_MASK);
	u64 r = (guest_r & ~(HPTE_R_RPN & ~(psize - 1) & ~HPTE_R_KEY_HI)) | (hpa & ~(psize - 1));

	/* Cache attributes are the host's: two kinds at once for one page are undefined. */
	r = (r & ~(u64)HPTE_R_WIMG) | (hp->cache_inhibited ? HPTE_R_I | HPTE_R_G : HPTE_R_M);
	if (!hp->writable)
		r = hpte_make_readonly(r);
	if (!hp->writable || slot->dirty_bitmap)
		r &= ~(u64)HPTE_R_C;
	return r;
}

/* The host's own page, of which a walk of Linux's page table found a leaf; leaf_shift as that walk tells it. */
unsigned int hv_host_page_shift(struct kvm *kvm, unsigned int leaf_shift)
{
	const struct hv_mmu *mmu = &to_hv_vm(kvm)->mmu;

	if (!leaf_shift)
		return PAGE_SHIFT;
	return leaf_shift == mmu->pmd_shift ? mmu->pmd_page_shift : leaf_shift;
}

/*
 * A large HPTE names one aligned piece of one huge page, all of it in the slot,
 * or the guest would reach memory that is not its own, and a host page could go
 * without its MMU notifier finding the HPTE. shift: of the host's own mapping.
 */
bool hv_page_fits(const struct kvm_memory_slot *slot, gpa_t gpa, u64 psize, unsigned int shift)
{
	gpa_t base = slot->base_gfn << PAGE_SHIFT;

	gpa &= ~(psize - 1);
	if (psize <= PAGE_SIZE)
		return psize <= 1ul << shift;
	return psize <= 1ul << shift && gpa >= base &&
	       gpa + psize <= base + (slot->npages << PAGE_SHIFT) &&
	       IS_ALIGNED(slot->userspace_addr - base, psize);
}

static unsigned long gfn_hva(const struct kvm_memory_slot *slot, gfn_t gfn)
{
	return slot->userspace_addr + (hv_slot_index(slot, gfn) << PAGE_SHIFT);
}

struct kvm_memory_slot *hv_slot_of(struct kvm *kvm, gfn_t gfn)
{
	struct kvm_memory_slot *slot = __gfn_to_memslot(kvm_memslots_raw(kvm), gfn);

	return slot && !(slot->flags & KVM_MEMSLOT_INVALID) ? slot : NULL;
}

/*
 * May a guest page of that size lie at gpa, as far as is known by now? A slot that
 * is not aligned for it never has one; neither has memory that the host maps in smaller pages.
 */
bool hv_size_possible(struct kvm *kvm, gpa_t gpa, u64 psize)
{
	struct kvm_memory_slot *slot;
	unsigned int shift;
	pte_t *ptep;

	if (psize <= PAGE_SIZE)
		return true;
	slot = hv_slot_of(kvm, gpa >> PAGE_SHIFT);
	if (!slot)
		return true;
	if (!hv_page_fits(slot, gpa, psize, ANY_SHIFT))
		return false;
	ptep = to_hv_vm(kvm)->mmu.find_pte(kvm->mm->pgd, gfn_hva(slot, gpa >> PAGE_SHIFT), NULL, &shift);
	return !ptep || !pte_hw_valid(READ_ONCE(*ptep)) ||
	       hv_page_fits(slot, gpa, psize, hv_host_page_shift(kvm, shift));
}

/*
 * One page from Linux's page table, marked accessed, and dirty if it may be
 * written through our mapping. False: a page fault has to find it first.
 */
static bool linux_page(struct kvm *kvm, const struct kvm_memory_slot *slot, gfn_t gfn,
		       bool want_write, struct hv_page *hp)
{
	unsigned long hva = gfn_hva(slot, gfn);
	pte_t *ptep, old, new;
	unsigned int shift;

	ptep = to_hv_vm(kvm)->mmu.find_pte(kvm->mm->pgd, hva, NULL, &shift);
	if (!ptep)
		return false;
	old = READ_ONCE(*ptep);
	if (!pte_hw_valid(old) || pte_special(old) || pte_ci(old) || !pte_user(old) ||
	    !(pte_val(old) & _PAGE_READ) || (pte_val(old) & H_PAGE_BUSY))
		return false;
	hp->shift = shift ? shift : PAGE_SHIFT;
	hp->pfn = pte_pfn(old) + ((hva & ((1ul << hp->shift) - 1)) >> PAGE_SHIFT);
	hp->writable = want_write && pte_write(old) && !(slot->flags & KVM_MEM_READONLY);
	hp->cache_inhibited = false;
	new = pte_mkyoung(old);
	if (hp->writable)
		new = pte_mkdirty(new);
	return pte_raw(new) == pte_raw(old) || pte_xchg(ptep, old, new);
}

/*
 * The guest's entry at index, absent, becomes valid if Linux's page table has
 * the page. gpa: any address in it. False: nothing changed.
 */
bool hv_map_present(struct kvm *kvm, u32 index, gpa_t gpa, bool write)
{
	u64 v, r, guest_r = hv_guest_rpte(kvm, index), psize;
	struct kvm_memory_slot *slot;
	struct hv_page hp;

	hv_hpte_read(kvm, index, &v, &r);
	psize = kvmppc_actual_pgsz(v, guest_r);
	slot = hv_slot_of(kvm, gpa >> PAGE_SHIFT);
	if (!slot || kvm->mmu_invalidate_in_progress ||
	    !linux_page(kvm, slot, gpa >> PAGE_SHIFT, hpte_is_writable(guest_r), &hp) ||
	    (write && !hp.writable) || !hv_page_fits(slot, gpa, psize, hp.shift))
		return false;
	r = hv_host_rpte(slot, guest_r, &hp, gpa, psize);
	if (write)
		r |= HPTE_R_C;
	hv_hpte_map(kvm, index, v, r, hv_rmap(slot, (gpa & ~(psize - 1)) >> PAGE_SHIFT));
	return true;
}

/* Valid to absent, if it is valid. */
void hv_make_absent(struct kvm *kvm, u32 index)
{
	struct kvm_memory_slot *slot;
	u64 v, r, guest_r;
	gfn_t gfn;

	hv_hpte_read(kvm, index, &v, &r);
	if (!(v & HPTE_V_VALID))
		return;
	guest_r = hv_guest_rpte(kvm, index);
	gfn = hpte_rpn(guest_r & ~HPTE_R_KEY_HI, kvmppc_actual_pgsz(v, guest_r));
	/* a slot that goes takes its valid entries with it, so there is one */
	slot = __gfn_to_memslot(kvm_memslots_raw(kvm), gfn);
	if (slot)
		hv_hpte_unmap(kvm, index, hv_rmap(slot, gfn));
}
