// SPDX-License-Identifier: GPL-2.0
/*
 * /dev/kvm-hv (tracepoints/kvm_hv_dev.h): statistics by read(), the filter and the flush of
 * records by ioctl().
 */
#include <linux/compat.h>
#include <linux/fs.h>
#include <linux/kvm_host.h>
#include <linux/miscdevice.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <asm/time.h>
#include "hv.h"

#define MAX_GONE	256

static LIST_HEAD(vcpus);		/* as they were created */
static LIST_HEAD(gone);			/* those of them that are gone, as they went */
static u32 nr_open, nr_gone;
static u64 nr_created;
static DEFINE_MUTEX(vcpus_lock);
static LIST_HEAD(readers);		/* those with a filter */
static DEFINE_MUTEX(readers_lock);

struct reader {
	struct list_head list;
	struct hv_filter filter;
};

void hv_device_add(struct hv_counts *n)
{
	mutex_lock(&vcpus_lock);
	n->nr = ++nr_created;
	list_add_tail(&n->list, &vcpus);
	mutex_unlock(&vcpus_lock);
}

/* vcpus_lock. Those that are gone, but for the last so many */
static void forget_gone(u32 keep)
{
	struct hv_counts *n, *tmp;

	list_for_each_entry_safe(n, tmp, &gone, gone) {
		if (nr_gone <= keep)
			break;
		list_del(&n->gone);
		list_del(&n->list);
		nr_gone--;
		hv_counts_free(n);
	}
}

void hv_device_del(struct hv_counts *n)
{
	mutex_lock(&vcpus_lock);
	hv_counts_sum(n);
	n->rm = NULL;
	n->sum.state = HV_STATE_GONE;
	n->sum.since = mftb();
	list_add_tail(&n->gone, &gone);
	nr_gone++;
	forget_gone(nr_open ? MAX_GONE : 0);
	mutex_unlock(&vcpus_lock);
}

/* The position is a vCPU's number: others may come and go between two reads. */
static void *start(struct seq_file *m, loff_t *pos)
{
	struct hv_counts *n;

	mutex_lock(&vcpus_lock);
	if (!*pos)
		return SEQ_START_TOKEN;
	list_for_each_entry(n, &vcpus, list)
		if (n->nr >= *pos)
			return n;
	return NULL;
}

static void *next(struct seq_file *m, void *v, loff_t *pos)
{
	struct hv_counts *n = v;
	struct list_head *at = v == SEQ_START_TOKEN ? &vcpus : &n->list;

	n = list_is_last(at, &vcpus) ? NULL : list_entry(at->next, struct hv_counts, list);
	*pos = n ? n->nr : *pos + 1;
	return n;
}

static void stop(struct seq_file *m, void *v)
{
	mutex_unlock(&vcpus_lock);
}

static int show_head(struct seq_file *m)
{
	struct hv_stats_head h = {
		.magic = HV_STATS_MAGIC,
		.version = HV_DEV_VERSION,
		.size = sizeof(h),
		.tb = mftb(),
		.tb_hz = tb_ticks_per_sec,
		.enabled = hv_stats_on(),
		.buckets = HV_STATS_BUCKETS,
	};

	seq_write(m, &h, sizeof(h));
	return 0;
}

static bool ever_counted(const struct hv_stat_row *row)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(row->zeros); i++)
		if (READ_ONCE(row->zeros[i]))
			return true;
	return false;
}

/* From leading zeros, 0 ticks apart, to powers of two. */
static void show_row(struct seq_file *m, u32 nr, const struct hv_stat_row *row)
{
	struct hv_stats_row r = {
		.stayed_ticks = READ_ONCE(row->stayed_ticks),
		.left_ticks = READ_ONCE(row->left_ticks),
	};
	u32 i;

	hv_row_name(nr, &r);
	for (i = 0; i < HV_STATS_BUCKETS; i++)
		r.bucket[i] = READ_ONCE(row->zeros[HV_STATS_BUCKETS - 1 - i]);
	r.bucket[0] += READ_ONCE(row->zeros[HV_STATS_BUCKETS]);
	seq_write(m, &r, sizeof(r));
}

/* What is written down is who has the vCPU when it is not in the guest: an entry costs nothing for that. */
static void tell_state(const struct hv_rm_ctx *c, struct hv_stats_vcpu *s)
{
	u64 begun, in, out;

	if (!c || s->state != HV_STATE_MODULE || !READ_ONCE(c->rows))
		return;
	begun = READ_ONCE(c->to_guest.tb_start);
	in = READ_ONCE(c->to_guest.tb_end);
	out = READ_ONCE(c->to_host.tb_end);
	if (begun > out)
		s->state = HV_STATE_GUEST;
	s->since = max3(s->since, out, begun > out ? max(begun, in) : 0);
}

/* Rows only come into being: those counted first are there to be written. */
static int show(struct seq_file *m, void *v)
{
	struct hv_counts *counts = v;
	struct hv_stats_vcpu s;
	u32 i, n = 0;

	if (v == SEQ_START_TOKEN)
		return show_head(m);
	if (counts->rm)
		hv_counts_sum(counts);
	s = counts->sum;
	tell_state(counts->rm, &s);
	for (i = 0; i < hv_nr_rows(); i++)
		n += ever_counted(&counts->rows[i]);
	s.rows = n;
	seq_write(m, &s, sizeof(s));
	for (i = 0; i < hv_nr_rows() && n; i++) {
		if (!ever_counted(&counts->rows[i]))
			continue;
		show_row(m, i, &counts->rows[i]);
		n--;
	}
	return 0;
}

static const struct seq_operations seq_ops = { .start = start, .next = next, .stop = stop, .show = show };

static int open(struct inode *inode, struct file *filp)
{
	struct reader *r;

	filp->private_data = NULL;	/* the misc device, of which seq_file wants to hear nothing */
	r = __seq_open_private(filp, &seq_ops, sizeof(*r));
	if (!r)
		return -ENOMEM;
	INIT_LIST_HEAD(&r->list);
	mutex_lock(&vcpus_lock);
	nr_open++;
	mutex_unlock(&vcpus_lock);
	return 0;
}

/* What any of them wants; under readers_lock. */
static void apply_filters(void)
{
	struct hv_filter all = {};
	struct reader *r;
	u32 i;

	list_for_each_entry(r, &readers, list) {
		all.other_hcalls |= r->filter.other_hcalls;
		for (i = 0; i < ARRAY_SIZE(all.exits); i++)
			all.exits[i] |= r->filter.exits[i];
		for (i = 0; i < ARRAY_SIZE(all.hcalls); i++)
			all.hcalls[i] |= r->filter.hcalls[i];
		for (i = 0; i < ARRAY_SIZE(all.own_hcalls); i++)
			all.own_hcalls[i] |= r->filter.own_hcalls[i];
	}
	hv_set_filter(list_empty(&readers) ? NULL : &all);
}

static int release(struct inode *inode, struct file *filp)
{
	struct reader *r = ((struct seq_file *)filp->private_data)->private;

	mutex_lock(&readers_lock);
	list_del_init(&r->list);
	apply_filters();
	mutex_unlock(&readers_lock);
	mutex_lock(&vcpus_lock);
	if (!--nr_open)
		forget_gone(0);
	mutex_unlock(&vcpus_lock);
	return seq_release_private(inode, filp);
}

static long set_filter(struct reader *r, const void __user *arg)
{
	struct hv_filter f;

	if (copy_from_user(&f, arg, sizeof(f)))
		return -EFAULT;
	if (f.version != HV_DEV_VERSION)
		return -EINVAL;
	mutex_lock(&readers_lock);
	r->filter = f;
	if (list_empty(&r->list))
		list_add(&r->list, &readers);
	apply_filters();
	mutex_unlock(&readers_lock);
	return 0;
}

/* -EBADF: the file is not open for writing; -ENOTTY */
static long control(struct file *filp, unsigned int cmd, unsigned long arg)
{
	struct reader *r = ((struct seq_file *)filp->private_data)->private;

	switch (cmd) {
	case HV_IOC_FILTER:
		return filp->f_mode & FMODE_WRITE ? set_filter(r, (const void __user *)arg) : -EBADF;
	case HV_IOC_FLUSH:
		if (!(filp->f_mode & FMODE_WRITE))
			return -EBADF;
		hv_records_flush();
		return 0;
	default:
		return -ENOTTY;
	}
}

static const struct file_operations fops = {
	.owner = THIS_MODULE,
	.open = open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = release,
	.unlocked_ioctl = control,
	.compat_ioctl = compat_ptr_ioctl,
};

static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "kvm-hv",
	.fops = &fops,
	.mode = 0600,
};

int hv_device_init(void)
{
	return misc_register(&device);
}

void hv_device_exit(void)
{
	misc_deregister(&device);
}
