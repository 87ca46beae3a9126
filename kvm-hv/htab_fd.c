// SPDX-License-Identifier: GPL-2.0
/*
 * KVM_PPC_GET_HTAB_FD (kernel ABI, api.rst 4.78): the guest's view of its HPT as
 * a stream, for savevm and migration. A record is a struct kvm_get_htab_header
 * and its valid entries; the invalid ones behind them are only counted. The first
 * pass of a reader has every entry, the later ones those that changed since they
 * were read. The descriptor holds a reference to the VM, and nothing else.
 */
#include <linux/anon_inodes.h>
#include <linux/fs.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <asm/hvcall.h>
#include "hv.h"

#define RUN_MAX		0xffff			/* what n_valid and n_invalid hold */
#define RECORD_MIN	(sizeof(struct kvm_get_htab_header) + sizeof(struct entry))
#define BUF_SIZE	8192
#define BATCH		512			/* entries looked at under the lock in one go */

struct entry {
	__be64 v, r;
};

/* One descriptor. lock guards it; index, first_pass and table belong to a reader. */
struct htab {
	struct kvm *kvm;
	struct mutex lock;
	u64 flags;
	u64 index;		/* to be looked at next */
	bool first_pass;
	u32 table;		/* the HPT that index is of */
	u8 *buf;
};

/* Records under construction in htab->buf; looked counts entries since the caller last saw data. */
struct out {
	size_t size, len;
	struct kvm_get_htab_header *head;	/* the open record, or NULL */
	bool data;		/* this read(), if not this buffer, has data: the pass ends with the table */
	u64 looked;
};

enum kind { UNCHANGED, VALID, INVALID };

/*
 * What the reader is told of an entry; it then counts as read. R and C that the
 * hardware sets from here on differ from the guest's copy, which says so.
 */
static enum kind take_entry(struct htab *h, u64 index, struct entry *e)
{
	struct revmap_entry *rev = hv_rev(h->kvm, index);
	u64 v, r, rc = 0;

	hv_hpte_read(h->kvm, index, &v, &r);
	if (v & HPTE_V_VALID)
		rc = r & (HPTE_R_R | HPTE_R_C) & ~rev->guest_rpte;
	if (!h->first_pass && !rc && !(rev->guest_rpte & HPTE_GR_MODIFIED))
		return UNCHANGED;
	rev->guest_rpte = (rev->guest_rpte | rc) & ~HPTE_GR_MODIFIED;
	if (!(v & (HPTE_V_VALID | HPTE_V_ABSENT)) ||
	    ((h->flags & KVM_GET_HTAB_BOLTED_ONLY) && !(v & HPTE_V_BOLTED)))
		return INVALID;
	v = (v & ~(HPTE_V_ABSENT | HPTE_V_HVLOCK)) | HPTE_V_VALID;
	e->v = cpu_to_be64(v);
	e->r = cpu_to_be64(hv_guest_rpte(h->kvm, index));
	return VALID;
}

static void put_entry(struct htab *h, struct out *o, enum kind kind, const struct entry *e)
{
	struct kvm_get_htab_header *head = o->head;

	if (kind == UNCHANGED) {
		o->head = NULL;
		return;
	}
	if (!head || (kind == VALID && (head->n_invalid || head->n_valid == RUN_MAX)) ||
	    (kind == INVALID && head->n_invalid == RUN_MAX)) {
		head = o->head = (void *)h->buf + o->len;
		*head = (struct kvm_get_htab_header){ .index = h->index };
		o->len += sizeof(*head);
	}
	if (kind == INVALID) {
		head->n_invalid++;
		return;
	}
	memcpy(h->buf + o->len, e, sizeof(*e));
	o->len += sizeof(*e);
	head->n_valid++;
}

/* Some entries, under the lock. False: the buffer is full, the table's end is reached, or all is seen. */
static bool read_batch(struct htab *h, struct out *o)
{
	u64 npte = kvmppc_hpt_npte(&h->kvm->arch.hpt);
	struct entry e;
	enum kind kind;
	int n;

	if (h->table != to_hv_vm(h->kvm)->table) {	/* resized: all is new */
		h->table = to_hv_vm(h->kvm)->table;
		h->index = 0;
		h->first_pass = true;
		o->head = NULL;
		o->looked = 0;
	}
	for (n = 0; n < BATCH; n++) {
		if (h->index >= npte) {
			h->index = 0;
			h->first_pass = false;
			o->head = NULL;
			if (o->data || o->len)
				return false;
		}
		if (o->looked == npte || o->size - o->len < RECORD_MIN)
			return false;
		/* where it starts the VMM said */
		kind = take_entry(h, array_index_nospec(h->index, npte), &e);
		put_entry(h, o, kind, &e);
		h->index++;
		if (!o->len)
			o->looked++;
	}
	return true;
}

/*
 * Fills the buffer. 0 only if the whole table was looked at and nothing had
 * changed: QEMU ends its transfer there, and must not lose entries before the
 * place where the last read stopped.
 */
static ssize_t fill(struct htab *h, size_t size, bool data)
{
	struct kvm *kvm = h->kvm;
	struct out o = { .size = min_t(size_t, size, BUF_SIZE), .data = data };
	bool more = true;

	spin_lock(&kvm->mmu_lock);
	while (more && kvm->arch.hpt.virt) {
		more = read_batch(h, &o);
		if (fatal_signal_pending(current))
			break;
		cond_resched_lock(&kvm->mmu_lock);
	}
	spin_unlock(&kvm->mmu_lock);
	if (!o.len && fatal_signal_pending(current))
		return -EINTR;
	return o.len;
}

static ssize_t htab_read(struct file *file, char __user *ubuf, size_t count, loff_t *pos)
{
	struct htab *h = file->private_data;
	ssize_t n = 0, done = 0;

	if (count < RECORD_MIN)
		return -EINVAL;
	if (mutex_lock_interruptible(&h->lock))
		return -EINTR;
	do {
		n = fill(h, count - done, done);
		if (n <= 0)
			break;
		if (copy_to_user(ubuf + done, h->buf, n)) {
			n = -EFAULT;
			break;
		}
		done += n;
	} while (h->index && count - done >= RECORD_MIN && !signal_pending(current));
	mutex_unlock(&h->lock);
	return done ? done : n;
}

/* As the guest would. Interrupts off: the host's page table is walked without a lock. */
static long hcall(struct kvm *kvm, unsigned long req, u64 *reg)
{
	unsigned long flags;
	long rc;

	local_irq_save(flags);
	rc = hv_hcall_hpt(kvm, req, reg);
	local_irq_restore(flags);
	return rc;
}

static void remove_entry(struct kvm *kvm, u64 index)
{
	u64 reg[] = { [5] = index, [11] = 0 };

	hcall(kvm, H_REMOVE, reg);
}

/* One entry of the stream into the table, in the place of what is there; -EINVAL: no guest could enter it. */
static int write_entry(struct kvm *kvm, u64 index, u64 v, u64 r)
{
	u64 reg[] = { [4] = H_EXACT, [5] = index, [6] = v, [7] = r, [11] = 0 };

	if (!(v & HPTE_V_VALID))
		return -EINVAL;
	remove_entry(kvm, index);
	if (hcall(kvm, H_ENTER, reg) != H_SUCCESS)
		return -EINVAL;
	hv_hpt_loaded(kvm, v, r);
	return 0;
}

static int write_valid(struct htab *h, u64 index, u32 n, const u8 __user *ubuf)
{
	const struct entry *e = (const void *)h->buf;
	u32 i, part;
	int err = 0;

	for (; n && !err; n -= part, ubuf += part * sizeof(*e)) {
		part = min_t(u32, n, BUF_SIZE / sizeof(*e));
		if (copy_from_user(h->buf, ubuf, part * sizeof(*e)))
			return -EFAULT;
		spin_lock(&h->kvm->mmu_lock);
		for (i = 0; i < part && !err; i++)
			err = write_entry(h->kvm, index++, be64_to_cpu(e[i].v), be64_to_cpu(e[i].r));
		spin_unlock(&h->kvm->mmu_lock);
		cond_resched();
	}
	return err;
}

static void write_invalid(struct kvm *kvm, u64 index, u32 n)
{
	u32 i;

	spin_lock(&kvm->mmu_lock);
	for (i = 0; i < n; i++) {
		remove_entry(kvm, index + i);
		if (!(i % BATCH))
			cond_resched_lock(&kvm->mmu_lock);
	}
	spin_unlock(&kvm->mmu_lock);
}

/* Whole records as far as they go; returns the bytes used. */
static ssize_t write_records(struct htab *h, const u8 __user *ubuf, size_t count)
{
	struct kvm_get_htab_header head;
	size_t done = 0, len;
	int err;

	while (count - done >= sizeof(head)) {
		if (copy_from_user(&head, ubuf + done, sizeof(head)))
			return -EFAULT;
		len = sizeof(head) + head.n_valid * sizeof(struct entry);
		if (len > count - done)
			break;
		if ((u64)head.index + head.n_valid + head.n_invalid >
		    kvmppc_hpt_npte(&h->kvm->arch.hpt))
			return -EINVAL;
		err = write_valid(h, head.index, head.n_valid, ubuf + done + sizeof(head));
		if (err)
			return err;
		write_invalid(h->kvm, head.index + head.n_valid, head.n_invalid);
		done += len;
		if (fatal_signal_pending(current))
			return -EINTR;
	}
	return done ? done : -EINVAL;
}

/* No vCPU may run meanwhile: -EBUSY. */
static ssize_t htab_write(struct file *file, const char __user *ubuf, size_t count, loff_t *pos)
{
	struct htab *h = file->private_data;
	struct kvm *kvm = h->kvm;
	struct hv_vm *vm = to_hv_vm(kvm);
	ssize_t rc;
	int idx;

	if (mutex_lock_interruptible(&h->lock))
		return -EINTR;
	if (mutex_lock_killable(&vm->setup_lock)) {
		mutex_unlock(&h->lock);
		return -EINTR;
	}
	rc = hv_hpt_no_vcpus(kvm);
	if (!rc) {
		idx = srcu_read_lock(&kvm->srcu);
		rc = kvm->arch.hpt.virt ? write_records(h, (const u8 __user *)ubuf, count) : -EINVAL;
		srcu_read_unlock(&kvm->srcu, idx);
		hv_hpt_start_vcpus(kvm);
	}
	mutex_unlock(&vm->setup_lock);
	mutex_unlock(&h->lock);
	return rc;
}

static int htab_release(struct inode *inode, struct file *file)
{
	struct htab *h = file->private_data;

	if (!(h->flags & KVM_GET_HTAB_WRITE))
		atomic_dec(&h->kvm->arch.hpte_mod_interest);
	kvm_put_kvm(h->kvm);
	kfree(h->buf);
	kfree(h);
	return 0;
}

static const struct file_operations htab_fops = {
	.owner		= THIS_MODULE,
	.read		= htab_read,
	.write		= htab_write,
	.llseek		= noop_llseek,
	.release	= htab_release,
};

static struct htab *new_htab(struct kvm *kvm, const struct kvm_get_htab_fd *arg)
{
	struct htab *h = kzalloc(sizeof(*h), GFP_KERNEL_ACCOUNT);

	if (!h)
		return NULL;
	h->buf = kmalloc(BUF_SIZE, GFP_KERNEL_ACCOUNT);
	if (!h->buf) {
		kfree(h);
		return NULL;
	}
	mutex_init(&h->lock);
	h->kvm = kvm;
	h->flags = arg->flags;
	h->index = arg->start_index;
	h->first_pass = true;
	h->table = to_hv_vm(kvm)->table;
	return h;
}

/* The new descriptor, or -EINVAL: unknown flag, -ENOMEM, -EMFILE. */
int hv_htab_fd(struct kvm *kvm, const struct kvm_get_htab_fd *arg)
{
	bool write = arg->flags & KVM_GET_HTAB_WRITE;
	struct htab *h;
	int fd;

	if (arg->flags & ~(KVM_GET_HTAB_BOLTED_ONLY | KVM_GET_HTAB_WRITE))
		return -EINVAL;
	h = new_htab(kvm, arg);
	if (!h)
		return -ENOMEM;
	kvm_get_kvm(kvm);
	if (!write) {
		/* every change of an HPTE is made under this lock: the next one is noted */
		spin_lock(&kvm->mmu_lock);
		atomic_inc(&kvm->arch.hpte_mod_interest);
		spin_unlock(&kvm->mmu_lock);
	}
	fd = anon_inode_getfd("kvm-htab", &htab_fops, h, (write ? O_WRONLY : O_RDONLY) | O_CLOEXEC);
	if (fd < 0) {
		if (!write)
			atomic_dec(&kvm->arch.hpte_mod_interest);
		kvm_put_kvm_no_destroy(kvm);
		kfree(h->buf);
		kfree(h);
	}
	return fd;
}
