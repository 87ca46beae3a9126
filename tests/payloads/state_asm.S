/* SPDX-License-Identifier: GPL-2.0 */
/*
 * void state_EVENT(void): loads every register from state_in, lets the event
 * happen, stores every register to state_out. Both stand at addresses below
 * 0x8000, so that no GPR is needed to reach them.
 */
#include "state.h"

	.machine power8

	.section .low, "aw", @nobits
	.balign	16
	.globl	state_in, state_out
state_in:  .space ST_SIZE
state_out: .space ST_SIZE
caller:	   .space 8 * 32
	.text

	.macro	for_vsrs insn
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29, \
		30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51,52,53,54,55,56, \
		57,58,59,60,61,62,63
	\insn	\n, 3, 4
	addi	4, 4, 16
	.endr
	.endm

	.macro	for_gprs insn, base
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29, \
		30,31
	\insn	\n, \base@l + 8 * \n(0)
	.endr
	.endm

	.macro	load_all
	mflr	0
	std	0, 0(1)			/* any free word: r1 is kept below */
	mfcr	0
	std	0, 8(1)
	for_gprs std, caller
	li	3, state_in@l
	lfd	0, ST_FPSCR(3)
	mtfsf	255, 0, 1, 0
	li	4, ST_VSCR
	lvx	0, 3, 4
	mtvscr	0
	li	4, ST_VSR
	for_vsrs lxvd2x
	ld	0, state_in@l + ST_CR(0)
	mtcr	0
	ld	0, state_in@l + ST_XER(0)
	mtxer	0
	ld	0, state_in@l + ST_CTR(0)
	mtctr	0
	ld	0, state_in@l + ST_LR(0)
	mtlr	0
	for_gprs ld, state_in
	.endm

	.macro	store_all
	std	0, state_out@l(0)
	mfcfar	0
	std	0, state_out@l + ST_CFAR(0)
	ld	0, state_out@l(0)
	for_gprs std, state_out
	mfcr	0
	std	0, state_out@l + ST_CR(0)
	mfxer	0
	std	0, state_out@l + ST_XER(0)
	mfctr	0
	std	0, state_out@l + ST_CTR(0)
	mflr	0
	std	0, state_out@l + ST_LR(0)
	mfmsr	0
	std	0, state_out@l + ST_MSR(0)
	li	3, state_out@l
	li	4, ST_VSR
	for_vsrs stxvd2x
	mffs	0
	stfd	0, ST_FPSCR(3)
	mfvscr	0
	li	4, ST_VSCR
	stvx	0, 3, 4
	for_gprs ld, caller
	ld	0, 8(1)
	mtcr	0
	ld	0, 0(1)
	mtlr	0
	blr
	.endm

	.macro	event name
	.globl	state_\name, state_\name\()_cfar
	.type	state_\name, @function
state_\name:
	stdu	1, -64(1)
	mflr	0
	std	0, 48(1)
	bl	1f
	ld	0, 48(1)
	mtlr	0
	addi	1, 1, 64
	blr
1:
	.endm

/* An hypercall: state_in's r3 is its number. */
	event	hcall
	load_all
state_hcall_cfar:
	b	2f
2:	sc	1
	store_all

/* Nothing but time: state_in's CTR rounds of it. */
	event	spin
	load_all
state_spin_cfar:
	bdnz	state_spin_cfar
	store_all

/* A load to r4 and a store of r6 where r5 says. */
	event	load
	load_all
state_load_cfar:
	b	2f
2:	ld	4, 0(5)
	store_all

	event	store
	load_all
state_store_cfar:
	b	2f
2:	std	6, 0(5)
	store_all

	.section .note.GNU-stack, "", @progbits
