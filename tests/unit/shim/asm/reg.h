/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_REG_H
#define SHIM_REG_H

#define MSR_EE		(1ul << 15)
#define MSR_PR		(1ul << 14)
#define MSR_DR		(1ul << 4)
#define MSR_LE		(1ul << 0)

#define SPRN_DEC	0x016

#define SRR1_ISI_NOPT		0x40000000
#define SRR1_ISI_N_G_OR_CIP	0x10000000
#define SRR1_ISI_PROT		0x08000000
#define DSISR_NOHPTE		0x40000000
#define DSISR_PROTFAULT		0x08000000
#define DSISR_ISSTORE		0x02000000
#define DSISR_KEYFAULT		0x00200000
#define SRR1_PREFIXED	0x20000000
#define SRR1_PROGILL	0x00080000
#define SRR1_PROGPRIV	0x00040000

#define LPCR_DPFD	0x0070000000000000ul
#define LPCR_ILE	0x0000000002000000ul
#define LPCR_AIL	0x0000000001800000ul
#define LPCR_AIL_3	0x0000000001800000ul
#define LPCR_LD		0x0000000000020000ul
#define LPCR_TC		0x0000000000000200ul

#define CIABR_PRIV		0x3
#define CIABR_PRIV_HYPER	3
#define DAWRX_HYP		(1ul << 2)
#define DABRX_HYP		(1ul << 2)

#define PSSCR_GUEST_VIS	0xf0000000000003fful

#define PCR_ARCH_205	0x2
#define PCR_ARCH_206	0x4
#define PCR_ARCH_207	0x8
#define PCR_ARCH_300	0x10
/* all but bits 0 to 3 (facilities) and the four architecture levels */
#define PCR_MASK	(~(0xf000000000000000ul | 0x1eul))

#define PVR_POWER9	0x004E
#define PVR_ARCH_205	0x0f000002
#define PVR_ARCH_206	0x0f000003
#define PVR_ARCH_206p	0x0f100003
#define PVR_ARCH_207	0x0f000004
#define PVR_ARCH_300	0x0f000005
#define PVR_ARCH_31	0x0f000006
#define PVR_ARCH_31_P11	0x0f000007

unsigned long mfmsr(void);

#endif
