/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Entry of pseries.c, big endian, MMU off, wherever it was loaded: as QEMU's
 * firmware (-bios) at 0 + 0x100 with r3 = flattened device tree, as a kernel by
 * an Open Firmware with r5 = its client interface (QEMU's two enter where it
 * begins, as suits Linux, not at the ELF header's entry).
 */
#include "pseries.h"

	.section .head, "ax"
	.globl _start
_start:
	b	start
	. = 0x100
	b	start
	. = 0x2000			/* past the interrupt vectors, one of which is written to */
start:
	li	6, 0
enter:
	bcl	20, 31, 1f
1:	mflr	12
	addis	2, 12, .TOC. - 1b@ha
	addi	2, 2, .TOC. - 1b@l
	addis	1, 2, stacks@toc@ha
	addi	1, 1, stacks@toc@l
	addi	7, 6, 1
	mulli	7, 7, STACK_SIZE
	add	1, 1, 7
	addi	1, 1, -128
	cmpdi	6, 0
	bne	2f
	addis	8, 2, bss_start@toc@ha		/* a reset leaves it as it was */
	addi	8, 8, bss_start@toc@l
	addis	9, 2, bss_end@toc@ha
	addi	9, 9, bss_end@toc@l
	li	0, 0
3:	std	0, 0(8)
	addi	8, 8, 8
	cmpld	8, 9
	blt	3b
	bl	pseries_main
	nop
2:	bl	secondary_main
	nop

	.globl secondary
secondary:			/* RTAS start-cpu: r3 is its argument */
	li	6, 1
	b	enter

/* Copied to 0x900: counts in the doubleword at TICKS, next one in seconds */
#define SPRG1 273
#define SPRG2 274
	.globl ticker, ticker_end
ticker:
	mtspr	SPRG1, 3
	mtspr	SPRG2, 4
	lis	4, TICKS@h
	ori	4, 4, TICKS@l
	ld	3, 0(4)
	addi	3, 3, 1
	std	3, 0(4)
	lis	3, 0x7fff
	mtdec	3
	mfspr	4, SPRG2
	mfspr	3, SPRG1
	rfid
ticker_end:

/* void prom_call(u32 *args, u64 entry): the client interface is 32-bit code, and owns the registers */
	.globl prom_call
prom_call:
	mflr	0
	std	0, 16(1)
	stdu	1, -256(1)
	std	2, 32(1)
	mfcr	0
	std	0, 40(1)
	.irp	n, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	std	\n, 8 * \n - 56(1)
	.endr
	mfmsr	11
	std	11, 200(1)
	clrldi	11, 11, 1			/* MSR[SF] */
	mtsrr0	4
	mtsrr1	11
	bcl	20, 31, 1f
1:	mflr	12
	addi	12, 12, 2f - 1b
	mtlr	12
	rfid
2:	ld	11, 200(1)
	mtmsrd	11
	isync
	.irp	n, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	ld	\n, 8 * \n - 56(1)
	.endr
	ld	0, 40(1)
	mtcr	0
	ld	2, 32(1)
	addi	1, 1, 256
	ld	0, 16(1)
	mtlr	0
	blr

	.bss
	.balign	128
stacks:	.space	2 * STACK_SIZE

	.section .note.GNU-stack, "", @progbits
