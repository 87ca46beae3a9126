/* SPDX-License-Identifier: GPL-2.0 */
/* Offsets in struct cpu and struct regs, shared with crt.S; exception.c checks them. */
#ifndef LAYOUT_H
#define LAYOUT_H

#define MAX_CPUS	8
#define CPU_SIZE	512
#define STACK_SHIFT	14
#define STACK_SIZE	(1 << STACK_SHIFT)

#define CPU_R12		0
#define CPU_EXC_STACK	8
#define CPU_STACK	16
#define CPU_SAVED_R1	24
#define CPU_REGS	64

#define REGS_PC		256
#define REGS_MSR	264
#define REGS_LR		272
#define REGS_CTR	280
#define REGS_XER	288
#define REGS_CR		296
#define REGS_DAR	304
#define REGS_DSISR	312
#define REGS_TRAP	320

#endif
