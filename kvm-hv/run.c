// SPDX-License-Identifier: GPL-2.0
/*
 * KVM_RUN: enter, act on the exit, enter again, until user space is needed or
 * a signal is pending.
 */
#include <linux/kvm_host.h>
#include <linux/sched/signal.h>
#include <linux/vtime.h>
#include <asm/hw_irq.h>
#include <asm/interrupt.h>
#include <asm/switch_to.h>
#include "hv.h"

/* The page size of the VRMA goes in LPCR[VRMASD] before ISA v3.0, in the partition table after. */
static u64 entry_lpcr(struct kvm_vcpu *vcpu)
{
	u64 lpcr = vcpu->arch.vcore->lpcr;

	if (!hv_isa300())
		lpcr |= (vcpu->kvm->arch.vrma_slb_v & (SLB_VSID_L | SLB_VSID_LP)) <<
			(LPCR_VRMASD_SH - 4);
	return lpcr;
}

/* Pending interrupts change pc and MSR here; an external one that MSR[EE] holds back is asked for with LPCR[MER]. */
static __always_inline u64 deliver_interrupts(struct kvm_vcpu *vcpu)
{
	u64 lpcr = entry_lpcr(vcpu);

	hv_doorbell_deliver(vcpu);
	kvmppc_core_prepare_to_enter(vcpu);
	if (!test_bit(BOOK3S_IRQPRIO_EXTERNAL, &vcpu->arch.pending_exceptions) &&
	    !hv_irqchip_pending(vcpu))
		return lpcr;
	if (vcpu->arch.shregs.msr & MSR_EE) {
		kvmppc_inject_interrupt_hv(vcpu, BOOK3S_INTERRUPT_EXTERNAL, 0);
		return lpcr;
	}
	return lpcr | LPCR_MER;
}

/*
 * Where time is accounted by ticks, those that fell due in the guest have to be
 * served while the task still counts as in the guest.
 */
static __always_inline void stay_in_guest(struct kvm_vcpu *vcpu, u64 lpcr, unsigned long *flags, bool watched)
{
	int idx = srcu_read_lock(&vcpu->kvm->srcu);	/* the image follows memslots */

	hv_vpa_dispatch(vcpu);
	if (watched)
		hv_records_begin(vcpu);
	guest_timing_enter_irqoff();
	guest_state_enter_irqoff();
	this_cpu_disable_ftrace();
	hv_irqchip_push(vcpu);
	hv_enter_guest(vcpu, lpcr);
	if (watched && to_hv_vcpu(vcpu)->rm.ring)
		hv_records_end(vcpu);
	hv_irqchip_pull(vcpu);
	this_cpu_enable_ftrace();
	guest_state_exit_irqoff();
	hv_vpa_undispatch(vcpu);
	hv_replay_host_interrupt(vcpu);
	if (!vtime_accounting_enabled_this_cpu() &&
	    (lazy_irq_pending() || vcpu->arch.trap == BOOK3S_INTERRUPT_HV_DECREMENTER)) {
		powerpc_local_irq_pmu_restore(*flags);
		powerpc_local_irq_pmu_save(*flags);
	}
	guest_timing_exit_irqoff();
	srcu_read_unlock(&vcpu->kvm->srcu, idx);
}

/* One attempt to enter. True: there was an exit, in vcpu->arch.trap; else err: RESUME_GUEST, to try again, or -EBUSY. */
static __always_inline bool enter_once(struct kvm_vcpu *vcpu, bool watched, int *err)
{
	bool entered = false;
	unsigned long flags;
	u64 lpcr;

	preempt_disable();
	*err = hv_siblings_hold();
	if (*err) {
		preempt_enable();
		return false;
	}
	powerpc_local_irq_pmu_save(flags);
	vcpu->cpu = smp_processor_id();
	WRITE_ONCE(vcpu->arch.thread_cpu, vcpu->cpu);
	/* Order our CPU before the tests: a kicker sets its request, then reads our CPU. */
	smp_mb();
	/* Who slept, or was preempted, since it was asked whether somebody listens asks again. */
	if (!signal_pending(current) && !need_resched() && READ_ONCE(vcpu->kvm->arch.mmu_ready) &&
	    watched == hv_listening()) {
		lpcr = deliver_interrupts(vcpu);
		entered = hv_may_enter();
		if (entered)
			stay_in_guest(vcpu, lpcr, &flags, watched);
	}
	hv_siblings_release();
	WRITE_ONCE(vcpu->arch.thread_cpu, -1);
	powerpc_local_irq_pmu_restore(flags);
	if (watched && entered)
		hv_records_emit(vcpu);
	preempt_enable();
	if (entered)
		hv_irqchip_wake(vcpu);
	return entered;
}

/* Out of the way of who changes the HPT (gate.c): while ceded, and while it is being changed. */
static __always_inline int wait_outside(struct kvm_vcpu *vcpu)
{
	int r = 0, err;

	if (!vcpu->arch.ceded && READ_ONCE(vcpu->kvm->arch.mmu_ready))
		return 0;
	hv_hpt_put(vcpu->kvm);
	if (vcpu->arch.ceded)
		r = hv_idle(vcpu);
	err = hv_hpt_get(vcpu->kvm);
	return err ? err : r;
}

/* There are two of it, so that nothing is asked where nobody listens. */
static __always_inline int run_once(struct kvm_vcpu *vcpu, bool watched)
{
	int err;

	if (need_resched())	/* RCU, which cond_resched() tells as well, is told by each stay */
		cond_resched();
	err = signal_pending(current) ? -EINTR : wait_outside(vcpu);
	if (err && err != -EINTR)
		return err;
	if (err) {
		vcpu->run->exit_reason = KVM_EXIT_INTR;
		vcpu->stat.signal_exits++;
		return -EINTR;
	}
	hv_vpa_refresh(vcpu);
	if (!enter_once(vcpu, watched, &err))
		return err;
	return watched ? hv_handle_watched(vcpu) : hv_handle_exit(vcpu);
}

/* As long as somebody listens */
static noinline int run_watched(struct kvm_vcpu *vcpu)
{
	int r;

	hv_records_resume(vcpu);
	do {
		r = run_once(vcpu, true);
	} while (is_kvmppc_resume_guest(r) && hv_listening());
	return r;
}

/* A user program that entered KVM_RUN in a transaction would lose it. */
static bool in_transaction(void)
{
#ifdef CONFIG_PPC_TRANSACTIONAL_MEM
	if (cpu_has_feature(CPU_FTR_TM) && current->thread.regs &&
	    MSR_TM_ACTIVE(current->thread.regs->msr))
		return true;
#endif
	return false;
}

/*
 * 0: and hv_hpt_put is due. hv_hpt_get comes last: whoever holds vm->setup_lock, which
 * hv_vcpus_publish takes, may be waiting for us to go out.
 */
static int may_run(struct kvm_vcpu *vcpu)
{
	int r = in_transaction() ? -EINVAL : hv_vcpus_publish(vcpu->kvm);

	if (!r)
		r = hv_xics_usable(vcpu);
	if (r)
		return r;
	r = hv_hpt_get(vcpu->kvm);
	if (r)
		hv_hpt_put(vcpu->kvm);
	return r;
}

static atomic64_t owners;	/* so far */

static void come_back(struct kvm_vcpu *vcpu)
{
	struct hv_vcpu *hv = to_hv_vcpu(vcpu);

	if (unlikely(hv->owner.tid != task_pid_nr(current))) {
		hv->owner = (struct hv_owner){
			.serial = atomic64_inc_return(&owners),
			.vcpu_id = vcpu->vcpu_id,
			.lpid = vcpu->kvm->arch.lpid,
			.pid = task_tgid_nr(current),
			.tid = task_pid_nr(current),
		};
		hv->counts->sum.pid = hv->owner.pid;
		hv->counts->sum.tid = hv->owner.tid;
	}
	hv_stats_follow(hv);
	hv_phase_end(vcpu);
}

/*
 * Called by kvm.ko with the vCPU loaded. RESUME_HOST with run->exit_reason set,
 * or -EINTR, -EINVAL, -ENOMEM, -EFAULT, -EBUSY (siblings.c).
 */
int hv_vcpu_run(struct kvm_vcpu *vcpu)
{
	int r;

	vcpu->run->exit_reason = KVM_EXIT_UNKNOWN;
	if (!vcpu->arch.sane) {
		vcpu->run->exit_reason = KVM_EXIT_INTERNAL_ERROR;
		return -EINVAL;
	}
	r = may_run(vcpu);
	if (r) {
		vcpu->run->exit_reason = KVM_EXIT_FAIL_ENTRY;
		vcpu->run->fail_entry.hardware_entry_failure_reason = 0;
		return r;
	}
	vcpu->arch.online = 1;

	/* The user's FP, vector and SPR state goes to its thread: exits restore the host's from there. */
	preempt_disable();
	hv_math_begin(vcpu);
	vcpu->arch.state = KVMPPC_VCPU_BUSY_IN_HOST;	/* from here on time can be stolen */
	preempt_enable();
	vcpu->arch.pgdir = vcpu->kvm->mm->pgd;
	vcpu->arch.run_task = current;
	come_back(vcpu);
	do {
		r = hv_listening() ? run_watched(vcpu) : run_once(vcpu, false);
	} while (is_kvmppc_resume_guest(r));
	hv_math_end(vcpu);
	vcpu->arch.state = KVMPPC_VCPU_NOTREADY;
	hv_phase_begin(vcpu, HV_STATE_USER);
	srr_regs_clobbered();
	hv_hpt_put(vcpu->kvm);
	return r;
}
