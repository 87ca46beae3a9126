// SPDX-License-Identifier: GPL-2.0
/*
 * kvm.ko's interrupt controllers on a XIVE host (POWER9 and later): native XIVE
 * and XICS-on-XIVE. While a vCPU runs, its interrupt context is pushed on the
 * thread; presentation hypercalls and re-arming of the escalation interrupt
 * need it there. All of this runs with the MMU on and interrupts hard-disabled.
 */
#include <linux/kvm_host.h>
#include <asm/hvcall.h>
#include <asm/kvm_ppc.h>
#include "hv.h"

bool hv_irqchip_pending(struct kvm_vcpu *vcpu)
{
	return READ_ONCE(vcpu->arch.irq_pending) ||
	       vcpu->arch.xive_saved_state.pipr < vcpu->arch.xive_saved_state.cppr;
}

void hv_irqchip_push(struct kvm_vcpu *vcpu)
{
	kvmppc_xive_push_vcpu(vcpu);
}

/* H_TOO_HARD: no presentation call, or none that has to be answered right here. */
static long presentation_hcall(struct kvm_vcpu *vcpu, unsigned long req)
{
	struct hv_rm_ctx *c = &to_hv_vcpu(vcpu)->rm;

	if (c->kick)		/* the image did all but the waking */
		return H_SUCCESS;
	switch (req) {
	case H_XIRR:
	case H_XIRR_X:
	case H_CPPR:
	case H_EOI:
	case H_IPI:
	case H_IPOLL:
		if (vcpu->arch.irq_type == KVMPPC_IRQ_XICS && xics_on_xive())
			return kvmppc_xive_xics_hcall(vcpu, req);
		return H_TOO_HARD;
	default:
		return H_TOO_HARD;
	}
}

/* Right after an exit: what has to be done while the context is still pushed, then off with it. */
void hv_irqchip_pull(struct kvm_vcpu *vcpu)
{
	struct hv_vcpu *hv = to_hv_vcpu(vcpu);
	unsigned long req = vcpu->arch.regs.gpr[3];

	hv->early_rc = H_TOO_HARD;
	if (vcpu->arch.trap == BOOK3S_INTERRUPT_SYSCALL && !(vcpu->arch.shregs.msr & MSR_PR)) {
		hv->early_rc = presentation_hcall(vcpu, req);
		/* an escalation that is pending already ends the cede before it begins */
		if (req == H_CEDE && !kvmppc_xive_rearm_escalation(vcpu))
			WRITE_ONCE(vcpu->arch.irq_pending, 1);
	}
	kvmppc_xive_pull_vcpu(vcpu);
}

/* Later, interrupts on: wakes whom an answered H_IPI could only mark. */
void hv_irqchip_wake(struct kvm_vcpu *vcpu)
{
	struct hv_rm_ctx *c = &to_hv_vcpu(vcpu)->rm;

	if (c->kick)
		hv_vcpu_kick(c->kick);
	c->kick = NULL;
}
