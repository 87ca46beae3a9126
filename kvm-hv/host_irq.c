// SPDX-License-Identifier: GPL-2.0
/*
 * What an exit took from the host, and how it is given back: edge interrupts,
 * HMIs, system resets, machine checks.
 */
#include <linux/kvm_host.h>
#include <linux/ratelimit.h>
#include <asm/hw_irq.h>
#include <asm/kvm_ppc.h>
#include <asm/machdep.h>
#include <asm/mce.h>
#include <asm/paca.h>
#include "hv.h"

extern void replay_system_reset(void);

/*
 * What SRR1 says of a machine check (v3.1B III, "Machine Check Interrupt"), handed on
 * to the guest: bits 42 to 45, from POWER9 on 36, on POWER10 34 (a prefixed instruction).
 */
#define SRR1_MC_STATUS	(PPC_BIT(34) | PPC_BIT(36) | PPC_BITMASK(42, 45))

/*
 * vmlinux's early handler has analysed a machine check and pushed an event on
 * the PACA's stack. Its pop function is not exported, so the event is popped
 * here: ten that stay there, and host machine checks are lost.
 */
static void take_mce_event(struct kvm_vcpu *vcpu)
{
	struct mce_info *info = local_paca->mce_info;
	int i = info->mce_nest_count - 1;

	memset(&vcpu->arch.mce_evt, 0, sizeof(vcpu->arch.mce_evt));
	if (i < 0)
		return;
	if (i < MAX_MC_EVT) {
		vcpu->arch.mce_evt = info->mce_event[i];
		info->mce_event[i].in_use = 0;
	}
	info->mce_nest_count = i;
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
		take_mce_event(vcpu);
		break;
	}
}

/*
 * The early handler answers SLB errors, and ERAT errors before ISA v3.0, by
 * flushing the SLB. A hash host's kernel then loads its own entries, in the
 * guest's partition too: whatever was in the SLB is not the guest's any more.
 */
static bool slb_lost(const struct machine_check_event *evt)
{
	return evt->version == MCE_V1 &&
	       (evt->error_type == MCE_ERROR_TYPE_SLB ||
		(evt->error_type == MCE_ERROR_TYPE_ERAT && !hv_isa300()));
}

/* A guest with FWNMI (LoPAR, "Fault tolerant firmware assisted NMI") gets its machine checks from the VMM. */
static int exit_nmi(struct kvm_vcpu *vcpu, bool recovered)
{
	struct kvm_run *run = vcpu->run;

	run->exit_reason = KVM_EXIT_NMI;
	run->hw.hardware_exit_reason = vcpu->arch.trap;
	run->flags &= ~KVM_RUN_PPC_NMI_DISP_MASK;
	run->flags |= recovered ? KVM_RUN_PPC_NMI_DISP_FULLY_RECOV : KVM_RUN_PPC_NMI_DISP_NOT_RECOV;
	return RESUME_HOST;
}

/*
 * An error that the early handler repaired (SLB, TLB, ERAT flushed) costs the
 * guest nothing. Any other is the guest's: it gets a machine check of its own.
 * Interrupts enabled.
 */
int hv_mce_handle(struct kvm_vcpu *vcpu)
{
	static DEFINE_RATELIMIT_STATE(messages, DEFAULT_RATELIMIT_INTERVAL, DEFAULT_RATELIMIT_BURST);
	struct machine_check_event *evt = &vcpu->arch.mce_evt;

	if (slb_lost(evt))
		hv_vpa_reload_slb(vcpu);
	if (vcpu->kvm->arch.fwnmi_enabled)
		return exit_nmi(vcpu, evt->version == MCE_V1 && evt->disposition == MCE_DISPOSITION_RECOVERED);
	if (evt->version == MCE_V1 && evt->disposition == MCE_DISPOSITION_RECOVERED)
		return RESUME_GUEST;
	if (evt->version == MCE_V1 && __ratelimit(&messages))
		machine_check_print_event_info(evt, false, true);
	else if (evt->version != MCE_V1)
		pr_err_ratelimited("machine check in a guest, no event recorded\n");
	kvmppc_core_queue_machine_check(vcpu, to_hv_vcpu(vcpu)->rm.srr1 & SRR1_MC_STATUS);
	return RESUME_GUEST;
}
