// SPDX-License-Identifier: GPL-2.0
/*
 * Hypercalls: who answers. A call that KVM_CAP_PPC_ENABLE_HCALL switched off,
 * one that nobody here knows, and one whose family says H_TOO_HARD go to the
 * VMM. Interrupts on, process context.
 */
#include <linux/kvm_host.h>
#include <asm/hvcall.h>
#include "hv.h"

enum stock { NO, OFF, ON };	/* column STOCK of answered.h */

static const struct answer {
	long (*fn)(struct kvm_vcpu *vcpu, unsigned long req, u64 *reg);
	enum stock stock;
} answered[MAX_HCALL_OPCODE / 4 + 1] = {
#define HV_ANSWERED(name, fn, stock) [H_##name / 4] = { fn, stock },
#include "answered.h"
};

static long refused(unsigned long req)
{
	switch (req) {
#define HV_REFUSED(name, rc) case H_##name: return rc;
#include "answered.h"
	default:
		return H_TOO_HARD;
	}
}

/* req is at most MAX_HCALL_OPCODE, also where the processor only believes so (Spectre v1) */
static unsigned long row_of(unsigned long req)
{
	return array_index_nospec(req / 4, ARRAY_SIZE(answered));
}

/* May the VMM switch it? */
int hv_hcall_implemented(unsigned long req)
{
	return req <= MAX_HCALL_OPCODE && !(req & 3) && answered[row_of(req)].fn;
}

void hv_hcall_enable_default(struct kvm *kvm)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(answered); i++)
		if (answered[i].fn && answered[i].stock == ON)
			set_bit(i, kvm->arch.enabled_hcalls);
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
	to_hv_vcpu(vcpu)->awaits = HV_AWAITS_HCALL;
	return RESUME_HOST;
}

/* RESUME_GUEST, RESUME_HOST, or -errno from kvm.ko's RTAS */
int hv_hcall(struct kvm_vcpu *vcpu)
{
	u64 *reg = (u64 *)vcpu->arch.regs.gpr;
	long rc = to_hv_vcpu(vcpu)->early_rc;
	unsigned long req = reg[3];
	int r;

	if (rc == H_TOO_HARD && req == H_RTAS) {
		r = hv_rtas(vcpu);
		return r == RESUME_HOST ? to_user(vcpu) : r;
	}
	if (rc == H_TOO_HARD && req > MAX_HCALL_OPCODE)
		rc = refused(req);
	else if (rc == H_TOO_HARD && hv_hcall_implemented(req) &&
		 test_bit(row_of(req), vcpu->kvm->arch.enabled_hcalls))
		rc = answered[row_of(req)].fn(vcpu, req, reg);
	if (rc == H_TOO_HARD)
		return to_user(vcpu);
	reg[3] = rc;
	return RESUME_GUEST;
}
