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

/*
 * One exit that the image acted on itself. Times are host timebase ticks; the
 * GPRs are r3 to r7 as the guest left them, rc is its r3 when it goes on. dar and dsisr:
 * HDAR and HDSISR, HDSI only.
 */
struct hv_record {
	u64 tb_exit, tb_enter;
	u64 pc, next_pc, msr;
	u32 trap, dsisr;
	u64 dar;
	u64 gpr[5];
	u64 rc;
};

/* One processor's ring: as much as fits in the 64 KiB that hv_ring_alloc gives it */
#define HV_RING_BYTES	0x10000ul
#define HV_RING_RECORDS	(HV_RING_BYTES / sizeof(struct hv_record))

struct kvm_vcpu;
struct paca_struct;

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

	/* Filled by the module before each entry. */
	u64 flags;
	u64 lpcr;
	u64 hdec_tb;		/* host timebase at which HDEC is to fire */
	struct hv_record *ring;	/* empty; NULL: nobody wants records */

	/* Filled by the image; answered: exits that it acted on itself */
	u32 answered, records;
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
