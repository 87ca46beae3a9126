/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_PACA_H
#define SHIM_PACA_H

#include <linux/types.h>

struct paca_struct {
	u8 irq_happened;
	struct mce_info *mce_info;
	struct { ulong host_r1; void *xics_phys; } kvm_hstate;
};
extern struct paca_struct shim_paca;
#define local_paca	(&shim_paca)

#endif
