/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Per VM and vCPU: how often and how long, by exit reason and by hypercall.
 *
 * An exit lasts from kvm_guest_exit to the next kvm_guest_enter of the same
 * vCPU. A hypercall lasts from kvm_hcall_enter to that same kvm_guest_enter:
 * what the guest waited for, whoever answered, kernel or user space (for one
 * that user space answers, kvm_hcall_exit comes before user space has seen it).
 * Only where kvm_guest_enter was not recorded does kvm_hcall_exit end it.
 *
 * kvm-pr has no event of its own for a hypercall: an exit for sc 1 is one, which one is not known. Nor does
 * it tell when user space gives the guest back: how long an exit to user space took is not known.
 */
#ifndef HV_STATS_H
#define HV_STATS_H

#include "clock.h"
#include "hist.h"

/* What a vCPU's time goes to. Exits contain all the others but the guest's; what is left of them is the module's. */
enum hv_span_kind {
	HV_SPAN_GUEST,
	HV_SPAN_EXIT,		/* nr: the interrupt vector */
	HV_SPAN_HCALL,		/* nr: the hypercall */
	HV_SPAN_USER,		/* the VMM's turn */
	HV_SPAN_IDLE,		/* the vCPU sleeps */
	HV_SPAN_SWITCH_IN, HV_SPAN_SWITCH_OUT,
	HV_SPAN_REAL,		/* an exit that was dealt with in real mode, all of it */
	HV_SPAN_MODULE,		/* what is left of an exit that was not: durations alone, nobody is told of them */
	HV_NR_SPANS
};

struct hv_span {
	bool open;
	enum hv_span_kind kind;
	int64_t nr;
	uint64_t start, end;	/* ns */
	uint64_t pc, msr;	/* of the exit that it is or belongs to */
	uint32_t row;		/* of its table: where it was when the span began */
};

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

struct hv_vcpu {
	int32_t pid;		/* the VMM's process */
	int64_t lpid;		/* -1: the backend's events do not tell */
	int32_t id;		/* its number; kvm-pr does not tell that: in order of appearance */
	int32_t key;		/* what its records have instead: that number, or its thread */
	struct hv_table exits, hcalls;
	uint64_t enters;
	/* ns; exits and hypercalls are in their tables instead */
	struct hist spent[HV_NR_SPANS];
	/* counted by the backend: the switches of both directions are in SWITCH_IN, and that many ns were outside */
	bool is_counted;
	bool hides_user;	/* its backend does not tell when user space's turn is over */
	uint64_t outside;
	struct hv_span open[HV_NR_SPANS];
	bool tells_idle;	/* its backend says when it sleeps: H_CEDE need not stand for it */
	bool in_real_mode;	/* the exit that is under way */
	uint64_t not_module;	/* how much of that went to others */
	struct hv_span switch_in;	/* the last one */
	int32_t last_cpu;
	/* for whoever shows it, interval by interval: */
	char comm[16];		/* the process may be gone by then */
	unsigned int silent;	/* for so many intervals nothing has been heard of it */
	struct hv_vcpu *next;	/* in its hash chain */
};

/* Of an exit that has just ended: whether any of it was the module's, and how much. */
static inline bool hv_has_module_time(const struct hv_vcpu *v, const struct hv_span *exit)
{
	return !v->in_real_mode && exit->end - exit->start >= v->not_module;
}

static inline uint64_t hv_module_time(const struct hv_vcpu *v, const struct hv_span *exit)
{
	return exit->end - exit->start - v->not_module;
}

#define HV_MAX_VCPUS	16384
#define HV_MAX_REASONS	1024		/* in one table */
#define HV_MAX_ALL_REASONS (1 << 17)	/* in all vCPUs' tables: some 100 MB */
#define HV_HASH_SIZE	4096

typedef int (*hv_span_fn)(const struct hv_vcpu *v, const struct hv_span *span, void *arg);

struct hv_stats {
	struct hv_clock clock;
	bool no_enter_events;
	uint64_t records;
	size_t nr_reasons;
	hv_span_fn on_span;	/* if set: told of every span when it ends; not 0 ends hv_stats_add() */
	void *arg;
	struct hv_vcpu **vcpus;	/* in order of appearance; hv_stats_sort() orders them by VM and id */
	size_t nr_vcpus;
	struct hv_vcpu *hash[HV_HASH_SIZE], *last;	/* last: looked up; records come in runs */
};

struct hv_stats *hv_stats_new(void);
void hv_stats_free(struct hv_stats *s);
/*
 * What ends a hypercall follows from the events that the recording has. Fields that statistics make nothing of
 * are not decoded from then on.
 */
void hv_stats_setup(struct hv_stats *s, struct hv_decoder *d, const struct hv_clock *c);
/* Records have to come in order of time. -1: more vCPUs or reasons than anything real has. */
int hv_stats_add(struct hv_stats *s, const struct hv_record *r);
/* Events were lost on this CPU: what was going on there can't be measured any more. */
void hv_stats_lost(struct hv_stats *s, int32_t cpu);
void hv_stats_sort(struct hv_stats *s);
/* Forgets all counts, but not what each vCPU is doing; forgets whole vCPUs that keep(), if it is there, does not want. */
void hv_stats_restart(struct hv_stats *s, bool (*keep)(const struct hv_vcpu *v));
bool hv_same_vm(const struct hv_vcpu *a, const struct hv_vcpu *b);

/* The row of that number, made if there was none; NULL: the table is full. */
struct hv_reason *hv_table_row(struct hv_table *t, int64_t nr);
/* -1: more reasons than a table holds. */
int hv_table_merge(struct hv_table *into, const struct hv_table *from);
void hv_table_free(struct hv_table *t);
/* By time, then by count, largest first. */
void hv_table_sort(struct hv_table *t);
const struct hv_reason *hv_table_find(const struct hv_table *t, int64_t nr);
uint64_t hv_table_count(const struct hv_table *t);
uint64_t hv_table_time(const struct hv_table *t);

/* The tables of one vCPU, of one VM's vCPUs or of all. */
struct hv_sums {
	struct hv_table exits, hcalls;
	struct hist spent[HV_NR_SPANS];
	uint64_t enters;
	bool is_counted, hides_user;	/* as in struct hv_vcpu */
	uint64_t outside;
};

/* ns outside the guest, and those of them that the module had. */
uint64_t hv_sums_outside(const struct hv_sums *s);
uint64_t hv_sums_module(const struct hv_sums *s);
int hv_sums_add(struct hv_sums *s, const struct hv_vcpu *v);
void hv_sums_free(struct hv_sums *s);
/* How many of the vCPUs from i on are one VM's. They have to be sorted. */
size_t hv_vm_vcpus(const struct hv_stats *s, size_t i);

#endif
