/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_TIME_H
#define SHIM_TIME_H

#include <linux/types.h>

u64 mftb(void);

#endif
