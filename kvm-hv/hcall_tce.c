// SPDX-License-Identifier: GPL-2.0
/*
 * Hypercalls on TCE tables: what of the guest's memory a device may reach (LoPAR,
 * H_PUT_TCE). The tables are kvm.ko's, one a descriptor (KVM_CREATE_SPAPR_TCE_64). So
 * are functions for these calls, but they find a table by its number and go on without
 * a hold on it (Linux 6.12), while the VMM may close it, or open a smaller one in its place;
 * and of a range they check the first page. Here a table is looked up, checked and
 * written under RCU, by which kvm.ko frees it.
 */
#include <linux/kvm_host.h>
#include <linux/ratelimit.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <asm/hvcall.h>
#include <asm/kvm_ppc.h>
#include <asm/tce.h>
#include "hv.h"

#define RIGHTS		(TCE_PCI_READ | TCE_PCI_WRITE)
#define LIST_MAX	512	/* H_PUT_TCE_INDIRECT: 4 KiB of them */
#define STUFF_CHUNK	4096	/* entries at a time: a table may be as large as the VMM may lock memory */

/*
 * With RCU: the table, and which of its entries the first of n is. H_TOO_HARD: nobody's here. A table
 * with an IOMMU behind it belongs to a passed-through device: its DMA would reach the host's memory.
 */
static long find_entries(struct kvm *kvm, u64 liobn, u64 ioba, u64 n,
			 struct kvmppc_spapr_tce_table **table, u64 *first)
{
	struct kvmppc_spapr_tce_table *t;
	u64 entry;

	list_for_each_entry_rcu(t, &kvm->arch.spapr_tce_tables, list) {
		if (t->liobn != liobn)
			continue;
		if (!list_empty(&t->iommu_tables)) {
			pr_err_ratelimited("VFIO devices are not supported; start the guest without them\n");
			return H_HARDWARE;
		}
		entry = ioba >> t->page_shift;
		if (!IS_ALIGNED(ioba, 1ul << t->page_shift) || entry < t->offset ||
		    entry - t->offset >= t->size || n > t->size - (entry - t->offset))
			return H_PARAMETER;
		*table = t;
		*first = array_index_nospec(entry - t->offset, t->size);
		return H_SUCCESS;
	}
	return H_TOO_HARD;
}

static long check_range(struct kvm *kvm, u64 liobn, u64 ioba, u64 n, u32 *shift)
{
	struct kvmppc_spapr_tce_table *t;
	u64 first;
	long rc;

	rcu_read_lock();
	rc = find_entries(kvm, liobn, ioba, n, &t, &first);
	if (!rc)
		*shift = t->page_shift;
	rcu_read_unlock();
	return rc;
}

/* What gives a right to anything but memory is the VMM's to judge. */
static bool names_memory(struct kvm *kvm, const struct kvmppc_spapr_tce_table *t, u64 tce)
{
	return !(tce & RIGHTS) || (IS_ALIGNED(tce & ~(u64)RIGHTS, 1ul << t->page_shift) &&
				   gfn_to_memslot(kvm, tce >> PAGE_SHIFT));
}

/* With RCU. False: the entry's page of the table is not there yet, and there was no spare one to put there. */
static bool store(struct kvmppc_spapr_tce_table *t, u64 entry, u64 tce, struct page **spare)
{
	struct page **page = &t->pages[entry / TCES_PER_PAGE];

	if (!READ_ONCE(*page)) {
		if (!tce)
			return true;
		/* against kvm.ko, where the VMM looks at the table */
		if (!*spare || !mutex_trylock(&t->alloc_lock))
			return false;
		if (!*page) {
			smp_store_release(page, *spare);	/* it is all zero for who sees it */
			*spare = NULL;
		}
		mutex_unlock(&t->alloc_lock);
	}
	((u64 *)page_address(*page))[entry % TCES_PER_PAGE] = tce;
	return true;
}

/* n entries of one table: from a list, or all the same. None is changed unless all may be. Sleeps. */
static long put(struct kvm *kvm, u64 liobn, u64 ioba, const __be64 *list, u64 tce, u64 n)
{
	struct kvmppc_spapr_tce_table *t;
	struct page *spare = NULL;
	u64 first, i = 0;
	long rc;

	for (;;) {
		rcu_read_lock();
		rc = find_entries(kvm, liobn, ioba, n, &t, &first);
		for (i = 0; i < n && !rc; i++)
			if (!names_memory(kvm, t, list ? be64_to_cpu(list[i]) : tce))
				rc = H_TOO_HARD;
		for (i = 0; i < n && !rc; i++)
			if (!store(t, first + i, list ? be64_to_cpu(list[i]) : tce, &spare))
				break;
		rcu_read_unlock();
		if (rc || i == n)
			break;
		if (!spare)
			spare = alloc_page(GFP_KERNEL | __GFP_ZERO);	/* kvm.ko charged the VMM for all of the table */
		if (!spare) {
			rc = H_RESOURCE;
			break;
		}
		cond_resched();
	}
	if (spare)
		__free_page(spare);
	return rc;
}

static long put_list(struct kvm *kvm, const u64 *reg)
{
	__be64 *list;
	u32 shift;
	long rc = check_range(kvm, reg[4], reg[5], reg[7], &shift);

	if (rc)
		return rc;
	if (reg[7] > LIST_MAX || !IS_ALIGNED(reg[6], SZ_4K))
		return H_PARAMETER;
	list = kmalloc(SZ_4K, GFP_KERNEL_ACCOUNT);
	if (!list)
		return H_RESOURCE;
	rc = H_TOO_HARD;
	if (!kvm_read_guest(kvm, reg[6], list, reg[7] * sizeof(*list)))
		rc = put(kvm, reg[4], reg[5], list, 0, reg[7]);
	kfree(list);
	return rc;
}

static long stuff(struct kvm *kvm, const u64 *reg)
{
	u64 done, n;
	u32 shift;
	long rc = check_range(kvm, reg[4], reg[5], reg[7], &shift);

	if (!rc && (reg[6] & RIGHTS))
		rc = H_PARAMETER;
	for (done = 0; done < reg[7] && !rc; done += n) {
		n = min_t(u64, reg[7] - done, STUFF_CHUNK);
		rc = put(kvm, reg[4], reg[5] + (done << shift), NULL, reg[6], n);
		cond_resched();
	}
	return rc;
}

static long get(struct kvm *kvm, u64 *reg)
{
	struct kvmppc_spapr_tce_table *t;
	struct page *page;
	u64 entry;
	long rc;

	rcu_read_lock();
	rc = find_entries(kvm, reg[4], reg[5], 1, &t, &entry);
	if (!rc) {
		page = READ_ONCE(t->pages[entry / TCES_PER_PAGE]);
		reg[4] = page ? ((u64 *)page_address(page))[entry % TCES_PER_PAGE] : 0;
	}
	rcu_read_unlock();
	return rc;
}

long hv_hcall_tce(struct kvm_vcpu *vcpu, unsigned long req, u64 *reg)
{
	struct kvm *kvm = vcpu->kvm;
	long rc = H_TOO_HARD;
	int idx;

	idx = srcu_read_lock(&kvm->srcu);
	switch (req) {
	case H_GET_TCE:
		rc = get(kvm, reg);
		break;
	case H_PUT_TCE:
		rc = put(kvm, reg[4], reg[5], NULL, reg[6], 1);
		break;
	case H_PUT_TCE_INDIRECT:
		rc = put_list(kvm, reg);
		break;
	case H_STUFF_TCE:
		rc = stuff(kvm, reg);
		break;
	}
	srcu_read_unlock(&kvm->srcu, idx);
	return rc;
}
