// SPDX-License-Identifier: GPL-2.0
/*
 * Hypercalls on the guest's hashed page table (LoPAR, "Page Frame Table"
 * hcalls), answered in real mode; in the module when the lock was taken. A new
 * entry maps its page at once if the host has it at hand; else the first access
 * finds it (fault.c). Arguments are checked before the table is touched: a
 * guest may name any index and any bits.
 */
#include <linux/kvm_host.h>
#include <asm/hvcall.h>
#include "mmu.h"

#define GUEST_RPTE	(HPTE_R_PP0 | HPTE_R_KEY_HI | HPTE_R_RPN | HPTE_R_WIMG | \
			 HPTE_R_R | HPTE_R_C | HPTE_R_N | HPTE_R_PP | HPTE_R_KEY_LO)
#define PRESENT		(HPTE_V_VALID | HPTE_V_ABSENT)
#define MAX_READ	4

/* An index that is not bad is none either for a processor that runs ahead of the answer (Spectre v1). */
static bool bad_index(struct kvm *kvm, u64 *index)
{
	u64 n = kvmppc_hpt_npte(&kvm->arch.hpt);

	if (*index >= n)
		return true;
	*index = array_index_nospec(*index, n);
	return false;
}

/*
 * An index of the table with nothing there. Without the lock: an entry that comes
 * or goes meanwhile may as well have done so just before or after.
 */
__always_inline bool hv_hpt_is_free(struct kvm *kvm, u64 index)
{
	const __be64 *h;

	if (bad_index(kvm, &index))
		return false;
	h = (const __be64 *)(kvm->arch.hpt.virt + (index << 4));
	return !(READ_ONCE(h[0]) & cpu_to_be64(PRESENT));
}

/* An entry as the guest may see it: valid is valid, absent or not; the address is its own. */
static void guest_view(struct kvm *kvm, u32 index, u64 *v, u64 *r)
{
	u64 hw_r;

	hv_hpte_read(kvm, index, v, &hw_r);
	if (!(*v & PRESENT)) {
		*r = hw_r;
		return;
	}
	*r = hv_guest_rpte(kvm, index);
	if (*v & HPTE_V_VALID)
		*r |= hw_r & (HPTE_R_R | HPTE_R_C);
	*v = (*v & ~(HPTE_V_ABSENT | HPTE_V_HVLOCK)) | HPTE_V_VALID;
}

static long h_enter(struct kvm *kvm, u64 *reg)
{
	u64 flags = reg[4], index = reg[5], v = reg[6], r = reg[7];
	u64 end, old_v, old_r, psize, gpa;

	psize = kvmppc_actual_pgsz(v, r);
	gpa = r & HPTE_R_RPN & ~HPTE_R_KEY_HI & ~(psize - 1);
	if (!psize || v >> 63 || bad_index(kvm, &index) || !hv_size_possible(kvm, gpa, psize))
		return H_PARAMETER;
	v = (v & ~(HPTE_V_HVLOCK | HPTE_V_VALID)) | HPTE_V_ABSENT;
	r &= GUEST_RPTE;
	end = index + 1;
	if (!(flags & H_EXACT)) {
		index &= ~7ul;
		end = index + 8;
	}
	for (; index < end; index++) {
		hv_hpte_read(kvm, index, &old_v, &old_r);
		if (!(old_v & PRESENT))
			break;
	}
	if (index == end)
		return H_PTEG_FULL;
	hv_hpte_set(kvm, index, v, r);
	reg[4] = index;
	hv_map_present(kvm, index, gpa, false);
	return H_SUCCESS;
}

/* The conditions of H_REMOVE and H_PROTECT; both flags of H_BULK_REMOVE too. */
static bool found(u64 v, u64 flags, u64 avpn)
{
	return (v & PRESENT) &&
	       !((flags & H_AVPN) && (v & ~0x7ful) != avpn) &&
	       !((flags & H_ANDCOND) && (v & avpn));
}

static long remove(struct kvm *kvm, u64 flags, u64 index, u64 avpn, u64 *v, u64 *r)
{
	if (bad_index(kvm, &index))
		return H_PARAMETER;
	guest_view(kvm, index, v, r);
	if (!found(*v, flags, avpn))
		return H_NOT_FOUND;
	hv_make_absent(kvm, index);
	*r |= hv_guest_rpte(kvm, index) & (HPTE_R_R | HPTE_R_C);
	hv_hpte_set(kvm, index, 0, 0);
	return H_SUCCESS;
}

static long h_remove(struct kvm *kvm, u64 *reg)
{
	u64 v, r;
	long rc = remove(kvm, reg[4], reg[5], reg[6], &v, &r);

	if (rc == H_SUCCESS) {
		reg[4] = v;
		reg[5] = r;
	}
	return rc;
}

/* Translation specifier: type and response code in the top byte, R and C below, index (LoPAR, H_BULK_REMOVE). */
#define BULK_REQUEST	1ul
#define BULK_RESPONSE	2ul
#define BULK_END	3ul
#define BULK_TYPE(t)	((t) >> 62)
#define BULK_FLAGS(t)	((t) >> 56 & 3)
#define BULK_INDEX(t)	((t) & 0x00fffffffffffffful)
enum { BULK_DONE, BULK_NOT_FOUND, BULK_PARAMETER };

static u64 bulk_answer(u64 code, u64 flags, u64 r, u64 index)
{
	u64 top = BULK_RESPONSE << 6 | code << 4 | flags;

	return top << 56 | (r & (HPTE_R_R | HPTE_R_C)) << 51 | index;
}

static long h_bulk_remove(struct kvm *kvm, u64 *reg)
{
	long rc = H_SUCCESS;
	int i;

	for (i = 4; i < 12 && rc == H_SUCCESS; i += 2) {
		u64 t = reg[i], how = BULK_FLAGS(t), index = BULK_INDEX(t), flags, v, r;

		if (BULK_TYPE(t) == BULK_END)
			break;
		if (BULK_TYPE(t) != BULK_REQUEST || how == 3 ||
		    bad_index(kvm, &index)) {
			reg[i] = bulk_answer(BULK_PARAMETER, how, 0, index);
			rc = H_PARAMETER;
			break;
		}
		flags = how == 1 ? H_ANDCOND : how == 2 ? H_AVPN : 0;
		if (remove(kvm, flags, index, reg[i + 1], &v, &r) == H_SUCCESS)
			reg[i] = bulk_answer(BULK_DONE, how, r, index);
		else
			reg[i] = bulk_answer(BULK_NOT_FOUND, how, 0, index);
	}
	return rc;
}

static long h_protect(struct kvm *kvm, u64 *reg)
{
	u64 flags = reg[4], index = reg[5], avpn = reg[6], v, r;
	u64 mask = HPTE_R_PP0 | HPTE_R_PP | HPTE_R_N | HPTE_R_KEY_HI | HPTE_R_KEY_LO;
	u64 bits = (flags << 55 & HPTE_R_PP0) | (flags << 48 & HPTE_R_KEY_HI) |
		   (flags & (HPTE_R_PP | HPTE_R_N | HPTE_R_KEY_LO));

	if (bad_index(kvm, &index))
		return H_PARAMETER;
	guest_view(kvm, index, &v, &r);
	if (!found(v, flags & H_AVPN, avpn))
		return H_NOT_FOUND;
	hv_hpte_protect(kvm, index, mask, bits);
	return H_SUCCESS;
}

static long h_read(struct kvm *kvm, u64 *reg)
{
	u64 index = reg[5];
	int i, n = 1;

	if (bad_index(kvm, &index))
		return H_PARAMETER;
	if (reg[4] & H_READ_4) {
		index &= ~3ul;
		n = MAX_READ;
	}
	for (i = 0; i < n; i++)
		guest_view(kvm, index + i, &reg[4 + 2 * i], &reg[5 + 2 * i]);
	return H_SUCCESS;
}

static long clear_rc(struct kvm *kvm, u64 *reg, u64 bits)
{
	u64 index = reg[5], v, r;

	if (bad_index(kvm, &index))
		return H_PARAMETER;
	guest_view(kvm, index, &v, &r);
	if (!(v & HPTE_V_VALID))
		return H_NOT_FOUND;
	if (r & bits) {
		hv_make_absent(kvm, index);
		r = hv_guest_rpte(kvm, index);
		hv_hpte_read(kvm, index, &v, &(u64){ 0 });
		hv_hpte_set(kvm, index, v, r & ~bits);
	}
	reg[4] = r;
	return H_SUCCESS;
}

static long h_clear_ref(struct kvm *kvm, u64 *reg)
{
	return clear_rc(kvm, reg, HPTE_R_R);
}

static long h_clear_mod(struct kvm *kvm, u64 *reg)
{
	return clear_rc(kvm, reg, HPTE_R_C);
}

long hv_hcall_hpt(struct kvm *kvm, unsigned long req, u64 *reg)
{
	switch (req) {
	case H_ENTER:		return h_enter(kvm, reg);
	case H_REMOVE:		return h_remove(kvm, reg);
	case H_BULK_REMOVE:	return h_bulk_remove(kvm, reg);
	case H_PROTECT:		return h_protect(kvm, reg);
	case H_READ:		return h_read(kvm, reg);
	case H_CLEAR_REF:	return h_clear_ref(kvm, reg);
	case H_CLEAR_MOD:	return h_clear_mod(kvm, reg);
	default:		return H_TOO_HARD;
	}
}
