/* SPDX-License-Identifier: GPL-2.0 */
/* What pseries.c and pseries_asm.S share. */
#define STACK_SIZE	8192
#define REBOOTED	0x3000000	/* a doubleword that outlives a reset: nobody else is there */
#define TICKS		0x3000008
