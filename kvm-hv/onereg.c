// SPDX-License-Identifier: GPL-2.0
/*
 * KVM_GET_ONE_REG and KVM_SET_ONE_REG. Registers that are plain state come
 * from tracepoints/sprs.h, whether or not this processor has them; those with
 * rules of their own from onereg.h. User space is not trusted: what reaches a
 * hypervisor resource is filtered.
 */
#include <asm/lppaca.h>
#include <asm/reg.h>
#include <asm/time.h>
#include "hv.h"

/* The level after PCR_ARCH_300: no PCR bit of its own, "nothing is off". */
#define PCR_ARCH_31	(PCR_ARCH_300 << 1)
#define TB_OFFSET_UNIT	(1ul << 24)	/* TBU40 sets the upper 40 bits */

#define GET_ROW(name, num, cpus, who, place, one_reg)	\
	if (one_reg && id == one_reg) {			\
		*val = get_reg_val(id, place);		\
		return 0;				\
	}
#define SET_ROW(name, num, cpus, who, place, one_reg)	\
	if (one_reg && id == one_reg) {			\
		place = set_reg_val(id, *val);		\
		return 0;				\
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

int hv_get_one_reg(struct kvm_vcpu *v, u64 id, union kvmppc_one_reg *val)
{
	switch (id) {
#define HV_ONE_REG(name, get, set)	\
	case KVM_REG_PPC_##name:	\
		*val = get_reg_val(id, get);	\
		return 0;
#define HV_ONE_REG_RO(name, get)	HV_ONE_REG(name, get, )
#define HV_ONE_REG_AREA(name, area)	\
	case KVM_REG_PPC_##name:	\
		val->vpaval.addr = v->arch.area.next_gpa;	\
		val->vpaval.length = v->arch.area.len;		\
		return 0;
#define HV_ONE_REG_PART(name, get, set)	\
	case KVM_REG_PPC_##name:	\
		return get;
#include "onereg.h"
	default:
		return get_listed(v, id, val);
	}
}

/* The guest's own bits; the rest is ours. AIL moves the guest's interrupts, not those that come to us. */
static int set_lpcr(struct kvm_vcpu *vcpu, u64 lpcr, u64 width)
{
	struct kvmppc_vcore *vc = vcpu->arch.vcore;
	u64 mask = LPCR_DPFD | LPCR_ILE | LPCR_TC | LPCR_AIL | (hv_isa300() ? LPCR_LD : 0);

	/* the old, narrow id leaves the upper half alone */
	mask &= width;
	/* interrupts that KVM injects know of AIL 0 and 3 (as H_SET_MODE does) */
	if ((lpcr & LPCR_AIL) != LPCR_AIL_3)
		lpcr &= ~LPCR_AIL;
	vc->lpcr = (vc->lpcr & ~mask) | (lpcr & mask);
	if (vc->lpcr & LPCR_ILE)
		vcpu->arch.intr_msr |= MSR_LE;
	else
		vcpu->arch.intr_msr &= ~MSR_LE;
	return 0;
}

/*
 * Where the guest's time jumps (migration, loadvm), what DEC counted down to is of another
 * time, perhaps hours or years off: it is due at once, and the guest looks at its clock and
 * sets it anew. A VMM that knows better sets DEC_EXPIRY afterwards; QEMU does not.
 */
static int set_tb_offset(struct kvm_vcpu *vcpu, u64 offset)
{
	offset = ALIGN(offset, TB_OFFSET_UNIT);
	if (offset != vcpu->arch.vcore->tb_offset)
		vcpu->arch.dec_expires = mftb() + offset;
	vcpu->arch.vcore->tb_offset = offset;
	return 0;
}

static int set_vpa(struct kvm_vcpu *vcpu, u64 gpa)
{
	return hv_vpa_set_one_reg(vcpu, &vcpu->arch.vpa, gpa, sizeof(struct lppaca));
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
		{ PVR_ARCH_31_P11, PCR_ARCH_31 },
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

static int set_one(struct kvm_vcpu *v, u64 id, union kvmppc_one_reg *val)
{
	u64 x;

	switch (id) {
#define HV_ONE_REG(name, get, set)	\
	case KVM_REG_PPC_##name:	\
		x = set_reg_val(id, *val);	\
		return set;
#define HV_ONE_REG_AREA(name, area)	\
	case KVM_REG_PPC_##name:	\
		return hv_vpa_set_one_reg(v, &v->arch.area, val->vpaval.addr, val->vpaval.length);
#define HV_ONE_REG_PART(name, get, set)	\
	case KVM_REG_PPC_##name:	\
		return set;
#include "onereg.h"
	default:
		return set_listed(v, id, val);
	}
}

int hv_set_one_reg(struct kvm_vcpu *vcpu, u64 id, union kvmppc_one_reg *val)
{
	int err = set_one(vcpu, id, val);

	vcpu->arch.dawrx0 = filter_dawrx(vcpu->arch.dawrx0);
	vcpu->arch.dawrx1 = filter_dawrx(vcpu->arch.dawrx1);
	vcpu->arch.ciabr = filter_ciabr(vcpu->arch.ciabr);
	vcpu->arch.psscr &= PSSCR_GUEST_VIS;
	return err;
}
