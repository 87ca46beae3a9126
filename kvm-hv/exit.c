// SPDX-License-Identifier: GPL-2.0
/*
 * What an exit asks for. Each handler returns RESUME_GUEST, RESUME_HOST with
 * vcpu->run filled, or -errno. Interrupts and preemption are on.
 */
#include <linux/kvm_host.h>
#include <linux/ratelimit.h>
#include <asm/reg.h>
#include "hv.h"

/*
 * An interrupt for the host, served by now. The one thing that also comes to a guest that never leaves KVM_RUN: the
 * host's timer has it notice that statistics were switched.
 */
static int resume(struct kvm_vcpu *vcpu)
{
	hv_stats_follow(to_hv_vcpu(vcpu));
	return RESUME_GUEST;
}

/*
 * sc 1 from problem state reaches the hypervisor like any other. It is never
 * executed: the guest's kernel gets a privileged instruction program interrupt.
 * SRR0 points behind the sc; the interrupt must name the sc itself.
 */
static int hcall(struct kvm_vcpu *vcpu)
{
	if (vcpu->arch.shregs.msr & MSR_PR) {
		vcpu->arch.regs.nip -= 4;
		kvmppc_core_queue_program(vcpu, SRR1_PROGPRIV);
		return RESUME_GUEST;
	}
	return hv_hcall(vcpu);
}

/* An instruction the processor does not know, or one that PCR switched off, or a breakpoint of the VMM's debugger. */
static int emulation_assist(struct kvm_vcpu *vcpu)
{
	if ((vcpu->guest_debug & KVM_GUESTDBG_USE_SW_BP) &&
	    (u32)vcpu->arch.emul_inst == KVMPPC_INST_SW_BREAKPOINT) {
		vcpu->run->exit_reason = KVM_EXIT_DEBUG;
		vcpu->run->debug.arch.address = vcpu->arch.regs.nip;
		return RESUME_HOST;
	}
	kvmppc_core_queue_program(vcpu, SRR1_PROGILL | hv_prefixed(vcpu));
	return RESUME_GUEST;
}

/* A facility that HFSCR withholds (see guest_hfscr) is one the guest's processor does not have, or has by emulation. */
static int facility_unavailable(struct kvm_vcpu *vcpu)
{
	if (hv_doorbell_emulate(vcpu))
		return RESUME_GUEST;
	kvmppc_core_queue_program(vcpu, SRR1_PROGILL | hv_prefixed(vcpu));
	return RESUME_GUEST;
}

static int unexpected(struct kvm_vcpu *vcpu)
{
	pr_err_ratelimited("unexpected exit 0x%x at pc 0x%lx msr 0x%llx, VM stopped\n",
			   vcpu->arch.trap, vcpu->arch.regs.nip, vcpu->arch.shregs.msr);
	vcpu->run->exit_reason = KVM_EXIT_UNKNOWN;
	vcpu->run->hw.hardware_exit_reason = vcpu->arch.trap;
	return RESUME_HOST;
}

static int (*handler(int trap))(struct kvm_vcpu *)
{
	switch (trap) {
	case BOOK3S_INTERRUPT_SYSTEM_RESET:
	case BOOK3S_INTERRUPT_EXTERNAL:
	case BOOK3S_INTERRUPT_HV_DECREMENTER:
	case BOOK3S_INTERRUPT_HMI:
	case BOOK3S_INTERRUPT_H_DOORBELL:
	case BOOK3S_INTERRUPT_H_VIRT:
	case BOOK3S_INTERRUPT_PERFMON:		/* the host's counters were frozen: a late one */
		return resume;
	case BOOK3S_INTERRUPT_MACHINE_CHECK:
		return hv_mce_handle;
	case BOOK3S_INTERRUPT_SYSCALL:
		return hcall;
	case BOOK3S_INTERRUPT_H_DATA_STORAGE:
	case BOOK3S_INTERRUPT_H_INST_STORAGE:
		return hv_page_fault;
	case BOOK3S_INTERRUPT_H_EMUL_ASSIST:
	case BOOK3S_INTERRUPT_HV_SOFTPATCH:	/* TM assist: guests have no TM */
		return emulation_assist;
	case BOOK3S_INTERRUPT_H_FAC_UNAVAIL:
		return facility_unavailable;
	default:
		return unexpected;
	}
}

int hv_handle_exit(struct kvm_vcpu *vcpu)
{
	struct hv_vcpu *hv = to_hv_vcpu(vcpu);
	u64 answered = hv->rm.answered;

	vcpu->stat.sum_exits += 1 + answered - hv->answered;
	hv->answered = answered;
	return handler(vcpu->arch.trap)(vcpu);
}

int hv_handle_watched(struct kvm_vcpu *vcpu)
{
	bool is_hcall = vcpu->arch.trap == BOOK3S_INTERRUPT_SYSCALL && !(vcpu->arch.shregs.msr & MSR_PR);
	u64 req = vcpu->arch.regs.gpr[3];
	int r = hv_handle_exit(vcpu);

	if (is_hcall && hv_noted(vcpu))
		hv_records_hcall(vcpu, r, req);
	return r;
}
