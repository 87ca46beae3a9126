// SPDX-License-Identifier: GPL-2.0
/*
 * Hypercalls that set a register for the guest's kernel (LoPAR, H_SET_MODE,
 * H_SET_DABR, H_SET_XDABR, H_SET_SPRG0). The registers are loaded with the
 * vCPU's next entry. None may match in hypervisor state.
 */
#include <linux/kvm_host.h>
#include <asm/cputable.h>
#include <asm/hvcall.h>
#include <asm/reg.h>
#include "hv.h"

/* Resources that came with POWER8 are hidden from a guest that runs as an older processor. */
static bool power8_compatible(struct kvm_vcpu *vcpu)
{
	u32 compat = vcpu->arch.vcore->arch_compat;

	return compat ? compat >= PVR_ARCH_207 : !!(hv_cpu & HV_P8UP);
}

static long set_breakpoint(struct kvm_vcpu *vcpu, u64 flags, u64 ciabr, u64 value2)
{
	if (value2)
		return H_P4;
	if (flags)
		return H_UNSUPPORTED_FLAG_START;
	if ((ciabr & CIABR_PRIV) == CIABR_PRIV_HYPER)
		return H_P3;
	vcpu->arch.ciabr = ciabr;
	return H_SUCCESS;
}

static long set_watchpoint(struct kvm_vcpu *vcpu, int which, u64 flags, u64 dawr, u64 dawrx)
{
	if (!(hv_cpu & HV_DAWR))
		return H_P2;
	if (which == 1 && hv_cpu != HV_P10)
		return H_P2;
	if (which == 1 && !vcpu->kvm->arch.dawr1_enabled)
		return H_FUNCTION;
	if (flags)
		return H_UNSUPPORTED_FLAG_START;
	if (dawrx & DAWRX_HYP)
		return H_P4;
	if (which == 0) {
		vcpu->arch.dawr0 = dawr;
		vcpu->arch.dawrx0 = dawrx;
	} else {
		vcpu->arch.dawr1 = dawr;
		vcpu->arch.dawrx1 = dawrx;
	}
	return H_SUCCESS;
}

/* Byte order and interrupt location change the VMM's idea of the guest, too: it answers, and sets LPCR. */
static long set_mode(struct kvm_vcpu *vcpu, u64 flags, u64 resource, u64 value1, u64 value2)
{
	switch (resource) {
	case H_SET_MODE_RESOURCE_SET_CIABR:
		return power8_compatible(vcpu) ? set_breakpoint(vcpu, flags, value1, value2) : H_P2;
	case H_SET_MODE_RESOURCE_SET_DAWR0:
		return power8_compatible(vcpu) ? set_watchpoint(vcpu, 0, flags, value1, value2) : H_P2;
	case H_SET_MODE_RESOURCE_SET_DAWR1:
		return power8_compatible(vcpu) ? set_watchpoint(vcpu, 1, flags, value1, value2) : H_P2;
	default:
		return H_TOO_HARD;
	}
}

/* Low bits of DABR (v2.06 III-S, "Data Address Compare"): translation, write, read. */
#define DABR_BT	4
#define DABR_DW	2
#define DABR_DR	1

/*
 * POWER8 and later have the DAWR instead, which compares doublewords as the
 * DABR does: a guest that runs as a POWER7 gets its breakpoint all the same.
 */
static long set_dabr_pair(struct kvm_vcpu *vcpu, u64 dabr, u32 dabrx)
{
	if (!(hv_cpu & HV_P8UP)) {
		vcpu->arch.dabr = dabr;
		vcpu->arch.dabrx = dabrx;
		return H_SUCCESS;
	}
	if (!(hv_cpu & HV_DAWR))
		return H_HARDWARE;
	vcpu->arch.dawr0 = dabr & ~7ul;
	/* who (problem, privileged state) and WTI stand in the same places */
	vcpu->arch.dawrx0 = dabrx | (dabr & DABR_BT ? DAWRX_WT : 0) |
			    (dabr & DABR_DW ? DAWRX_DW : 0) | (dabr & DABR_DR ? DAWRX_DR : 0);
	return H_SUCCESS;
}

static long set_xdabr(struct kvm_vcpu *vcpu, u64 dabr, u64 dabrx)
{
	if (!(dabrx & (DABRX_USER | DABRX_KERNEL)) ||
	    (dabrx & ~(u64)(DABRX_USER | DABRX_KERNEL | DABRX_BTI)))
		return H_PARAMETER;
	return set_dabr_pair(vcpu, dabr, dabrx);
}

long hv_hcall_mode(struct kvm_vcpu *vcpu, unsigned long req, u64 *reg)
{
	switch (req) {
	case H_SET_MODE:
		return set_mode(vcpu, reg[4], reg[5], reg[6], reg[7]);
	case H_SET_DABR:
		return set_dabr_pair(vcpu, reg[4], DABRX_USER | DABRX_KERNEL);
	case H_SET_XDABR:
		return set_xdabr(vcpu, reg[4], reg[5]);
	case H_SET_SPRG0:
		vcpu->arch.shregs.sprg0 = reg[4];
		return H_SUCCESS;
	default:
		return H_TOO_HARD;
	}
}
