// SPDX-License-Identifier: GPL-2.0
/*
 * Doorbells between the threads of a guest's core (Power ISA v3.1B III,
 * "Processor Control"). Each of our virtual cores has one thread, so HFSCR
 * withholds the facility and its instructions come here: msgsndp, msgclrp and
 * reading TIR and DPDES. (From v3.0 on: before, HFSCR can't, and vcpu.c gives a
 * guest's core one thread.) How many vCPUs form one of the guest's cores is what
 * user space said with KVM_CAP_PPC_SMT. The doorbell itself is real: DPDES is
 * loaded at the next entry and the processor delivers it when MSR[EE] allows.
 */
#include <linux/kvm_host.h>
#include <asm/dbell.h>
#include <asm/disassemble.h>
#include <asm/kvm_ppc.h>
#include <asm/reg.h>
#include "hv.h"

#define MSG_TYPE(rb)		((rb) >> 27 & 0x1f)
#define MSG_THREAD(rb)		((rb) & 0x7f)	/* PROCIDTAG */

/* Before an entry, the vCPU's CPU already known to those who kick. */
void hv_doorbell_deliver(struct kvm_vcpu *vcpu)
{
	if (xchg(&vcpu->arch.doorbell_request, 0))
		vcpu->arch.vcore->dpdes = 1;
}

static u32 thread_of(struct kvm_vcpu *vcpu)
{
	return vcpu->vcpu_id & (vcpu->kvm->arch.emul_smt_mode - 1);
}

static struct kvm_vcpu *sibling(struct kvm_vcpu *vcpu, u32 thread)
{
	if (thread >= vcpu->kvm->arch.emul_smt_mode)
		return NULL;
	return kvm_get_vcpu_by_id(vcpu->kvm, vcpu->vcpu_id - thread_of(vcpu) + thread);
}

static void send(struct kvm_vcpu *vcpu, u32 msg)
{
	struct kvm_vcpu *to;

	if (MSG_TYPE(msg) != PPC_DBELL_SERVER)
		return;
	to = sibling(vcpu, MSG_THREAD(msg));
	if (to && !xchg(&to->arch.doorbell_request, 1))
		hv_vcpu_kick(to);
}

static void clear(struct kvm_vcpu *vcpu, u32 msg)
{
	if (MSG_TYPE(msg) != PPC_DBELL_SERVER)
		return;
	WRITE_ONCE(vcpu->arch.doorbell_request, 0);
	vcpu->arch.vcore->dpdes = 0;
}

/* One bit per thread of the core. */
static u64 read_dpdes(struct kvm_vcpu *vcpu)
{
	struct kvm_vcpu *v;
	u64 dpdes = 0;
	u32 thread;

	for (thread = 0; thread < vcpu->kvm->arch.emul_smt_mode; thread++) {
		v = sibling(vcpu, thread);
		if (v && hv_doorbell_pending(v))
			dpdes |= 1ul << thread;
	}
	return dpdes;
}

static bool read_spr(struct kvm_vcpu *vcpu, u32 inst)
{
	switch (get_sprn(inst)) {
	case SPRN_TIR:
		kvmppc_set_gpr(vcpu, get_rt(inst), thread_of(vcpu));
		return true;
	case SPRN_DPDES:
		kvmppc_set_gpr(vcpu, get_rt(inst), read_dpdes(vcpu));
		return true;
	default:
		return false;
	}
}

static bool emulate(struct kvm_vcpu *vcpu, u32 inst)
{
	switch (get_op(inst) == 31 ? get_xop(inst) : 0) {
	case OP_31_XOP_MSGSNDP:
		send(vcpu, kvmppc_get_gpr(vcpu, get_rb(inst)));
		return true;
	case OP_31_XOP_MSGCLRP:
		clear(vcpu, kvmppc_get_gpr(vcpu, get_rb(inst)));
		return true;
	case OP_31_XOP_MFSPR:
		return read_spr(vcpu, inst);
	default:
		return false;
	}
}

/* A hypervisor facility unavailable interrupt: true if it was one of these instructions, or has to be taken again. */
bool hv_doorbell_emulate(struct kvm_vcpu *vcpu)
{
	ppc_inst_t inst;

	if (vcpu->arch.shregs.msr & MSR_PR)
		return false;
	if (kvmppc_get_last_inst(vcpu, INST_GENERIC, &inst) != EMULATE_DONE)
		return true;
	if (!emulate(vcpu, ppc_inst_val(inst)))
		return false;
	kvmppc_set_pc(vcpu, kvmppc_get_pc(vcpu) + 4);
	return true;
}
