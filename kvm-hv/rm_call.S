/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The module's half of the way into the real-mode image, and the image itself.
 *
 * void hv_rm_call(struct hv_rm_ctx *ctx, unsigned long image, unsigned long msr)
 *
 * ctx and image are linear-map addresses, msr is the MSR to come back with.
 * Interrupts are hard-disabled. The MMU goes off by rfid, which is context
 * synchronising (Power ISA v3.1B III ch. 13). From before SRR0 and SRR1 are
 * loaded until rfid MSR[RI] is 0: a system reset or machine check in between
 * changes them, and must not be taken for one that can be returned from.
 * kvmppc_p9_enter_guest loads the kernel's TOC on its way out, so r2 has to
 * be put back here.
 */
#include <asm/ppc_asm.h>
#include <asm/reg.h>

#define FRAME	64

	.section ".text"
	.globl hv_rm_call
	.type hv_rm_call, @function
hv_rm_call:
	mflr	r0
	std	r0, 16(r1)
	std	r2, 24(r1)
	stdu	r1, -FRAME(r1)

	mr	r6, r4
	mflr	r7
	bcl	20, 31, 1f
1:	mflr	r4
	addi	r4, r4, 2f - 1b
	mtlr	r7
	li	r7, MSR_IR | MSR_DR | MSR_RI
	andc	r7, r5, r7
	mtmsrd	r7, 1			/* EE and RI only: both 0 */
	mtspr	SPRN_SRR0, r6
	mtspr	SPRN_SRR1, r7
	rfid
	b	.

2:	addi	r1, r1, FRAME
	ld	r2, 24(r1)
	ld	r0, 16(r1)
	mtlr	r0
	blr
	.size hv_rm_call, . - hv_rm_call

	.section ".rodata", "a"
	.balign 8
	.globl hv_rm_blob, hv_rm_blob_end
hv_rm_blob:
	.incbin "rm/rm.bin"
hv_rm_blob_end:

	.section ".note.GNU-stack", "", @progbits
