// SPDX-License-Identifier: GPL-2.0
/*
 * Hypercalls on memory and devices by logical address (LoPAR, H_PAGE_INIT,
 * H_LOGICAL_CI_LOAD and _STORE, the TCE calls). kvm.ko has the I/O bus and the
 * TCE tables.
 */
#include <linux/kvm_host.h>
#include <linux/ratelimit.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <asm/barrier.h>
#include <asm/hvcall.h>
#include <asm/kvm_ppc.h>
#include "hv.h"

#define PAGE_INIT_SIZE	SZ_4K
#define PAGE_INIT_FLAGS	(H_ICACHE_INVALIDATE | H_ICACHE_SYNCHRONIZE | \
			 H_ZERO_PAGE | H_COPY_PAGE | H_PAGE_SET_LOANED)

/* One 4 KiB page to another, by way of a buffer: neither end may be other than memory. */
static int copy_page_4k(struct kvm *kvm, u64 dest, u64 src)
{
	void *buf = kmalloc(PAGE_INIT_SIZE, GFP_KERNEL_ACCOUNT);
	int err = -ENOMEM;

	if (!buf)
		return err;
	err = kvm_read_guest(kvm, src, buf, PAGE_INIT_SIZE);
	if (!err)
		err = kvm_write_guest(kvm, dest, buf, PAGE_INIT_SIZE);
	kfree(buf);
	return err;
}

/*
 * Since POWER7 instruction caches are kept coherent: one icbi, after the stores
 * have been done, discards what was prefetched (Power ISA II, "Instruction
 * Storage"; any address does); hrfid is this processor's isync.
 */
static void sync_icache(void)
{
	static const u32 anywhere;

	mb();
	asm volatile("icbi 0, %0" : : "r" (&anywhere) : "memory");
	mb();
}

/* Flags that mark a page as lendable (CMO) ask for nothing. */
static long page_init(struct kvm_vcpu *vcpu, u64 flags, u64 dest, u64 src)
{
	struct kvm *kvm = vcpu->kvm;
	int idx, err = 0;

	if ((flags & ~(u64)PAGE_INIT_FLAGS) || !IS_ALIGNED(dest, PAGE_INIT_SIZE) ||
	    ((flags & H_COPY_PAGE) && !IS_ALIGNED(src, PAGE_INIT_SIZE)))
		return H_PARAMETER;
	idx = srcu_read_lock(&kvm->srcu);
	if (flags & H_COPY_PAGE)
		err = copy_page_4k(kvm, dest, src);
	else if (flags & H_ZERO_PAGE)
		err = kvm_clear_guest(kvm, dest, PAGE_INIT_SIZE);
	srcu_read_unlock(&kvm->srcu, idx);
	if (err)
		return H_PARAMETER;
	if (flags & (H_ICACHE_INVALIDATE | H_ICACHE_SYNCHRONIZE))
		sync_icache();
	return H_SUCCESS;
}

long hv_hcall_mem(struct kvm_vcpu *vcpu, unsigned long req, u64 *reg)
{
	switch (req) {
	case H_PAGE_INIT:
		return page_init(vcpu, reg[4], reg[5], reg[6]);
	case H_LOGICAL_CI_LOAD:
		return kvmppc_h_logical_ci_load(vcpu);
	case H_LOGICAL_CI_STORE:
		return kvmppc_h_logical_ci_store(vcpu);
	default:
		return H_TOO_HARD;
	}
}

#ifdef CONFIG_SPAPR_TCE_IOMMU
#define STUFF_CHUNK	4096	/* pages at a time: a table may be as large as the VMM may lock memory */

/* What a guest's TCE call is about: a window of bus addresses. */
struct window {
	bool found, passthrough;
	u32 shift;
	u64 offset, size;	/* in pages */
};

static struct window find_window(struct kvm *kvm, u64 liobn)
{
	struct window w = {};
	struct kvmppc_spapr_tce_table *t;

	rcu_read_lock();
	list_for_each_entry_rcu(t, &kvm->arch.spapr_tce_tables, list)
		if (t->liobn == liobn)
			w = (struct window){ true, !list_empty(&t->iommu_tables),
					     t->page_shift, t->offset, t->size };
	rcu_read_unlock();
	return w;
}

/* kvm.ko's own check of a range (Linux 6.12) looks at its first page only, and then writes behind the table. */
static bool in_window(const struct window *w, u64 ioba, u64 npages)
{
	u64 entry = ioba >> w->shift;

	return entry >= w->offset && entry - w->offset < w->size &&
	       npages <= w->size - (entry - w->offset);
}

static long stuff_tce(struct kvm_vcpu *vcpu, const struct window *w, u64 *reg)
{
	u64 done = 0, n;
	long rc;

	do {
		n = min_t(u64, reg[7] - done, STUFF_CHUNK);
		rc = kvmppc_h_stuff_tce(vcpu, reg[4], reg[5] + (done << w->shift), reg[6], n);
		done += n;
		cond_resched();
	} while (!rc && done < reg[7]);
	return rc;
}

/* A table with an IOMMU behind it belongs to a passed-through device: its DMA would reach the host's memory. */
long hv_hcall_tce(struct kvm_vcpu *vcpu, unsigned long req, u64 *reg)
{
	struct window w = find_window(vcpu->kvm, reg[4]);
	u64 npages = req == H_PUT_TCE_INDIRECT || req == H_STUFF_TCE ? reg[7] : 1;

	if (!w.found)
		return H_TOO_HARD;
	if (w.passthrough) {
		pr_err_ratelimited("VFIO devices are not supported; start the guest without them\n");
		return H_HARDWARE;
	}
	if (!in_window(&w, reg[5], npages))
		return H_PARAMETER;
	switch (req) {
	case H_GET_TCE:
		return kvmppc_h_get_tce(vcpu, reg[4], reg[5]);
	case H_PUT_TCE:
		return kvmppc_h_put_tce(vcpu, reg[4], reg[5], reg[6]);
	case H_PUT_TCE_INDIRECT:
		return kvmppc_h_put_tce_indirect(vcpu, reg[4], reg[5], reg[6], reg[7]);
	case H_STUFF_TCE:
		return stuff_tce(vcpu, &w, reg);
	default:
		return H_TOO_HARD;
	}
}
#endif
