/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * /dev/kvm-hv: the backend's always-on statistics, and what it records.
 * Owned by root, mode 0600; who else may look is the administrator's choice
 * (chgrp and chmod by a udev rule). Structures are in the host's byte order and
 * grow at their ends only: a reader goes by the sizes they tell.
 *
 * read() from the start gives a struct hv_stats_head, then for each vCPU that
 * exists, as they were created, a struct hv_stats_vcpu followed by .rows struct hv_stats_row: those reasons that
 * have ever been counted. A vCPU that goes while the device is open can still be read, with state
 * HV_STATE_GONE, until all have closed it (the last 256 of them). No vCPU is stopped for it. All counters only grow; each by itself is never torn,
 * two of them may be an exit apart. stays, stayed, guest and switches are added up when they are read: of a vCPU that runs
 * meanwhile they may lack what it did during that.
 */
#ifndef KVM_HV_DEV_H
#define KVM_HV_DEV_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define HV_DEV_PATH	"/dev/kvm-hv"
#define HV_DEV_VERSION	1
#define HV_STATS_MAGIC	0x6b766d2d68760001ull

struct hv_stats_head {
	__u64 magic;
	__u32 version, size;	/* HV_DEV_VERSION, bytes of this structure */
	__u64 tb;		/* timebase when this was read */
	__u64 tb_hz;
	__u32 enabled;		/* module parameter statistics: vCPUs go by it from their next interrupt for the host on, or KVM_RUN */
	__u32 buckets;		/* in each row */
};

enum { HV_STATE_MODULE, HV_STATE_GUEST, HV_STATE_USER, HV_STATE_IDLE, HV_STATE_GONE };

struct hv_stats_vcpu {
	__u32 size;		/* bytes of this structure, without the rows */
	__u32 rows;
	__u32 row_size;
	__s32 pid, tid;		/* of the VMM, and of the thread that ran the vCPU last */
	__u32 lpid, vcpu_id;
	__u32 state;		/* HV_STATE_, since the timebase below */
	__u64 since;
	__u64 created;		/* timebase */
	__u64 stays;		/* partition switches: so many to the guest, and back */
	__u64 stayed;		/* exits that the real-mode image acted on */
	/*
	 * Ticks. guest has the image's work in it: that is the sum of the rows' stayed_ticks.
	 * What is left of the time since created is the module's; state tells whose the time after since is.
	 */
	__u64 guest, switches, user, idle;
};

enum { HV_ROW_EXIT, HV_ROW_HCALL };

#define HV_STATS_BUCKETS	28

/* From the exit until the guest goes on. Hypercalls have their own rows and none as an exit. */
struct hv_stats_row {
	__u32 kind;		/* HV_ROW_ */
	__u32 reserved;
	__u64 number;		/* vector or hypercall; ~0: those that the backend has no row for */
	__u64 stayed_ticks;	/* in exits that the image acted on */
	__u64 left_ticks;	/* in those that went to the module */
	/* how many took at least 2^i and less than 2^(i+1) ticks; [0] less than 2, the last one also more */
	__u64 bucket[HV_STATS_BUCKETS];
};

/*
 * What is recorded, by the trace events of the backend, as long as the file is open: an exit whose
 * bit is set, and of hypercalls those whose bit is set. With several files open, what any of
 * them wants; with none, everything. Needs a file open for writing.
 * -EBADF: it is not; -EINVAL: another version.
 */
struct hv_filter {
	__u32 version;		/* HV_DEV_VERSION */
	__u32 other_hcalls;	/* those beyond the bits below */
	__u64 exits[4];		/* bit vector / 0x20, vectors below 0x2000 */
	__u64 hcalls[8];	/* bit number / 4, numbers below 0x800 */
	__u64 own_hcalls[8];	/* bit (number - 0xf000) / 4, numbers from 0xf000 to 0xf7ff */
};

#define HV_IOC_FILTER	_IOW('h', 0xa0, struct hv_filter)
/* Emits what is written down but not emitted yet: the last thing to do in a recording. -EBADF: as above */
#define HV_IOC_FLUSH	_IO('h', 0xa1)

#endif
