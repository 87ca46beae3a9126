// SPDX-License-Identifier: GPL-2.0
/*
 * Single HPTEs. Values v and r are in the format of ISA v2.07, which PAPR uses
 * (LoPAR, H_ENTER); in the table they stand as the processor wants them.
 * A VALID entry is one the hardware sees; an ABSENT one is the guest's but has
 * no host page yet. Everything here runs under kvm->mmu_lock.
 */
#include <linux/kvm_host.h>
#include "mmu.h"
#include "tlb.h"

#define PTEG_SIZE	8

static __be64 *hpte_at(struct kvm *kvm, u32 index)
{
	return (__be64 *)(kvm->arch.hpt.virt + ((u64)index << 4));
}

void hv_hpte_read(struct kvm *kvm, u32 index, u64 *v, u64 *r)
{
	__be64 *h = hpte_at(kvm, index);

	*v = be64_to_cpu(h[0]);
	*r = be64_to_cpu(h[1]);
	if (to_hv_vm(kvm)->mmu.isa300) {
		*v = hpte_new_to_old_v(*v, *r);
		*r = hpte_new_to_old_r(*r);
	}
}

/* The first doubleword makes an entry valid: it goes last (v3.1B III, "Page Table Updates"). */
static void hpte_write(struct kvm *kvm, u32 index, u64 v, u64 r)
{
	__be64 *h = hpte_at(kvm, index);

	if (to_hv_vm(kvm)->mmu.isa300) {
		r = hpte_old_to_new_r(v, r);
		v = hpte_old_to_new_v(v);
	}
	WRITE_ONCE(h[1], cpu_to_be64(r));
	hv_eieio();
	WRITE_ONCE(h[0], cpu_to_be64(v));
	hv_ptesync();
}

/*
 * ptesync; tlbie; eieio; tlbsync; ptesync (v3.1B III, "Page Table Updates").
 * POWER9 needs a second tlbie, of its own kind, for each of two errata.
 */
static void tlbie_page(struct kvm *kvm, u64 rb)
{
	const struct hv_mmu *mmu = &to_hv_vm(kvm)->mmu;
	u64 lpid = kvm->arch.lpid;

	hv_ptesync();
	hv_tlbie(rb, lpid);
	if (mmu->tlbie_erat_bug) {
		hv_ptesync();
		hv_tlbie_radix(PPC_BIT(52), 0);		/* IS=2: all of LPID 0 */
	}
	if (mmu->tlbie_stq_bug) {
		hv_ptesync();
		hv_tlbie(rb, lpid);
	}
	hv_eieio();
	hv_tlbsync();
	hv_ptesync();
}

/* An entry that no processor uses (not valid) becomes v, r: absent, or free with v = 0. */
void hv_hpte_set(struct kvm *kvm, u32 index, u64 v, u64 r)
{
	struct revmap_entry *rev = hv_rev(kvm, index);

	rev->guest_rpte = r | (rev->guest_rpte & HPTE_GR_MODIFIED);
	note_hpte_modification(kvm, rev);
	hpte_write(kvm, index, v, r);
}

/* Puts an absent entry in the first free place of its primary PTEG; false: the PTEG is full. */
bool hv_hpte_insert(struct kvm *kvm, u64 v, u64 r, u64 hash)
{
	u64 index = (hash & kvmppc_hpt_mask(&kvm->arch.hpt)) * PTEG_SIZE;
	u64 old_v, old_r, end = index + PTEG_SIZE;

	for (; index < end; index++) {
		hv_hpte_read(kvm, index, &old_v, &old_r);
		if (old_v & (HPTE_V_VALID | HPTE_V_ABSENT))
			continue;
		hv_hpte_set(kvm, index, v | HPTE_V_ABSENT, r);
		return true;
	}
	return false;
}

/* Base page size of a segment, from the L and LP bits of slb_v. */
static int segment_page_shift(u64 slb_v)
{
	if (!(slb_v & SLB_VSID_L))
		return 12;
	switch ((slb_v & SLB_VSID_LP) >> 4) {
	case 0:		return 24;
	case 1:		return 16;
	case 2:		return 34;
	default:	return 20;
	}
}

/*
 * The search that the processor makes (v3.1B III, "Page Table Search"): eight entries of
 * the primary PTEG, eight of the secondary. Returns the index, or -1.
 */
long hv_hpte_find(struct kvm *kvm, u64 slb_v, gva_t ea, u64 *v, u64 *r)
{
	int pshift = segment_page_shift(slb_v), pass, i;
	u64 vsid, in_seg, hash, want, mask;

	if (slb_v & SLB_VSID_B_1T) {
		vsid = (slb_v & ~SLB_VSID_B) >> SLB_VSID_SHIFT_1T;
		in_seg = ea & ((1ul << SID_SHIFT_1T) - 1);
		hash = vsid ^ vsid << 25;
		want = vsid << (SID_SHIFT_1T - 16);
	} else {
		vsid = (slb_v & ~SLB_VSID_B) >> SLB_VSID_SHIFT;
		in_seg = ea & ((1ul << SID_SHIFT) - 1);
		hash = vsid;
		want = vsid << (SID_SHIFT - 16);
	}
	hash ^= in_seg >> pshift;
	want |= in_seg >> 16;
	/* L is no part of it in a 4K segment: that may hold larger pages, as LP says */
	mask = SLB_VSID_B | HPTE_V_AVPN | HPTE_V_SECONDARY | (pshift > 12 ? HPTE_V_LARGE : 0);
	if (pshift > 23)
		want &= ~((1ul << (pshift - 16)) - 1);
	want &= HPTE_V_AVPN;
	want |= (slb_v & SLB_VSID_B) | (pshift > 12 ? HPTE_V_LARGE : 0);

	for (pass = 0; pass < 2; pass++) {
		u64 index = (hash & kvmppc_hpt_mask(&kvm->arch.hpt)) * PTEG_SIZE;

		for (i = 0; i < PTEG_SIZE; i++) {
			hv_hpte_read(kvm, index + i, v, r);
			if ((*v & (HPTE_V_VALID | HPTE_V_ABSENT)) && (*v & mask) == want &&
			    kvmppc_hpte_base_page_shift(*v, *r) == pshift)
				return index + i;
		}
		hash = ~hash;
		want |= HPTE_V_SECONDARY;
	}
	return -1;
}

static void chain_add(struct kvm *kvm, u32 index, unsigned long *rmap)
{
	struct revmap_entry *rev = hv_rev(kvm, index), *head;

	*rmap += 1ul << HV_RMAP_COUNT_SHIFT;
	if (*rmap & KVMPPC_RMAP_PRESENT) {
		head = hv_rev(kvm, *rmap & KVMPPC_RMAP_INDEX);
		rev->forw = *rmap & KVMPPC_RMAP_INDEX;
		rev->back = head->back;
		hv_rev(kvm, head->back)->forw = index;
		head->back = index;
	} else {
		rev->forw = rev->back = index;
		*rmap = (*rmap & ~KVMPPC_RMAP_INDEX) | KVMPPC_RMAP_PRESENT | index;
	}
}

static void chain_remove(struct kvm *kvm, u32 index, unsigned long *rmap)
{
	u32 next = hv_rev(kvm, index)->forw, prev = hv_rev(kvm, index)->back;

	*rmap -= 1ul << HV_RMAP_COUNT_SHIFT;
	if (next == index) {
		*rmap &= ~(KVMPPC_RMAP_PRESENT | KVMPPC_RMAP_INDEX);
		return;
	}
	hv_rev(kvm, next)->back = prev;
	hv_rev(kvm, prev)->forw = next;
	if ((*rmap & KVMPPC_RMAP_INDEX) == index)
		*rmap = (*rmap & ~KVMPPC_RMAP_INDEX) | next;
}

/* Never neither valid nor absent: hv_hpt_is_free() looks without the lock. */
static void invalidate(__be64 *h)
{
	WRITE_ONCE(h[0], (h[0] & cpu_to_be64(~HPTE_V_VALID)) | cpu_to_be64(HPTE_V_ABSENT));
}

/* How many host pages an entry maps, log 2. */
static u64 page_order(u64 v, u64 r)
{
	int shift = kvmppc_hpte_actual_page_shift(v, r);

	return shift > PAGE_SHIFT ? shift - PAGE_SHIFT : 0;
}

/* C goes with its HPTE: the page's rmap word keeps it for the dirty log. */
static void note_changed(unsigned long *rmap, u64 order)
{
	if (order > (*rmap >> HV_RMAP_ORDER_SHIFT & HV_RMAP_ORDER_MASK))
		*rmap = (*rmap & ~(HV_RMAP_ORDER_MASK << HV_RMAP_ORDER_SHIFT)) |
			order << HV_RMAP_ORDER_SHIFT;
	*rmap |= HV_RMAP_CHANGED;
}

/* R and C that the processor set become the guest's; who reads the HPT is told of those that are new. */
static void keep_rc(struct kvm *kvm, u32 index, u64 rc)
{
	struct revmap_entry *rev = hv_rev(kvm, index);

	rc &= HPTE_R_R | HPTE_R_C;
	if (!(rc & ~rev->guest_rpte))
		return;
	rev->guest_rpte |= rc;
	note_hpte_modification(kvm, rev);
}

/*
 * Valid entry to absent: after this no processor uses the old translation.
 * Reference and change bits that the hardware set go to the guest's copy.
 */
void hv_hpte_unmap(struct kvm *kvm, u32 index, unsigned long *rmap)
{
	__be64 *h = hpte_at(kvm, index);
	u64 v, r, now, unused;

	hv_hpte_read(kvm, index, &v, &r);
	invalidate(h);
	tlbie_page(kvm, compute_tlbie_rb(v, r, index));
	hv_hpte_read(kvm, index, &unused, &now);	/* R and C are final after the tlbie */
	keep_rc(kvm, index, now);
	if (now & HPTE_R_R)
		*rmap |= KVMPPC_RMAP_REFERENCED;
	if (now & HPTE_R_C)
		note_changed(rmap, page_order(v, r));
	chain_remove(kvm, index, rmap);
	hpte_write(kvm, index, (v & ~HPTE_V_VALID) | HPTE_V_ABSENT, hv_guest_rpte(kvm, index));
}

/*
 * Absent entry to valid, with host address and rights in r; v is as it was found. A guest
 * may have any number of entries for a page, but only so many valid: the oldest gives way.
 */
void hv_hpte_map(struct kvm *kvm, u32 index, u64 v, u64 r, unsigned long *rmap)
{
	if (*rmap >> HV_RMAP_COUNT_SHIFT >= HV_RMAP_COUNT_MAX)
		hv_hpte_unmap(kvm, *rmap & KVMPPC_RMAP_INDEX, rmap);
	chain_add(kvm, index, rmap);
	hpte_write(kvm, index, (v & ~HPTE_V_ABSENT) | HPTE_V_VALID, r);
}

/*
 * Other rights for an entry, valid or absent. A valid one that the host let us
 * have for reading only stays so: the next store finds out whether it may be more.
 */
void hv_hpte_protect(struct kvm *kvm, u32 index, u64 mask, u64 bits)
{
	__be64 *h = hpte_at(kvm, index);
	u64 v, r, new;

	hv_hpte_read(kvm, index, &v, &r);
	if (v & HPTE_V_VALID) {
		bool readonly = !hpte_is_writable(r);

		invalidate(h);
		tlbie_page(kvm, compute_tlbie_rb(v, r, index));
		hv_hpte_read(kvm, index, &new, &r);
		r = (r & ~mask) | bits;
		if (readonly && hpte_is_writable(r))
			r = hpte_make_readonly(r);
	} else {
		r = (r & ~mask) | bits;
	}
	hv_rev(kvm, index)->guest_rpte = (hv_rev(kvm, index)->guest_rpte & ~mask) | bits;
	note_hpte_modification(kvm, hv_rev(kvm, index));
	hpte_write(kvm, index, v, r);
}

/* Was the page used since R was last clear? With clear, R is 0 afterwards and no TLB knows better. */
bool hv_hpte_test_clear_ref(struct kvm *kvm, u32 index, bool clear)
{
	u64 v, r;

	hv_hpte_read(kvm, index, &v, &r);
	if (!(r & HPTE_R_R))
		return false;
	if (clear) {
		/* R is the byte-wide bit 0x100: the byte store can't race with the hardware's C */
		u8 *byte = (u8 *)(hpte_at(kvm, index) + 1) + 6;

		WRITE_ONCE(*byte, *byte & ~1);
		tlbie_page(kvm, compute_tlbie_rb(v, r, index));
		keep_rc(kvm, index, HPTE_R_R);
	}
	return true;
}

/*
 * Was the page written since C was last clear? How many pages the entry maps then
 * (1 where it maps less than a page), else 0. C is 0 afterwards in table and TLB.
 */
unsigned long hv_hpte_test_clear_changed(struct kvm *kvm, u32 index)
{
	__be64 *h = hpte_at(kvm, index);
	u64 v, r, unused;

	hv_hpte_read(kvm, index, &v, &r);
	if (!(r & HPTE_R_C))
		return 0;
	/* not valid for a moment: the processor must not write the second doubleword with us */
	invalidate(h);
	tlbie_page(kvm, compute_tlbie_rb(v, r, index));
	hv_hpte_read(kvm, index, &unused, &r);
	keep_rc(kvm, index, HPTE_R_C);
	hpte_write(kvm, index, v, r & ~(u64)HPTE_R_C);
	return 1ul << page_order(v, r);
}
