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

/*
 * POWER10 keeps the context of a vCPU that is not pushed where only the hardware looks (save-restore, H in the CAM
 * line), and pushes it from there. kvm.ko's copy of it, xive_saved_state, is in force on POWER9 alone.
 */
static bool kept_by_hardware(struct kvm_vcpu *vcpu)
{
	return be32_to_cpu(vcpu->arch.xive_cam_word) & TM_QW1W2_HO;
}

bool hv_irqchip_pending(struct kvm_vcpu *vcpu)
{
	return READ_ONCE(vcpu->arch.irq_pending) ||
	       (vcpu->arch.xive_saved_state.pipr < vcpu->arch.xive_saved_state.cppr && !kept_by_hardware(vcpu));
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
 * kvmppc_xive_pull_vcpu() saves; on POWER10 it is kept_by_hardware(), and a vCPU
 * that ceded over it would sleep on. Asked before the context is
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

/* What pends already stays so: at most an interrupt too many, for which the guest finds nothing. */
static void write_words(void __iomem *tima, union xive_tma_w01 w)
{
	unsigned int prio;

	__raw_writeb(w.cppr, tima + TM_QW1_OS + TM_CPPR);
	for (prio = 0; prio < 8; prio++)
		if (w.ipb & 0x80 >> prio)
			__raw_writeb(prio, tima + TM_SPC_SET_OS_PENDING);
}

/*
 * Words 0 and 1 of a context that the hardware keeps, after CPPR and pending priorities are set, if to is not NULL: pushed
 * on this thread for a moment. (kvm.ko's own push and pull would mask the escalation interrupt of a vCPU that ceded.)
 * The vCPU does not run: the caller has its mutex.
 */
static union xive_tma_w01 visit_context(struct kvm_vcpu *vcpu, const union xive_tma_w01 *to)
{
	union xive_tma_w01 w;
	unsigned long flags;
	void __iomem *tima;

	local_irq_save(flags);
	hard_irq_disable();
	tima = local_paca->kvm_hstate.xive_tima_virt;
	eieio();
	__raw_writel((__force u32)vcpu->arch.xive_cam_word, tima + TM_QW1_OS + TM_WORD2);
	eieio();
	if (to) {
		write_words(tima, *to);
		WRITE_ONCE(vcpu->arch.irq_pending, 0);	/* was about what is replaced */
	}
	eieio();
	w.w01 = (__force __be64)__raw_readq(tima + TM_QW1_OS);
	__raw_readl(tima + TM_SPC_PULL_OS_CTX);
	eieio();
	/* presented here, it escalates no more */
	note_presented(vcpu);
	local_irq_restore(flags);
	return w;
}

/* KVM_REG_PPC_VP_STATE; -EINVAL: kvm.ko's own do it */
int hv_irqchip_get_vp(struct kvm_vcpu *vcpu, union kvmppc_one_reg *val)
{
	if (vcpu->arch.irq_type != KVMPPC_IRQ_XIVE || !kept_by_hardware(vcpu))
		return -EINVAL;
	val->xive_timaval[0] = (__force u64)visit_context(vcpu, NULL).w01;
	val->xive_timaval[1] = 0;	/* kvm.ko's stack, which the VMM gets too */
	return 0;
}

int hv_irqchip_set_vp(struct kvm_vcpu *vcpu, const union kvmppc_one_reg *val)
{
	union xive_tma_w01 w = { .w01 = (__force __be64)val->xive_timaval[0] };

	if (vcpu->arch.irq_type != KVMPPC_IRQ_XIVE || !kept_by_hardware(vcpu))
		return -EINVAL;
	/* The kernel's own backend saves 0 here, whatever the guest has: that would mask all, for good. */
	if (!w.cppr)
		w.cppr = 0xff;
	visit_context(vcpu, &w);
	return 0;
}

/*
 * KVM_REG_PPC_ICP_STATE of an XICS-on-XIVE: all but CPPR is kvm.ko's. It would take native XIVE for one as well, and warn
 * at each call of a trigger page that is not there.
 */
int hv_irqchip_set_icp(struct kvm_vcpu *vcpu, u64 icp)
{
	union xive_tma_w01 w = { .cppr = icp >> KVM_REG_PPC_ICP_CPPR_SHIFT };

	if (vcpu->arch.irq_type == KVMPPC_IRQ_XIVE)
		return -EPERM;
	if (vcpu->arch.irq_type == KVMPPC_IRQ_XICS && kept_by_hardware(vcpu))
		visit_context(vcpu, &w);
	return -EINVAL;
}
