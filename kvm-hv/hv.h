/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the rooms of the module share. One vCPU runs on one core: every vCPU
 * has a virtual core of its own (struct kvmppc_vcore, which kvm.ko knows), and
 * our own state stands around that.
 */
#ifndef KVM_HV_H
#define KVM_HV_H

#include <linux/kvm_host.h>
#include <asm/kvm_book3s.h>
#include <asm/kvm_ppc.h>
#include <asm/time.h>
#include "mmu.h"
#include "rm/header.h"

#undef pr_fmt
#define pr_fmt(fmt) "kvm-hv: " fmt

/* From the exit that the module acts on to the next entry; timebase, and ticks. */
struct hv_phase {
	u64 exit, host;		/* taken; the partition switch to the host was over. 0: none yet */
	u64 out, module, user, idle;
	u64 user_before, idle_before;	/* struct hv_stats_vcpu's, at the exit */
	bool noted;		/* the exit has a record */
};

/* What /dev/kvm-hv shows of a vCPU, and for a while after it is gone */
struct hv_counts {
	/* device.c */
	struct list_head list, gone;
	u64 nr;				/* the how many-th that was created */

	struct hv_stats_vcpu sum;
	struct hv_stat_row *rows;
	const struct hv_rm_ctx *rm;	/* NULL: the vCPU is gone */
	/* When statistics were last switched off [0] and on [1]: the last exit, and the image's answers; between the two so far */
	u64 exit[2], answered[2];
	u64 uncounted, unanswered;
};

struct hv_vcpu {
	struct kvmppc_vcore vc;
	long early_rc;			/* of an hcall answered before the vCPU's XIVE context was pulled */
	int last_cpu;			/* where its TLB entries may lie, -1: nowhere */
	bool waiting;		/* counted in hv_vm.waiting */
	u32 vpa_stale;			/* an area of vpa.c has to be looked up */

	/* records.c */
	struct hv_owner owner;
	struct hv_phase phase;
	int ring_cpu;			/* whose ring it has, or had last, -1: none */
	struct hv_ring *stay_ring;	/* the last stay's records; NULL: none */
	u64 *enter;			/* the stay's ENTER record, to be completed */
	u32 enter_words;
	u32 awaits;			/* HV_AWAITS_: what user space was asked for */
	u64 asked;			/* the hypercall */

	struct hv_counts *counts;	/* stats.c; rm.rows are its rows, NULL: statistics are off */
	u64 answered;			/* rm.answered, as far as kvm.ko's statistics have it */

	struct hv_rm_ctx rm;
};

#define HV_AWAITS_HCALL	1
#define HV_AWAITS_LOAD	2

static inline struct hv_vcpu *to_hv_vcpu(struct kvm_vcpu *vcpu)
{
	return container_of(vcpu->arch.vcore, struct hv_vcpu, vc);
}

/* SRR1_PREFIXED if the last exit came from a prefixed instruction (v3.1B III, interrupt definitions): the guest's SRR1 tells as well. */
static inline u64 hv_prefixed(struct kvm_vcpu *vcpu)
{
	return to_hv_vcpu(vcpu)->rm.srr1 & SRR1_PREFIXED;
}

static inline bool hv_isa300(void)
{
	return cpu_has_feature(CPU_FTR_ARCH_300);
}

/*
 * Can a thread of this processor have an HPT while the others of its core have the host's kind of MMU? On a
 * radix host not before Nimbus DD2.2 and Cumulus DD1.1.
 */
static inline bool hv_hpt_possible(u32 pvr, bool radix_host)
{
	if (!radix_host || pvr >> 16 != PVR_POWER9)
		return true;
	switch (pvr & 0xe000) {
	case 0:
		return (pvr & 0xfff) >= 0x202;
	case 0x2000:
		return (pvr & 0xfff) >= 0x101;
	default:
		return true;
	}
}

/* main.c */
extern u32 hv_cpu;			/* HV_P7 .. HV_P10 */

/* vm.c: VM creation and the ioctls that have no better place */
int hv_vm_init(struct kvm *kvm);
void hv_vm_destroy(struct kvm *kvm);
int hv_vm_ioctl(struct file *filp, unsigned int ioctl, unsigned long arg);
int hv_vm_smmu_info(struct kvm *kvm, struct kvm_ppc_smmu_info *info);
int hv_vm_configure_mmu(struct kvm *kvm, struct kvm_ppc_mmuv3_cfg *cfg);
int hv_vm_set_smt_mode(struct kvm *kvm, unsigned long mode, unsigned long flags);

/* vcpu.c */
int hv_vcpu_create(struct kvm_vcpu *vcpu);
void hv_vcpu_free(struct kvm_vcpu *vcpu);
void hv_vcpu_load(struct kvm_vcpu *vcpu, int cpu);
void hv_vcpu_put(struct kvm_vcpu *vcpu);
void hv_vcpu_kick(struct kvm_vcpu *vcpu);
int hv_vcpus_publish(struct kvm *kvm);	/* hv_vm.vcpus is complete; -ENOMEM */
int hv_vcpu_get_sregs(struct kvm_vcpu *vcpu, struct kvm_sregs *sregs);
int hv_vcpu_set_sregs(struct kvm_vcpu *vcpu, struct kvm_sregs *sregs);
bool hv_slb_entry_ok(u64 slbe, u64 slbv);

/* onereg.c: KVM_GET_ONE_REG and KVM_SET_ONE_REG; -EINVAL: not ours, kvm.ko tries */
int hv_get_one_reg(struct kvm_vcpu *vcpu, u64 id, union kvmppc_one_reg *val);
int hv_set_one_reg(struct kvm_vcpu *vcpu, u64 id, union kvmppc_one_reg *val);

/* run.c: KVM_RUN */
int hv_vcpu_run(struct kvm_vcpu *vcpu);

/*
 * siblings.c: around each stay in the guest, preemption off. hv_siblings_hold may wait
 * up to 10 ms; -EBUSY: nothing is held. Nothing to do from ISA v3.0 on, and where a core has one thread.
 */
DECLARE_STATIC_KEY_FALSE(hv_siblings_share);
void hv_siblings_init(void);
int hv_siblings_grab(void);
void hv_siblings_let_go(void);

static inline int hv_siblings_hold(void)
{
	return static_branch_unlikely(&hv_siblings_share) ? hv_siblings_grab() : 0;
}

static inline void hv_siblings_release(void)
{
	if (static_branch_unlikely(&hv_siblings_share))
		hv_siblings_let_go();
}

/*
 * enter.c: one stay in the guest. Both are called with preemption and soft
 * interrupts off; hv_enter_guest only after hv_may_enter said yes. The trap,
 * and the guest's state, is in the vCPU afterwards; its floating-point and vector
 * registers after hv_math_out, which is kvm.ko's giveup_ext, or hv_math_end.
 */
bool hv_may_enter(void);
void hv_enter_guest(struct kvm_vcpu *vcpu, u64 lpcr);
/* By the thread of KVM_RUN: around it (begin: preemption off), and where the scheduler takes its processor and gives it back */
void hv_math_begin(struct kvm_vcpu *vcpu);
void hv_math_end(struct kvm_vcpu *vcpu);
void hv_math_out(struct kvm_vcpu *vcpu, ulong msr);
void hv_math_back(struct kvm_vcpu *vcpu);

/*
 * records.c, ring.c: trace events, and the words for the batch event. With nobody listening none of
 * it is called: run.c sees to that. hv_note_* tell what the module does with an exit.
 */
DECLARE_STATIC_KEY_FALSE(hv_listened);
DECLARE_STATIC_KEY_FALSE(hv_listened_singly);	/* other events than the batch event are switched on */
#define hv_listening()	(!HV_UNTRACED && static_branch_unlikely(&hv_listened))
void hv_ring_free(void);
void hv_records_begin(struct kvm_vcpu *vcpu);	/* before a stay; interrupts off */
void hv_records_end(struct kvm_vcpu *vcpu);	/* right after it: still off, RCU may not be watching */
void hv_records_emit_stay(struct kvm_vcpu *vcpu, struct hv_ring *r);	/* on the processor where it was; interrupts on, preemption off */
void hv_records_leave(void);
void hv_records_follow(struct kvm_vcpu *vcpu);
void hv_records_hcall(struct kvm_vcpu *vcpu, int ret, u64 req);
void hv_records_flush(void);
void hv_note_user(struct kvm_vcpu *vcpu);
void hv_note_fault(struct kvm_vcpu *vcpu, const u64 *fault, int ret);
void hv_note_mmio(struct kvm_vcpu *vcpu, u64 gpa, u32 len, bool write, u32 where);

/* Is there a record of the last exit? One of before they listened, or stopped for a while, counts for nothing. */
static inline bool hv_noted(struct kvm_vcpu *vcpu)
{
	const struct hv_vcpu *hv = to_hv_vcpu(vcpu);

	return hv_listening() && hv->phase.noted && hv->phase.host == hv->rm.to_host.tb_end;
}

/* After a stay, as above. Who begins to listen in the next one gets nothing of this one. */
static inline void hv_records_emit(struct kvm_vcpu *vcpu)
{
	struct hv_ring *r = to_hv_vcpu(vcpu)->stay_ring;

	to_hv_vcpu(vcpu)->stay_ring = NULL;
	if (static_branch_unlikely(&hv_listened_singly) || (r && r->segment))
		hv_records_emit_stay(vcpu, r);
}

static inline void hv_records_resume(struct kvm_vcpu *vcpu)
{
	if (to_hv_vcpu(vcpu)->ring_cpu >= 0 && to_hv_vcpu(vcpu)->ring_cpu != raw_smp_processor_id())
		hv_records_follow(vcpu);
	if (to_hv_vcpu(vcpu)->awaits)
		hv_note_user(vcpu);
}

/* The vCPU ends: who waits for its VMM to end gets its last records as well. Sleeps. */
static inline void hv_records_last(struct kvm_vcpu *vcpu)
{
	if (hv_listening() && to_hv_vcpu(vcpu)->ring_cpu >= 0)
		hv_records_follow(vcpu);
}

/* stats.c: counters and histograms; device.c: /dev/kvm-hv, where they are read */
bool hv_stats_on(void);
struct hv_counts *hv_counts_alloc(void);
void hv_counts_free(struct hv_counts *counts);
void hv_stats_switch(struct hv_counts *counts, struct hv_rm_ctx *c);
void hv_counts_sum(struct hv_counts *counts);	/* counts->sum, from the rows; until the vCPU is gone */
void hv_device_add(struct hv_counts *counts);
void hv_device_del(struct hv_counts *counts);	/* and frees them, in the end */
int hv_device_init(void);
void hv_device_exit(void);

/* Has the parameter changed? By the vCPU's own thread, out of the guest. Sleeps. */
static inline void hv_stats_follow(struct hv_vcpu *hv)
{
	if (unlikely(hv_stats_on() != !!hv->rm.rows))
		hv_stats_switch(hv->counts, &hv->rm);
}

/* The thread leaves the module for user space or sleep (state), and comes back. */
static inline void hv_phase_begin(struct kvm_vcpu *vcpu, u32 state)
{
	struct hv_stats_vcpu *s = &to_hv_vcpu(vcpu)->counts->sum;

	WRITE_ONCE(s->since, mftb());
	WRITE_ONCE(s->state, state);
}

static inline void hv_phase_end(struct kvm_vcpu *vcpu)
{
	struct hv_stats_vcpu *s = &to_hv_vcpu(vcpu)->counts->sum;
	u64 now = mftb(), ticks = now - s->since;

	if (s->state == HV_STATE_USER)
		s->user += ticks;
	else if (s->state == HV_STATE_IDLE)
		s->idle += ticks;
	WRITE_ONCE(s->state, HV_STATE_MODULE);
	WRITE_ONCE(s->since, now);
}

/* tables.c: rows and filter */
extern struct hv_tables *hv_tables;
int hv_tables_init(void);
void hv_tables_free(void);
u32 hv_nr_rows(void);
void hv_row_name(u32 row, struct hv_stats_row *r);
void hv_set_filter(const struct hv_filter *f);

/* exit.c: acts on the exit in vcpu->arch.trap; RESUME_GUEST, RESUME_HOST or -errno */
int hv_handle_exit(struct kvm_vcpu *vcpu);
int hv_handle_watched(struct kvm_vcpu *vcpu);	/* the same, and records what became of a hypercall */

/*
 * hcall.c: an hcall from privileged state, number in r3. RESUME_GUEST: answered,
 * RESUME_HOST: the VMM's. hv_hcall_implemented: for KVM_CAP_PPC_ENABLE_HCALL.
 */
int hv_hcall(struct kvm_vcpu *vcpu);
int hv_hcall_implemented(unsigned long req);
void hv_hcall_enable_default(struct kvm *kvm);
/* One function a family (answered.h); H_TOO_HARD: the VMM's */
long hv_hpt_hcall(struct kvm_vcpu *vcpu, unsigned long req, u64 *reg);	/* hpt.c */
long hv_hcall_cpu(struct kvm_vcpu *vcpu, unsigned long req, u64 *reg);
long hv_hcall_xics(struct kvm_vcpu *vcpu, unsigned long req, u64 *reg);
long hv_hcall_vpa(struct kvm_vcpu *vcpu, unsigned long req, u64 *reg);
long hv_hcall_mode(struct kvm_vcpu *vcpu, unsigned long req, u64 *reg);
long hv_hcall_mem(struct kvm_vcpu *vcpu, unsigned long req, u64 *reg);
long hv_hcall_tce(struct kvm_vcpu *vcpu, unsigned long req, u64 *reg);
long hv_hcall_other(struct kvm_vcpu *vcpu, unsigned long req, u64 *reg);
int hv_rtas(struct kvm_vcpu *vcpu);

/* vpa.c: areas the guest registered, and stolen time. hv_vpa_refresh: before an entry, may sleep. */
#define TB_NIL	(~0ull)
void hv_vpa_refresh(struct kvm_vcpu *vcpu);
void hv_vpa_dispatch(struct kvm_vcpu *vcpu);
void hv_vpa_undispatch(struct kvm_vcpu *vcpu);
void hv_vpa_invalidate(struct kvm *kvm, gfn_t start, gfn_t end);	/* under kvm->mmu_lock */
void hv_vpa_harvest_dirty(struct kvm *kvm);				/* under kvm->srcu */
u32 hv_vpa_yield_count(struct kvm_vcpu *vcpu);
void hv_vpa_reload_slb(struct kvm_vcpu *vcpu);
int hv_vpa_set_one_reg(struct kvm_vcpu *vcpu, struct kvmppc_vpa *area, u64 gpa, u64 len);
void hv_steal_begin(struct kvm_vcpu *vcpu);
void hv_steal_end(struct kvm_vcpu *vcpu);

/* idle.c: a ceded vCPU waits here for work; -EINTR: a signal came */
int hv_idle(struct kvm_vcpu *vcpu);
bool hv_has_work(struct kvm_vcpu *vcpu);

/* irqchip.c: around each stay in the guest, interrupts hard-disabled */
void hv_irqchip_push(struct kvm_vcpu *vcpu);
void hv_irqchip_pull(struct kvm_vcpu *vcpu);
void hv_irqchip_wake(struct kvm_vcpu *vcpu);
bool hv_irqchip_pending(struct kvm_vcpu *vcpu);
/* what a VMM saves and loads, vCPU not running; -EINVAL: kvm.ko is to do it, or the rest of it */
int hv_irqchip_get_vp(struct kvm_vcpu *vcpu, union kvmppc_one_reg *val);
int hv_irqchip_set_vp(struct kvm_vcpu *vcpu, const union kvmppc_one_reg *val);
int hv_irqchip_set_icp(struct kvm_vcpu *vcpu, u64 icp);

/* doorbell.c: msgsndp between the threads of a guest's core */
bool hv_doorbell_emulate(struct kvm_vcpu *vcpu);
static inline bool hv_doorbell_pending(struct kvm_vcpu *vcpu)
{
	return READ_ONCE(vcpu->arch.doorbell_request) || READ_ONCE(vcpu->arch.vcore->dpdes);
}
void hv_doorbell_deliver(struct kvm_vcpu *vcpu);

/* xics.c: kvm.ko's emulated XICS on POWER8; what rm/xics.c leaves */
void hv_xics_check(void);
bool hv_xics_in_use(struct kvm_vcpu *vcpu);
int hv_xics_usable(struct kvm_vcpu *vcpu);

/* host_irq.c: before interrupts go on again, what the exit consumed goes back to the host */
void hv_replay_host_interrupt(struct kvm_vcpu *vcpu);
int hv_mce_handle(struct kvm_vcpu *vcpu);	/* the guest's side of a machine check */

/* fault.c: HDSI and HISI */
int hv_page_fault(struct kvm_vcpu *vcpu);
int hv_mmu_xlate(struct kvm_vcpu *vcpu, gva_t ea, struct kvmppc_pte *pte, bool data, bool write);

/* hpt.c: allocation, partition table, VRMA */
int hv_hpt_alloc(struct kvm *kvm, u32 order);	/* or reset; -EINVAL, -ENOMEM, -EBUSY */
void hv_hpt_free(struct kvm *kvm);
int hv_hpt_ready(struct kvm *kvm);		/* before the first entry: default HPT, VRMA */
bool hv_hpt_order_ok(u32 order);
int hv_table_alloc(struct kvm_hpt_info *hpt, u32 order);
void hv_table_free(struct kvm_hpt_info *hpt);
void hv_table_use(struct kvm *kvm, struct kvm_hpt_info *new);
void hv_forget_mappings(struct kvm *kvm);
void hv_hpt_loaded(struct kvm *kvm, u64 v, u64 r);

/* gate.c: who may use the HPT; the last three with setup_lock */
int hv_hpt_get(struct kvm *kvm);		/* a vCPU comes in; -EINVAL, -ENOMEM */
void hv_hpt_put(struct kvm *kvm);
int hv_hpt_no_vcpus(struct kvm *kvm);		/* nobody is in, nor comes in; -EBUSY */
int hv_hpt_stop_vcpus(struct kvm *kvm);		/* the same, by getting them out */
void hv_hpt_start_vcpus(struct kvm *kvm);

/* resize.c: KVM_PPC_RESIZE_HPT_PREPARE and _COMMIT */
void hv_resize_init(struct kvm *kvm);
void hv_resize_destroy(struct kvm *kvm);
int hv_resize_prepare(struct kvm *kvm, const struct kvm_ppc_resize_hpt *arg);
int hv_resize_commit(struct kvm *kvm, const struct kvm_ppc_resize_hpt *arg);

/* htab_fd.c: KVM_PPC_GET_HTAB_FD */
int hv_htab_fd(struct kvm *kvm, const struct kvm_get_htab_fd *arg);

/* dirty.c: KVM_GET_DIRTY_LOG */
int hv_get_dirty_log(struct kvm *kvm, struct kvm_dirty_log *log);
void hv_forget_changes(struct kvm *kvm, const struct kvm_memory_slot *slot);

/* chunks.c: big arrays in the linear map */
struct hv_chunks *hv_chunks_alloc(u64 bytes);
void hv_chunks_zero(struct hv_chunks *c);
void hv_chunks_free(struct hv_chunks *c);

/* memslot.c: memslots and MMU notifiers */
int hv_slot_prepare(struct kvm *kvm, const struct kvm_memory_slot *old,
		    struct kvm_memory_slot *new, enum kvm_mr_change change);
void hv_slot_commit(struct kvm *kvm, struct kvm_memory_slot *old,
		    const struct kvm_memory_slot *new, enum kvm_mr_change change);
void hv_slot_flush(struct kvm *kvm, struct kvm_memory_slot *slot);
void hv_slot_free(struct kvm_memory_slot *slot);
bool hv_unmap_gfn_range(struct kvm *kvm, struct kvm_gfn_range *range);
bool hv_age_gfn(struct kvm *kvm, struct kvm_gfn_range *range);
bool hv_test_age_gfn(struct kvm *kvm, struct kvm_gfn_range *range);

/* layout.c: entry is kvmppc_p9_enter_guest's code, of which so many words come before its hrfid */
#define HV_ENTRY_WORDS	64
bool hv_layout_matches(const u32 *entry);

/* rm_load.c: checks the kernel, copies the image into the linear map */
int hv_rm_load(void);
void hv_rm_unload(void);
/* Enters the image (rm_call.S). Interrupts hard-disabled, in_guest set, FP/VEC/VSX state loaded. */
void hv_rm_call(struct hv_rm_ctx *ctx, unsigned long image, unsigned long msr);
extern unsigned long hv_rm_image;	/* linear-map address of the image's entry */

#endif
