// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that a guest's kernel shares with the hypervisor, a vCPU each: virtual
 * processor area, dispatch trace log, SLB shadow (LoPAR, H_REGISTER_VPA).
 *
 * It is the guest's memory like any other, not pinned: pinned_addr (kvm.ko's
 * name) is the page's linear-map address as long as no MMU notifier and no
 * memslot change has hit the page. Both clear it under vpa_update_lock, under
 * which all accesses are made, so the host has its page back when its notifier
 * returns; the next entry looks the page up anew, by the notifiers' protocol.
 * Lock order: kvm->mmu_lock, vpa_update_lock. The second is also taken with
 * interrupts off, and never from an interrupt.
 */
#include <linux/mm.h>
#include <linux/kvm_host.h>
#include <asm/dtl.h>
#include <asm/hvcall.h>
#include <asm/lppaca.h>
#include <asm/time.h>
#include "hv.h"

#define AREA_ALIGN	L1_CACHE_BYTES	/* LoPAR: areas are aligned to the cache line */
#define MAP_TRIES	16		/* against a storm of invalidations */

/* What an area begins with: its size, in a place that depends on the kind. */
struct area_header {
	__be32 word0;
	union {
		__be16 vpa;
		__be32 other;
	} size;
};

static bool registered(const struct kvmppc_vpa *a)
{
	return a->next_gpa != 0;
}

/* What was written goes to the dirty log; kvm->srcu is held. */
static void flush_dirty(struct kvm *kvm, struct kvmppc_vpa *a)
{
	if (a->dirty)
		mark_page_dirty(kvm, a->gpa >> PAGE_SHIFT);
	a->dirty = false;
}

/* From now on nothing is written where the area was. The new one is found before the vCPU's next entry. */
static void set_area(struct kvm_vcpu *vcpu, struct kvmppc_vpa *a, u64 gpa, u64 len)
{
	flush_dirty(vcpu->kvm, a);
	a->pinned_addr = NULL;
	a->gpa = 0;
	a->next_gpa = gpa;
	a->len = gpa ? len : 0;
	a->update_pending = gpa != 0;
	if (gpa)
		smp_store_release(&to_hv_vcpu(vcpu)->vpa_stale, true);
}

/* The size the guest wrote in the area, or 0: not memory, or not all in one host page. */
static u32 read_size(struct kvm *kvm, u64 gpa, bool vpa)
{
	struct area_header h;
	u32 len;

	if (!gpa || gpa % AREA_ALIGN || kvm_is_error_hva(gfn_to_hva(kvm, gpa >> PAGE_SHIFT)) ||
	    kvm_read_guest(kvm, gpa, &h, sizeof(h)))
		return 0;
	len = vpa ? be16_to_cpu(h.size.vpa) : be32_to_cpu(h.size.other);
	return len < sizeof(h) || len > PAGE_SIZE - offset_in_page(gpa) ? 0 : len;
}

static long change_area(struct kvm_vcpu *vcpu, u32 func, u64 gpa, u32 len)
{
	struct kvmppc_vpa *vpa = &vcpu->arch.vpa, *dtl = &vcpu->arch.dtl;
	struct kvmppc_vpa *slb = &vcpu->arch.slb_shadow;

	switch (func) {
	case H_VPA_REG_VPA:
		if (len < sizeof(struct lppaca))
			return H_PARAMETER;
		set_area(vcpu, vpa, gpa, len);
		return H_SUCCESS;
	case H_VPA_REG_DTL:
		if (len < sizeof(struct dtl_entry))
			return H_PARAMETER;
		if (!registered(vpa))
			return H_RESOURCE;
		set_area(vcpu, dtl, gpa, len - len % sizeof(struct dtl_entry));
		return H_SUCCESS;
	case H_VPA_REG_SLB:
		if (!registered(vpa))
			return H_RESOURCE;
		set_area(vcpu, slb, gpa, len);
		return H_SUCCESS;
	case H_VPA_DEREG_VPA:
		if (registered(dtl) || registered(slb))
			return H_RESOURCE;
		set_area(vcpu, vpa, 0, 0);
		return H_SUCCESS;
	case H_VPA_DEREG_DTL:
		set_area(vcpu, dtl, 0, 0);
		return H_SUCCESS;
	case H_VPA_DEREG_SLB:
		set_area(vcpu, slb, 0, 0);
		return H_SUCCESS;
	default:
		return H_PARAMETER;
	}
}

/* H_REGISTER_VPA: flags with the function, vCPU, address. For another vCPU, too. */
long hv_hcall_vpa(struct kvm_vcpu *vcpu, unsigned long req, u64 *reg)
{
	u32 func = reg[4] >> H_VPA_FUNC_SHIFT & H_VPA_FUNC_MASK;
	struct kvm_vcpu *target = reg[5] > INT_MAX ? NULL : kvm_get_vcpu_by_id(vcpu->kvm, reg[5]);
	bool reg_area = func == H_VPA_REG_VPA || func == H_VPA_REG_DTL || func == H_VPA_REG_SLB;
	long rc = H_PARAMETER;
	u32 len = 0;
	int idx;

	if (!target)
		return rc;
	idx = srcu_read_lock(&vcpu->kvm->srcu);
	if (reg_area)
		len = read_size(vcpu->kvm, reg[6], func == H_VPA_REG_VPA);
	if (!reg_area || len) {
		spin_lock(&target->arch.vpa_update_lock);
		rc = change_area(target, func, reg[6], len);
		spin_unlock(&target->arch.vpa_update_lock);
	}
	srcu_read_unlock(&vcpu->kvm->srcu, idx);
	return rc;
}

/* KVM_REG_PPC_VPA_*: the same areas as the VMM sees them; it may put any address there, which is then never found. */
int hv_vpa_set_one_reg(struct kvm_vcpu *vcpu, struct kvmppc_vpa *a, u64 gpa, u64 len)
{
	bool vpa = a == &vcpu->arch.vpa, dtl = a == &vcpu->arch.dtl;
	int idx, err = -EINVAL;

	if (gpa % AREA_ALIGN)
		return -EINVAL;
	idx = srcu_read_lock(&vcpu->kvm->srcu);
	spin_lock(&vcpu->arch.vpa_update_lock);
	if (vpa ? !gpa && (registered(&vcpu->arch.dtl) || registered(&vcpu->arch.slb_shadow)) :
		  gpa && !registered(&vcpu->arch.vpa))
		goto out;
	if (dtl && gpa && len < sizeof(struct dtl_entry))
		goto out;
	err = 0;
	if (dtl)
		len -= len % sizeof(struct dtl_entry);
	if (a->next_gpa != gpa || a->len != len)
		set_area(vcpu, a, gpa, len);
out:
	spin_unlock(&vcpu->arch.vpa_update_lock);
	srcu_read_unlock(&vcpu->kvm->srcu, idx);
	return err;
}

/* A new area in use for the first time. */
static void init_area(struct kvm_vcpu *vcpu, struct kvmppc_vpa *a)
{
	struct lppaca *vpa = a->pinned_addr;

	if (a == &vcpu->arch.dtl)
		vcpu->arch.dtl_index = 0;
	if (a != &vcpu->arch.vpa)
		return;
	vpa->__old_status |= LPPACA_OLD_SHARED_PROC;
	vpa->yield_count = cpu_to_be32(1);	/* odd: not dispatched */
	a->dirty = true;
}

/* True unless the page was invalidated since seq was read. */
static bool publish(struct kvm_vcpu *vcpu, struct kvmppc_vpa *a, u64 gpa,
		    struct page *page, unsigned long seq)
{
	struct kvm *kvm = vcpu->kvm;
	bool ok;

	spin_lock(&kvm->mmu_lock);
	spin_lock(&vcpu->arch.vpa_update_lock);
	ok = !mmu_invalidate_retry(kvm, seq);
	if (ok && a->next_gpa == gpa && a->len > PAGE_SIZE - offset_in_page(gpa)) {
		set_area(vcpu, a, 0, 0);	/* only a VMM can ask for this: not registered */
	} else if (ok && a->next_gpa == gpa) {
		a->pinned_addr = page_address(page) + offset_in_page(gpa);
		a->pinned_end = a->pinned_addr + a->len;
		a->gpa = gpa;
		if (a->update_pending)
			init_area(vcpu, a);
		a->update_pending = false;
	}
	spin_unlock(&vcpu->arch.vpa_update_lock);
	spin_unlock(&kvm->mmu_lock);
	return ok;
}

/*
 * The page is marked dirty for the host once, here: what makes it clean again
 * write-protects it, and that is an invalidation.
 */
static bool find_area(struct kvm_vcpu *vcpu, struct kvmppc_vpa *a)
{
	u64 gpa = READ_ONCE(a->next_gpa);
	struct kvm *kvm = vcpu->kvm;
	unsigned long hva, seq;
	struct page *page;
	int try;

	/* kvm.ko hands the vCPU's descriptor out first: until the vCPU counts, hv_vpa_invalidate() does not find it */
	if (vcpu->vcpu_idx >= atomic_read(&kvm->online_vcpus))
		return false;
	for (try = 0; try < MAP_TRIES && gpa && !READ_ONCE(a->pinned_addr); try++) {
		seq = kvm->mmu_invalidate_seq;
		smp_rmb();	/* seq before the lookup, as mmu_invalidate_retry asks for */
		hva = gfn_to_hva(kvm, gpa >> PAGE_SHIFT);
		if (kvm_is_error_hva(hva) || get_user_pages_fast(hva, 1, FOLL_WRITE, &page) != 1)
			return false;
		set_page_dirty_lock(page);
		if (!publish(vcpu, a, gpa, page, seq))
			cond_resched();
		put_page(page);
		gpa = READ_ONCE(a->next_gpa);
	}
	return !gpa || READ_ONCE(a->pinned_addr);
}

/* Before an entry, in process context: areas that are new or whose page went away. */
void hv_vpa_refresh(struct kvm_vcpu *vcpu)
{
	struct hv_vcpu *hv = to_hv_vcpu(vcpu);
	bool vpa, dtl, slb;
	int idx;

	/* xchg: what was written before the flag was set is seen after it was cleared */
	if (!READ_ONCE(hv->vpa_stale) || !xchg(&hv->vpa_stale, false))
		return;
	idx = srcu_read_lock(&vcpu->kvm->srcu);
	vpa = find_area(vcpu, &vcpu->arch.vpa);
	dtl = find_area(vcpu, &vcpu->arch.dtl);
	slb = find_area(vcpu, &vcpu->arch.slb_shadow);
	if (!vpa || !dtl || !slb)
		WRITE_ONCE(hv->vpa_stale, true);	/* we go on without, until the next entry */
	srcu_read_unlock(&vcpu->kvm->srcu, idx);
}

static void invalidate_area(struct kvm_vcpu *vcpu, struct kvmppc_vpa *a, gfn_t start, gfn_t end)
{
	gfn_t gfn = a->gpa >> PAGE_SHIFT;

	if (!a->pinned_addr || gfn < start || gfn >= end)
		return;
	spin_lock(&vcpu->arch.vpa_update_lock);
	a->pinned_addr = NULL;
	smp_store_release(&to_hv_vcpu(vcpu)->vpa_stale, true);
	spin_unlock(&vcpu->arch.vpa_update_lock);
}

/* The host takes pages back, or a memslot goes: kvm->mmu_lock is held, publish() waits for it. */
void hv_vpa_invalidate(struct kvm *kvm, gfn_t start, gfn_t end)
{
	struct kvm_vcpu *vcpu;
	unsigned long i;

	kvm_for_each_vcpu(i, vcpu, kvm) {
		invalidate_area(vcpu, &vcpu->arch.vpa, start, end);
		invalidate_area(vcpu, &vcpu->arch.dtl, start, end);
		invalidate_area(vcpu, &vcpu->arch.slb_shadow, start, end);
	}
}

/* For the dirty log: what we wrote in the areas since the last time. kvm->srcu is held. */
void hv_vpa_harvest_dirty(struct kvm *kvm)
{
	struct kvm_vcpu *vcpu;
	unsigned long i;

	kvm_for_each_vcpu(i, vcpu, kvm) {
		spin_lock(&vcpu->arch.vpa_update_lock);
		flush_dirty(kvm, &vcpu->arch.vpa);
		flush_dirty(kvm, &vcpu->arch.dtl);
		spin_unlock(&vcpu->arch.vpa_update_lock);
	}
}

/* One entry of the dispatch trace log; the index follows it. Times are in the guest's timebase. */
static void log_dispatch(struct kvm_vcpu *vcpu, struct lppaca *vpa, u64 stolen)
{
	struct kvmppc_vpa *a = &vcpu->arch.dtl;
	struct dtl_entry *e = a->pinned_addr;

	if (!e)
		return;
	e += vcpu->arch.dtl_index % (a->len / sizeof(*e));
	*e = (struct dtl_entry) {
		.dispatch_reason = 7,	/* time slice */
		.processor_id = cpu_to_be16(vcpu->cpu),
		.enqueue_to_dispatch_time = cpu_to_be32(min_t(u64, stolen, U32_MAX)),
		.timebase = cpu_to_be64(mftb() + vcpu->arch.vcore->tb_offset),
		.srr0 = cpu_to_be64(vcpu->arch.regs.nip),
		.srr1 = cpu_to_be64(vcpu->arch.shregs.msr),
	};
	a->dirty = true;
	smp_wmb();	/* the guest reads the index, then the entry */
	vpa->dtl_idx = cpu_to_be64(++vcpu->arch.dtl_index);
}

/*
 * The yield count: the next even number when the vCPU is dispatched, the next
 * odd one afterwards, also where a step was lost with the page, or its content.
 */
static void step_yield_count(struct lppaca *vpa, bool dispatched)
{
	u32 count = be32_to_cpu(vpa->yield_count);

	vpa->yield_count = cpu_to_be32(dispatched ? (count | 1) + 1 : (count + 1) | 1);
}

/* The guest is entered now. Interrupts are off. */
void hv_vpa_dispatch(struct kvm_vcpu *vcpu)
{
	struct lppaca *vpa;
	u64 stolen;

	if (!READ_ONCE(vcpu->arch.vpa.pinned_addr))	/* nobody but this task makes it anything else */
		return;
	spin_lock(&vcpu->arch.vpa_update_lock);
	vpa = vcpu->arch.vpa.pinned_addr;
	if (vpa) {
		stolen = vcpu->arch.busy_stolen;
		vcpu->arch.busy_stolen = 0;
		/* added to, not replaced: the sum goes with the guest when it migrates */
		vpa->enqueue_dispatch_tb = cpu_to_be64(be64_to_cpu(vpa->enqueue_dispatch_tb) + stolen);
		log_dispatch(vcpu, vpa, stolen);
		step_yield_count(vpa, true);
		vcpu->arch.vpa.dirty = true;
	}
	spin_unlock(&vcpu->arch.vpa_update_lock);
}

/* The guest was left: whatever the vCPU waits for, it is not dispatched. */
void hv_vpa_undispatch(struct kvm_vcpu *vcpu)
{
	if (!READ_ONCE(vcpu->arch.vpa.pinned_addr))
		return;
	spin_lock(&vcpu->arch.vpa_update_lock);
	if (vcpu->arch.vpa.pinned_addr) {
		step_yield_count(vcpu->arch.vpa.pinned_addr, false);
		vcpu->arch.vpa.dirty = true;
	}
	spin_unlock(&vcpu->arch.vpa_update_lock);
}

u32 hv_vpa_yield_count(struct kvm_vcpu *vcpu)
{
	u32 count;

	spin_lock(&vcpu->arch.vpa_update_lock);
	count = hv_yield_count(vcpu);
	spin_unlock(&vcpu->arch.vpa_update_lock);
	return count;
}

/*
 * A machine check left the guest without its SLB: its kernel's bolted entries
 * come from the shadow (LoPAR, SLB shadow buffer). The rest it faults in again.
 */
void hv_vpa_reload_slb(struct kvm_vcpu *vcpu)
{
	struct kvmppc_vpa *a = &vcpu->arch.slb_shadow;
	const struct slb_shadow *s;
	const __be64 *e;	/* pairs of ESID and VSID */
	u64 max = 0, slbe, slbv;
	u32 i, n = 0;

	spin_lock(&vcpu->arch.vpa_update_lock);
	s = a->pinned_addr;
	if (s && a->len > offsetof(struct slb_shadow, save_area)) {
		max = (a->len - offsetof(struct slb_shadow, save_area)) / sizeof(s->save_area[0]);
		max = min3(max, (u64)be32_to_cpu(READ_ONCE(s->persistent)), (u64)HV_SLB_ENTRIES);
		e = &s->save_area[0].esid;
	}
	for (i = 0; i < max; i++, e += 2) {
		slbe = (be64_to_cpu(READ_ONCE(e[0])) & ~0xffful) | i;
		slbv = be64_to_cpu(READ_ONCE(e[1]));
		if (!(slbe & SLB_ESID_V) || !hv_slb_entry_ok(slbe, slbv))
			continue;
		vcpu->arch.slb[n].orige = slbe;
		vcpu->arch.slb[n].origv = slbv;
		n++;
	}
	vcpu->arch.slb_max = n;
	spin_unlock(&vcpu->arch.vpa_update_lock);
}

/*
 * Stolen time: the vCPU's task could run, in KVM_RUN and not ceded, but another
 * one had the CPU.
 */
void hv_steal_begin(struct kvm_vcpu *vcpu)
{
	if (!vcpu->arch.ceded && task_is_running(current))
		vcpu->arch.busy_preempt = mftb();
}

void hv_steal_end(struct kvm_vcpu *vcpu)
{
	if (vcpu->arch.busy_preempt == TB_NIL)
		return;
	vcpu->arch.busy_stolen += mftb() - vcpu->arch.busy_preempt;
	vcpu->arch.busy_preempt = TB_NIL;
}
