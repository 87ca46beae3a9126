/* SPDX-License-Identifier: GPL-2.0 */
/* In place of kvm-hv/rm/spr.h (force-included, as tlb.h is): the test has the registers. */
#ifndef KVM_HV_RM_SPR_H
#define KVM_HV_RM_SPR_H

#include <linux/types.h>

u64 rm_mfspr(unsigned int n);

#endif
