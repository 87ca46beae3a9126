// SPDX-License-Identifier: GPL-2.0
/*
 * Always-on statistics. A vCPU's thread alone writes them, in the image. Readers (device.c) take
 * what they find, and add it up.
 */
#include <linux/kvm_host.h>
#include <linux/moduleparam.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include "hv.h"

static DEFINE_MUTEX(sums_lock);		/* who adds up, and who says what has to be */
static bool statistics = true;
module_param(statistics, bool, 0644);
MODULE_PARM_DESC(statistics, "count exits and hypercalls per vCPU, for /dev/kvm-hv (default: on)");

bool hv_stats_on(void)
{
	return READ_ONCE(statistics);
}

static size_t bytes(void)
{
	return (hv_nr_rows() + 1) * sizeof(struct hv_stat_row);	/* and one that is not shown: before the first exit */
}

/* NULL: no memory */
struct hv_counts *hv_counts_alloc(void)
{
	struct hv_counts *n = kzalloc(sizeof(*n), GFP_KERNEL_ACCOUNT);

	if (!n)
		return NULL;
	/* with small pages it is a large block: that there is none must neither warn nor kill */
	n->rows = alloc_pages_exact(bytes(), GFP_KERNEL_ACCOUNT | __GFP_ZERO | __GFP_NOWARN | __GFP_RETRY_MAYFAIL);
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

/*
 * hv_stats_follow(): the parameter has changed, or the vCPU runs for the first time. Between
 * off and on nothing is counted; what took from before that until the next entry is no exit's.
 */
void hv_stats_switch(struct hv_counts *n, struct hv_rm_ctx *c)
{
	bool on = !c->rows;

	mutex_lock(&sums_lock);
	n->exit[on] = c->to_host.tb_start;
	n->answered[on] = c->answered;
	if (on) {
		n->uncounted += n->exit[true] - n->exit[false];
		n->unanswered += n->answered[true] - n->answered[false];
		c->row = &n->rows[hv_nr_rows()];
	}
	WRITE_ONCE(c->rows, on ? n->rows : NULL);
	c->watch = on ? HV_WATCH_STATS : 0;
	mutex_unlock(&sums_lock);
}

/* A counter that two reads may show an exit apart must not go back. */
static void raise(u64 *counter, u64 value)
{
	if ((s64)(value - *counter) > 0)
		*counter = value;
}

/*
 * What the image does not add up: it follows from the rows, which have all time out of the guest, and
 * from the stamps of the last switches. For readers; the vCPU may be running: what happens meanwhile
 * may be told of in part. Sleeps.
 */
void hv_counts_sum(struct hv_counts *n)
{
	const struct hv_rm_ctx *c = n->rm;
	const struct hv_stat_row *row = n->rows;
	u64 out, in, until, answered, left = 0, exits = 0;
	u32 i, k;

	mutex_lock(&sums_lock);
	out = READ_ONCE(c->to_host.tb_start);
	in = READ_ONCE(c->to_guest.tb_end);
	until = !READ_ONCE(c->rows) ? n->exit[false] : (s64)(in - out) > 0 ? in : out;
	smp_rmb();	/* pairs with count_left() in rm/switch.c: the rows have at least what went before that */
	for (i = 0; i <= hv_nr_rows(); i++, row++) {
		left += READ_ONCE(row->left_ticks);
		for (k = 0; k < ARRAY_SIZE(row->zeros); k++)
			exits += READ_ONCE(row->zeros[k]);
	}
	smp_rmb();
	answered = (READ_ONCE(c->rows) ? READ_ONCE(c->answered) : n->answered[false]) - n->unanswered;
	raise(&n->sum.guest, until - n->uncounted - left);
	n->sum.switches = READ_ONCE(c->switch_ticks);
	raise(&n->sum.stayed, answered);
	raise(&n->sum.stays, exits - answered);
	mutex_unlock(&sums_lock);
}
