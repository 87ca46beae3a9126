// SPDX-License-Identifier: GPL-2.0
/*
 * The partition switch, with the MMU off. One call: host to guest, run until
 * the guest exits for something that handle.c does not answer, guest to host.
 *
 * Runs in hypervisor real mode with MSR[EE]=0 and kvm_hstate.in_guest set, so
 * that an interrupt taken from the guest ends in vmlinux's
 * kvmppc_p9_exit_interrupt, which returns here, and one that hits the image in
 * kvmppc_p9_bad_interrupt, whatever MSR[RI] is. Nothing outside the
 * linear map is touched; every loop but that of stay() is bounded by the
 * number of SLB entries or TLB sets. stay() goes round as long as the guest
 * asks for what can be had at once; with MSR[HV]=0 every interrupt of the
 * host's, HDEC among them, ends that.
 */
#include <linux/kvm_host.h>
#include <asm/reg.h>
#include <asm/paca.h>
#include <asm/lppaca.h>
#include <asm/kvm_book3s.h>
#include <asm/kvm_ppc.h>
#include <asm/exception-64s.h>
#include <asm/ppc-opcode.h>
#include "rm.h"
#include "spr.h"

#define LPID_HOST	0
#define LPID_RESERVED	0xfff		/* all ones: no partition has it */

/*
 * POWER8 walks the HPT that SDR1 names under the LPID in LPIDR: while SDR1
 * changes, LPIDR must hold an LPID that nobody uses, or the TLB could be
 * filled for one partition from the other's table (v2.07B III-S
 * "SDR1" and ch. 12, notes on mtspr LPIDR). From ISA v3.0 on LPIDR alone selects
 * table and LPCR[HR]; mtspr LPIDR and mtspr LPCR need a context synchronising
 * instruction before and after (v3.1B III ch. 13).
 */
static __always_inline void switch_partition(u32 cpu, u64 lpid, u64 lpcr, u64 sdr1, u64 pid)
{
	rm_ptesync();		/* accesses and table updates of the old partition are done */
	rm_isync();
	if (!has(cpu, HV_P9UP)) {
		rm_mtspr(SPRN_LPID, LPID_RESERVED);
		rm_ptesync();
		rm_mtspr(SPRN_SDR1, sdr1);
	}
	rm_mtspr(SPRN_LPID, lpid);
	rm_isync();
	rm_mtspr(SPRN_LPCR, lpcr);
	rm_mtspr(SPRN_PID, pid);
	rm_isync();
}

/*
 * slbia leaves entry 0 alone, so that is replaced by an invalid one first (v3.1B III "slbia").
 * IH=6 spares some of the ERAT; before v3.0, where LPID and SDR1 change under it, spare nothing.
 */
static __always_inline void clear_slb(u32 cpu)
{
	rm_slbmte(0, 0);
	if (has(cpu, HV_P9UP))
		asm volatile(PPC_SLBIA(6) ::: "memory");
	else
		asm volatile(PPC_SLBIA(0) ::: "memory");
	rm_isync();
}

/* Four instructions for an entry that is not valid; without the hint the compiler stores those, too. */
static __always_inline struct kvmppc_slb *save_slb_entry(struct kvmppc_slb *to, u32 i)
{
	u64 esid = rm_slbmfee(i);

	if (likely(!(esid & SLB_ESID_V)))
		return to;
	to->orige = esid | i;
	to->origv = rm_slbmfev(i);
	return to + 1;
}

static __always_inline void save_guest_slb(struct kvm_vcpu *v)
{
	struct kvmppc_slb *to = v->arch.slb;
	u32 i;

	BUILD_BUG_ON(HV_SLB_ENTRIES % 4);
	for (i = 0; i < HV_SLB_ENTRIES; i += 4) {
		to = save_slb_entry(to, i);
		to = save_slb_entry(to, i + 1);
		to = save_slb_entry(to, i + 2);
		to = save_slb_entry(to, i + 3);
	}
	v->arch.slb_max = to - v->arch.slb;
}

static __always_inline void load_guest_slb(struct kvm_vcpu *v)
{
	int i;

	for (i = 0; i < v->arch.slb_max; i++)
		rm_slbmte(v->arch.slb[i].origv, v->arch.slb[i].orige);
}

/*
 * A hash host runs its kernel on bolted entries, which firmware also reads from
 * the SLB shadow. The others, which the kernel keeps account of in the PACA, go
 * back where they were: its account stays true, and the VMM takes no SLB miss.
 */
static __always_inline void save_host_slb(struct hv_rm_ctx *c)
{
	u32 i, n = 0, used = local_paca->slb_used_bitmap & ~((1u << SLB_NUM_BOLTED) - 1);

	for (; used; used &= used - 1) {
		i = __builtin_ctz(used);
		c->host_slb[n].esid = rm_slbmfee(i) | i;
		c->host_slb[n].vsid = rm_slbmfev(i);
		n += !!(c->host_slb[n].esid & SLB_ESID_V);
	}
	c->host_slbs = n;
}

static __always_inline void load_host_slb(struct hv_rm_ctx *c)
{
	struct slb_shadow *s = local_paca->slb_shadow_ptr;
	u32 i;

	for (i = 0; i < SLB_NUM_BOLTED; i++)
		rm_slbmte(be64_to_cpu(s->save_area[i].vsid), be64_to_cpu(s->save_area[i].esid));
	for (i = 0; i < c->host_slbs; i++)
		rm_slbmte(c->host_slb[i].vsid, c->host_slb[i].esid);
	rm_isync();
}

/*
 * tlbiel with IS=2 takes one congruence class per call, of the partition in
 * LPIDR (v3.1B III "tlbiel"). R=PRS=RIC=0 encodes as POWER8's tlbiel.
 * POWER9's tlbiel by congruence class leaves the ERAT alone: slbia IH=7 clears it.
 */
static __always_inline void flush_guest_tlb(struct hv_rm_ctx *c, u32 cpu)
{
	u64 rb = 2ul << 10;
	u32 set;

	rm_ptesync();
	for (set = 0; set < c->tlb_sets; set++, rb += 1ul << 12)
		asm volatile(PPC_TLBIEL(%0, %1, 0, 0, 0) : : "r" (rb), "r" (0ul) : "memory");
	rm_ptesync();
	if (has(cpu, HV_P9UP))
		asm volatile(PPC_SLBIA(7) ::: "memory");
	rm_isync();
}

/*
 * TBU40 replaces the upper 40 bits of the timebase. The lower 24 go on
 * counting: when they wrapped between the read and the write, the carry is
 * lost and has to be added (v3.1B III "Time Base").
 */
static __always_inline void shift_timebase(u64 offset)
{
	u64 tb;

	if (!offset)
		return;
	tb = rm_mftb() + offset;
	rm_mtspr(SPRN_TBU40, tb);
	if ((rm_mftb() & 0xffffff) < (tb & 0xffffff))
		rm_mtspr(SPRN_TBU40, tb + 0x1000000);
}

/* DEC counts down to dec_expires, which is in guest time; it has 32 bits unless LPCR[LD] is set. */
static __always_inline void load_dec(struct kvm_vcpu *v, u64 lpcr)
{
	s64 dec = v->arch.dec_expires - rm_mftb();

	if (!(lpcr & LPCR_LD)) {
		if (dec < S32_MIN)
			dec = S32_MIN;
		else if (dec > S32_MAX)
			dec = S32_MAX;
	}
	rm_mtspr(SPRN_DEC, dec);
}

static __always_inline void save_dec(struct kvm_vcpu *v, u64 lpcr)
{
	s64 dec = rm_mfspr(SPRN_DEC);

	if (!(lpcr & LPCR_LD))
		dec = (s32)dec;
	v->arch.dec_expires = rm_mftb() + dec;
}

/* HDEC is a 32-bit register before ISA v3.0; later ones take the same range without harm. */
static __always_inline void load_hdec(struct hv_rm_ctx *c, u64 now)
{
	s64 left = c->hdec_tb - now;

	if (left > S32_MAX)
		left = S32_MAX;
	if (left < 1)
		left = 1;
	rm_mtspr(SPRN_HDEC, left);
}

static __always_inline void read_save_area(struct kvm_vcpu *v, const u64 *ex)
{
	v->arch.regs.gpr[9] = ex[EX_R9 / 8];
	v->arch.regs.gpr[10] = ex[EX_R10 / 8];
	v->arch.regs.gpr[11] = ex[EX_R11 / 8];
	v->arch.regs.gpr[12] = ex[EX_R12 / 8];
	v->arch.regs.gpr[13] = ex[EX_R13 / 8];
	v->arch.regs.ctr = ex[EX_CTR / 8];
	v->arch.ppr = ex[EX_PPR / 8];
}

static noinline void read_interrupt(struct hv_rm_ctx *c, struct kvm_vcpu *v, u32 trap)
{
	const u64 *ex = local_paca->exgen;

	if (trap == BOOK3S_INTERRUPT_SYSTEM_RESET)
		ex = local_paca->exnmi;
	else if (trap == BOOK3S_INTERRUPT_MACHINE_CHECK)
		ex = local_paca->exmc;
	read_save_area(v, ex);
	v->arch.cfar = ex[EX_CFAR / 8];
	c->hdar = ex[EX_DAR / 8];
	c->hdsisr = ex[EX_DSISR / 8];
}

/*
 * What the prologue in vmlinux left in the PACA: read it before anything can
 * take another exception. r9-r13, CTR, CFAR and PPR lie in the save area of
 * the interrupt's class. The system call prologue branches before it could save
 * CFAR: nothing of the guest's lies there.
 */
static __always_inline void read_exit(struct hv_rm_ctx *c, struct kvm_vcpu *v)
{
	struct kvmppc_host_state *hs = &local_paca->kvm_hstate;
	u32 trap = hs->scratch0;

	c->trap = trap;
	v->arch.regs.gpr[1] = hs->scratch1;
	v->arch.regs.gpr[3] = hs->scratch2;
	c->srr1 = v->arch.shregs.msr;
	v->arch.shregs.msr &= HV_GUEST_MSR;
	if (likely(trap == BOOK3S_INTERRUPT_SYSCALL)) {
		read_save_area(v, local_paca->exgen);
		v->arch.cfar = 0;
	} else {
		read_interrupt(c, v, trap & ~2u);
	}
}

/* Where the guest goes on: kvmppc_p9_enter_guest goes there by hrfid, which synchronises all before it. */
static __always_inline void set_entry(struct kvm_vcpu *v)
{
	rm_mtspr(SPRN_HSRR0, v->arch.regs.nip);
	rm_mtspr(SPRN_HSRR1, (v->arch.shregs.msr & HV_GUEST_MSR) | MSR_ME);
}

/* What took very long goes in the last bucket, and its ticks in the sum. */
static noinline void count_long(struct hv_stat_row *row, u64 ticks)
{
	row->left_ticks += ticks - (HV_STAT_MOST - 1);
	hv_stat_add(row, &row->left_ticks, HV_STAT_MOST - 1);
}

/*
 * What the last exit took, until the guest goes on at tb_end. Who adds up rows (hv_counts_sum) takes the time since
 * then for the guest's: the row must be there before tb_end is.
 */
static __always_inline void count_left(struct hv_rm_ctx *c, u64 tb_end)
{
	struct hv_stat_row *row = c->row;
	u64 ticks = tb_end - c->to_host.tb_start;

	c->switch_ticks += ticks - (c->to_guest.tb_start - c->to_host.tb_end);
	if (likely(ticks < HV_STAT_MOST))
		hv_stat_add(row, &row->left_ticks, ticks);
	else
		count_long(row, ticks);
	smp_wmb();
}

static __always_inline void to_guest(struct hv_rm_ctx *c, struct kvm_vcpu *v, u32 watch, u32 cpu)
{
	u64 tb_end;

	c->to_guest.tb_start = rm_mftb();
	if (c->flags & HV_RM_HASH_HOST) {
		save_host_slb(c);
		clear_slb(cpu);
	}
	sprs_to_guest(c, v, cpu);
	c->host.PID = rm_mfspr(SPRN_PID);
	switch_partition(cpu, c->lpid, c->lpcr, c->sdr1, v->arch.pid);
	load_guest_slb(v);
	if (c->flags & HV_RM_FLUSH_TLB)
		flush_guest_tlb(c, cpu);
	pmu_to_guest(c, v, cpu);	/* late: from here on the guest's counters count, and sample */
	/* After LPCR: POWER9 drops an HDEC exception while LPCR[HDICE]=0. */
	tb_end = rm_mftb();
	if (likely(watch & HV_WATCH_STATS))
		count_left(c, tb_end);
	c->to_guest.tb_end = tb_end;
	load_hdec(c, tb_end);
	shift_timebase(v->arch.vcore->tb_offset);
	load_dec(v, c->lpcr);
	if (c->flags & HV_RM_CANARY)
		rm_mtspr(SPRN_HDSISR, HV_RM_HDSISR_CANARY);
	rm_mtspr(SPRN_SRR0, v->arch.shregs.srr0);
	rm_mtspr(SPRN_SRR1, v->arch.shregs.srr1);
}

static __always_inline void to_host(struct hv_rm_ctx *c, struct kvm_vcpu *v, u32 cpu)
{
	u32 trap = c->trap & ~2u;

	v->arch.shregs.srr0 = rm_mfspr(SPRN_SRR0);
	v->arch.shregs.srr1 = rm_mfspr(SPRN_SRR1);
	if (has(cpu, HV_P9UP))
		c->asdr = rm_mfspr(SPRN_ASDR);
	if (trap == BOOK3S_INTERRUPT_H_EMUL_ASSIST)
		c->heir = rm_mfspr(SPRN_HEIR);
	save_dec(v, c->lpcr);
	shift_timebase(-v->arch.vcore->tb_offset);
	c->tb_exit = c->to_host.tb_start = rm_mftb();
	pmu_to_host(c, v, cpu);
	sprs_to_host(c, v, cpu);
	v->arch.pid = rm_mfspr(SPRN_PID);
	save_guest_slb(v);
	clear_slb(cpu);
	switch_partition(cpu, LPID_HOST, c->host_lpcr, c->host_sdr1, c->host.PID);
	if (c->flags & HV_RM_HASH_HOST)
		load_host_slb(c);
	/* The host runs with HDICE=0; park HDEC as far away as the register goes. */
	rm_mtspr(SPRN_HDEC, has(cpu, HV_P9UP) ? (1ul << 55) - 1 : S32_MAX);
	/* A copy/paste begun by the guest must not be ended by the host (v3.1B II "cp_abort"). */
	if (has(cpu, HV_P10))
		asm volatile(PPC_CP_ABORT ::: "memory");
	c->to_host.tb_end = rm_mftb();
}

#define SWITCH(cpu)							\
static noinline void to_guest_##cpu(struct hv_rm_ctx *c, u32 watch)	\
{									\
	to_guest(c, c->vcpu, watch, HV_##cpu);				\
}									\
static noinline void to_host_##cpu(struct hv_rm_ctx *c)			\
{									\
	to_host(c, c->vcpu, HV_##cpu);					\
}
SWITCH(P7) SWITCH(P8) SWITCH(P9) SWITCH(P10)

/* There are two of it, so that an exit that nobody records costs nothing for those who may. */
static __always_inline void stay(struct hv_rm_ctx *c, struct kvm_vcpu *v, bool recorded)
{
	do {
		set_entry(v);
		c->enter_guest(v);
		if ((c->cpu & HV_TM) && (rm_mfmsr() & MSR_TS_MASK))
			hv_rm_reclaim();
		read_exit(c, v);
	} while (recorded ? handle_recorded(c, v) : handle(c, v));
}

static noinline void stay_recorded(struct hv_rm_ctx *c, struct kvm_vcpu *v)
{
	stay(c, v, true);
}

/*
 * in_guest is set exactly from before the switch until after it is undone.
 * vmlinux's prologues look at it, and with it set they send an interrupt that
 * hits hypervisor code to kvmppc_p9_bad_interrupt, where a hash host stays for
 * ever: so never with the MMU on, where the kernel may take page faults on
 * module text and data.
 */
__visible void hv_rm_run(struct hv_rm_ctx *c)
{
	struct kvm_vcpu *v = c->vcpu;
	const u32 watch = c->watch, cpu = c->cpu;

	WRITE_ONCE(local_paca->kvm_hstate.in_guest, KVM_GUEST_MODE_HV_P9);
	if (cpu == HV_P10)
		to_guest_P10(c, watch);
	else if (cpu == HV_P9)
		to_guest_P9(c, watch);
	else if (cpu == HV_P8)
		to_guest_P8(c, watch);
	else
		to_guest_P7(c, watch);
	if (HV_UNTRACED || likely(!(watch & HV_WATCH_RECORDS)))
		stay(c, v, false);
	else
		stay_recorded(c, v);
	if (cpu == HV_P10)
		to_host_P10(c);
	else if (cpu == HV_P9)
		to_host_P9(c);
	else if (cpu == HV_P8)
		to_host_P8(c);
	else
		to_host_P7(c);
	WRITE_ONCE(local_paca->kvm_hstate.in_guest, KVM_GUEST_MODE_NONE);
}
