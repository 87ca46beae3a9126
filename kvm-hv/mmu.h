/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The guest's MMU as module and image both see it: its HPT, the reverse map
 * entries beside each HPTE, and per guest page the chain of HPTEs that map it.
 * Everything declared here is compiled twice (see rm/image.c):
 * it follows linear-map pointers only, tests no CPU feature by static key, prints
 * nothing and never sleeps. Callers hold kvm->mmu_lock and kvm->srcu.
 */
#ifndef KVM_HV_MMU_H
#define KVM_HV_MMU_H

#include <linux/kvm_host.h>
#include <linux/nospec.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <asm/kvm_book3s.h>
#include <asm/kvm_ppc.h>
#include <asm/lppaca.h>
#include "rm/header.h"

/*
 * An array too big for one allocation in pieces of the linear map: vmalloc
 * space has no real address, and the image runs with the MMU off.
 */
#define HV_CHUNK_SHIFT	16
#define HV_CHUNK_SIZE	(1ul << HV_CHUNK_SHIFT)
struct hv_chunks {
	unsigned long n;
	void *at[];
};

#define HV_REV_SHIFT	(HV_CHUNK_SHIFT - 4)	/* struct revmap_entry: 16 bytes */
#define HV_RMAP_SHIFT	(HV_CHUNK_SHIFT - 3)	/* one word per guest page */

/* In a guest page's rmap word, beside kvm_book3s_64.h's: an HPTE with C set was taken away */
#define HV_RMAP_CHANGED	(HPTE_R_C << KVMPPC_RMAP_RC_SHIFT)
/* ... and how many pages it mapped, log 2: of the largest, where there were several */
#define HV_RMAP_ORDER_SHIFT	41
#define HV_RMAP_ORDER_MASK	0x3ful
/* How many HPTEs are in the chain: who takes the page away walks it with the lock held */
#define HV_RMAP_COUNT_SHIFT	48
#define HV_RMAP_COUNT_MAX	4096ul

/* What the kernel says once about the processor; see hv_vm_init */
struct hv_mmu {
	bool isa300;		/* HPTEs in the format of v3.0 */
	bool tlbie_erat_bug;	/* POWER9 errata: a second tlbie */
	bool tlbie_stq_bug;
	/*
	 * What one entry of Linux's second lowest level maps, and the page that a leaf there belongs to (log 2 bytes).
	 * On a hash host that is one of 16 MB: several entries side by side, where base pages have 4 KB (set_huge_pte_at).
	 */
	u8 pmd_shift, pmd_page_shift;
	/* Linux's page table walk (__find_linux_pte in vmlinux), which works with the MMU off */
	pte_t *(*find_pte)(pgd_t *pgdir, unsigned long ea, bool *is_thp, unsigned int *shift);
};

#define HV_VCPU_PART	128
#define HV_CONFER_ALL	~0ul		/* H_CONFER's target: whoever is there */

/* The table being prepared (resize.c); under setup_lock. order 0: none. */
struct hv_resize {
	struct kvm *kvm;
	struct work_struct work;
	struct kvm_hpt_info hpt;
	u32 order;
	int error;		/* -EBUSY: not ready yet */
};

/*
 * One VM. kvm->mmu_lock guards every HPTE, its struct revmap_entry and the rmap
 * chains of the memslots: kvm.ko holds it when an MMU notifier calls us.
 */
struct hv_vm {
	struct mutex setup_lock;	/* HPT allocation and VRMA creation, growth of vcpus */
	wait_queue_head_t gate;		/* gate.c: the last vCPU went out */
	bool was_ready;			/* gate.c: mmu_ready, while the table is being changed */
	bool loaded;			/* entries came through the HTAB descriptor, before the VM ran */
	u32 table;			/* counts HPTs; under mmu_lock */
	struct hv_resize resize;
	struct hv_mmu mmu;
	atomic_t waiting;		/* vCPUs that could run but have no CPU */
	/* by id, in parts, for the image, which can't walk kvm's own table; none ever goes */
	u32 nr_vcpus;
	struct kvm_vcpu **vcpus[DIV_ROUND_UP(KVM_MAX_VCPU_IDS, HV_VCPU_PART)];
};

/*
 * struct kvm_arch has one pointer that belongs to the backend and that kvm.ko
 * never follows: the kernel's own backend keeps its HPT resize state there.
 */
static inline struct hv_vm *to_hv_vm(struct kvm *kvm)
{
	return (struct hv_vm *)kvm->arch.resize_hpt;
}

/*
 * Whatever index a guest may name: after the check against its bound it goes through
 * array_index_nospec(), for a processor that runs ahead of the check (Spectre v1).
 * NULL: unknown here, which is not to say that it does not exist.
 */
static inline struct kvm_vcpu *hv_vcpu_of(struct kvm *kvm, u64 id)
{
	struct kvm_vcpu **part;

	if (id >= KVM_MAX_VCPU_IDS)
		return NULL;
	id = array_index_nospec(id, KVM_MAX_VCPU_IDS);
	part = READ_ONCE(to_hv_vm(kvm)->vcpus[id / HV_VCPU_PART]);
	return part ? READ_ONCE(part[id % HV_VCPU_PART]) : NULL;
}

/* kvm.ko never follows the pointers rev and rmap either: they lead to struct hv_chunks. */
static inline struct revmap_entry *hv_rev_at(const struct kvm_hpt_info *hpt, u32 index)
{
	struct hv_chunks *c = (struct hv_chunks *)hpt->rev;

	return (struct revmap_entry *)c->at[index >> HV_REV_SHIFT] +
	       (index & ((1u << HV_REV_SHIFT) - 1));
}

static inline struct revmap_entry *hv_rev(struct kvm *kvm, u32 index)
{
	return hv_rev_at(&kvm->arch.hpt, index);
}

/* gfn lies in the slot, for a processor that only believes so, too */
static inline u64 hv_slot_index(const struct kvm_memory_slot *slot, gfn_t gfn)
{
	return array_index_nospec(gfn - slot->base_gfn, slot->npages);
}

static inline unsigned long *hv_rmap(const struct kvm_memory_slot *slot, gfn_t gfn)
{
	struct hv_chunks *c = (struct hv_chunks *)slot->arch.rmap;
	u64 i = hv_slot_index(slot, gfn);

	return (unsigned long *)c->at[i >> HV_RMAP_SHIFT] + (i & ((1u << HV_RMAP_SHIFT) - 1));
}

/* For H_CONFER: 0 if there is no area. vpa_update_lock is held. */
static inline u32 hv_yield_count(const struct kvm_vcpu *vcpu)
{
	const struct lppaca *vpa = vcpu->arch.vpa.pinned_addr;

	return vpa ? be32_to_cpu(READ_ONCE(vpa->yield_count)) : 0;
}

/* What the guest asked for: its own second doubleword, with its own address. */
static inline u64 hv_guest_rpte(struct kvm *kvm, u32 index)
{
	return hv_rev(kvm, index)->guest_rpte & ~HPTE_GR_RESERVED;
}

/* hpte.c: single entries */
long hv_hpte_find(struct kvm *kvm, u64 slb_v, gva_t ea, u64 *v, u64 *r);
void hv_hpte_set(struct kvm *kvm, u32 index, u64 v, u64 r);
bool hv_hpte_insert(struct kvm *kvm, u64 v, u64 r, u64 hash);
void hv_hpte_read(struct kvm *kvm, u32 index, u64 *v, u64 *r);
void hv_hpte_map(struct kvm *kvm, u32 index, u64 v, u64 r, unsigned long *rmap);
void hv_hpte_unmap(struct kvm *kvm, u32 index, unsigned long *rmap);
void hv_hpte_protect(struct kvm *kvm, u32 index, u64 mask, u64 bits);
bool hv_hpte_test_clear_ref(struct kvm *kvm, u32 index, bool clear);
unsigned long hv_hpte_test_clear_changed(struct kvm *kvm, u32 index);

#define HV_EA_REAL	0x0ffffffffffffffful	/* guest real mode: the VRMA ignores the top bits */

/* The guest physical address that entry v, r (the guest's) gives the access */
static inline gpa_t hv_fault_gpa(const struct hv_access *a, u64 v, u64 r)
{
	u64 psize = kvmppc_actual_pgsz(v, r);

	return (r & HPTE_R_RPN & ~HPTE_R_KEY_HI & ~(psize - 1)) | (a->ea & (psize - 1));
}

struct hv_page {
	u64 pfn;
	bool writable, cache_inhibited;
	unsigned int shift;	/* of the host's own mapping */
};

/* map.c: host pages that Linux's page table shows; interrupts hard-disabled */
u32 hv_guest_protection(const struct hv_access *a, u64 r, u64 amr);
u64 hv_host_rpte(const struct kvm_memory_slot *slot, u64 guest_r, const struct hv_page *hp,
		 gpa_t gpa, u64 psize);
unsigned int hv_host_page_shift(struct kvm *kvm, unsigned int leaf_shift);
bool hv_page_fits(const struct kvm_memory_slot *slot, gpa_t gpa, u64 psize, unsigned int shift);
bool hv_size_possible(struct kvm *kvm, gpa_t gpa, u64 psize);
struct kvm_memory_slot *hv_slot_of(struct kvm *kvm, gfn_t gfn);
bool hv_map_present(struct kvm *kvm, u32 index, gpa_t gpa, bool write);
void hv_make_absent(struct kvm *kvm, u32 index);

/*
 * hcall_hpt.c: reg is the vCPU's GPR array, arguments from r4 on, results there
 * too. Interrupts hard-disabled. H_TOO_HARD: no such call here.
 */
long hv_hcall_hpt(struct kvm *kvm, unsigned long req, u64 *reg);
bool hv_hpt_is_free(struct kvm *kvm, u64 index);	/* no lock needed */

#endif
