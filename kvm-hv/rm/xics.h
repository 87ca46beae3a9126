/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kvm.ko's emulated XICS (presentation controllers, ICP, and source
 * controllers, ICS) as far as the image has to read and write it. The kernel's
 * header for it is not among the installed ones, so this is our own statement
 * of where things lie; hv_xics_check() tries it on kvm.ko before it is used.
 */
#ifndef KVM_HV_RM_XICS_H
#define KVM_HV_RM_XICS_H

#include <linux/types.h>

#define XICS_LEAST_FAVOURED	0xff
#define XICS_SOURCES		1024	/* of one ICS; the number's bits above say which ICS */
#define XICS_MAX_ICS		1024

#define XICS_PRESENTED		1u	/* pq_state: on its way to a processor */

struct rm_xics_source {
	u32 number;
	u32 server;
	u32 pq_state;
	u8 priority;
	u8 saved_priority;
	u8 resend;
	u8 masked_pending;
	u8 level;
	u8 exists;
	int host_cpu;
	u32 host_irq;
};

struct rm_ics {
	u32 lock;
	u16 id;
	struct rm_xics_source source[XICS_SOURCES];
};

/* Changed by compare and exchange of the whole doubleword only. */
union rm_icp_state {
	u64 raw;
	struct {
		u8 asserted : 1;	/* the processor's external interrupt line */
		u8 need_resend : 1;	/* a source was turned away: CPPR or MFRR relaxed, it tries again */
		u8 cppr;		/* the processor's current priority; smaller is more favoured */
		u8 mfrr;		/* priority of its IPI, 0xff: none */
		u8 pending;		/* priority of what XISR shows */
		u32 xisr;		/* the pending interrupt, 0: none */
	};
};

struct rm_icp {
	struct kvm_vcpu *vcpu;
	unsigned long server;
	union rm_icp_state state;
};

struct rm_xics {
	struct kvm *kvm;
	void *device;
	void *debugfs;
	u32 max_ics;
	bool real_mode;		/* the backend does the work, kvm.ko only what is left over */
	bool real_mode_debug;
	u32 unknown_ics;
	u32 unknown_icp;
	struct rm_ics *ics[XICS_MAX_ICS];
};

#endif
