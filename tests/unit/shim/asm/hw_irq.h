/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_HW_IRQ_H
#define SHIM_HW_IRQ_H

#define PACA_IRQ_DBELL	0x02
#define PACA_IRQ_EE	0x04
#define PACA_IRQ_HMI	0x10

#endif
