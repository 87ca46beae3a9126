// SPDX-License-Identifier: GPL-2.0
/*
 * kvm.ko's interrupt controllers on a XIVE host (POWER9 and later): native XIVE
 * and XICS-on-XIVE. While a vCPU runs, its interrupt context is pushed on the
 * thread; presentation hypercalls and re-arming of the escalation interrupt
 * need it there. All of this runs with the MMU on and interrupts hard-disabled.
 */
#include <linux/kvm_host.h>
#include <asm/hvcall.h>
#include <asm/io.h>
#include <asm/kvm_ppc.h>
#include <asm/paca.h>
#include <asm/xive-regs.h>
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
		if (vcpu->arch.irq_type == KVMPPC_IRQ_XICS && xics_on_xive() &&
		    test_bit(req / 4, vcpu->kvm->arch.enabled_hcalls))
			return kvmppc_xive_xics_hcall(vcpu, req);
		return H_TOO_HARD;
	default:
		return H_TOO_HARD;
	}
}

/*
 * Does the thread's OS ring show an interrupt that the guest has not accepted?
 * Such a one escalates no more. On POWER9 it would be found in what
 * kvmppc_xive_pull_vcpu() saves; POWER10 saves it where only the hardware looks,
 * and a vCPU that ceded over it would sleep on. Asked before the context is
 * pulled, and after, for what came in between: pulling leaves these words.
 */
static void note_presented(struct kvm_vcpu *vcpu)
{
	void __iomem *tima = local_paca->kvm_hstate.xive_tima_virt;
	union xive_tma_w01 os;

	if (!tima || !vcpu->arch.xive_cam_word)
		return;
	os.w01 = (__force __be64)__raw_readq(tima + TM_QW1_OS);
	if (os.pipr < os.cppr)
		WRITE_ONCE(vcpu->arch.irq_pending, 1);
}

static void before_cede(struct kvm_vcpu *vcpu)
{
	/* an escalation that is pending already ends the cede before it begins */
	if (!kvmppc_xive_rearm_escalation(vcpu))
		WRITE_ONCE(vcpu->arch.irq_pending, 1);
	note_presented(vcpu);
}

/* Right after an exit: what has to be done while the context is still pushed, then off with it. */
void hv_irqchip_pull(struct kvm_vcpu *vcpu)
{
	struct hv_vcpu *hv = to_hv_vcpu(vcpu);
	unsigned long req = vcpu->arch.regs.gpr[3];
	bool called = vcpu->arch.trap == BOOK3S_INTERRUPT_SYSCALL && !(vcpu->arch.shregs.msr & MSR_PR);
	bool ceding = called && req == H_CEDE;

	hv->early_rc = called ? presentation_hcall(vcpu, req) : H_TOO_HARD;
	if (ceding)
		before_cede(vcpu);
	kvmppc_xive_pull_vcpu(vcpu);
	if (ceding)
		note_presented(vcpu);
}

/* Later, interrupts on: wakes whom an answered H_IPI could only mark. */
void hv_irqchip_wake(struct kvm_vcpu *vcpu)
{
	struct hv_rm_ctx *c = &to_hv_vcpu(vcpu)->rm;

	if (c->kick)
		hv_vcpu_kick(c->kick);
	c->kick = NULL;
}
