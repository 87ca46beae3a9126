/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Per VM and vCPU: how often and how long, by exit reason and by hypercall.
 *
 * An exit lasts from kvm_guest_exit to the next kvm_guest_enter of the same
 * vCPU. A hypercall lasts from kvm_hcall_enter to that same kvm_guest_enter:
 * what the guest waited for, whoever answered, kernel or user space (for one
 * that user space answers, kvm_hcall_exit comes before user space has seen it).
 * Only where kvm_guest_enter was not recorded does kvm_hcall_exit end it.
 */
#ifndef HV_STATS_H
#define HV_STATS_H

#include "decode.h"
#include "hist.h"

/* Number to durations: one of a table's rows. */
struct hv_reason {
	int64_t nr;
	uint64_t count;		/* all; hist.count are those whose end was seen */
	struct hist hist;	/* ns */
};

struct hv_table {
	struct hv_reason *reasons;
	size_t nr_reasons;
};

struct hv_span {
	bool open;
	int64_t nr;
	uint64_t since;
};

struct hv_vcpu {
	int32_t pid;		/* the VMM's process */
	int64_t lpid;		/* -1: the backend's events do not tell */
	int32_t id;
	struct hv_table exits, hcalls;
	uint64_t enters;
	struct hist guest;	/* ns from kvm_guest_enter to kvm_guest_exit */
	struct hist switch_in, switch_out;	/* ns per partition switch */
	struct hv_span in_guest, exit, hcall;
	int32_t last_cpu;
	char comm[16];		/* for whoever shows it live: the process may be gone by then */
	struct hv_vcpu *next;	/* in its hash chain */
};

#define HV_MAX_VCPUS	65536
#define HV_MAX_REASONS	1024
#define HV_HASH_SIZE	4096

struct hv_stats {
	/* ns = ticks * mult >> shift; mult 0: event fields in ticks can't be used */
	uint64_t tick_mult;
	unsigned int tick_shift;
	bool use_ticks;		/* the events carry tb */
	bool no_enter_events;
	uint64_t first_time, last_time, records;
	struct hv_vcpu **vcpus;	/* in order of appearance; hv_stats_sort() orders them by VM and id */
	size_t nr_vcpus;
	struct hv_vcpu *hash[HV_HASH_SIZE];
};

struct hv_stats *hv_stats_new(void);
void hv_stats_free(struct hv_stats *s);
/* Which clock to use, and what ends a hypercall, follows from the fields that the recording has. */
void hv_stats_setup(struct hv_stats *s, const struct hv_decoder *d, uint64_t tick_mult, unsigned int tick_shift);
/* Records have to come in order of time. -1: more vCPUs or reasons than anything real has. */
int hv_stats_add(struct hv_stats *s, const struct hv_record *r);
/* Events were lost on this CPU: what was going on there can't be measured any more. */
void hv_stats_lost(struct hv_stats *s, int32_t cpu);
void hv_stats_sort(struct hv_stats *s);
/* Forgets all counts, but not what each vCPU is doing; forgets whole vCPUs that keep() does not want. */
void hv_stats_restart(struct hv_stats *s, bool (*keep)(const struct hv_vcpu *v));
bool hv_same_vm(const struct hv_vcpu *a, const struct hv_vcpu *b);

/* -1: more reasons than a table holds. */
int hv_table_merge(struct hv_table *into, const struct hv_table *from);
void hv_table_free(struct hv_table *t);
/* By time, then by count, largest first. */
void hv_table_sort(struct hv_table *t);
uint64_t hv_table_count(const struct hv_table *t);
uint64_t hv_table_time(const struct hv_table *t);

#endif
