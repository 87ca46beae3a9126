/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_KVM_HOST_H
#define SHIM_KVM_HOST_H

#include <linux/types.h>
#include <linux/bits.h>
#include <asm/kvm.h>
#include <asm/kvm_asm.h>
#include <asm/kvm_hpt.h>
#include <asm/mce.h>
#include <asm/reg.h>

#define KVM_MAX_VCPU_IDS	16384	/* 2048 cores of 8 threads: any bound does */
/* generated/autoconf.h, Debian's */
#define CONFIG_SPAPR_TCE_IOMMU	1

#define KVM_EXIT_UNKNOWN	0
#define KVM_EXIT_DEBUG		4
#define KVM_EXIT_NMI		16
#define KVM_EXIT_PAPR_HCALL	19

struct kvm_run {
	u32 exit_reason;
	u16 flags;
	struct { u64 hardware_exit_reason; } hw;
	struct { u64 nr, ret, args[9]; } papr_hcall;
	struct { struct { u64 address; } arch; } debug;
};

struct pt_regs { unsigned long gpr[32], nip, link, ccr; };

struct kvm_vcpu_arch_shared {
	u64 sprg0, sprg1, sprg2, sprg3, dar, msr;
	u32 dsisr;
};

struct kvmppc_vcore {
	ulong lpcr, pcr, dpdes;
	u64 vtb, tb_offset;
	u32 arch_compat;
};

struct kvmppc_icp;
struct kvmppc_vpa {
	void *pinned_addr, *pinned_end;
	ulong gpa, next_gpa, len;
	u8 update_pending;
	bool dirty;
};

struct kvm_vcpu_arch {
	struct kvmppc_vcore *vcore;
	struct kvm_vcpu_arch_shared shregs;
	struct pt_regs regs;
	struct machine_check_event mce_evt;
	struct kvmppc_icp *icp;
	ulong pending_exceptions;
	int trap, thread_cpu;
	u8 hcall_needed, doorbell_request, prodded, ceded;
	spinlock_t vpa_update_lock;
	u64 emul_inst;
	struct kvmppc_vpa vpa, dtl, slb_shadow;
	ulong dtl_index;
	u64 busy_stolen, busy_preempt;
	struct { u64 orige, origv; } slb[64];
	int slb_max;
	u32 online, ctrl, pspb, vrsave, pid, pmc[8], spmc[2];
	u64 dec_expires, mmcr[4], mmcra, mmcrs, siar, sdar, sier[3];
	ulong intr_msr, tar, purr, spurr, ic, dscr, amr, uamor, iamr;
	ulong dabr;
	u32 dabrx;
	ulong dawr0, dawrx0, dawr1, dawrx1, dexcr, hashkeyr, hashpkeyr, ciabr, ppr;
	ulong fscr, ebbhr, ebbrr, bescr, csigr, tacr, tcscr, acop, wort, tid, psscr, hfscr;
};

struct kvm_vcpu {
	struct kvm *kvm;
	struct kvm_run *run;
	int vcpu_id, vcpu_idx, cpu;
	struct { u64 sum_exits, queue_intr; } stat;
	unsigned long guest_debug;
	struct kvm_vcpu_arch arch;
};

struct kvm_resize_hpt;
struct kvmppc_xics;
struct kvm_memory_slot {
	gfn_t base_gfn;
	unsigned long npages;
	unsigned long *dirty_bitmap;
	struct { unsigned long *rmap; } arch;
	unsigned long userspace_addr;
	u32 flags;
};

struct kvm_gfn_range { struct kvm_memory_slot *slot; gfn_t start, end; bool may_block; };
enum kvm_mr_change { KVM_MR_CREATE, KVM_MR_DELETE, KVM_MR_MOVE, KVM_MR_FLAGS_ONLY };

#define KVM_MEM_LOG_DIRTY_PAGES	(1ul << 0)
#define KVM_MEM_READONLY	(1ul << 1)
#define KVM_MEMSLOT_INVALID	(1ul << 16)
struct kvm_memslots { struct kvm_memory_slot slot[8]; int n; };
struct mm_struct { pgd_t *pgd; };

struct kvm {
	spinlock_t mmu_lock;
	struct mm_struct *mm;
	struct kvm_memslots *memslots;
	struct kvm_vcpu *vcpus[4];
	atomic_t online_vcpus;
	int srcu;
	unsigned long mmu_invalidate_seq;
	long mmu_invalidate_in_progress;
	struct hlist_head irq_ack_notifier_list;
	struct {
		u32 lpid;
		struct kvm_hpt_info hpt;
		struct kvm_resize_hpt *resize_hpt;
		struct kvmppc_xics *xics;
		int hpte_mod_interest;
		u64 l1_ptcr;
		u8 fwnmi_enabled;
		unsigned long enabled_hcalls[8];
	} arch;
};

static inline struct kvm_memslots *kvm_memslots_raw(struct kvm *kvm)
{
	return kvm->memslots;
}

static inline struct kvm_memory_slot *__gfn_to_memslot(struct kvm_memslots *slots, gfn_t gfn)
{
	for (int i = 0; i < slots->n; i++)
		if (gfn >= slots->slot[i].base_gfn &&
		    gfn - slots->slot[i].base_gfn < slots->slot[i].npages)
			return &slots->slot[i];
	return NULL;
}

/*
 * Linux's PTEs as far as map.c looks at them. Theirs differ between hash and
 * radix; here: the page's number and a bit for each question.
 */
#define _PAGE_READ		0x00004ul
#define SHIM_PTE_VALID		(1ull << 63)
#define SHIM_PTE_WRITE		(1ull << 62)
#define SHIM_PTE_USER		(1ull << 61)
#define SHIM_PTE_SPECIAL	(1ull << 60)
#define SHIM_PTE_CI		(1ull << 59)
#define SHIM_PTE_YOUNG		(1ull << 58)
#define SHIM_PTE_DIRTY		(1ull << 57)
#define SHIM_PTE_BUSY		(1ull << 56)
#define H_PAGE_BUSY	SHIM_PTE_BUSY
static inline u64 pte_val(pte_t p)		{ return p.pte; }
static inline u64 pte_raw(pte_t p)		{ return p.pte; }
static inline bool pte_hw_valid(pte_t p)	{ return p.pte & SHIM_PTE_VALID; }
static inline bool pte_special(pte_t p)		{ return p.pte & SHIM_PTE_SPECIAL; }
static inline bool pte_ci(pte_t p)		{ return p.pte & SHIM_PTE_CI; }
static inline bool pte_user(pte_t p)		{ return p.pte & SHIM_PTE_USER; }
static inline bool pte_write(pte_t p)		{ return p.pte & SHIM_PTE_WRITE; }
static inline u64 pte_pfn(pte_t p)		{ return p.pte >> PAGE_SHIFT & 0xffffffff; }
static inline pte_t pte_mkyoung(pte_t p)	{ return (pte_t){ p.pte | SHIM_PTE_YOUNG }; }
static inline pte_t pte_mkdirty(pte_t p)	{ return (pte_t){ p.pte | SHIM_PTE_DIRTY }; }
static inline bool pte_xchg(pte_t *ptep, pte_t old, pte_t new)
{
	return __sync_bool_compare_and_swap(&ptep->pte, old.pte, new.pte);
}

/* asm/kvm_book3s_64.h: is anybody watching which HPTEs change? */
static inline void note_hpte_modification(struct kvm *kvm, struct revmap_entry *rev)
{
	if (kvm->arch.hpte_mod_interest)
		rev->guest_rpte |= HPTE_GR_MODIFIED;
}

/* Named by hv.h in declarations only. */
struct file;
struct kvm_dirty_log;
struct kvm_get_htab_fd;
struct kvm_ppc_resize_hpt;
struct kvm_ppc_mmuv3_cfg;
struct kvm_ppc_smmu_info;
struct kvm_sregs;
struct kvmppc_pte;

/* linux/mm.h, linux/sched.h, linux/overflow.h */
#define array_size(n, size)	((u64)(n) * (size))
static inline unsigned long totalram_pages(void)	{ return 1ul << 20; }
static inline void cond_resched_lock(spinlock_t *l)	{ (void)l; }

static inline bool mmu_invalidate_retry(struct kvm *kvm, unsigned long seq)
{
	return kvm->mmu_invalidate_in_progress || kvm->mmu_invalidate_seq != seq;
}

static inline struct kvm_vcpu *kvm_get_vcpu_by_id(struct kvm *kvm, int id)
{
	return id < kvm->online_vcpus.counter ? kvm->vcpus[id] : NULL;
}

/* vCPUs by index, those that are online */
#define kvm_for_each_vcpu(i, v, kvm) \
	for (i = 0; i < (unsigned long)(kvm)->online_vcpus.counter && ((v) = (kvm)->vcpus[i]); i++)
unsigned long gfn_to_hva(struct kvm *kvm, gfn_t gfn);
bool kvm_is_error_hva(unsigned long hva);
int kvm_read_guest(struct kvm *kvm, gpa_t gpa, void *data, unsigned long len);
void mark_page_dirty(struct kvm *kvm, gfn_t gfn);
static inline int srcu_read_lock(int *s)		{ return (*s)++; }
static inline void srcu_read_unlock(int *s, int idx)	{ *s = idx; }
static inline void cond_resched(void) {}
#define current			NULL
#define task_is_running(t)	true

/* linux/jump_label.h, linux/compiler.h */
struct static_key_false { bool on; };
#define DECLARE_STATIC_KEY_FALSE(name)	extern struct static_key_false name
#define DEFINE_STATIC_KEY_FALSE(name)	struct static_key_false name
#define static_branch_unlikely(key)	((key)->on)
#define static_branch_enable(key)	((key)->on = true)
#ifndef unlikely
#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)
#endif
int raw_smp_processor_id(void);

/* linux/bitops.h */
static inline void set_bit(unsigned int n, unsigned long *map)
{
	map[n / 64] |= 1ul << n % 64;
}

static inline void clear_bit(unsigned int n, unsigned long *map)
{
	map[n / 64] &= ~(1ul << n % 64);
}

static inline bool test_bit(unsigned int n, const unsigned long *map)
{
	return map[n / 64] >> n % 64 & 1;
}

/* asm/cputable.h, which everything includes */
#define CPU_FTR_ARCH_300		0x0000000000020000ul
#define CPU_FTR_P9_TLBIE_STQ_BUG	0x0000400000000000ul
#define CPU_FTR_P9_TLBIE_ERAT_BUG	0x0001000000000000ul
extern u64 shim_cpu_features;
#define cpu_has_feature(ftr)	(!!(shim_cpu_features & (ftr)))

#endif
