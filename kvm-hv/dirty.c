// SPDX-License-Identifier: GPL-2.0
/*
 * KVM_GET_DIRTY_LOG: which pages of a slot were written since the last time. While a
 * slot is logged its HPTEs start with C=0, and the processor sets C (v3.1B III, "Reference and
 * Change Recording"). A C bit that went with its HPTE is in the page's rmap
 * word; what the kernel wrote itself is in the slot's own bitmap.
 */
#include <linux/kvm_host.h>
#include <linux/uaccess.h>
#include "hv.h"

static void clear_changed(unsigned long *rmap)
{
	*rmap &= ~(HV_RMAP_CHANGED | HV_RMAP_ORDER_MASK << HV_RMAP_ORDER_SHIFT);
}

/* A log begins: what was written before is not in it. */
void hv_forget_changes(struct kvm *kvm, const struct kvm_memory_slot *slot)
{
	unsigned long i;

	spin_lock(&kvm->mmu_lock);
	for (i = 0; i < slot->npages; i++) {
		clear_changed(hv_rmap(slot, slot->base_gfn + i));
		if (!(i & 0xfff))
			cond_resched_lock(&kvm->mmu_lock);
	}
	spin_unlock(&kvm->mmu_lock);
}

/* Pages, from this one on, that were written: 0, 1, or as many as a large HPTE covers. */
static unsigned long written_pages(struct kvm *kvm, unsigned long *rmap)
{
	unsigned long n = 0;
	u32 head, i;

	if (*rmap & HV_RMAP_CHANGED) {
		n = 1ul << (*rmap >> HV_RMAP_ORDER_SHIFT & HV_RMAP_ORDER_MASK);
		clear_changed(rmap);
	}
	if (!(*rmap & KVMPPC_RMAP_PRESENT))
		return n;
	i = head = *rmap & KVMPPC_RMAP_INDEX;
	do {
		n = max(n, hv_hpte_test_clear_changed(kvm, i));
		i = hv_rev(kvm, i)->forw;
	} while (i != head);
	return n;
}

/*
 * A C bit that the processor still holds back is seen next time; after a vCPU
 * has stopped there is none: a ptesync stands between guest and host (rm/switch.c).
 */
static void harvest_hptes(struct kvm *kvm, struct kvm_memory_slot *slot, unsigned long *map)
{
	unsigned long i, n;

	spin_lock(&kvm->mmu_lock);
	for (i = 0; i < slot->npages; i++) {
		n = written_pages(kvm, hv_rmap(slot, slot->base_gfn + i));
		for (n = min(n, slot->npages - i); n; n--)
			__set_bit_le(i + n - 1, map);
		cond_resched_lock(&kvm->mmu_lock);
	}
	spin_unlock(&kvm->mmu_lock);
}

/* kvm.ko's bitmap has two halves: the second is room to put an answer together. */
static int get_log(struct kvm *kvm, struct kvm_memory_slot *slot, void __user *to)
{
	unsigned long bytes = kvm_dirty_bitmap_bytes(slot), i;
	unsigned long *noted = slot->dirty_bitmap, *map = noted + bytes / sizeof(long);

	memset(map, 0, bytes);
	harvest_hptes(kvm, slot, map);
	hv_vpa_harvest_dirty(kvm);	/* into noted */
	for (i = 0; i < bytes / sizeof(long); i++)
		map[i] |= xchg(&noted[i], 0);
	return copy_to_user(to, map, bytes) ? -EFAULT : 0;
}

/* -EINVAL, -ENOENT: no such slot or not logged, -EFAULT */
int hv_get_dirty_log(struct kvm *kvm, struct kvm_dirty_log *log)
{
	struct kvm_memory_slot *slot;
	int rc = -ENOENT;

	if (log->slot >= KVM_USER_MEM_SLOTS)
		return -EINVAL;
	mutex_lock(&kvm->slots_lock);
	slot = id_to_memslot(kvm_memslots(kvm), log->slot);
	if (slot && slot->dirty_bitmap)
		rc = get_log(kvm, slot, log->dirty_bitmap);
	mutex_unlock(&kvm->slots_lock);
	return rc;
}
