// SPDX-License-Identifier: GPL-2.0
/*
 * Hypercalls of no family: H_RANDOM, H_RPT_INVALIDATE, and RTAS.
 */
#include <linux/kvm_host.h>
#include <asm/archrandom.h>
#include <asm/hvcall.h>
#include <asm/kvm_ppc.h>
#include "hv.h"

static long random_number(u64 *reg)
{
	unsigned long n;

	if (!arch_get_random_seed_longs(&n, 1))
		return H_HARDWARE;
	reg[4] = n;
	return H_SUCCESS;
}

long hv_hcall_other(struct kvm_vcpu *vcpu, unsigned long req, u64 *reg)
{
	switch (req) {
	case H_RANDOM:
		return random_number(reg);
	case H_RPT_INVALIDATE:	/* radix guests only */
		return H_UNSUPPORTED;
	default:
		return H_TOO_HARD;
	}
}

/*
 * RTAS calls whose tokens the VMM gave to kvm.ko (interrupt sources). RESUME_GUEST,
 * RESUME_HOST: the VMM's; -errno: the arguments are not in memory, KVM_RUN fails.
 */
int hv_rtas(struct kvm_vcpu *vcpu)
{
	struct kvm *kvm = vcpu->kvm;
	int idx, err = -ENOENT;

	if (!list_empty(&kvm->arch.rtas_tokens)) {
		idx = srcu_read_lock(&kvm->srcu);
		err = kvmppc_rtas_hcall(vcpu);
		srcu_read_unlock(&kvm->srcu, idx);
	}
	if (err)
		return err == -ENOENT ? RESUME_HOST : err;
	vcpu->arch.regs.gpr[3] = H_SUCCESS;
	return RESUME_GUEST;
}
