// SPDX-License-Identifier: GPL-2.0
/*
 * KVM_GET_ONE_REG and KVM_SET_ONE_REG. Registers that are plain state come
 * from tracepoints/sprs.h; those with rules of their own follow here. User
 * space is not trusted: what reaches a hypervisor resource is filtered.
 */
#include <asm/reg.h>
#include "hv.h"

/* The level after PCR_ARCH_300: no PCR bit of its own, "nothing is off". */
#define PCR_ARCH_31	(PCR_ARCH_300 << 1)
#define TB_OFFSET_UNIT	(1ul << 24)	/* TBU40 sets the upper 40 bits */

#define GET_ROW(name, num, cpus, who, place, one_reg)	\
	if (one_reg && id == one_reg && (hv_cpu & (cpus))) {	\
		*val = get_reg_val(id, place);			\
		return 0;					\
	}
#define SET_ROW(name, num, cpus, who, place, one_reg)	\
	if (one_reg && id == one_reg && (hv_cpu & (cpus))) {	\
		place = set_reg_val(id, *val);			\
		return 0;					\
	}

static int get_listed(struct kvm_vcpu *v, u64 id, union kvmppc_one_reg *val)
{
#define HV_SPR		GET_ROW
#define HV_SPR_PMU	GET_ROW
#define HV_SPR_HELD	GET_ROW
#include "sprs.h"
	return -EINVAL;
}

static int set_listed(struct kvm_vcpu *v, u64 id, union kvmppc_one_reg *val)
{
#define HV_SPR		SET_ROW
#define HV_SPR_PMU	SET_ROW
#define HV_SPR_HELD	SET_ROW
#include "sprs.h"
	return -EINVAL;
}

int hv_get_one_reg(struct kvm_vcpu *vcpu, u64 id, union kvmppc_one_reg *val)
{
	struct kvmppc_vcore *vc = vcpu->arch.vcore;

	switch (id) {
	case KVM_REG_PPC_HIOR:
		*val = get_reg_val(id, 0);
		return 0;
	case KVM_REG_PPC_DPDES:
		*val = get_reg_val(id, hv_doorbell_pending(vcpu));
		return 0;
	case KVM_REG_PPC_TB_OFFSET:
		*val = get_reg_val(id, vc->tb_offset);
		return 0;
	case KVM_REG_PPC_DEC_EXPIRY:
		*val = get_reg_val(id, vcpu->arch.dec_expires);
		return 0;
	case KVM_REG_PPC_LPCR:
	case KVM_REG_PPC_LPCR_64:
		*val = get_reg_val(id, vc->lpcr);
		return 0;
	case KVM_REG_PPC_ARCH_COMPAT:
		*val = get_reg_val(id, vc->arch_compat);
		return 0;
	case KVM_REG_PPC_ONLINE:
		*val = get_reg_val(id, vcpu->arch.online);
		return 0;
	default:
		return get_listed(vcpu, id, val);
	}
}

/* The guest's own bits; the rest is ours. AIL moves the guest's interrupts, not those that come to us. */
static void set_lpcr(struct kvm_vcpu *vcpu, u64 lpcr)
{
	struct kvmppc_vcore *vc = vcpu->arch.vcore;
	u64 mask = LPCR_ILE | LPCR_TC | LPCR_AIL | (hv_isa300() ? LPCR_LD : 0);

	/* interrupts that KVM injects know of AIL 0 and 3 (as H_SET_MODE does) */
	if ((lpcr & LPCR_AIL) != LPCR_AIL_3)
		lpcr &= ~LPCR_AIL;
	vc->lpcr = (vc->lpcr & ~mask) | (lpcr & mask);
	if (vc->lpcr & LPCR_ILE)
		vcpu->arch.intr_msr |= MSR_LE;
	else
		vcpu->arch.intr_msr &= ~MSR_LE;
}

/* PCR bits in rising order of architecture level, with the logical PVRs that ask for them. */
static int set_arch_compat(struct kvm_vcpu *vcpu, u32 pvr)
{
	static const struct { u32 pvr; u64 bit; } level[] = {
		{ PVR_ARCH_205,  PCR_ARCH_205 },
		{ PVR_ARCH_206,  PCR_ARCH_206 },
		{ PVR_ARCH_206p, PCR_ARCH_206 },
		{ PVR_ARCH_207,  PCR_ARCH_207 },
		{ PVR_ARCH_300,  PCR_ARCH_300 },
		{ PVR_ARCH_31,   PCR_ARCH_31 },
	};
	u64 host = hv_cpu == HV_P10 ? PCR_ARCH_31 : hv_cpu == HV_P9 ? PCR_ARCH_300 :
		   hv_cpu == HV_P8 ? PCR_ARCH_207 : PCR_ARCH_206;
	u64 guest = host;
	int i;

	if (pvr) {
		for (i = 0; i < ARRAY_SIZE(level) && level[i].pvr != pvr; i++)
			;
		if (i == ARRAY_SIZE(level) || level[i].bit > host)
			return -EINVAL;
		guest = level[i].bit;
	}
	vcpu->arch.vcore->arch_compat = pvr;
	/* each bit switches off what came after one level; reserved bits are set */
	vcpu->arch.vcore->pcr = (host - guest) | (hv_cpu & HV_P8UP ? PCR_MASK : 0);
	return 0;
}

/* A match must never be taken in hypervisor state. */
static u64 filter_dawrx(u64 dawrx)
{
	return dawrx & ~(u64)DAWRX_HYP;
}

static u64 filter_ciabr(u64 ciabr)
{
	return (ciabr & CIABR_PRIV) == CIABR_PRIV_HYPER ? ciabr & ~(u64)CIABR_PRIV : ciabr;
}

int hv_set_one_reg(struct kvm_vcpu *vcpu, u64 id, union kvmppc_one_reg *val)
{
	struct kvmppc_vcore *vc = vcpu->arch.vcore;
	int err;

	switch (id) {
	case KVM_REG_PPC_HIOR:
		return set_reg_val(id, *val) ? -EINVAL : 0;
	case KVM_REG_PPC_DPDES:
		vc->dpdes = set_reg_val(id, *val) & 1;	/* one thread to a virtual core */
		return 0;
	case KVM_REG_PPC_TB_OFFSET:
		vc->tb_offset = ALIGN(set_reg_val(id, *val), TB_OFFSET_UNIT);
		return 0;
	case KVM_REG_PPC_DEC_EXPIRY:
		vcpu->arch.dec_expires = set_reg_val(id, *val);
		return 0;
	case KVM_REG_PPC_LPCR:
	case KVM_REG_PPC_LPCR_64:
		set_lpcr(vcpu, set_reg_val(id, *val));
		return 0;
	case KVM_REG_PPC_ARCH_COMPAT:
		return set_arch_compat(vcpu, set_reg_val(id, *val));
	case KVM_REG_PPC_ONLINE:
		vcpu->arch.online = !!set_reg_val(id, *val);
		return 0;
	}
	err = set_listed(vcpu, id, val);
	vcpu->arch.dawrx0 = filter_dawrx(vcpu->arch.dawrx0);
	vcpu->arch.dawrx1 = filter_dawrx(vcpu->arch.dawrx1);
	vcpu->arch.ciabr = filter_ciabr(vcpu->arch.ciabr);
	return err;
}
