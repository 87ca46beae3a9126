/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ABI between the module (MMU on, partition 0) and the real-mode image
 * (MMU off, host's or guest's partition). Everything reachable from struct
 * hv_rm_ctx lies in the linear map: with MSR[DR]=0 and MSR[HV]=1 the processor
 * ignores the top four bits of an effective address (Power ISA v3.1B III,
 * "Hypervisor Real Mode"), so linear-map pointers work
 * in the image as they stand.
 */
#ifndef KVM_HV_RM_HEADER_H
#define KVM_HV_RM_HEADER_H

#include <linux/types.h>
#include <linux/bits.h>
#include <linux/workqueue.h>
#include <linux/nospec.h>
#include <asm/hvcall.h>
#include <asm/reg.h>
#include "kvm_hv_dev.h"
#include "records.h"

/* Processor generations, for the CPUS column of tracepoints/sprs.h. */
#define HV_P7		BIT(0)
#define HV_P8		BIT(1)
#define HV_P9		BIT(2)
#define HV_P10		BIT(3)
#define HV_P9UP		(HV_P9 | HV_P10)
#define HV_P8UP		(HV_P8 | HV_P9UP)
#define HV_ALL		(HV_P7 | HV_P8UP)
#define HV_TM		(HV_P8 | HV_P9)		/* transactional memory in silicon */
#define HV_DAWR		(HV_P8 | HV_P10)	/* POWER9's DAWR can checkstop the machine */

/* hv_rm_ctx.flags, set by the module before each entry */
#define HV_RM_HASH_HOST	BIT(0)		/* the host's own SLB must be put back */
#define HV_RM_FLUSH_TLB	BIT(1)		/* this core may hold stale entries of the guest's LPID */
#define HV_RM_HOST_PMU	BIT(3)		/* the host uses its PMU: freeze and save it */
#define HV_RM_CANARY	BIT(2)		/* early POWER9: HDSISR may not be written */
#define HV_RM_XICS	BIT(4)		/* the vCPU has an emulated XICS that the image may work on */
#define HV_RM_PMAO_BUG	BIT(5)		/* POWER8E: MMCR0[PMAO] raises no interrupt when it is written */

/* 1: what does not listen is not there at all. For tests/hv/untraced.sh only, which says what it costs. */
#ifndef HV_UNTRACED
#define HV_UNTRACED	0
#endif

/* hv_rm_ctx.watch */
#define HV_WATCH_STATS		BIT(0)	/* count in .rows */
#define HV_WATCH_RECORDS	BIT(1)	/* write to .ring */

#define HV_SLB_ENTRIES	32	/* POWER7 and later; the kernel's mmu_slb_size is 0 on a radix host */

#define HV_RM_HDSISR_CANARY	0x7fff

/*
 * MSR bits a guest may have (Power ISA v3.1B III, "Machine State Register"). HV, S and TM, with TS,
 * are not among them: a VMM can put any value in a vCPU's MSR.
 */
#define HV_GUEST_MSR	(MSR_SF | MSR_VEC | MSR_VSX | MSR_EE | MSR_PR | MSR_FP | MSR_ME | \
			 MSR_FE0 | MSR_SE | MSR_BE | MSR_FE1 | MSR_IR | MSR_DR | MSR_PMM | \
			 MSR_RI | MSR_LE)

/* Host values of the registers in tracepoints/sprs.h while a guest runs. */
struct hv_host_sprs {
#define HV_SPR(name, ...)	u64 name;
#define HV_SPR_PMU(name, ...)	u64 name;
#define HV_SPR_HELD(name, ...)	u64 name;
#include "sprs.h"
	u64 AMOR;
};

/* Timebase stamps of one partition switch, in ticks of the host's timebase. */
struct hv_rm_switch {
	u64 tb_start;
	u64 tb_end;
};

/* Whose records: one vCPU's, and the VMM's process and thread. */
struct hv_owner {
	int vcpu_id;
	u32 lpid;
	int pid, tid;
	u64 serial;		/* of its own; 0 in a ring: nobody's */
};

/*
 * One processor's ring (ring.c) for the words of tracepoints/records.h. A segment is what one
 * kvm_records event carries: perf takes 8 KiB, ftrace a page. No record
 * straddles two. Past .last there is room for two more of any kind: the one
 * being written, and the LEFT record of the stay, which always has to fit.
 */
#define HV_SEGMENTS	8
#define HV_SEG_WORDS	(PAGE_SIZE > 4096 ? 1000 : 480)

struct hv_ring {
	u64 *next;			/* the next record */
	u64 *last;			/* the last place in this segment for one */
	u32 segment;			/* the one being filled */
	u32 used[HV_SEGMENTS];		/* words in those before */
	/* the module's: where this stay's begin, whose they are, timebase of the first, hv_session */
	u64 *mark;
	u32 mark_segment;
	u32 session;
	struct hv_owner owner;
	u64 since;
	struct delayed_work work;	/* emits what nobody else does */
	u64 words[HV_SEGMENTS][HV_SEG_WORDS];
};

/* The arguments are between the hypercall's number and, in STAYED, its rc, and perhaps the next pc */
static inline u64 hv_record_arg(const u64 *r, u32 i)
{
	u32 end = HV_REC_WORDS(r[1]);

	if (HV_REC_KIND(r[1]) == HV_REC_STAYED)
		end -= r[1] & HV_REC_MOVED ? 2 : 1;
	return 5 + i < end ? r[5 + i] : 0;
}

/* 64 of 0 */
static __always_inline u64 hv_leading_zeros(u64 x)
{
#ifdef __powerpc__
	asm("cntlzd %0,%1" : "=r" (x) : "r" (x));
	return x;
#else
	return x ? __builtin_clzll(x) : 64;	/* the unit tests' machine */
#endif
}

static inline void hv_ring_open(struct hv_ring *r, u32 segment)
{
	r->segment = segment;
	r->next = r->words[segment];
	r->last = r->next + HV_SEG_WORDS - 2 * HV_REC_MAX;
}

/*
 * One reason's statistics. How long is counted by the number of leading zeros of the ticks: .zeros
 * has those of HV_ZEROS to 64. 256 bytes, so that a hypercall's row, which is that of
 * its number / 4, is found by one shift; exits and hypercalls beyond PAPR's follow (tables.c).
 */
#define HV_ZEROS	(64 - HV_STATS_BUCKETS)
struct hv_stat_row {
	u64 stayed_ticks, left_ticks;
	u64 zeros[HV_STATS_BUCKETS + 1];
	u64 spare;
};

/* ticks: less than HV_STAT_MOST */
#define HV_STAT_MOST	BIT(HV_STATS_BUCKETS)
static __always_inline void hv_stat_add(struct hv_stat_row *row, u64 *sum, u64 ticks)
{
	*sum += ticks;
	row->zeros[hv_leading_zeros(ticks) - HV_ZEROS]++;
}

/* By vector / 0x20 and by hypercall / 4: what belongs to each (tables.c); one for all VMs. */
#define HV_EXIT_SLOTS	256		/* vectors below 0x2000 */
#define HV_HCALL_SLOTS	512		/* hypercalls below 0x800 */
#define HV_PRIVATE	0xef00		/* the first number that is not PAPR's */
#define HV_PRIVATE_SLOTS	0xa00
struct hv_tables {
	u64 again_head[HV_HCALL_SLOTS];	/* an AGAIN record's head but for rc and ticks; 0: not recorded */
	u16 exit_row[HV_EXIT_SLOTS];
	u16 private_row[HV_PRIVATE_SLOTS];
	u8 hcall_args[HV_HCALL_SLOTS];
	/* Recorded is what has its bit set; filtered 0: everything. */
	u32 filtered, other_hcalls;
	u64 exits[HV_EXIT_SLOTS / 64], hcalls[HV_HCALL_SLOTS / 64], own_hcalls[HV_HCALL_SLOTS / 64];
};

/* An AGAIN record's head, but for rc and ticks */
#define hv_again_head(req, args) \
	(HV_REC_AGAIN | ((args) > 4 ? 0 : HV_REC_FEW) | (HV_REC_HEAD + (args)) << 8 | (u64)(req) << 16)

static __always_inline u32 hv_args(const struct hv_tables *t, u64 req)
{
	return req / 4 < HV_HCALL_SLOTS && !(req & 3) ? t->hcall_args[req / 4 % HV_HCALL_SLOTS] : 4;
}

/* Rows stand in this order: hypercalls up to MAX_HCALL_OPCODE by number, what has none of its own, the others. */
#define HV_ROW_OTHER_EXIT	(MAX_HCALL_OPCODE / 4 + 1)
#define HV_ROW_OTHER_HCALL	(HV_ROW_OTHER_EXIT + 1)

/* The row of an exit; req: of a hypercall. An sc 1 from problem state is none. */
static __always_inline u32 hv_row_of(const struct hv_tables *t, u32 trap, u64 msr, u64 req)
{
	if (trap != 0xc00 || (msr & MSR_PR))
		return t->exit_row[trap / 0x20 % HV_EXIT_SLOTS];
	if (req <= MAX_HCALL_OPCODE && !(req & 3))
		return array_index_nospec(req / 4, HV_ROW_OTHER_EXIT);
	if (req - HV_PRIVATE < HV_PRIVATE_SLOTS)
		return t->private_row[array_index_nospec(req - HV_PRIVATE, HV_PRIVATE_SLOTS)];
	return HV_ROW_OTHER_HCALL;
}

static __always_inline bool hv_wanted(const struct hv_tables *t, u32 trap, u64 req)
{
	u32 i = trap / 0x20 % HV_EXIT_SLOTS, j = req / 4 % HV_HCALL_SLOTS;	/* 0xf000 / 4 leaves 0, too */

	if (!t->filtered)
		return true;
	if (!(t->exits[i / 64] >> i % 64 & 1))
		return false;
	if (trap != 0xc00)
		return true;
	if (req / 4 < HV_HCALL_SLOTS)
		return t->hcalls[j / 64] >> j % 64 & 1;
	if (req >= 0xf000 && req < 0xf800)
		return t->own_hcalls[j / 64] >> j % 64 & 1;
	return t->other_hcalls;
}

struct kvm_vcpu;
struct paca_struct;

/* An access that the hardware refused. */
struct hv_access {
	u64 ea;
	bool insn, write;
	bool relocated;		/* MSR[IR] or MSR[DR], as it applies */
	bool user_key;		/* Kp rather than Ks applies */
	u32 dsisr;		/* HDSISR; of an instruction, the same bits of HSRR1 (DSISR_SRR1_MATCH_64S) */
};

/* That, and the guest's entry for it as it was under kvm->mmu_lock. */
struct hv_fault {
	struct hv_access a;
	u64 slb_v;
	long index;		/* -1: there is none, or it was not looked for yet */
	u64 v, r;		/* r: with the guest's address */
	u64 hr;			/* as the hardware has it */
	u32 outcome;		/* HV_FAULT_MAPPED and so on; the module's */
};

#define HV_NO_PC	1	/* no instruction is at an odd address */

struct hv_rm_ctx {
	/* Filled by the module when the vCPU is created. */
	void (*enter_guest)(struct kvm_vcpu *vcpu);	/* kvmppc_p9_enter_guest in vmlinux */
	struct kvm_vcpu *vcpu;
	u32 cpu;		/* HV_P7 .. HV_P10 */
	u32 tlb_sets;
	u64 host_lpcr;
	u64 host_sdr1;		/* POWER8 and before */
	u64 sdr1;		/* the guest's, POWER8 and before */
	u32 lpid;
	struct paca_struct **pacas;
	const struct hv_tables *tables;

	/* Filled by the module before each entry. */
	u64 flags;
	u64 lpcr;
	u64 hdec_tb;		/* host timebase at which HDEC is to fire */
	u32 watch;		/* HV_WATCH_; 0: nobody looks, and an exit costs nothing for that */
	struct hv_ring *ring;
	u64 *next, *last;	/* the ring's, during a stay */
	u64 whole_pc, whole_msr;	/* of the stay's last hypercall that this segment has a STAYED record of */
	struct hv_stat_row *rows;
	u64 tb_offset;		/* the guest's timebase is ahead by so much */

	/* Statistics of exits that go to the module: what they took is known at the next entry. */
	struct hv_stat_row *row;	/* of the last one */
	u64 switch_ticks;	/* of both switches of each of them */

	/* Filled by the image */
	u64 answered;		/* exits that it acted on itself, so far */
	u64 fault[HV_FAULT_WORDS];	/* HV_WATCH_RECORDS */
	struct hv_fault missed;	/* a fault that only misses the host's page: the module takes it from here */
	u32 trap;		/* interrupt vector; bit 0x2: came through HSRR0/1 */
	u32 hdsisr;		/* HDSI and machine check only, as hdar: else from an earlier exit */
	u64 hdar;
	u64 srr1;		/* (H)SRR1 as the interrupt left it, status bits and all */
	u64 asdr;		/* POWER9 and later */
	u64 heir;		/* the instruction, emulation assistance only */
	u64 tb_exit;		/* host timebase at the exit */
	struct kvm_vcpu *kick;	/* an interrupt was sent to it, and the module has to wake it */
	struct hv_rm_switch to_guest, to_host;
	struct hv_host_sprs host;
	u32 host_slbs;		/* hash host: entries that are not bolted */
	struct { u64 esid, vsid; } host_slb[HV_SLB_ENTRIES];

	/* Filled by the image's first instructions for the way back. */
	u64 return_nip;
	u64 return_msr;
};

#endif
