// SPDX-License-Identifier: GPL-2.0
/*
 * KVM_PPC_RESIZE_HPT_PREPARE and _COMMIT (kernel ABI, api.rst 4.102 and 4.103):
 * QEMU's H_RESIZE_HPT_*. A second table is made beside the one in use; commit moves
 * the bolted entries over and switches. The guest, by PAPR, uses no other entry
 * meanwhile and enters the rest anew. vm->setup_lock guards struct hv_resize.
 */
#include <linux/kvm_host.h>
#include <linux/memcontrol.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include "hv.h"

#define PTEG_SIZE	8
#define ESTIMATE_MS	100	/* a guess: nothing tells how long an allocation takes */

/* The table's memory belongs to the VMM's cgroup, not to the worker's. */
static void prepare(struct work_struct *work)
{
	struct hv_resize *rs = container_of(work, struct hv_resize, work);
	struct mem_cgroup *memcg = get_mem_cgroup_from_mm(rs->kvm->mm), *old;
	int err;

	old = set_active_memcg(memcg);
	err = hv_table_alloc(&rs->hpt, rs->order);
	set_active_memcg(old);
	mem_cgroup_put(memcg);
	smp_store_release(&rs->error, err);	/* the table is there when the reader sees 0 */
}

static void discard(struct hv_resize *rs)
{
	if (!rs->order)
		return;
	cancel_work_sync(&rs->work);
	hv_table_free(&rs->hpt);
	rs->order = 0;
}

void hv_resize_init(struct kvm *kvm)
{
	struct hv_resize *rs = &to_hv_vm(kvm)->resize;

	rs->kvm = kvm;
	INIT_WORK(&rs->work, prepare);
}

void hv_resize_destroy(struct kvm *kvm)
{
	discard(&to_hv_vm(kvm)->resize);
}

static int check_args(const struct kvm_ppc_resize_hpt *arg)
{
	return arg->flags || (arg->shift && !hv_hpt_order_ok(arg->shift)) ? -EINVAL : 0;
}

/* 0: ready (or cancelled, with shift 0), > 0: so many ms more, -ENOMEM (and it is discarded), -EINVAL. */
int hv_resize_prepare(struct kvm *kvm, const struct kvm_ppc_resize_hpt *arg)
{
	struct hv_vm *vm = to_hv_vm(kvm);
	struct hv_resize *rs = &vm->resize;
	int rc = check_args(arg);

	if (rc)
		return rc;
	if (mutex_lock_killable(&vm->setup_lock))
		return -EINTR;
	if (rs->order && rs->order == arg->shift) {
		rc = smp_load_acquire(&rs->error);
		if (rc == -EBUSY)
			rc = ESTIMATE_MS;
		else if (rc)
			discard(rs);
	} else {
		discard(rs);
		if (arg->shift) {
			rs->order = arg->shift;
			rs->error = -EBUSY;
			queue_work(system_unbound_wq, &rs->work);
			rc = ESTIMATE_MS;
		}
	}
	mutex_unlock(&vm->setup_lock);
	return rc;
}

static u64 low_bits(int n)
{
	return (1ul << n) - 1;
}

/*
 * The hash that put an entry in this PTEG (v3.1B III, "Hashed Page Table Search"): VSID
 * xor page number. The AVPN lacks the lowest 23 bits of the address. Where pages
 * are smaller than that, the PTEG's number has the rest, since the smallest table has 2^11 PTEGs.
 */
static u64 hash_of(u64 v, int pshift, u64 pteg)
{
	u64 avpn = (v & HPTE_V_AVPN) >> HPTE_V_AVPN_SHIFT;
	int offset_bits = v & HPTE_V_1TB_SEG ? SID_SHIFT_1T - 23 : SID_SHIFT - 23;
	u64 vsid = avpn >> offset_bits, page = (avpn & low_bits(offset_bits)) << 23 >> pshift;
	u64 low = pshift < 23 ? low_bits(23 - pshift) : 0;
	u64 hash = vsid ^ page;

	if (v & HPTE_V_1TB_SEG)
		hash ^= vsid << 25;
	if (v & HPTE_V_SECONDARY)
		pteg = ~pteg;
	return (hash & ~low) | (pteg & low);
}

static __be64 *entry_of(const struct kvm_hpt_info *hpt, u64 index)
{
	return (__be64 *)(hpt->virt + (index << 4));
}

/* One bolted entry to the same place of its PTEG in the new table, which nobody else sees; -ENOSPC: taken. */
static int move_entry(struct kvm *kvm, struct kvm_hpt_info *new, u64 index)
{
	const __be64 *from = entry_of(&kvm->arch.hpt, index);
	u64 v, r, to;
	int pshift;
	__be64 *h;

	hv_hpte_read(kvm, index, &v, &r);
	if (!(v & HPTE_V_ABSENT) || !(v & HPTE_V_BOLTED))
		return 0;
	pshift = kvmppc_hpte_base_page_shift(v, r);
	if (WARN_ON_ONCE(!pshift))	/* hv_hpt_enter lets none in */
		return 0;
	to = hash_of(v, pshift, index / PTEG_SIZE);
	if (v & HPTE_V_SECONDARY)
		to = ~to;
	to = (to & kvmppc_hpt_mask(new)) * PTEG_SIZE + index % PTEG_SIZE;
	h = entry_of(new, to);
	if (h[0])
		return -ENOSPC;
	h[1] = from[1];
	h[0] = from[0];
	hv_rev_at(new, to)->guest_rpte = hv_rev(kvm, index)->guest_rpte;
	return 0;
}

/* vCPUs are out and every entry is absent: nobody but an HTAB reader looks at the old table. */
static int move_bolted(struct kvm *kvm, struct kvm_hpt_info *new)
{
	u64 i, n = kvmppc_hpt_npte(&kvm->arch.hpt);
	int err = 0;

	spin_lock(&kvm->mmu_lock);
	for (i = 0; i < n && !err; i++) {
		err = move_entry(kvm, new, i);
		if (!(i & 0x3ff))
			cond_resched_lock(&kvm->mmu_lock);
	}
	spin_unlock(&kvm->mmu_lock);
	return err;
}

static int commit(struct kvm *kvm, struct hv_resize *rs)
{
	int err;

	hv_forget_mappings(kvm);
	err = move_bolted(kvm, &rs->hpt);
	if (!err)
		hv_table_use(kvm, &rs->hpt);	/* frees the old one */
	discard(rs);
	return err;
}

/*
 * 0, or -EINVAL; -ENXIO: no table of that size was prepared; -EBUSY: it is not
 * ready yet, or a vCPU does not come out of the guest's way; -ENOSPC: two bolted entries collide in a
 * smaller table; -EIO: the VM has not run yet. The old table stays in use then.
 */
int hv_resize_commit(struct kvm *kvm, const struct kvm_ppc_resize_hpt *arg)
{
	struct hv_vm *vm = to_hv_vm(kvm);
	struct hv_resize *rs = &vm->resize;
	int rc = check_args(arg);

	if (rc)
		return rc;
	if (mutex_lock_killable(&vm->setup_lock))
		return -EINTR;
	if (!kvm->arch.mmu_ready)
		rc = -EIO;
	else if (!rs->order || rs->order != arg->shift)
		rc = -ENXIO;
	else
		rc = smp_load_acquire(&rs->error);
	if (rc && rc != -EBUSY && rs->order == arg->shift)
		discard(rs);
	if (!rc)
		rc = hv_hpt_stop_vcpus(kvm);
	if (!rc) {
		rc = commit(kvm, rs);
		hv_hpt_start_vcpus(kvm);
	}
	mutex_unlock(&vm->setup_lock);
	return rc;
}
