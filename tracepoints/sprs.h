/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The one list of special purpose registers that a partition switch has to
 * think of (Power ISA v3.1B Book III 5.4, v2.07B Book III-S for POWER8).
 * mfspr and mtspr encode the register's number, so this list expands to
 * straight-line code. Include it with the macros below defined (each one that
 * is not defined expands to nothing):
 *
 *   HV_SPR(NAME, number, CPUS, WHO, place, ONE_REG)      switched at every entry and exit
 *   HV_SPR_PMU(NAME, number, CPUS, WHO, place, ONE_REG)  switched while all counters are frozen
 *   HV_SPR_HELD(NAME, number, CPUS, WHO, place, ONE_REG) switched by code of its own in kvm-hv/rm
 *
 * CPUS    processors that have it: a mask of HV_P7 .. HV_P10
 * WHO     GUEST: the guest can change it, so an exit saves it
 *         HOST:  only the hypervisor writes it, so an exit need not save it
 * place   where the guest's value lives, an lvalue in terms of `v`, the vCPU
 * ONE_REG id that KVM_GET_ONE_REG and KVM_SET_ONE_REG know it by, 0 if they do not
 *
 * Order matters in two places: PMU registers are loaded from top to bottom, so
 * MMCR0, which starts the counters, comes last.
 */
#ifndef HV_SPR
#define HV_SPR(...)
#endif
#ifndef HV_SPR_PMU
#define HV_SPR_PMU(...)
#endif
#ifndef HV_SPR_HELD
#define HV_SPR_HELD(...)
#endif

/* State of the program */
HV_SPR(DSCR,      17, HV_ALL,   GUEST, v->arch.dscr,         KVM_REG_PPC_DSCR)
HV_SPR(AMR,       29, HV_ALL,   GUEST, v->arch.amr,          KVM_REG_PPC_AMR)
HV_SPR(UAMOR,    157, HV_ALL,   GUEST, v->arch.uamor,        KVM_REG_PPC_UAMOR)
HV_SPR(VRSAVE,   256, HV_ALL,   GUEST, v->arch.vrsave,       KVM_REG_PPC_VRSAVE)
HV_SPR(SPRG0,    272, HV_ALL,   GUEST, v->arch.shregs.sprg0, 0)
HV_SPR(SPRG1,    273, HV_ALL,   GUEST, v->arch.shregs.sprg1, 0)
HV_SPR(SPRG2,    274, HV_ALL,   GUEST, v->arch.shregs.sprg2, 0)
HV_SPR(SPRG3,    275, HV_ALL,   GUEST, v->arch.shregs.sprg3, 0)
HV_SPR(PCR,      338, HV_ALL,   HOST,  v->arch.vcore->pcr,   0)
HV_SPR(IAMR,      61, HV_P8UP,  GUEST, v->arch.iamr,         KVM_REG_PPC_IAMR)
HV_SPR(FSCR,     153, HV_P8UP,  GUEST, v->arch.fscr,         KVM_REG_PPC_FSCR)
HV_SPR(PSPB,     159, HV_P8UP,  GUEST, v->arch.pspb,         KVM_REG_PPC_PSPB)
HV_SPR(DPDES,    176, HV_P8UP,  GUEST, v->arch.vcore->dpdes, 0)
HV_SPR(CIABR,    187, HV_P8UP,  HOST,  v->arch.ciabr,        KVM_REG_PPC_CIABR)
HV_SPR(HFSCR,    190, HV_P8UP,  HOST,  v->arch.hfscr,        0)
HV_SPR(EBBHR,    804, HV_P8UP,  GUEST, v->arch.ebbhr,        KVM_REG_PPC_EBBHR)
HV_SPR(EBBRR,    805, HV_P8UP,  GUEST, v->arch.ebbrr,        KVM_REG_PPC_EBBRR)
HV_SPR(BESCR,    806, HV_P8UP,  GUEST, v->arch.bescr,        KVM_REG_PPC_BESCR)
HV_SPR(TAR,      815, HV_P8UP,  GUEST, v->arch.tar,          KVM_REG_PPC_TAR)
HV_SPR(IC,       848, HV_P8UP,  GUEST, v->arch.ic,           KVM_REG_PPC_IC)
HV_SPR(VTB,      849, HV_P8UP,  GUEST, v->arch.vcore->vtb,   KVM_REG_PPC_VTB)
HV_SPR(ACOP,      31, HV_P8,    GUEST, v->arch.acop,         KVM_REG_PPC_ACOP)
HV_SPR(TACR,     888, HV_P8,    GUEST, v->arch.tacr,         KVM_REG_PPC_TACR)
HV_SPR(TCSCR,    889, HV_P8,    GUEST, v->arch.tcscr,        KVM_REG_PPC_TCSCR)
HV_SPR(CSIGR,    890, HV_P8,    GUEST, v->arch.csigr,        KVM_REG_PPC_CSIGR)
HV_SPR(WORT,     895, HV_P8,    GUEST, v->arch.wort,         KVM_REG_PPC_WORT)
HV_SPR(TIDR,     144, HV_P9,    GUEST, v->arch.tid,          KVM_REG_PPC_TIDR)
HV_SPR(PSSCR,    823, HV_P9UP,  GUEST, v->arch.psscr,        KVM_REG_PPC_PSSCR)
HV_SPR(DAWR,     180, HV_DAWR,  HOST,  v->arch.dawr0,        KVM_REG_PPC_DAWR)
HV_SPR(DAWRX,    188, HV_DAWR,  HOST,  v->arch.dawrx0,       KVM_REG_PPC_DAWRX)
HV_SPR(DAWR1,    181, HV_P10,   HOST,  v->arch.dawr1,        KVM_REG_PPC_DAWR1)
HV_SPR(DAWRX1,   189, HV_P10,   HOST,  v->arch.dawrx1,       KVM_REG_PPC_DAWRX1)
HV_SPR(DEXCR,    828, HV_P10,   GUEST, v->arch.dexcr,        KVM_REG_PPC_DEXCR)
HV_SPR(HASHKEYR, 468, HV_P10,   GUEST, v->arch.hashkeyr,     KVM_REG_PPC_HASHKEYR)
HV_SPR(HASHPKEYR,469, HV_P10,   GUEST, v->arch.hashpkeyr,    KVM_REG_PPC_HASHPKEYR)
HV_SPR(DSISR,     18, HV_ALL,   GUEST, v->arch.shregs.dsisr, 0)
HV_SPR(DAR,       19, HV_ALL,   GUEST, v->arch.shregs.dar,   0)

/* Performance monitor */
HV_SPR_PMU(PMC1,  787, HV_ALL,  GUEST, v->arch.pmc[0],       KVM_REG_PPC_PMC1)
HV_SPR_PMU(PMC2,  788, HV_ALL,  GUEST, v->arch.pmc[1],       KVM_REG_PPC_PMC2)
HV_SPR_PMU(PMC3,  789, HV_ALL,  GUEST, v->arch.pmc[2],       KVM_REG_PPC_PMC3)
HV_SPR_PMU(PMC4,  790, HV_ALL,  GUEST, v->arch.pmc[3],       KVM_REG_PPC_PMC4)
HV_SPR_PMU(PMC5,  791, HV_ALL,  GUEST, v->arch.pmc[4],       KVM_REG_PPC_PMC5)
HV_SPR_PMU(PMC6,  792, HV_ALL,  GUEST, v->arch.pmc[5],       KVM_REG_PPC_PMC6)
HV_SPR_PMU(SPMC1, 892, HV_P8,   GUEST, v->arch.spmc[0],      KVM_REG_PPC_SPMC1)
HV_SPR_PMU(SPMC2, 893, HV_P8,   GUEST, v->arch.spmc[1],      KVM_REG_PPC_SPMC2)
HV_SPR_PMU(SIAR,  796, HV_ALL,  GUEST, v->arch.siar,         KVM_REG_PPC_SIAR)
HV_SPR_PMU(SDAR,  797, HV_ALL,  GUEST, v->arch.sdar,         KVM_REG_PPC_SDAR)
HV_SPR_PMU(SIER,  784, HV_P8UP, GUEST, v->arch.sier[0],      KVM_REG_PPC_SIER)
HV_SPR_PMU(SIER2, 752, HV_P10,  GUEST, v->arch.sier[1],      KVM_REG_PPC_SIER2)
HV_SPR_PMU(SIER3, 753, HV_P10,  GUEST, v->arch.sier[2],      KVM_REG_PPC_SIER3)
HV_SPR_PMU(MMCR1, 798, HV_ALL,  GUEST, v->arch.mmcr[1],      KVM_REG_PPC_MMCR1)
HV_SPR_PMU(MMCR2, 785, HV_P8UP, GUEST, v->arch.mmcr[2],      KVM_REG_PPC_MMCR2)
HV_SPR_PMU(MMCR3, 754, HV_P10,  GUEST, v->arch.mmcr[3],      KVM_REG_PPC_MMCR3)
HV_SPR_PMU(MMCRS, 894, HV_P8,   GUEST, v->arch.mmcrs,        KVM_REG_PPC_MMCRS)
HV_SPR_PMU(MMCRA, 786, HV_ALL,  GUEST, v->arch.mmcra,        KVM_REG_PPC_MMCRA)
HV_SPR_PMU(MMCR0, 795, HV_ALL,  GUEST, v->arch.mmcr[0],      KVM_REG_PPC_MMCR0)

/* Time: adjusted, not copied. CTRL is read at 136 and written at 152. */
HV_SPR_HELD(PURR,  309, HV_ALL, GUEST, v->arch.purr,         KVM_REG_PPC_PURR)
HV_SPR_HELD(SPURR, 308, HV_ALL, GUEST, v->arch.spurr,        KVM_REG_PPC_SPURR)
HV_SPR_HELD(CTRL,  136, HV_ALL, GUEST, v->arch.ctrl,         0)
/* Translation: part of the partition switch proper. */
HV_SPR_HELD(PID,    48, HV_ALL, GUEST, v->arch.pid,          KVM_REG_PPC_PID)
/* CPU state that the exception prologues save and load. */
HV_SPR_HELD(PPR,   896, HV_ALL, GUEST, v->arch.ppr,          KVM_REG_PPC_PPR)

#undef HV_SPR
#undef HV_SPR_PMU
#undef HV_SPR_HELD
