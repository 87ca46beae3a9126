// SPDX-License-Identifier: GPL-2.0
/*
 * Hypercalls on virtual processors (LoPAR, H_CEDE, H_PROD, H_CONFER).
 */
#include <linux/kvm_host.h>
#include <linux/sched.h>
#include <asm/hvcall.h>
#include "hv.h"

static struct kvm_vcpu *vcpu_of(struct kvm_vcpu *vcpu, long id)
{
	/* kvm.ko takes an int: a long one must not become another vCPU's id */
	return id == (int)id ? kvm_get_vcpu_by_id(vcpu->kvm, id) : NULL;
}

/* Interrupts are enabled by the call; an H_PROD that came first ends it at once. */
static long h_cede(struct kvm_vcpu *vcpu)
{
	vcpu->arch.shregs.msr |= MSR_EE;
	WRITE_ONCE(vcpu->arch.ceded, 1);
	smp_mb();	/* against h_prod: it sets prodded, then reads ceded */
	if (READ_ONCE(vcpu->arch.prodded)) {
		vcpu->arch.prodded = 0;
		vcpu->arch.ceded = 0;
	}
	return H_SUCCESS;
}

static long h_prod(struct kvm_vcpu *vcpu, long target)
{
	struct kvm_vcpu *other = vcpu_of(vcpu, target);

	if (!other)
		return H_PARAMETER;
	WRITE_ONCE(other->arch.prodded, 1);
	smp_mb();
	if (READ_ONCE(other->arch.ceded))
		hv_vcpu_kick(other);
	return H_SUCCESS;
}

/* Our time slice goes to one vCPU, if it is still in the stay or the wait that the caller saw; or to whoever is there. */
static long h_confer(struct kvm_vcpu *vcpu, long target, u32 yield_count)
{
	struct kvm_vcpu *other;

	if (target == HV_CONFER_ALL) {
		yield();
		return H_SUCCESS;
	}
	other = vcpu_of(vcpu, target);
	if (!other)
		return H_PARAMETER;
	if (hv_vpa_yield_count(other) == yield_count)
		kvm_vcpu_yield_to(other);
	return H_SUCCESS;
}

long hv_hcall_cpu(struct kvm_vcpu *vcpu, unsigned long req, u64 *reg)
{
	switch (req) {
	case H_CEDE:
		return h_cede(vcpu);
	case H_PROD:
		return h_prod(vcpu, reg[4]);
	case H_CONFER:
		return h_confer(vcpu, reg[4], reg[5]);
	default:
		return H_TOO_HARD;
	}
}
