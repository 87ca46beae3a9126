// SPDX-License-Identifier: GPL-2.0
/*
 * A guest's hashed page table: its memory, the hardware's pointer to it, and
 * the entries of the Virtual Real Mode Area. One 128-byte PTEG holds eight
 * 16-byte HPTEs; struct revmap_entry keeps, per HPTE, what the guest asked for
 * and the chain of HPTEs that map the same page.
 */
#include <linux/hugetlb.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <asm/mmu.h>
#include <asm/tlbflush.h>
#include "hv.h"

#define HPT_ORDER_MIN		PPC_MIN_HPT_ORDER
#define HPT_ORDER_MAX		36	/* KVMPPC_RMAP_INDEX has 32 bits, an HPTE 16 bytes */
#define HPT_ORDER_DEFAULT	24
#define VRMA_LIMIT		(1ul << 40)	/* one 1 TB segment */
#define CLEAR_STEP		(1ull << 20)

void hv_table_free(struct kvm_hpt_info *hpt)
{
	hv_chunks_free((struct hv_chunks *)hpt->rev);
	if (hpt->virt && hpt->cma)
		kvm_free_hpt_cma(virt_to_page((void *)hpt->virt), 1ul << (hpt->order - PAGE_SHIFT));
	else if (hpt->virt)
		free_pages(hpt->virt, hpt->order - PAGE_SHIFT);
	memset(hpt, 0, sizeof(*hpt));
}

/* As large as half of memory, perhaps. */
static void clear_table(struct kvm_hpt_info *hpt)
{
	u64 done, size = 1ul << hpt->order;

	for (done = 0; done < size; done += CLEAR_STEP) {
		memset((void *)hpt->virt + done, 0, min(CLEAR_STEP, size - done));
		cond_resched();
	}
}

/*
 * 0, or -ENOMEM with *hpt all zero: order and virt must not outlive what they stand for.
 * A table that the page allocator can give is charged to the VMM's cgroup. A larger
 * one comes from the area that vmlinux reserved for HPTs at boot (kvm_cma_resv_ratio),
 * which no cgroup can be charged for: its size is the administrator's limit.
 */
int hv_table_alloc(struct kvm_hpt_info *hpt, u32 order)
{
	struct page *page;

	memset(hpt, 0, sizeof(*hpt));
	hpt->order = order;
	if (order - PAGE_SHIFT <= MAX_PAGE_ORDER)
		hpt->virt = __get_free_pages(GFP_KERNEL_ACCOUNT | __GFP_ZERO | __GFP_NOWARN |
					     __GFP_RETRY_MAYFAIL, order - PAGE_SHIFT);
	if (!hpt->virt) {
		page = kvm_alloc_hpt_cma(1ul << (order - PAGE_SHIFT));
		if (page) {
			hpt->virt = (unsigned long)page_address(page);
			clear_table(hpt);
			hpt->cma = 1;
		}
	}
	if (hpt->virt)
		hpt->rev = (struct revmap_entry *)
			hv_chunks_alloc(sizeof(*hpt->rev) * kvmppc_hpt_npte(hpt));
	if (hpt->rev)
		return 0;
	hv_table_free(hpt);
	return -ENOMEM;
}

/*
 * POWER8 reads the HPT's place from SDR1 at each entry; from ISA v3.0 on it
 * stands in the partition table, with the VRMA's page size (v3.1B III, "Partition Table").
 * mmu_partition_table_set_entry() flushes the TLB of the LPID.
 */
static void publish_table(struct kvm *kvm)
{
	u64 dw0;

	kvm->arch.sdr1 = kvm->arch.hpt.virt ?
			 __pa(kvm->arch.hpt.virt) | (kvm->arch.hpt.order - HPT_ORDER_MIN) : 0;
	if (!hv_isa300())
		return;
	dw0 = kvm->arch.sdr1;
	if (dw0)
		dw0 |= (kvm->arch.vrma_slb_v & SLB_VSID_L) >> 1 |
		       (kvm->arch.vrma_slb_v & SLB_VSID_LP) << 1;
	mmu_partition_table_set_entry(kvm->arch.lpid, dw0, 0, true);
}

void hv_forget_mappings(struct kvm *kvm)
{
	struct kvm_memory_slot *slot;
	int bkt, idx;

	idx = srcu_read_lock(&kvm->srcu);
	kvm_for_each_memslot(slot, bkt, kvm_memslots(kvm))
		hv_slot_flush(kvm, slot);
	srcu_read_unlock(&kvm->srcu, idx);
}

/* *new becomes the guest's table; with setup_lock, no vCPU in, nothing mapped. *new is all zero then. */
void hv_table_use(struct kvm *kvm, struct kvm_hpt_info *new)
{
	struct kvm_hpt_info old;

	spin_lock(&kvm->mmu_lock);
	old = kvm->arch.hpt;
	kvm->arch.hpt = *new;
	to_hv_vm(kvm)->table++;
	spin_unlock(&kvm->mmu_lock);
	memset(new, 0, sizeof(*new));
	publish_table(kvm);
	cpumask_setall(&kvm->arch.need_tlb_flush);
	hv_table_free(&old);
}

bool hv_hpt_order_ok(u32 order)
{
	return order >= HPT_ORDER_MIN && order <= HPT_ORDER_MAX;
}

/*
 * KVM_PPC_ALLOCATE_HTAB: a new table of 2^order bytes, or the old one emptied
 * if it has that size. The next entry makes the VRMA anew. Process context;
 * -EINVAL: bad order, -EBUSY: a vCPU is running, -ENOMEM.
 */
int hv_hpt_alloc(struct kvm *kvm, u32 order)
{
	struct hv_vm *vm = to_hv_vm(kvm);
	struct kvm_hpt_info hpt;
	int err;

	if (!hv_hpt_order_ok(order))
		return -EINVAL;
	if (mutex_lock_killable(&vm->setup_lock))
		return -EINTR;
	err = hv_hpt_no_vcpus(kvm);
	if (err)
		goto out;
	hv_forget_mappings(kvm);
	if (kvm->arch.hpt.order == order) {
		clear_table(&kvm->arch.hpt);
		hv_chunks_zero((struct hv_chunks *)kvm->arch.hpt.rev);
		vm->loaded = false;
		spin_lock(&kvm->mmu_lock);
		vm->table++;
		spin_unlock(&kvm->mmu_lock);
		cpumask_setall(&kvm->arch.need_tlb_flush);
		goto out;
	}
	err = hv_table_alloc(&hpt, order);
	if (err) {
		hv_hpt_start_vcpus(kvm);	/* the old table, VRMA and all, still stands */
		goto out;
	}
	vm->loaded = false;
	hv_table_use(kvm, &hpt);
out:
	mutex_unlock(&vm->setup_lock);
	return err;
}

/* VM destruction: no vCPU is left. */
void hv_hpt_free(struct kvm *kvm)
{
	struct kvm_hpt_info old = kvm->arch.hpt;

	memset(&kvm->arch.hpt, 0, sizeof(kvm->arch.hpt));
	publish_table(kvm);	/* no hardware pointer to it is left */
	hv_table_free(&old);
}

/* The largest of 4 KiB, 64 KiB and 16 MiB that the host pages behind guest address 0 have. */
static long vrma_page_size(struct kvm *kvm, struct kvm_memory_slot *slot)
{
	struct vm_area_struct *vma;
	long size = -EINVAL;

	mmap_read_lock(kvm->mm);
	vma = vma_lookup(kvm->mm, slot->userspace_addr);
	if (vma && !(vma->vm_flags & VM_IO))
		size = vma_kernel_pagesize(vma);
	mmap_read_unlock(kvm->mm);
	/* one HPTE maps one piece of one huge page: both addresses must agree below its size */
	if (size >= SZ_16M && IS_ALIGNED(slot->userspace_addr, SZ_16M))
		return SZ_16M;
	if (size >= SZ_64K && IS_ALIGNED(slot->userspace_addr, SZ_64K))
		return SZ_64K;
	return size < 0 ? size : SZ_4K;
}

/* One absent HPTE per page from address 0 to the end of its slot, as long as the table has room. */
static void make_vrma(struct kvm *kvm, struct kvm_memory_slot *slot, long psize)
{
	u64 v = HPTE_V_1TB_SEG | VRMA_VSID << (40 - 16) | HPTE_V_BOLTED |
		(psize > SZ_4K ? HPTE_V_LARGE : 0);
	u64 r = HPTE_R_R | HPTE_R_C | HPTE_R_M | PP_RWXX | (psize == SZ_64K ? 0x1000 : 0);
	u64 vsid_hash = VRMA_VSID ^ VRMA_VSID << 25;
	u64 end = min_t(u64, slot->npages << PAGE_SHIFT, VRMA_LIMIT);
	u64 addr, n = 0, limit = kvmppc_hpt_npte(&kvm->arch.hpt) / 2;
	bool room = true;

	for (addr = 0; room && addr + psize <= end && n < limit; addr += psize, n++) {
		/* the VRMA does not use the secondary PTEG: firmware counts on finding it in one */
		spin_lock(&kvm->mmu_lock);
		room = hv_hpte_insert(kvm, v | (addr >> 16 & ~0x7ful), r | addr,
				      addr / psize ^ vsid_hash);
		spin_unlock(&kvm->mmu_lock);
		if (!(n & 0x3ff))
			cond_resched();
	}
}

static void set_vrma_page_size(struct kvm *kvm, long psize)
{
	kvm->arch.vrma_slb_v = slb_pgsize_encoding(psize) | SLB_VSID_B_1T |
			       VRMA_VSID << SLB_VSID_SHIFT_1T;
}

/*
 * A VMM wrote this entry (htab_fd.c) before the VM ran: another host's module made
 * the VRMA, with pages as large as it had them.
 */
void hv_hpt_loaded(struct kvm *kvm, u64 v, u64 r)
{
	struct hv_vm *vm = to_hv_vm(kvm);

	if (vm->was_ready)
		return;
	if (!vm->loaded)
		kvm->arch.vrma_slb_v = 0;
	vm->loaded = true;
	if (is_vrma_hpte(v))
		set_vrma_page_size(kvm, 1l << kvmppc_hpte_base_page_shift(v, r));
}

static int setup(struct kvm *kvm)
{
	struct hv_vm *vm = to_hv_vm(kvm);
	struct kvm_memory_slot *slot;
	long psize = -EINVAL;
	int idx;

	if (!kvm->arch.hpt.virt) {
		u32 order = HPT_ORDER_DEFAULT;
		struct kvm_hpt_info hpt;
		int err;

		while ((err = hv_table_alloc(&hpt, order)) && order > HPT_ORDER_MIN)
			order--;
		if (err)
			return err;
		hv_table_use(kvm, &hpt);	/* a reader of the HTAB descriptor sees all of it or nothing */
	}
	idx = srcu_read_lock(&kvm->srcu);
	slot = gfn_to_memslot(kvm, 0);
	if (slot && !(slot->flags & KVM_MEMSLOT_INVALID))
		psize = vrma_page_size(kvm, slot);
	if (psize > 0) {
		/* a table that came through the HTAB descriptor has what it is to have */
		if (!vm->loaded)
			make_vrma(kvm, slot, psize);
		if (!vm->loaded || !kvm->arch.vrma_slb_v)
			set_vrma_page_size(kvm, psize);
		publish_table(kvm);
	}
	srcu_read_unlock(&kvm->srcu, idx);
	return psize > 0 ? 0 : -EINVAL;
}

/* Before a vCPU enters. -EINVAL: no memory at guest address 0; -ENOMEM: no HPT to be had; -EINTR: killed. */
int hv_hpt_ready(struct kvm *kvm)
{
	struct hv_vm *vm = to_hv_vm(kvm);
	int err = 0;

	if (READ_ONCE(kvm->arch.mmu_ready))
		return 0;
	if (mutex_lock_killable(&vm->setup_lock))
		return -EINTR;
	if (!kvm->arch.mmu_ready) {
		err = setup(kvm);
		if (!err)
			smp_store_release(&kvm->arch.mmu_ready, 1);
	}
	mutex_unlock(&vm->setup_lock);
	return err;
}

/* An HPT hypercall that real mode could not answer: most of all because another processor had the lock. */
long hv_hpt_hcall(struct kvm_vcpu *vcpu, unsigned long req, u64 *reg)
{
	struct kvm *kvm = vcpu->kvm;
	unsigned long flags;
	int idx = srcu_read_lock(&kvm->srcu);
	long rc;

	spin_lock(&kvm->mmu_lock);
	local_irq_save(flags);	/* the host's page table is walked without a lock */
	rc = hv_hcall_hpt(kvm, req, reg);
	local_irq_restore(flags);
	spin_unlock(&kvm->mmu_lock);
	srcu_read_unlock(&kvm->srcu, idx);
	return rc;
}
