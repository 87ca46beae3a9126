// SPDX-License-Identifier: GPL-2.0
/*
 * Always-on statistics. A vCPU's thread alone writes them: the image while the
 * guest runs, the functions here otherwise. Readers (device.c) take what they find.
 */
#include <linux/kvm_host.h>
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
static __always_inline void count(struct hv_stat_row *row, u64 ticks)
{
	u64 rest = ticks < HV_STAT_MOST ? 0 : ticks - (HV_STAT_MOST - 1);

	hv_stat_add(row, &row->left_ticks, ticks - rest);
	row->left_ticks += rest;
}

/*
 * Right after a stay, while what the last exit took is known and this one's
 * registers are as the guest left them. Interrupts off, RCU may not be watching.
 */
notrace void hv_stats_left(struct kvm_vcpu *vcpu)
{
	struct hv_vcpu *hv = to_hv_vcpu(vcpu);
	const struct hv_rm_ctx *c = &hv->rm;
	struct hv_stats_vcpu *s = &hv->counts->sum;

	if (hv->row)
		count(hv->row, c->to_guest.tb_end - hv->phase.exit);
	hv->row = NULL;
	if (!c->rows)
		return;
	hv->row = &c->rows[hv_row_of(vcpu->arch.trap, vcpu->arch.shregs.msr, vcpu->arch.regs.gpr[3])];
	WRITE_ONCE(s->since, c->to_host.tb_end);
	WRITE_ONCE(s->state, HV_STATE_MODULE);
	s->stays++;
	s->stayed += c->answered;
	s->guest += c->to_host.tb_start - c->to_guest.tb_end;
	s->switches += c->to_guest.tb_end - c->to_guest.tb_start + c->to_host.tb_end - c->to_host.tb_start;
}
