/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The guest's MMU as module and image both see it: its HPT, the reverse map
 * entries beside each HPTE, and per guest page the chain of HPTEs that map it.
 * Everything declared here is compiled twice (rm/Kbuild rows of the Makefile):
 * it follows linear-map pointers only, tests no CPU feature by static key, prints
 * nothing and never sleeps. Callers hold kvm->mmu_lock and kvm->srcu.
 */
#ifndef KVM_HV_MMU_H
#define KVM_HV_MMU_H

#include <linux/kvm_host.h>
#include <asm/kvm_book3s.h>
#include <asm/kvm_ppc.h>

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
#define HV_RMAP_CHANGED	(1ul << 40)

/* What the kernel says once about the processor; see hv_vm_init */
struct hv_mmu {
	bool isa300;		/* HPTEs in the format of v3.0 */
	bool tlbie_erat_bug;	/* POWER9 errata: a second tlbie */
	bool tlbie_stq_bug;
};

/*
 * One VM. kvm->mmu_lock guards every HPTE, its struct revmap_entry and the rmap
 * chains of the memslots: kvm.ko holds it when an MMU notifier calls us.
 */
struct hv_vm {
	struct mutex setup_lock;	/* HPT allocation and VRMA creation, growth of servers */
	struct kvm_vcpu **servers;	/* for the image, which can't walk kvm's own table; none ever goes */
	u32 nr_servers;
	struct hv_mmu mmu;
};

/*
 * struct kvm_arch has one pointer that belongs to the backend and that kvm.ko
 * never follows: the kernel's own backend keeps its HPT resize state there.
 */
static inline struct hv_vm *to_hv_vm(struct kvm *kvm)
{
	return (struct hv_vm *)kvm->arch.resize_hpt;
}

/* kvm.ko never follows these two pointers either: they lead to struct hv_chunks. */
static inline struct revmap_entry *hv_rev(struct kvm *kvm, u32 index)
{
	struct hv_chunks *c = (struct hv_chunks *)kvm->arch.hpt.rev;

	return (struct revmap_entry *)c->at[index >> HV_REV_SHIFT] +
	       (index & ((1u << HV_REV_SHIFT) - 1));
}

static inline unsigned long *hv_rmap(const struct kvm_memory_slot *slot, gfn_t gfn)
{
	struct hv_chunks *c = (struct hv_chunks *)slot->arch.rmap;
	u64 i = gfn - slot->base_gfn;

	return (unsigned long *)c->at[i >> HV_RMAP_SHIFT] + (i & ((1u << HV_RMAP_SHIFT) - 1));
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
bool hv_hpte_test_clear_ref(struct kvm *kvm, u32 index, bool clear);

#endif
