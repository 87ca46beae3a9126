/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How a program in the lab, or in a guest in it, tells the emulator's plug-in that
 * something begins or ends: by an instruction that does nothing and that no
 * compiler makes, ori rN,rN,0.
 */
#ifndef MARKS_H
#define MARKS_H

#define MARK_BEGIN	20	/* N */
#define MARK_END	21
#define MARK_WORD(n)	(24u << 26 | (n) << 21 | (n) << 16)

#define MARK_STR_(x) #x
#define MARK_STR(x) MARK_STR_(x)
#ifdef __powerpc64__
#define MARK(n) asm volatile("ori " MARK_STR(n) ", " MARK_STR(n) ", 0" : : : "memory")
#else
#define MARK(n) ((void)0)
#endif

#endif
