/* SPDX-License-Identifier: GPL-2.0 */
/* HPTEs and segments: Power ISA v2.07B and v3.1B Book III, "Virtual Page"; PAPR uses the former's format. */
#ifndef SHIM_KVM_HPT_H
#define SHIM_KVM_HPT_H

#include <linux/types.h>

#define SID_SHIFT		28
#define SID_SHIFT_1T		40
#define SLB_VSID_SHIFT		12
#define SLB_VSID_SHIFT_1T	24
#define SLB_VSID_B		0xc000000000000000ul
#define SLB_VSID_B_1T		0x4000000000000000ul
#define SLB_ESID_V		0x0000000008000000ul
#define SLB_VSID_L		0x0000000000000100ul
#define SLB_VSID_LP		0x0000000000000030ul

#define HPTE_V_AVPN		0x3fffffffffffff80ul
#define HPTE_V_ABSENT		0x20ul
#define HPTE_V_LARGE		0x0000000000000004ul
#define HPTE_V_SECONDARY	0x0000000000000002ul
#define HPTE_V_VALID		0x0000000000000001ul
#define HPTE_R_R		0x0000000000000100ul
#define HPTE_R_C		0x0000000000000080ul

/* kept by the kernel's own backend and by us in guest_rpte; PAPR has the bit reserved */
#define HPTE_GR_MODIFIED	(1ul << 62)
#define HPTE_GR_RESERVED	HPTE_GR_MODIFIED

#define PAGE_SHIFT		16	/* a kernel with 64 KiB pages */

#define KVMPPC_RMAP_RC_SHIFT	32
#define KVMPPC_RMAP_REFERENCED	(HPTE_R_R << KVMPPC_RMAP_RC_SHIFT)
#define KVMPPC_RMAP_PRESENT	0x100000000ul
#define KVMPPC_RMAP_INDEX	0xfffffffful

struct revmap_entry {
	unsigned long guest_rpte;
	unsigned int forw, back;
};

struct kvm_hpt_info {
	unsigned long virt;
	struct revmap_entry *rev;
	u32 order;
	int cma;
};

/* A PTEG has 128 bytes. */
static inline unsigned long kvmppc_hpt_mask(struct kvm_hpt_info *hpt)
{
	return (1ul << (hpt->order - 7)) - 1;
}

/* From v3.0 on B stands in bits 4:5 of the second doubleword, and 12 bits of the AVA are gone. */
static inline u64 hpte_old_to_new_v(u64 v)		{ return v & 0x000fffffffffffff; }
static inline u64 hpte_old_to_new_r(u64 v, u64 r)	{ return (r & ~(3ull << 58)) | v >> 62 << 58; }
static inline u64 hpte_new_to_old_v(u64 v, u64 r)	{ return (v & 0x000fffffffffffff) | (r >> 58 & 3) << 62; }
static inline u64 hpte_new_to_old_r(u64 r)		{ return r & ~(3ull << 58); }

/* L and LP to the base page size; 0: an encoding that no POWER processor has. */
static inline int kvmppc_hpte_base_page_shift(u64 v, u64 r)
{
	switch (v & HPTE_V_LARGE ? r >> 12 & 0xff : 0x100) {
	case 0x100: return 12;			/* L = 0 */
	case 0x00: return 24;
	case 0x03: return 34;
	case 0x38: case 0x07: case 0x17: case 0x27: case 0x37: case 0x47: case 0x57: case 0x67:
	case 0x77: case 0x87: case 0x97: case 0xa7: case 0xb7: case 0xc7: case 0xd7: case 0xe7:
	case 0xf7: return 12;			/* 16 MiB, 64 KiB in a 4 KiB segment */
	case 0x08: return 16;			/* 16 MiB in a 64 KiB segment */
	default: return (r >> 12 & 0xf) == 1 ? 16 : 0;
	}
}

/* The same to the page size itself. */
static inline int kvmppc_hpte_actual_page_shift(u64 v, u64 r)
{
	if (!(v & HPTE_V_LARGE))
		return 12;
	switch (r >> 12 & 0xff) {
	case 0x00: case 0x08: case 0x38: return 24;
	case 0x03: return 34;
	default: return (r >> 12 & 0xf) == 7 || (r >> 12 & 0xf) == 1 ? 16 : 0;
	}
}

/* Rights: PP0 with PP; 3, and 2 with PP0, are for reading (v3.1B III, "Data Storage Protection") */
#define HPTE_R_PP0		0x8000000000000000ul
#define HPTE_R_PP		0x0000000000000003ul

#define HPTE_R_KEY_HI		0x3000000000000000ul
#define HPTE_R_KEY_LO		0x0000000000000e00ul
#define HPTE_R_RPN		0x0ffffffffffff000ul
#define HPTE_R_WIMG		0x0000000000000078ul
#define HPTE_R_I		0x0000000000000020ul
#define HPTE_R_M		0x0000000000000010ul
#define HPTE_R_G		0x0000000000000008ul
#define HPTE_R_N		0x0000000000000004ul
#define HPTE_V_HVLOCK		0x40ul

static inline bool hpte_is_writable(u64 r)
{
	return (r & HPTE_R_PP) != 3 && !((r & HPTE_R_PP0) && (r & HPTE_R_PP) == 2);
}

/* Supervisor-only rights become read-only ones of that kind, the rest 3. */
static inline u64 hpte_make_readonly(u64 r)
{
	return r & HPTE_R_PP0 || !(r & HPTE_R_PP) ? (r & ~HPTE_R_PP) | HPTE_R_PP0 | 2 : r | 3;
}

/* What supervisor (key 0) and problem state (key 1) may do, without PP0 and with it */
static inline bool hpte_read_permission(u64 pp, u64 key)
{
	return !key || (pp >= 1 && pp <= 3);
}

static inline bool hpte_write_permission(u64 pp, u64 key)
{
	return key ? pp == 2 : pp <= 2;
}

/* Two bits an AMR key: bit 1 no writing, bit 0 no reading */
static inline int hpte_get_skey_perm(u64 r, u64 amr)
{
	u64 key = (r & HPTE_R_KEY_HI) >> 57 | (r & HPTE_R_KEY_LO) >> 9;

	return amr >> (62 - 2 * key) & 3;
}

/* L and LP to the size of the page itself, in bytes; 0 as above */
static inline unsigned long kvmppc_actual_pgsz(u64 v, u64 r)
{
	switch (v & HPTE_V_LARGE ? r >> 12 & 0xff : 0x100) {
	case 0x100: return 1ul << 12;
	case 0x00: case 0x38: case 0x08: return 1ul << 24;
	case 0x03: return 1ul << 34;
	default: break;
	}
	return (r >> 12 & 0xf) == 1 || (r >> 12 & 0xf) == 7 ? 1ul << 16 : 0;
}

static inline unsigned long kvmppc_hpt_npte(struct kvm_hpt_info *hpt)
{
	return 1ul << (hpt->order - 4);
}

static inline unsigned long hpte_rpn(u64 r, u64 psize)
{
	return ((r & HPTE_R_RPN) & ~(psize - 1)) >> PAGE_SHIFT;
}

/* The test's, which notes what the module asks for. */
unsigned long compute_tlbie_rb(unsigned long v, unsigned long r, unsigned long pte_index);

#endif
