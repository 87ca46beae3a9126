/* SPDX-License-Identifier: GPL-2.0 */
/* In place of kvm-hv/tlb.h (force-included, so that its include guard is taken): tells the test. */
#ifndef KVM_HV_TLB_H
#define KVM_HV_TLB_H

#include <linux/types.h>

enum shim_tlb_op { OP_EIEIO = 'e', OP_PTESYNC = 'p', OP_TLBSYNC = 's', OP_TLBIE = 't', OP_TLBIE_RADIX = 'r' };
void shim_tlb(enum shim_tlb_op op, u64 rb, u64 lpid);

static inline void hv_eieio(void)			{ shim_tlb(OP_EIEIO, 0, 0); }
static inline void hv_ptesync(void)			{ shim_tlb(OP_PTESYNC, 0, 0); }
static inline void hv_tlbsync(void)			{ shim_tlb(OP_TLBSYNC, 0, 0); }
static inline void hv_tlbie(u64 rb, u64 lpid)		{ shim_tlb(OP_TLBIE, rb, lpid); }
static inline void hv_tlbie_radix(u64 rb, u64 lpid)	{ shim_tlb(OP_TLBIE_RADIX, rb, lpid); }

#endif
