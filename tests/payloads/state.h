/* SPDX-License-Identifier: GPL-2.0 */
/* struct state as state_asm.S sees it; state.c checks the offsets. */
#ifndef STATE_H
#define STATE_H

#define ST_GPR		0
#define ST_CR		256
#define ST_XER		264
#define ST_CTR		272
#define ST_LR		280
#define ST_MSR		288
#define ST_CFAR		296
#define ST_FPSCR	304
#define ST_VSCR		320	/* a quadword */
#define ST_VSR		336
#define ST_SIZE		(336 + 64 * 16)

#endif
