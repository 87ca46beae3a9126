// SPDX-License-Identifier: GPL-2.0
/*
 * Always-on statistics. A vCPU's thread alone writes them: the image while the
 * guest runs, the functions here otherwise. Readers (device.c) take what they find.
 */
#include <linux/kvm_host.h>
#include <asm/hvcall.h>
#include <linux/moduleparam.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include "hv.h"

static bool statistics = true;
module_param(statistics, bool, 0644);
MODULE_PARM_DESC(statistics, "count exits and hypercalls per vCPU, for /dev/kvm-hv (default: on)");

bool hv_stats_on(void)
{
	return READ_ONCE(statistics);
}

static size_t bytes(void)
{
	return hv_nr_rows() * sizeof(struct hv_stat_row);
}

/* NULL: no memory */
struct hv_counts *hv_counts_alloc(void)
{
	struct hv_counts *n = kzalloc(sizeof(*n), GFP_KERNEL_ACCOUNT);

	if (!n)
		return NULL;
	n->rows = alloc_pages_exact(bytes(), GFP_KERNEL_ACCOUNT | __GFP_ZERO);
	if (!n->rows) {
		kfree(n);
		return NULL;
	}
	n->sum.size = sizeof(n->sum);
	n->sum.row_size = sizeof(struct hv_stats_row);
	n->sum.created = n->sum.since = mftb();
	return n;
}

void hv_counts_free(struct hv_counts *n)
{
	free_pages_exact(n->rows, bytes());
	kfree(n);
}

/* What took very long goes in the last bucket, and its ticks in the sum. */
static noinline notrace void count_long(struct hv_stat_row *row, u64 ticks)
{
	row->left_ticks += ticks - (HV_STAT_MOST - 1);
	hv_stat_add(row, &row->left_ticks, HV_STAT_MOST - 1);
}

static __always_inline void add_stay(struct hv_stats_vcpu *s, const struct hv_rm_ctx *c)
{
	u64 in = c->to_guest.tb_end, out = c->to_host.tb_start;

	s->stays++;
	s->stayed += c->answered;
	s->guest += out - in;
	s->switches += in - c->to_guest.tb_start + c->to_host.tb_end - out;
}

static noinline notrace void begin_row(struct hv_vcpu *hv, struct kvm_vcpu *v)
{
	hv->row = &hv->rm.rows[hv_row_of(v->arch.trap, v->arch.shregs.msr, v->arch.regs.gpr[3])];
}

/* The first stay, the last one, an exit that took very long */
static noinline notrace void left_oddly(struct kvm_vcpu *vcpu, struct hv_vcpu *hv, u64 ticks)
{
	if (hv->row && ticks < HV_STAT_MOST)
		hv_stat_add(hv->row, &hv->row->left_ticks, ticks);
	else if (hv->row)
		count_long(hv->row, ticks);
	hv->row = NULL;
	if (!hv->rm.rows)
		return;
	add_stay(&hv->counts->sum, &hv->rm);
	begin_row(hv, vcpu);
}

/*
 * Right after a stay, while what the last exit took is known and this one's
 * registers are as the guest left them. Interrupts off, RCU may not be watching.
 */
notrace void hv_stats_left(struct kvm_vcpu *vcpu)
{
	struct hv_vcpu *hv = to_hv_vcpu(vcpu);
	const struct hv_rm_ctx *c = &hv->rm;
	u64 ticks = c->to_guest.tb_end - hv->left, req = vcpu->arch.regs.gpr[3];
	struct hv_stat_row *row = hv->row;

	hv->left = c->to_host.tb_start;
	if (unlikely(!row || !c->rows || ticks >= HV_STAT_MOST)) {
		left_oddly(vcpu, hv, ticks);
		return;
	}
	hv_stat_add(row, &row->left_ticks, ticks);
	add_stay(&hv->counts->sum, c);
	/* PAPR's hypercalls in short; the mask: also where the processor only believes so */
	if (likely(vcpu->arch.trap == BOOK3S_INTERRUPT_SYSCALL && !(vcpu->arch.shregs.msr & MSR_PR) &&
		   req <= MAX_HCALL_OPCODE && !(req & 3)))
		hv->row = (void *)c->rows + (req & (HV_HCALL_SLOTS * 4 - 4)) * (sizeof(*row) / 4);
	else
		begin_row(hv, vcpu);
}
