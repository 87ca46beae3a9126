/* SPDX-License-Identifier: GPL-2.0 */
/* A vCPU's own area; crt.S knows the offsets. */
#ifndef CPU_H
#define CPU_H

#include "payload.h"

struct cpu {
	u64 r12;		/* vectors' scratch */
	u64 exc_stack, stack;
	u64 saved_r1;		/* while in problem state */
	u64 in_exception;
	u64 expect;		/* enum expect */
	u64 reserved[2];
	struct regs regs;
	struct exception got;
} __attribute__((aligned(CPU_SIZE)));

extern struct cpu cpus[MAX_CPUS];

static inline struct cpu *mfcpu(void)
{
	return (struct cpu *)mfspr(272);	/* SPRG0 */
}

#endif
