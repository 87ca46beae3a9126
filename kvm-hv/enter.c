// SPDX-License-Identifier: GPL-2.0
/*
 * The module's side of a stay in the guest: from interrupts hard-disabled in
 * the host, through the real-mode image, and back.
 */
#include <linux/kvm_host.h>
#include <asm/hw_irq.h>
#include <asm/interrupt.h>
#include <asm/machdep.h>
#include <asm/paca.h>
#include <asm/pmc.h>
#include <asm/switch_to.h>
#include <asm/time.h>
#include "hv.h"

extern void replay_system_reset(void);

#define HOST_FACILITIES	(MSR_FP | MSR_VEC | MSR_VSX)

static void fill_ctx(struct hv_vcpu *hv, struct kvm_vcpu *vcpu, u64 lpcr)
{
	struct hv_rm_ctx *c = &hv->rm;
	struct kvm *kvm = vcpu->kvm;
	int cpu = smp_processor_id();

	c->flags = radix_enabled() ? 0 : HV_RM_HASH_HOST;
	if (ppc_get_pmu_inuse())
		c->flags |= HV_RM_HOST_PMU;
	if (vcpu->arch.hfscr & HFSCR_PM || hv_cpu == HV_P7)
		c->flags |= HV_RM_GUEST_PMU;
	if (cpu_has_feature(CPU_FTR_P9_RADIX_PREFETCH_BUG))
		c->flags |= HV_RM_CANARY;
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

/* The image reloaded the bolted SLB entries only; the kernel must not believe in any other. */
static void forget_host_slb(void)
{
	if (radix_enabled())
		return;
	local_paca->slb_cache_ptr = 0;
	local_paca->slb_kern_bitmap = (1u << SLB_NUM_BOLTED) - 1;
	local_paca->slb_used_bitmap = local_paca->slb_kern_bitmap;
}

static void read_exit_reason(struct kvm_vcpu *vcpu, const struct hv_rm_ctx *c)
{
	vcpu->arch.trap = c->trap & ~2;
	vcpu->arch.fault_dar = c->hdar;
	vcpu->arch.fault_dsisr = c->hdsisr;
	vcpu->arch.fault_gpa = c->asdr;
	vcpu->arch.emul_inst = c->heir;
	vcpu->arch.last_inst = KVM_INST_FETCH_FAILED;
}

/*
 * in_guest is set from before the switch until after it is undone: vmlinux's
 * prologues look at it, and with it set they send an NMI that hits hypervisor
 * code to kvmppc_p9_bad_interrupt, which gives up instead of running on a half
 * switched machine. That is why nothing here may take long.
 */
notrace bool hv_enter_guest(struct kvm_vcpu *vcpu, u64 lpcr)
{
	struct hv_vcpu *hv = to_hv_vcpu(vcpu);
	struct kvmppc_host_state *hs;
	unsigned long msr;

	hard_irq_disable();
	if (lazy_irq_pending() || mftb() >= timer_get_next_tb())
		return false;

	msr_check_and_set(HOST_FACILITIES);
	fill_ctx(hv, vcpu, lpcr);
	load_fp_state(&vcpu->arch.fp);
	load_vr_state(&vcpu->arch.vr);

	hs = &local_paca->kvm_hstate;
	hs->kvm_vcpu = vcpu;
	msr = mfmsr();
	WRITE_ONCE(hs->in_guest, KVM_GUEST_MODE_HV_P9);
	barrier();
	hv_rm_call(&hv->rm, hv_rm_image, msr);
	barrier();
	WRITE_ONCE(hs->in_guest, KVM_GUEST_MODE_NONE);

	store_fp_state(&vcpu->arch.fp);
	store_vr_state(&vcpu->arch.vr);
	forget_host_slb();
	srr_regs_clobbered();
	timer_rearm_host_dec(mftb());
	read_exit_reason(vcpu, &hv->rm);
	return true;
}

/*
 * External, doorbell and HMI interrupts are edges as far as the kernel's soft
 * masking goes: the exit consumed them, so note them in irq_happened, which is
 * replayed when interrupts are enabled. HDEC needs nothing: DEC was rearmed.
 */
void hv_replay_host_interrupt(struct kvm_vcpu *vcpu)
{
	switch (vcpu->arch.trap) {
	case BOOK3S_INTERRUPT_EXTERNAL:
	case BOOK3S_INTERRUPT_H_VIRT:
		local_paca->irq_happened |= PACA_IRQ_EE;
		break;
	case BOOK3S_INTERRUPT_H_DOORBELL:
		local_paca->irq_happened |= PACA_IRQ_DBELL;
		break;
	case BOOK3S_INTERRUPT_HMI:
		/* KVMTEST diverted it before the kernel's early handler could clear HMER */
		if (ppc_md.hmi_exception_early)
			ppc_md.hmi_exception_early(NULL);
		local_paca->irq_happened |= PACA_IRQ_HMI;
		break;
	case BOOK3S_INTERRUPT_SYSTEM_RESET:
		replay_system_reset();
		break;
	case BOOK3S_INTERRUPT_MACHINE_CHECK:
		hv_mce_take_event(vcpu);
		break;
	}
}
