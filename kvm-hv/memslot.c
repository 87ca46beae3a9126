// SPDX-License-Identifier: GPL-2.0
/*
 * Memslots and the host's MMU notifiers. Guest memory is not pinned: when the
 * host wants a page back, the HPTEs that map it become absent, and the next
 * access faults it in again. slot->arch.rmap has one word per guest page: the
 * head of the chain of valid HPTEs for it, and KVMPPC_RMAP_REFERENCED.
 */
#include <linux/module.h>
#include "hv.h"

int hv_slot_prepare(struct kvm *kvm, const struct kvm_memory_slot *old,
		    struct kvm_memory_slot *new, enum kvm_mr_change change)
{
	if (change == KVM_MR_CREATE) {
		u64 size = array_size(new->npages, sizeof(*new->arch.rmap));

		if (size >> PAGE_SHIFT > totalram_pages())
			return -ENOMEM;
		new->arch.rmap = (unsigned long *)hv_chunks_alloc(size);
		if (!new->arch.rmap)
			return -ENOMEM;
		/* a VM that ends gives the module back before its slots (kvm_destroy_vm): each holds it itself */
		__module_get(THIS_MODULE);
	} else if (change != KVM_MR_DELETE) {
		new->arch.rmap = old->arch.rmap;
	}
	return 0;
}

/*
 * Writes are logged from now on: what is mapped is mapped anew on the next access, with
 * C=0. No vCPU uses the old flags any more: kvm.ko waited for kvm->srcu.
 */
void hv_slot_commit(struct kvm *kvm, struct kvm_memory_slot *old,
		    const struct kvm_memory_slot *new, enum kvm_mr_change change)
{
	if (change == KVM_MR_FLAGS_ONLY && (new->flags & ~old->flags & KVM_MEM_LOG_DIRTY_PAGES)) {
		hv_slot_flush(kvm, old);
		hv_forget_changes(kvm, new);
	}
}

void hv_slot_free(struct kvm_memory_slot *slot)
{
	if (!slot->arch.rmap)
		return;
	hv_chunks_free((struct hv_chunks *)slot->arch.rmap);
	slot->arch.rmap = NULL;
	module_put(THIS_MODULE);	/* we return without sleep: rmmod waits that long (RCU) before it frees our text */
}

static void unmap_page(struct kvm *kvm, unsigned long *rmap)
{
	while (*rmap & KVMPPC_RMAP_PRESENT)
		hv_hpte_unmap(kvm, *rmap & KVMPPC_RMAP_INDEX, rmap);
}

/* A slot goes or moves: no HPTE may map its pages any more. Between pages the lock may be dropped. */
void hv_slot_flush(struct kvm *kvm, struct kvm_memory_slot *slot)
{
	unsigned long i;

	if (!slot->arch.rmap)
		return;
	spin_lock(&kvm->mmu_lock);
	hv_vpa_invalidate(kvm, slot->base_gfn, slot->base_gfn + slot->npages);
	for (i = 0; i < slot->npages; i++) {
		unmap_page(kvm, hv_rmap(slot, slot->base_gfn + i));
		cond_resched_lock(&kvm->mmu_lock);
	}
	spin_unlock(&kvm->mmu_lock);
}

/*
 * An HPTE larger than a host page is chained at its first page only. It maps
 * one huge page of the host, which the host invalidates as a whole. Where the
 * lock is dropped nothing new is mapped: kvm->mmu_invalidate_in_progress.
 */
bool hv_unmap_gfn_range(struct kvm *kvm, struct kvm_gfn_range *range)
{
	gfn_t gfn;

	hv_vpa_invalidate(kvm, range->start, range->end);
	for (gfn = range->start; gfn < range->end; gfn++) {
		unmap_page(kvm, hv_rmap(range->slot, gfn));
		if (range->may_block)
			cond_resched_lock(&kvm->mmu_lock);
	}
	return false;
}

/*
 * Who asks for a huge page's age has all its pages in one range, and the lock can't be dropped here. Each entry that was used
 * costs a tlbie sequence: after so many the range is young, and the rest is left as it is for the next time.
 */
#define AGE_MAX	4096

static bool age_range(struct kvm *kvm, struct kvm_gfn_range *range, bool clear)
{
	struct kvm_memory_slot *slot = range->slot;
	bool young = false;
	u32 used = 0;
	gfn_t gfn;

	for (gfn = range->start; gfn < range->end; gfn++) {
		unsigned long *rmap = hv_rmap(slot, gfn);
		u32 head, i;

		young |= *rmap & KVMPPC_RMAP_REFERENCED;
		if (clear)
			*rmap &= ~KVMPPC_RMAP_REFERENCED;
		else if (young)
			return true;
		if (!(*rmap & KVMPPC_RMAP_PRESENT))
			continue;
		i = head = *rmap & KVMPPC_RMAP_INDEX;
		do {
			if (hv_hpte_test_clear_ref(kvm, i, clear)) {
				young = true;
				if (!clear || ++used == AGE_MAX)
					return true;
			}
			i = hv_rev(kvm, i)->forw;
		} while (i != head);
	}
	return young;
}

bool hv_age_gfn(struct kvm *kvm, struct kvm_gfn_range *range)
{
	return age_range(kvm, range, true);
}

bool hv_test_age_gfn(struct kvm *kvm, struct kvm_gfn_range *range)
{
	return age_range(kvm, range, false);
}
