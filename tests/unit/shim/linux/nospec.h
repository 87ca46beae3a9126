/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_NOSPEC_H
#define SHIM_NOSPEC_H

#include <linux/types.h>

/* The last index that was masked, and how many so far. */
__attribute__((weak)) struct { u64 index, size; unsigned int n; } shim_nospec;

#define array_index_nospec(index, size)	shim_array_index_nospec(index, size)
static inline u64 shim_array_index_nospec(u64 index, u64 size)
{
	shim_nospec.index = index;
	shim_nospec.size = size;
	shim_nospec.n++;
	return index < size ? index : 0;
}

#endif
