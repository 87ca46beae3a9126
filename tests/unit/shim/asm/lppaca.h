/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LPPACA_H
#define SHIM_LPPACA_H

#include <linux/types.h>

struct lppaca {
	u8 before[9], __old_status, local[246];
	__be32 yield_count;
	u8 shared[84];
	__be64 enqueue_dispatch_tb;
	u8 more[184];
	__be64 dtl_idx;
	u8 after[96];
};
#define LPPACA_OLD_SHARED_PROC	2

struct slb_shadow {
	__be32 persistent, buffer_length;
	__be64 reserved;
	struct { __be64 esid, vsid; } save_area[2];
};

#endif
