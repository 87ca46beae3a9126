// SPDX-License-Identifier: GPL-2.0
/*
 * The special purpose registers of sprs.h in a partition switch (switch.c), the PMU's among them: the host's out, the
 * guest's in, and back. Straight-line code from the list, once for each processor. Real mode, MSR[EE]=0.
 */
#include <linux/kvm_host.h>
#include <asm/reg.h>
#include "rm.h"
#include "spr.h"

/* WHO column: must an exit save the guest's value? */
#define GUEST		1
#define HOST		0

/* cpu: of HV_P7 .. HV_P10, a constant wherever it is asked: the switch is there once for each of them, without a test. */
static __always_inline bool has(u32 cpu, u32 cpus)
{
	return cpu & cpus;
}

/*
 * POWER8 loses an alert that comes between the read of MMCR0 and the write that freezes, which writes PMAO as well: so
 * MMCR2 stops the six counters first, by all its conditions. What was in it.
 */
static __always_inline u64 stop_counters(void)
{
	u64 mmcr2 = rm_mfspr(SPRN_MMCR2);

	rm_mtspr(SPRN_MMCR2, ~0ul << 10);
	rm_isync();
	return mmcr2;
}

/* Read before the PMU is frozen, which changes them */
static __always_inline bool read_first(u32 cpu, u32 num)
{
	return num == SPRN_MMCR0 || num == SPRN_MMCRA || (num == SPRN_MMCR2 && has(cpu, HV_P8));
}

/* FC stops all counters at once; from v3.1 on PMCCEXT keeps them unreadable to problem state. */
static __always_inline void freeze_pmu(u32 cpu)
{
	rm_mtspr(SPRN_MMCR0, MMCR0_FC | (has(cpu, HV_P10) ? MMCR0_PMCCEXT : 0));
	rm_mtspr(SPRN_MMCRA, has(cpu, HV_P10) ? MMCRA_BHRB_DISABLE : 0);
	rm_isync();
}

/*
 * POWER8E: MMCR0[PMAO] that is written as 1 raises no interrupt, a counter that overflows does. PMC6 counts cycles. Then all
 * are frozen again, with the interrupt pending, for what is to be in these registers is loaded next.
 */
static __always_inline void raise_alert(void)
{
	rm_mtspr(SPRN_MMCR2, 0);
	rm_mtspr(SPRN_MMCR0, MMCR0_PMXE | MMCR0_FCECE | MMCR0_PMCjCE | MMCR0_C56RUN);
	rm_mtspr(SPRN_PMC6, S32_MAX);
	rm_isync();
	rm_mtspr(SPRN_MMCR0, MMCR0_FC | MMCR0_PMAO);
	rm_isync();
}

/* mmcr0: about to be loaded, with the PMU frozen */
static __always_inline void alert_again(struct hv_rm_ctx *c, u32 cpu, u64 mmcr0)
{
	if (has(cpu, HV_P8) && unlikely(c->flags & HV_RM_PMAO_BUG) &&
	    (mmcr0 & (MMCR0_PMAO | MMCR0_PMAO_SYNC)) == MMCR0_PMAO)
		raise_alert();
}

static __always_inline void pmu_to_guest(struct hv_rm_ctx *c, struct kvm_vcpu *v, u32 cpu)
{
	struct hv_host_sprs *h = &c->host;

	if (c->flags & HV_RM_HOST_PMU) {
		if (has(cpu, HV_P8))
			h->MMCR2 = stop_counters();
		h->MMCR0 = rm_mfspr(SPRN_MMCR0);
		h->MMCRA = rm_mfspr(SPRN_MMCRA);
		freeze_pmu(cpu);
#define HV_SPR_PMU(name, num, cpus, ...) \
		if (!read_first(cpu, num) && has(cpu, cpus)) h->name = rm_mfspr(num);
#include "sprs.h"
	}
	alert_again(c, cpu, v->arch.mmcr[0]);
#define HV_SPR_PMU(name, num, cpus, who, place, ...) \
	if (has(cpu, cpus)) rm_mtspr(num, place);
#include "sprs.h"
}

static __always_inline void pmu_to_host(struct hv_rm_ctx *c, struct kvm_vcpu *v, u32 cpu)
{
	struct hv_host_sprs *h = &c->host;

	if (has(cpu, HV_P8))
		v->arch.mmcr[2] = stop_counters();
	v->arch.mmcr[0] = rm_mfspr(SPRN_MMCR0);
	v->arch.mmcra = rm_mfspr(SPRN_MMCRA);
	freeze_pmu(cpu);
#define HV_SPR_PMU(name, num, cpus, who, place, ...) \
	if (!read_first(cpu, num) && has(cpu, cpus)) place = rm_mfspr(num);
#include "sprs.h"
	if (c->flags & HV_RM_HOST_PMU) {
		alert_again(c, cpu, h->MMCR0);
#define HV_SPR_PMU(name, num, cpus, ...) \
		if (num != SPRN_MMCR0 && num != SPRN_MMCRA && has(cpu, cpus)) rm_mtspr(num, h->name);
#include "sprs.h"
		rm_mtspr(SPRN_MMCRA, h->MMCRA);
		rm_mtspr(SPRN_MMCR0, h->MMCR0);
	} else {
		/* A host that does not use its PMU gets zeros: nothing of the guest's. */
#define HV_SPR_PMU(name, num, cpus, ...) \
		if (num != SPRN_MMCR0 && num != SPRN_MMCRA && has(cpu, cpus)) rm_mtspr(num, 0);
#include "sprs.h"
	}
	rm_isync();
}

static __always_inline void sprs_to_guest(struct hv_rm_ctx *c, struct kvm_vcpu *v, u32 cpu)
{
	struct hv_host_sprs *h = &c->host;

#define HV_SPR(name, num, cpus, who, place, ...)		\
	if (has(cpu, cpus)) {					\
		h->name = rm_mfspr(num);			\
		rm_mtspr(num, place);				\
	}
#include "sprs.h"
	h->AMOR = rm_mfspr(SPRN_AMOR);
	rm_mtspr(SPRN_AMOR, ~0ul);	/* the guest may change every key of its own AMR */
	h->CTRL = rm_mfspr(SPRN_CTRLF);
	rm_mtspr(SPRN_CTRLT, v->arch.ctrl);
	h->PURR = rm_mfspr(SPRN_PURR);
	h->SPURR = rm_mfspr(SPRN_SPURR);
	rm_mtspr(SPRN_PURR, v->arch.purr);
	rm_mtspr(SPRN_SPURR, v->arch.spurr);
}

static __always_inline void sprs_to_host(struct hv_rm_ctx *c, struct kvm_vcpu *v, u32 cpu)
{
	struct hv_host_sprs *h = &c->host;
	u64 purr = rm_mfspr(SPRN_PURR), spurr = rm_mfspr(SPRN_SPURR);

	/* The host's counters go on by what the guest used. Both are read first: QEMU has one for the two. */
	rm_mtspr(SPRN_PURR, h->PURR + purr - v->arch.purr);
	rm_mtspr(SPRN_SPURR, h->SPURR + spurr - v->arch.spurr);
	v->arch.purr = purr;
	v->arch.spurr = spurr;
	v->arch.ctrl = rm_mfspr(SPRN_CTRLF);
	rm_mtspr(SPRN_CTRLT, h->CTRL);
	rm_mtspr(SPRN_AMOR, h->AMOR);
#define HV_SPR(name, num, cpus, who, place, ...)		\
	if (has(cpu, cpus)) {					\
		if (who == GUEST)				\
			place = rm_mfspr(num);			\
		rm_mtspr(num, h->name);				\
	}
#include "sprs.h"
	rm_isync();
}
