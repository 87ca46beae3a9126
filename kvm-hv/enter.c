// SPDX-License-Identifier: GPL-2.0
/*
 * The module's side of a stay in the guest: from interrupts hard-disabled in
 * the host, through the real-mode image, and back.
 */
#include <linux/kvm_host.h>
#include <asm/hw_irq.h>
#include <asm/interrupt.h>
#include <asm/paca.h>
#include <asm/pmc.h>
#include <asm/switch_to.h>
#include <asm/time.h>
#include "hv.h"

extern void kvmppc_save_user_regs(void);
extern void kvmppc_save_current_sprs(void);

#define MATH	(MSR_FP | MSR_VEC | MSR_VSX)

/*
 * While KVM_RUN lasts, the floating-point and vector registers of its thread are the guest's: they stay in the processor from
 * one exit to the next entry, and the thread's MSR bits say so. Kernel code that computes with vectors takes them from the
 * thread as it would a user program's: it stores them where fp_save_area and vr_save_area point, and clears the bits. So does
 * hv_math_out, before the scheduler takes the thread off its processor. When that comes back the scheduler
 * has loaded the user's, which the thread keeps, and set the bits: hv_math_back.
 */
static bool math_is_guests(struct kvm_vcpu *vcpu)
{
	return current->thread.fp_save_area == &vcpu->arch.fp;
}

void hv_math_begin(struct kvm_vcpu *vcpu)
{
	/* the user's transactional SPRs are saved with the rest */
	msr_check_and_set(MATH | (IS_ENABLED(CONFIG_PPC_TRANSACTIONAL_MEM) && cpu_has_feature(CPU_FTR_TM) ? MSR_TM : 0));
	kvmppc_save_user_regs();
	kvmppc_save_current_sprs();
	current->thread.fp_save_area = &vcpu->arch.fp;
	current->thread.vr_save_area = &vcpu->arch.vr;
}

/*
 * Into the vCPU. kvm.ko calls it, too, before it emulates a load or store of theirs (msr: which; all go), and when a read
 * of the VMM's comes back, before hv_math_begin: then what the processor has is the user's.
 */
void hv_math_out(struct kvm_vcpu *vcpu, ulong msr)
{
	struct pt_regs *regs = current->thread.regs;

	if (!math_is_guests(vcpu) || !(regs->msr & MATH))
		return;
	preempt_disable();
	msr_check_and_set(MATH);
	if (regs->msr & MSR_FP)
		store_fp_state(&vcpu->arch.fp);
	if (regs->msr & MSR_VEC)
		store_vr_state(&vcpu->arch.vr);
	regs_set_return_msr(regs, regs->msr & ~MATH);
	preempt_enable();
}

void hv_math_back(struct kvm_vcpu *vcpu)
{
	struct pt_regs *regs = current->thread.regs;

	if (math_is_guests(vcpu))
		regs_set_return_msr(regs, regs->msr & ~(MATH | MSR_FE0 | MSR_FE1));
}

/* The user's come back from the thread on the way to user space. */
void hv_math_end(struct kvm_vcpu *vcpu)
{
	preempt_disable();	/* in between one half would be the user's, the other the guest's */
	hv_math_out(vcpu, MATH);
	current->thread.fp_save_area = NULL;
	current->thread.vr_save_area = NULL;
	preempt_enable();
}

/* What is not in the processor any more. Interrupts hard-disabled. */
static noinline notrace void load_math(struct kvm_vcpu *vcpu)
{
	struct pt_regs *regs = current->thread.regs;

	msr_check_and_set(MATH);
	if (!(regs->msr & MSR_FP))
		load_fp_state(&vcpu->arch.fp);
	if (!(regs->msr & MSR_VEC))
		load_vr_state(&vcpu->arch.vr);
	regs_set_return_msr(regs, regs->msr | MATH);
}

static void fill_ctx(struct hv_vcpu *hv, struct kvm_vcpu *vcpu, u64 lpcr)
{
	struct hv_rm_ctx *c = &hv->rm;
	struct kvm *kvm = vcpu->kvm;
	int cpu = smp_processor_id();

	c->flags = radix_enabled() ? 0 : HV_RM_HASH_HOST;
	if (ppc_get_pmu_inuse())
		c->flags |= HV_RM_HOST_PMU;
	if (cpu_has_feature(CPU_FTR_PMAO_BUG))
		c->flags |= HV_RM_PMAO_BUG;
	if (cpu_has_feature(CPU_FTR_P9_RADIX_PREFETCH_BUG))
		c->flags |= HV_RM_CANARY;
	if (hv_xics_in_use(vcpu))
		c->flags |= HV_RM_XICS;
	/*
	 * Guest and host may invalidate with tlbiel on the core where the vCPU
	 * runs only; what an earlier core still holds is stale when it returns.
	 */
	if (hv->last_cpu != cpu) {
		cpumask_set_cpu(cpu, &kvm->arch.need_tlb_flush);
		hv->last_cpu = cpu;
	}
	if (cpumask_test_and_clear_cpu(cpu, &kvm->arch.need_tlb_flush))
		c->flags |= HV_RM_FLUSH_TLB;
	c->host_lpcr = mfspr(SPRN_LPCR);
	c->sdr1 = kvm->arch.sdr1;
	c->lpcr = lpcr;
	c->hdec_tb = timer_get_next_tb();
}

static void read_exit_reason(struct kvm_vcpu *vcpu, const struct hv_rm_ctx *c)
{
	bool has_dar;

	vcpu->arch.trap = c->trap & ~2;
	has_dar = vcpu->arch.trap == BOOK3S_INTERRUPT_H_DATA_STORAGE ||
		  vcpu->arch.trap == BOOK3S_INTERRUPT_MACHINE_CHECK;
	vcpu->arch.fault_dar = has_dar ? c->hdar : 0;
	vcpu->arch.fault_dsisr = has_dar ? c->hdsisr : 0;
	vcpu->arch.fault_gpa = c->asdr;
	vcpu->arch.emul_inst = c->heir;
	vcpu->arch.last_inst = KVM_INST_FETCH_FAILED;
}

/*
 * Interrupts go off for good: those that were soft-masked meanwhile, or a timer
 * that is due, have to be served first.
 */
bool hv_may_enter(void)
{
	hard_irq_disable();
	return !lazy_irq_pending() && mftb() < timer_get_next_tb();
}

/* The image sets and clears in_guest: with the MMU on, a host page fault must find it clear. */
notrace void hv_enter_guest(struct kvm_vcpu *vcpu, u64 lpcr)
{
	struct hv_vcpu *hv = to_hv_vcpu(vcpu);
	unsigned long msr;

	fill_ctx(hv, vcpu, lpcr);
	if ((current->thread.regs->msr & MATH) != MATH)
		load_math(vcpu);

	local_paca->kvm_hstate.kvm_vcpu = vcpu;
	msr = mfmsr();
	hv_rm_call(&hv->rm, hv_rm_image, msr);

	srr_regs_clobbered();
	timer_rearm_host_dec(mftb());
	read_exit_reason(vcpu, &hv->rm);
}
