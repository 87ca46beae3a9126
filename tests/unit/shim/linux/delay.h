/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_DELAY_H
#define SHIM_DELAY_H

void udelay(unsigned long us);

#endif
