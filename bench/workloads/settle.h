/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SETTLE_H
#define SETTLE_H

#define SETTLED_PERCENT 2

/*
 * Waits, a minute at most, until nobody else works on this machine, or in this
 * guest: a Linux that has just booted tests its ciphers for seconds, and each
 * time slice of that is in somebody's sample. Returns the percentage of time
 * that others used at last, -1 where there is no /proc/stat.
 */
int settle(void);

#endif
