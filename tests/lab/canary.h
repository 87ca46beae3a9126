/* SPDX-License-Identifier: GPL-2.0 */
/* What the memory of tests/lab/canary.c holds; no guest may ever read such a value. */
#ifndef CANARY_H
#define CANARY_H

#define CANARY_TOP	0xca9a12ul
#define CANARY(i)	(CANARY_TOP << 40 | (i))

#endif
