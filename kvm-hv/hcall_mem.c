// SPDX-License-Identifier: GPL-2.0
/*
 * Hypercalls on memory and devices by logical address (LoPAR, H_PAGE_INIT,
 * H_LOGICAL_CI_LOAD and _STORE). kvm.ko has the I/O bus.
 */
#include <linux/kvm_host.h>
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
