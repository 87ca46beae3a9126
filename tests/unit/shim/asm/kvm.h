/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_KVM_H
#define SHIM_KVM_H

#define KVM_GUESTDBG_USE_SW_BP	0x00010000
#define KVM_RUN_PPC_NMI_DISP_MASK	3
#define KVM_RUN_PPC_NMI_DISP_FULLY_RECOV	1
#define KVM_RUN_PPC_NMI_DISP_NOT_RECOV	3

#define KVM_REG_PPC		0x1000000000000000ull
#define KVM_REG_SIZE_SHIFT	52
#define KVM_REG_SIZE_MASK	0x00f0000000000000ull
#define KVM_REG_SIZE_U32	0x0020000000000000ull
#define KVM_REG_SIZE_U64	0x0030000000000000ull
#define KVM_REG_SIZE_U128	0x0040000000000000ull
#define SHIM_U32(n)		(KVM_REG_PPC | KVM_REG_SIZE_U32 | (n))
#define SHIM_U64(n)		(KVM_REG_PPC | KVM_REG_SIZE_U64 | (n))
#define SHIM_U128(n)		(KVM_REG_PPC | KVM_REG_SIZE_U128 | (n))

#define KVM_REG_PPC_HIOR          SHIM_U64(0x01)
#define KVM_REG_PPC_DABR          SHIM_U64(0x08)
#define KVM_REG_PPC_DSCR          SHIM_U64(0x09)
#define KVM_REG_PPC_PURR          SHIM_U64(0x0a)
#define KVM_REG_PPC_SPURR         SHIM_U64(0x0b)
#define KVM_REG_PPC_AMR           SHIM_U64(0x0e)
#define KVM_REG_PPC_UAMOR         SHIM_U64(0x0f)
#define KVM_REG_PPC_MMCR0         SHIM_U64(0x10)
#define KVM_REG_PPC_MMCR1         SHIM_U64(0x11)
#define KVM_REG_PPC_MMCRA         SHIM_U64(0x12)
#define KVM_REG_PPC_MMCR2         SHIM_U64(0x13)
#define KVM_REG_PPC_MMCRS         SHIM_U64(0x14)
#define KVM_REG_PPC_SIAR          SHIM_U64(0x15)
#define KVM_REG_PPC_SDAR          SHIM_U64(0x16)
#define KVM_REG_PPC_SIER          SHIM_U64(0x17)
#define KVM_REG_PPC_PMC1          SHIM_U32(0x18)
#define KVM_REG_PPC_PMC2          SHIM_U32(0x19)
#define KVM_REG_PPC_PMC3          SHIM_U32(0x1a)
#define KVM_REG_PPC_PMC4          SHIM_U32(0x1b)
#define KVM_REG_PPC_PMC5          SHIM_U32(0x1c)
#define KVM_REG_PPC_PMC6          SHIM_U32(0x1d)
#define KVM_REG_PPC_PMC7          SHIM_U32(0x1e)
#define KVM_REG_PPC_PMC8          SHIM_U32(0x1f)
#define KVM_REG_PPC_VPA_ADDR      SHIM_U64(0x82)
#define KVM_REG_PPC_VPA_SLB       SHIM_U128(0x83)
#define KVM_REG_PPC_VPA_DTL       SHIM_U128(0x84)
#define KVM_REG_PPC_DEBUG_INST    SHIM_U32(0x8b)
#define KVM_REG_PPC_ICP_STATE     SHIM_U64(0x8c)
#define KVM_REG_PPC_VP_STATE      SHIM_U128(0x8d)
#define KVM_REG_PPC_TB_OFFSET     SHIM_U64(0x9c)
#define KVM_REG_PPC_SPMC1         SHIM_U32(0x9d)
#define KVM_REG_PPC_SPMC2         SHIM_U32(0x9e)
#define KVM_REG_PPC_IAMR          SHIM_U64(0x9f)
#define KVM_REG_PPC_FSCR          SHIM_U64(0xa3)
#define KVM_REG_PPC_PSPB          SHIM_U32(0xa4)
#define KVM_REG_PPC_EBBHR         SHIM_U64(0xa5)
#define KVM_REG_PPC_EBBRR         SHIM_U64(0xa6)
#define KVM_REG_PPC_BESCR         SHIM_U64(0xa7)
#define KVM_REG_PPC_TAR           SHIM_U64(0xa8)
#define KVM_REG_PPC_DPDES         SHIM_U64(0xa9)
#define KVM_REG_PPC_DAWR          SHIM_U64(0xaa)
#define KVM_REG_PPC_DAWRX         SHIM_U64(0xab)
#define KVM_REG_PPC_CIABR         SHIM_U64(0xac)
#define KVM_REG_PPC_IC            SHIM_U64(0xad)
#define KVM_REG_PPC_VTB           SHIM_U64(0xae)
#define KVM_REG_PPC_CSIGR         SHIM_U64(0xaf)
#define KVM_REG_PPC_TACR          SHIM_U64(0xb0)
#define KVM_REG_PPC_TCSCR         SHIM_U64(0xb1)
#define KVM_REG_PPC_PID           SHIM_U64(0xb2)
#define KVM_REG_PPC_ACOP          SHIM_U64(0xb3)
#define KVM_REG_PPC_VRSAVE        SHIM_U32(0xb4)
#define KVM_REG_PPC_LPCR          SHIM_U32(0xb5)
#define KVM_REG_PPC_LPCR_64       SHIM_U64(0xb5)
#define KVM_REG_PPC_PPR           SHIM_U64(0xb6)
#define KVM_REG_PPC_ARCH_COMPAT   SHIM_U32(0xb7)
#define KVM_REG_PPC_DABRX         SHIM_U32(0xb8)
#define KVM_REG_PPC_WORT          SHIM_U64(0xb9)
#define KVM_REG_PPC_TIDR          SHIM_U64(0xbc)
#define KVM_REG_PPC_PSSCR         SHIM_U64(0xbd)
#define KVM_REG_PPC_DEC_EXPIRY    SHIM_U64(0xbe)
#define KVM_REG_PPC_ONLINE        SHIM_U32(0xbf)
#define KVM_REG_PPC_PTCR          SHIM_U64(0xc0)
#define KVM_REG_PPC_MMCR3         SHIM_U64(0xc1)
#define KVM_REG_PPC_SIER2         SHIM_U64(0xc2)
#define KVM_REG_PPC_SIER3         SHIM_U64(0xc3)
#define KVM_REG_PPC_DAWR1         SHIM_U64(0xc4)
#define KVM_REG_PPC_DAWRX1        SHIM_U64(0xc5)
#define KVM_REG_PPC_DEXCR         SHIM_U64(0xc6)
#define KVM_REG_PPC_HASHKEYR      SHIM_U64(0xc7)
#define KVM_REG_PPC_HASHPKEYR     SHIM_U64(0xc8)

#endif
