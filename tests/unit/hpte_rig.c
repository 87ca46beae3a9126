// SPDX-License-Identifier: GPL-2.0
/* See hpte_rig.h. */
#include <stdio.h>
#include "check.h"
#include "hpte_rig.h"

struct hv_vm vm;
struct kvm kvm;
struct revmap_entry *rev;	/* all of them, in one row */

/* The table of chunks that hv_rev() goes through, over one array of N entries. */
struct revmap_entry *chunked(struct revmap_entry *all, size_t n)
{
	size_t per = HV_CHUNK_SIZE / sizeof(*all), chunks = (n + per - 1) / per;
	struct hv_chunks *c = malloc(sizeof(*c) + chunks * sizeof(c->at[0]));

	if (!c)
		return NULL;
	c->n = chunks;
	for (size_t i = 0; i < chunks; i++)
		c->at[i] = all + i * per;
	return (struct revmap_entry *)c;
}

struct hw hw;

__be64 *raw(u32 index)
{
	return (__be64 *)(kvm.arch.hpt.virt + 16ul * index);
}

void shim_tlb(enum shim_tlb_op op, u64 rb, u64 lpid)
{
	__be64 *h = raw(hw.watch);

	if (!hw.many) {
		assert_true(hw.n < (int)sizeof(hw.ops) - 1);
		hw.ops[hw.n++] = op;
		hw.ops[hw.n] = 0;
	}
	if (op == OP_TLBIE) {
		assert_int_equal(rb, RB);
		assert_int_equal(lpid, LPID);
		hw.valid_at_tlbie |= be64_to_cpu(h[0]) & 1;
		/* at no time does the entry look free to who comes without the lock */
		assert_true(be64_to_cpu(h[0]) & (HPTE_V_VALID | HPTE_V_ABSENT));
		h[1] = cpu_to_be64(be64_to_cpu(h[1]) | hw.set_at_tlbie);
	} else if (op == OP_TLBIE_RADIX) {
		assert_int_equal(rb, 0x800);	/* RB bits 52:53, IS = 0b10 */
		assert_int_equal(lpid, 0);
	} else if (op == OP_EIEIO) {
		hw.at_eieio[0] = be64_to_cpu(h[0]);
		hw.at_eieio[1] = be64_to_cpu(h[1]);
	}
}

unsigned long compute_tlbie_rb(unsigned long v, unsigned long r, unsigned long pte_index)
{
	hw.rb_calls++;
	hw.rb_v = v;
	hw.rb_r = r;
	hw.rb_index = pte_index;
	return RB;
}

void clean(u64 features)
{
	memset((void *)kvm.arch.hpt.virt, 0, 1ul << ORDER);
	memset(rev, 0, NPTE * sizeof(*rev));
	memset(&hw, 0, sizeof(hw));
	kvm.arch.hpte_mod_interest = 0;
	vm.mmu.isa300 = features & CPU_FTR_ARCH_300;
	vm.mmu.tlbie_erat_bug = features & CPU_FTR_P9_TLBIE_ERAT_BUG;
	vm.mmu.tlbie_stq_bug = features & CPU_FTR_P9_TLBIE_STQ_BUG;
}

int make_table(void **state)
{
	(void)state;
	kvm.arch.lpid = LPID;
	kvm.arch.resize_hpt = (struct kvm_resize_hpt *)&vm;
	rev = calloc(NPTE, sizeof(*rev));
	kvm.arch.hpt = (struct kvm_hpt_info){
		.virt = (unsigned long)aligned_alloc(1ul << ORDER, 1ul << ORDER),
		.rev = chunked(rev, NPTE),
		.order = ORDER,
	};
	return kvm.arch.hpt.virt && rev && kvm.arch.hpt.rev ? 0 : -1;
}

int free_table(void **state)
{
	(void)state;
	free((void *)kvm.arch.hpt.virt);
	free(kvm.arch.hpt.rev);
	free(rev);
	return 0;
}

/* The table's own format, from the ISA: v3.0 moved B to bits 4:5 of the second doubleword. */
void check_raw(u32 index, u64 v, u64 r)
{
	if (vm.mmu.isa300) {
		r = (r & 0xf3ffffffffffffffull) | (v >> 62) << 58;
		v &= 0x000fffffffffffffull;
	}
	if (be64_to_cpu(raw(index)[0]) != v || be64_to_cpu(raw(index)[1]) != r)
		fail_msg("HPTE 0x%x holds 0x%llx 0x%llx, expected 0x%llx 0x%llx", index,
			 be64_to_cpu(raw(index)[0]), be64_to_cpu(raw(index)[1]), v, r);
}

void write_raw(u32 index, u64 v, u64 r)
{
	if (vm.mmu.isa300) {
		r |= (v >> 62) << 58;
		v &= 0x000fffffffffffffull;
	}
	raw(index)[0] = cpu_to_be64(v);
	raw(index)[1] = cpu_to_be64(r);
}

unsigned long rmap;

/* Maps entry I of the chain tests: the same page through three addresses. */
u32 map_nth(int i)
{
	u32 index = 0x100 * (i + 1) + i;
	u64 v, r;

	write_raw(index, (0x40000000aa000080ull + 0x1000 * i) | HPTE_V_ABSENT, 0x190 + i);
	rev[index].guest_rpte = 0x190 + i;
	hv_hpte_read(&kvm, index, &v, &r);
	hw.watch = index;
	hv_hpte_map(&kvm, index, v, 0x7770000 + 0x10 + i, &rmap);
	check_raw(index, (0x40000000aa000080ull + 0x1000 * i) | HPTE_V_VALID, 0x7770000 + 0x10 + i);
	return index;
}
