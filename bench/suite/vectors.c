// SPDX-License-Identifier: GPL-2.0
/* Interrupt handlers of a few instructions, put where the payload's own are. */
#include "suite.h"

#define ROOM	0x80	/* bytes at most: 0x300, 0x380, 0xc00 have that much */

static struct {
	u64 at, bytes;
	u8 was[ROOM];
} saved;

void vector_replace(unsigned int vector, const void *code, u64 bytes)
{
	if (bytes > ROOM || saved.bytes) {
		printf("Bail out! a handler of %lu bytes\n", bytes);
		payload_exit(1);
	}
	saved.at = vector;
	saved.bytes = bytes;
	memcpy(saved.was, (void *)saved.at, bytes);
	memcpy((void *)saved.at, code, bytes);
	sync_icache((void *)saved.at, bytes);
}

void vector_restore(void)
{
	memcpy((void *)saved.at, saved.was, saved.bytes);
	sync_icache((void *)saved.at, saved.bytes);
	saved.bytes = 0;
}
