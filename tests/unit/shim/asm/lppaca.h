/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LPPACA_H
#define SHIM_LPPACA_H

#include <linux/types.h>

struct lppaca { u8 bytes[640]; };

#endif
