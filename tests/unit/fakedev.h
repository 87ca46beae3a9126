/* SPDX-License-Identifier: GPL-2.0 */
/* A file that reads as /dev/kvm-hv does: statistics of guests that a test makes up. */
#ifndef UNIT_FAKEDEV_H
#define UNIT_FAKEDEV_H

#include "kvm_hv_dev.h"

/* Where the tools that are built for the tests look for it. */
#define FAKE_DEV "kvm-hv.fake"
#define FAKE_HZ 512000000ull

struct fake_vcpu {
	struct hv_stats_vcpu v;
	struct hv_stats_row rows[4];
};

struct fake_dev {
	__u64 tb;
	struct fake_vcpu vcpus[4];
	unsigned int nr;
	unsigned int more;	/* bytes that every structure has grown by */
};

/* In what is the current folder. */
void fake_write(const struct fake_dev *f);
struct fake_vcpu *fake_add(struct fake_dev *f, int pid, unsigned int lpid, unsigned int id);
/* n times so many ticks, in real mode or not. */
void fake_count(struct fake_vcpu *v, unsigned int kind, __u64 number, __u64 n, __u64 ticks, int stayed);

#endif
