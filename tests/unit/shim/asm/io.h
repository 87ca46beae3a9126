/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_IO_H
#define SHIM_IO_H

#include <linux/types.h>

void __raw_rm_writeb(u8 val, volatile void *paddr);

#endif
