/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_PACA_H
#define SHIM_PACA_H

#include <asm/kvm_book3s_asm.h>

struct paca_struct {
	u8 irq_happened;
	struct mce_info *mce_info;
	struct kvmppc_host_state kvm_hstate;
};
extern struct paca_struct **paca_ptrs;
extern struct paca_struct shim_paca;
#define local_paca	(&shim_paca)

#endif
