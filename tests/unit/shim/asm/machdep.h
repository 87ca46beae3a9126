/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_MACHDEP_H
#define SHIM_MACHDEP_H

struct pt_regs;
extern struct machdep_calls {
	int (*hmi_exception_early)(struct pt_regs *regs);
} ppc_md;

#endif
