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
	mtspr	SPRN_SRR0, r4
	mtspr	SPRN_SRR1, r5
	rfid			/* context synchronising, v3.1B III ch. 13 */
	b	.

	.section ".note.GNU-stack", "", @progbits
