/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_BITS_H
#define SHIM_BITS_H

#define BIT(n)		(1ul << (n))
#define PPC_BIT(n)	(1ul << (63 - (n)))	/* bit 0 is the leftmost */
#define PPC_BITMASK(a, b)	((PPC_BIT(a) - PPC_BIT(b)) | PPC_BIT(a))

#endif
