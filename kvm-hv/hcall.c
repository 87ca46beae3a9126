// SPDX-License-Identifier: GPL-2.0
/*
 * Hypercalls: who answers. A call that KVM_CAP_PPC_ENABLE_HCALL switched off,
 * one that nobody here knows, and one whose family says H_TOO_HARD go to the
 * VMM. Interrupts on, process context.
 */
#include <linux/kvm_host.h>
#include <asm/hvcall.h>
#include "hv.h"

/* What the kernel answers, and which family function does. */
static const struct { u16 req; long (*fn)(struct kvm_vcpu *, unsigned long, u64 *); } answered[] = {
	{ H_ENTER,	 hv_hpt_hcall },
	{ H_REMOVE,	 hv_hpt_hcall },
	{ H_BULK_REMOVE, hv_hpt_hcall },
	{ H_PROTECT,	 hv_hpt_hcall },
	{ H_READ,	 hv_hpt_hcall },
	{ H_CLEAR_REF,	 hv_hpt_hcall },
	{ H_CLEAR_MOD,	 hv_hpt_hcall },
	{ H_CEDE,	 hv_hcall_cpu },
	{ H_PROD,	 hv_hcall_cpu },
	{ H_CONFER,	 hv_hcall_cpu },
	{ H_EOI,	 hv_hcall_xics },
	{ H_CPPR,	 hv_hcall_xics },
	{ H_IPI,	 hv_hcall_xics },
	{ H_IPOLL,	 hv_hcall_xics },
	{ H_XIRR,	 hv_hcall_xics },
	{ H_XIRR_X,	 hv_hcall_xics },
};

static int find(unsigned long req)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(answered); i++)
		if (answered[i].req == req)
			return i;
	return -1;
}

int hv_hcall_implemented(unsigned long req)
{
	return find(req) >= 0;
}

void hv_hcall_enable_default(struct kvm *kvm)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(answered); i++)
		set_bit(answered[i].req / 4, kvm->arch.enabled_hcalls);
}

/* To user space as KVM_EXIT_PAPR_HCALL: r3 is the number, r4 to r12 the arguments. */
static int to_user(struct kvm_vcpu *vcpu)
{
	struct kvm_run *run = vcpu->run;
	int i;

	run->exit_reason = KVM_EXIT_PAPR_HCALL;
	run->papr_hcall.nr = vcpu->arch.regs.gpr[3];
	run->papr_hcall.ret = 0;
	for (i = 0; i < 9; i++)
		run->papr_hcall.args[i] = vcpu->arch.regs.gpr[4 + i];
	vcpu->arch.hcall_needed = 1;
	return RESUME_HOST;
}

static bool enabled(struct kvm *kvm, unsigned long req)
{
	return req <= MAX_HCALL_OPCODE && !(req & 3) && test_bit(req / 4, kvm->arch.enabled_hcalls);
}

int hv_hcall(struct kvm_vcpu *vcpu)
{
	u64 *reg = (u64 *)vcpu->arch.regs.gpr;
	unsigned long req = reg[3];
	int i = find(req);
	long rc = to_hv_vcpu(vcpu)->early_rc;

	if (rc != H_TOO_HARD) {
		reg[3] = rc;
		return RESUME_GUEST;
	}
	if (i < 0 || !enabled(vcpu->kvm, req))
		return to_user(vcpu);
	rc = answered[i].fn(vcpu, req, reg);
	if (rc == H_TOO_HARD)
		return to_user(vcpu);
	reg[3] = rc;
	return RESUME_GUEST;
}
