/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Entry, interrupt vectors and hypercalls of a payload.
 *
 * hvrun enters at 0 with the MMU off, little endian (interrupts are taken the
 * same way), r3 = vCPU number, r4 = bytes of memory, r5 = number of vCPUs,
 * r6..r10 = whatever hvrun --reg put there, r11 = order of the hashed page
 * table. SPRG0 points to this vCPU's struct
 * cpu, SPRG1 is scratch for the vectors; r13, which the compiler leaves alone,
 * points to struct cpu as well.
 */
#include "layout.h"

#define SPRG0 272
#define SPRG1 273

	.machine power8

	.section .vectors, "ax"
	.globl _start
_start:
	b	start

/* Eight instructions at most: some vectors are 0x20 bytes apart. */
	.macro vector number
	. = \number
	mtspr	SPRG1, 13
	mfspr	13, SPRG0
	std	12, CPU_R12(13)
	li	12, \number
	b	exception_entry
	.endm

	.irp	number, 0x100, 0x200, 0x300, 0x380, 0x400, 0x480, 0x500, 0x600, 0x700, \
		0x800, 0x900, 0x980, 0xa00, 0xb00, 0xc00, 0xd00, 0xe00, 0xe20, 0xe40, 0xe60, \
		0xe80, 0xea0, 0xf00, 0xf20, 0xf40, 0xf60, 0xf80, 0x1500, 0x1700
	vector	\number
	.endr

	.text
	.balign	4
exception_entry:
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 14, 15, 16, 17, 18, 19, 20, 21, \
		22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	std	\n, CPU_REGS + 8 * \n(13)
	.endr
	ld	0, CPU_R12(13)
	std	0, CPU_REGS + 8 * 12(13)
	mfspr	0, SPRG1
	std	0, CPU_REGS + 8 * 13(13)
	std	12, CPU_REGS + REGS_TRAP(13)
	mfsrr0	0
	std	0, CPU_REGS + REGS_PC(13)
	mfsrr1	0
	std	0, CPU_REGS + REGS_MSR(13)
	mflr	0
	std	0, CPU_REGS + REGS_LR(13)
	mfctr	0
	std	0, CPU_REGS + REGS_CTR(13)
	mfxer	0
	std	0, CPU_REGS + REGS_XER(13)
	mfcr	0
	std	0, CPU_REGS + REGS_CR(13)
	mfdar	0
	std	0, CPU_REGS + REGS_DAR(13)
	mfdsisr	0
	std	0, CPU_REGS + REGS_DSISR(13)
	ld	1, CPU_EXC_STACK(13)
	lis	2, .TOC.@h
	ori	2, 2, .TOC.@l
	addi	3, 13, CPU_REGS
	bl	exception
	nop
	ld	0, CPU_REGS + REGS_PC(13)
	mtsrr0	0
	ld	0, CPU_REGS + REGS_MSR(13)
	mtsrr1	0
	ld	0, CPU_REGS + REGS_LR(13)
	mtlr	0
	ld	0, CPU_REGS + REGS_CTR(13)
	mtctr	0
	ld	0, CPU_REGS + REGS_XER(13)
	mtxer	0
	ld	0, CPU_REGS + REGS_CR(13)
	mtcr	0
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 16, 17, 18, 19, 20, 21, \
		22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	ld	\n, CPU_REGS + 8 * \n(13)
	.endr
	ld	13, CPU_REGS + 8 * 13(13)
	rfid

/* r3 = vCPU number: r13, SPRG0, r1 and r2 */
	.macro	enter_cpu
	lis	2, .TOC.@h
	ori	2, 2, .TOC.@l
	lis	13, cpus@h
	ori	13, 13, cpus@l
	mulli	0, 3, CPU_SIZE
	add	13, 13, 0
	mtspr	SPRG0, 13
	lis	1, stacks@h		/* two a vCPU: one is for exceptions */
	ori	1, 1, stacks@l
	addi	0, 3, 1
	sldi	0, 0, STACK_SHIFT + 1
	add	1, 1, 0
	addi	1, 1, -128
	std	1, CPU_EXC_STACK(13)
	addi	1, 1, -STACK_SIZE
	std	1, CPU_STACK(13)
	li	0, 2			/* MSR[RI]: SPRG1 and SRRs are free */
	mtmsrd	0, 1
	.endm

start:
	enter_cpu
	lis	12, boot_args@h
	ori	12, 12, boot_args@l
	.irp	n, 4, 5, 6, 7, 8, 9, 10, 11
	std	\n, 8 * (\n - 4)(12)
	.endr
	bl	main
	nop
	bl	payload_exit
	nop

	.globl	secondary_start
secondary_start:
	enter_cpu
	bl	secondary_main
	nop
1:	b	1b

/* void problem_state(u64 pc, u64 msr): sc 0 there comes back here */
	.globl	problem_state
	.type	problem_state, @function
problem_state:
	stdu	1, -256(1)
	mflr	0
	std	0, 272(1)
	mfcr	0
	std	0, 264(1)
	.irp	n, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	std	\n, 8 * \n(1)
	.endr
	std	1, CPU_SAVED_R1(13)
	mtsrr0	3
	mtsrr1	4
	mr	12, 3
	lis	0, problem_state_end@h
	ori	0, 0, problem_state_end@l
	mtlr	0
	rfid
	.globl	problem_state_end
problem_state_end:
	li	0, 0			/* any sc 0 ends it: mmu.c */
	sc
	.globl	supervisor_return
supervisor_return:
	ld	1, CPU_SAVED_R1(13)
	.irp	n, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	ld	\n, 8 * \n(1)
	.endr
	ld	0, 264(1)
	mtcr	0
	ld	0, 272(1)
	mtlr	0
	addi	1, 1, 256
	blr

/* long hcall_raw(u64 number, u64 args[9]): args are r4..r12, in and out */
	.globl	hcall_raw
	.type	hcall_raw, @function
hcall_raw:
	std	4, -8(1)
	mr	11, 4
	ld	4, 0(11)
	ld	5, 8(11)
	ld	6, 16(11)
	ld	7, 24(11)
	ld	8, 32(11)
	ld	9, 40(11)
	ld	10, 48(11)
	ld	12, 64(11)
	ld	11, 56(11)
	sc	1
	ld	0, -8(1)
	mtctr	0			/* no other register is free */
	mr	0, 11
	mfctr	11
	std	4, 0(11)
	std	5, 8(11)
	std	6, 16(11)
	std	7, 24(11)
	std	8, 32(11)
	std	9, 40(11)
	std	10, 48(11)
	std	0, 56(11)
	std	12, 64(11)
	blr

	.bss
	.balign	128
	.globl	cpus
cpus:	.space	MAX_CPUS * CPU_SIZE
stacks:	.space	MAX_CPUS * 2 * STACK_SIZE

	.section .note.GNU-stack, "", @progbits
