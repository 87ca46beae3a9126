/* SPDX-License-Identifier: GPL-2.0 */
/*
 * mfspr and mtspr for the image. The kernel's own macros name SPRs by SPRN_
 * constants; here the numbers come from tracepoints/sprs.h.
 */
#ifndef KVM_HV_RM_SPR_H
#define KVM_HV_RM_SPR_H

#define rm_mfspr(n) ({ u64 __v; \
	asm volatile("mfspr %0, %1" : "=r" (__v) : "i" (n)); __v; })
#define rm_mtspr(n, val) \
	asm volatile("mtspr %0, %1" : : "i" (n), "r" ((u64)(val)) : "memory")

static inline u64 rm_mfmsr(void)
{
	u64 v;

	asm volatile("mfmsr %0" : "=r" (v));
	return v;
}

static inline void rm_isync(void)	{ asm volatile("isync" ::: "memory"); }
static inline void rm_ptesync(void)	{ asm volatile("ptesync" ::: "memory"); }
static inline u64 rm_mftb(void)		{ return rm_mfspr(SPRN_TBRL); }

static inline void rm_slbmte(u64 rs, u64 rb)
{
	asm volatile("slbmte %0, %1" : : "r" (rs), "r" (rb) : "memory");
}

/* RT of slbfee. for an effective address; 0: no entry (v3.1B III, "slbfee.") */
static inline u64 rm_slbfee(u64 ea)
{
	u64 v;

	asm volatile("slbfee. %0, %1" : "=r" (v) : "r" (ea) : "cr0");
	return v;
}

static inline u64 rm_slbmfee(u64 i)
{
	u64 v;

	asm volatile("slbmfee %0, %1" : "=r" (v) : "r" (i));
	return v;
}

static inline u64 rm_slbmfev(u64 i)
{
	u64 v;

	asm volatile("slbmfev %0, %1" : "=r" (v) : "r" (i));
	return v;
}

#endif
