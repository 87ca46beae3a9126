/* SPDX-License-Identifier: GPL-2.0 */
/*
 * First instruction of the image. The module comes here by rfid with the MMU
 * off (MSR[IR]=MSR[DR]=MSR[RI]=MSR[EE]=0), interrupts hard-disabled:
 *
 *   r1  host kernel stack, which lies in the linear map
 *   r3  struct hv_rm_ctx *
 *   r4  address in the module to return to
 *   r5  MSR to return with
 *   r13 PACA
 *
 * Non-volatile registers are saved by the C code as the ABI says; r2 is not
 * used in the image, the module restores its own.
 */
#include <asm/ppc-opcode.h>
#include <asm/ppc_asm.h>
#include <asm/reg.h>
#include "offsets.h"

	.section ".rm.head", "ax"
	.globl hv_rm_entry
hv_rm_entry:
	std	r4, RM_RETURN_NIP(r3)
	std	r5, RM_RETURN_MSR(r3)
	mflr	r0
	std	r0, 16(r1)
	stdu	r1, -64(r1)
	std	r3, 48(r1)
	bl	hv_rm_run
	ld	r3, 48(r1)
	addi	r1, r1, 64
	ld	r0, 16(r1)
	mtlr	r0
	ld	r4, RM_RETURN_NIP(r3)
	ld	r5, RM_RETURN_MSR(r3)
	/* An interrupt through HSRR0/1 leaves MSR[RI] as the guest had it: 0 while SRR0 and SRR1 are loaded (rm_call.S). */
	li	r0, 0
	mtmsrd	r0, 1
	mtspr	SPRN_SRR0, r4
	mtspr	SPRN_SRR1, r5
	rfid			/* context synchronising, v3.1B III ch. 13 */
	b	.

/*
 * void hv_rm_reclaim(void): throws a guest's transaction away.
 *
 * Guests have no transactional memory, but nothing keeps one from setting
 * MSR[TS] by rfid, and an rfid to the host with MSR[TS] != 0 is a TM Bad Thing
 * (Power ISA v2.07B III-S, "Transactional Memory", state transitions). treclaim.
 * puts the checkpointed values in nearly every register, r1 and r13 too: the way
 * back is through HSPRG0 and a word of the PACA that an exit has done with.
 */
#define RECLAIM_FRAME	(32 + 20 * 8)
	.text
	.globl hv_rm_reclaim
hv_rm_reclaim:
	mflr	r0
	std	r0, 16(r1)
	stdu	r1, -RECLAIM_FRAME(r1)
	mfcr	r4
	std	r4, 32(r1)
	std	r2, 24(r1)
	reg = 14
	.rept	18
	std	reg, (48 + (reg - 14) * 8)(r1)
	reg = reg + 1
	.endr
	std	r1, PACA_HOST_R1(r13)
	mfmsr	r4
	li	r5, 1
	rldimi	r4, r5, MSR_TM_LG, 63 - MSR_TM_LG
	mtmsrd	r4
	li	r5, 0
	TRECLAIM(R5)
	mfspr	r13, SPRN_HSPRG0
	ld	r1, PACA_HOST_R1(r13)
	reg = 14
	.rept	18
	ld	reg, (48 + (reg - 14) * 8)(r1)
	reg = reg + 1
	.endr
	ld	r2, 24(r1)
	ld	r4, 32(r1)
	mtcr	r4
	addi	r1, r1, RECLAIM_FRAME
	ld	r0, 16(r1)
	mtlr	r0
	blr

	.section ".note.GNU-stack", "", @progbits
