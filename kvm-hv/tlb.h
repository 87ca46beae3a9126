/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The instructions that make a change of an HPTE visible, apart from hpte.c so
 * that its unit tests can watch their order on any machine.
 */
#ifndef KVM_HV_TLB_H
#define KVM_HV_TLB_H

#include <linux/types.h>
#include <asm/ppc-opcode.h>

static inline void hv_eieio(void)	{ asm volatile("eieio" ::: "memory"); }
static inline void hv_ptesync(void)	{ asm volatile("ptesync" ::: "memory"); }
static inline void hv_tlbsync(void)	{ asm volatile("tlbsync" ::: "memory"); }

/* The 5-operand form with RIC=PRS=R=0 is what POWER8 knows as tlbie RB,RS. */
static inline void hv_tlbie(u64 rb, u64 lpid)
{
	asm volatile(PPC_TLBIE_5(%0, %1, 0, 0, 0) : : "r" (rb), "r" (lpid) : "memory");
}

/* Partition scoped, for POWER9's erratum only. */
static inline void hv_tlbie_radix(u64 rb, u64 lpid)
{
	asm volatile(PPC_TLBIE_5(%0, %1, 0, 0, 1) : : "r" (rb), "r" (lpid) : "memory");
}

#endif
