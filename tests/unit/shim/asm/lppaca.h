/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LPPACA_H
#define SHIM_LPPACA_H

#include <linux/types.h>

struct lppaca { u8 before[256]; __be32 yield_count; u8 after[380]; };

#endif
