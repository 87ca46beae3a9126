/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_MM_H
#define SHIM_MM_H
#include <stdlib.h>
#define alloc_pages_exact(size, gfp)	calloc(1, size)
#define free_pages_exact(p, size)	free(p)
#endif
