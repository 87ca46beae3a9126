/* SPDX-License-Identifier: GPL-2.0 */
/* LoPAR, "Dispatch Trace Log" */
#ifndef SHIM_DTL_H
#define SHIM_DTL_H

#include <linux/types.h>

struct dtl_entry {
	u8 dispatch_reason, preempt_reason;
	__be16 processor_id;
	__be32 enqueue_to_dispatch_time, ready_to_enqueue_time, waiting_to_ready_time;
	__be64 timebase, fault_addr, srr0, srr1;
};

#endif
