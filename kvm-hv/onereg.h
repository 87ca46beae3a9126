/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ONE_REG ids (KVM_REG_PPC_NAME) that the module has besides the registers
 * of tracepoints/sprs.h. Include it with the macros below defined; one that is
 * not defined expands to nothing. `v` is the vCPU, `x` the value set.
 *
 *   HV_ONE_REG(NAME, get, set)		set is 0 or -errno
 *   HV_ONE_REG_RO(NAME, get)
 *   HV_ONE_REG_AREA(NAME, area)	address and length (vpa.c)
 *   HV_ONE_REG_PART(NAME, get, set)	kvm.ko's own but where get or set is not -EINVAL; val is a union kvmppc_one_reg *
 *   HV_ONE_REG_KVM(NAME)		kvm.ko's own, for the documentation
 */
#ifndef HV_ONE_REG
#define HV_ONE_REG(...)
#endif
#ifndef HV_ONE_REG_RO
#define HV_ONE_REG_RO(...)
#endif
#ifndef HV_ONE_REG_AREA
#define HV_ONE_REG_AREA(...)
#endif
#ifndef HV_ONE_REG_PART
#define HV_ONE_REG_PART(...)
#endif
#ifndef HV_ONE_REG_KVM
#define HV_ONE_REG_KVM(...)
#endif

HV_ONE_REG(HIOR,	0,				x ? -EINVAL : 0)
HV_ONE_REG(DPDES,	hv_doorbell_pending(v),		(v->arch.vcore->dpdes = x & 1, 0))	/* one thread to a virtual core */
HV_ONE_REG(TB_OFFSET,	v->arch.vcore->tb_offset,	set_tb_offset(v, x))
HV_ONE_REG(DEC_EXPIRY,	v->arch.dec_expires,		(v->arch.dec_expires = x, 0))
HV_ONE_REG(LPCR,	v->arch.vcore->lpcr,		set_lpcr(v, x, U32_MAX))
HV_ONE_REG(LPCR_64,	v->arch.vcore->lpcr,		set_lpcr(v, x, U64_MAX))
HV_ONE_REG(ARCH_COMPAT,	v->arch.vcore->arch_compat,	set_arch_compat(v, x))
HV_ONE_REG(ONLINE,	v->arch.online,			(v->arch.online = !!x, 0))
HV_ONE_REG(VPA_ADDR,	v->arch.vpa.next_gpa,		set_vpa(v, x))
HV_ONE_REG_AREA(VPA_SLB, slb_shadow)
HV_ONE_REG_AREA(VPA_DTL, dtl)
HV_ONE_REG_RO(DEBUG_INST, KVMPPC_INST_SW_BREAKPOINT)

/* What a processor lacks is kept for the VMM: the kernel's own kvm-hv does so, and a guest may come from there. */
HV_ONE_REG(DABR,	v->arch.dabr,			(v->arch.dabr = x, 0))
HV_ONE_REG(DABRX,	v->arch.dabrx,			(v->arch.dabrx = x & ~(u64)DABRX_HYP, 0))
HV_ONE_REG(PMC7,	v->arch.pmc[6],			(v->arch.pmc[6] = x, 0))
HV_ONE_REG(PMC8,	v->arch.pmc[7],			(v->arch.pmc[7] = x, 0))
HV_ONE_REG(PTCR,	v->kvm->arch.l1_ptcr,		(v->kvm->arch.l1_ptcr = x, 0))

HV_ONE_REG_KVM(DAR)
HV_ONE_REG_KVM(DSISR)
HV_ONE_REG_KVM(FPR0)
HV_ONE_REG_KVM(FPSCR)
HV_ONE_REG_KVM(VR0)
HV_ONE_REG_KVM(VSCR)
HV_ONE_REG_KVM(VSR0)

/* irqchip.c: on a POWER10 kvm.ko's copy of the context is not the one in force */
HV_ONE_REG_PART(ICP_STATE,	-EINVAL,		hv_irqchip_set_icp(v, set_reg_val(id, *val)))
HV_ONE_REG_PART(VP_STATE,	hv_irqchip_get_vp(v, val), hv_irqchip_set_vp(v, val))

#undef HV_ONE_REG
#undef HV_ONE_REG_RO
#undef HV_ONE_REG_AREA
#undef HV_ONE_REG_PART
#undef HV_ONE_REG_KVM
