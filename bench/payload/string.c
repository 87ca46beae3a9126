// SPDX-License-Identifier: GPL-2.0
/* The three functions that the compiler calls on its own account. */
#include "payload.h"

void *memset(void *dst, int c, size_t n)
{
	for (volatile u8 *p = dst; n--; p++)
		*p = c;
	return dst;
}

void *memcpy(void *dst, const void *src, size_t n)
{
	volatile u8 *d = dst;

	for (const u8 *s = src; n--; d++, s++)
		*d = *s;
	return dst;
}

int memcmp(const void *a, const void *b, size_t n)
{
	for (const u8 *x = a, *y = b; n--; x++, y++)
		if (*x != *y)
			return *x - *y;
	return 0;
}
