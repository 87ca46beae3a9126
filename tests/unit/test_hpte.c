// SPDX-License-Identifier: GPL-2.0
/*
 * kvm-hv/hpte.c on a HPT in plain memory. The test plays the processor: it sees
 * each TLB instruction at its time, and sets R and C as long as it may.
 */
#include <stdio.h>
#include <sys/mman.h>
#include "check.h"
#include "../../kvm-hv/mmu.h"
#include "../../kvm-hv/tlb.h"

#define ORDER	18		/* 2048 PTEGs */
#define NPTE	(1u << (ORDER - 4))
#define LPID	0x123
#define RB	0xabc000	/* what the test's compute_tlbie_rb answers */

static struct hv_vm vm;
static struct kvm kvm;
static struct revmap_entry *rev;	/* all of them, in one row */

/* The table of chunks that hv_rev() goes through, over one array of N entries. */
static struct revmap_entry *chunked(struct revmap_entry *all, size_t n)
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

static struct {
	char ops[64];
	int n, rb_calls;
	u64 rb_v, rb_r, rb_index;
	u32 watch;		/* the HPTE that the processor uses */
	u64 set_at_tlbie;	/* R and C that it sets before it obeys the last tlbie */
	bool valid_at_tlbie;
	u64 at_eieio[2];	/* the HPTE between both stores of an update */
} hw;

static __be64 *raw(u32 index)
{
	return (__be64 *)(kvm.arch.hpt.virt + 16ul * index);
}

void shim_tlb(enum shim_tlb_op op, u64 rb, u64 lpid)
{
	__be64 *h = raw(hw.watch);

	assert_true(hw.n < (int)sizeof(hw.ops) - 1);
	hw.ops[hw.n++] = op;
	hw.ops[hw.n] = 0;
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

static void clean(u64 features)
{
	memset((void *)kvm.arch.hpt.virt, 0, 1ul << ORDER);
	memset(rev, 0, NPTE * sizeof(*rev));
	memset(&hw, 0, sizeof(hw));
	kvm.arch.hpte_mod_interest = 0;
	vm.mmu.isa300 = features & CPU_FTR_ARCH_300;
	vm.mmu.tlbie_erat_bug = features & CPU_FTR_P9_TLBIE_ERAT_BUG;
	vm.mmu.tlbie_stq_bug = features & CPU_FTR_P9_TLBIE_STQ_BUG;
}

static int make_table(void **state)
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

static int free_table(void **state)
{
	(void)state;
	free((void *)kvm.arch.hpt.virt);
	free(kvm.arch.hpt.rev);
	free(rev);
	return 0;
}

/* Both formats: v2.07 (POWER8), v3.0 and later. */
#define for_formats(f)	for (u64 f = 0; f <= CPU_FTR_ARCH_300; f += CPU_FTR_ARCH_300)

/* The table's own format, from the ISA: v3.0 moved B to bits 4:5 of the second doubleword. */
static void check_raw(u32 index, u64 v, u64 r)
{
	if (vm.mmu.isa300) {
		r = (r & 0xf3ffffffffffffffull) | (v >> 62) << 58;
		v &= 0x000fffffffffffffull;
	}
	if (be64_to_cpu(raw(index)[0]) != v || be64_to_cpu(raw(index)[1]) != r)
		fail_msg("HPTE 0x%x holds 0x%llx 0x%llx, expected 0x%llx 0x%llx", index,
			 be64_to_cpu(raw(index)[0]), be64_to_cpu(raw(index)[1]), v, r);
}

static void write_raw(u32 index, u64 v, u64 r)
{
	if (vm.mmu.isa300) {
		r |= (v >> 62) << 58;
		v &= 0x000fffffffffffffull;
	}
	raw(index)[0] = cpu_to_be64(v);
	raw(index)[1] = cpu_to_be64(r);
}

/*
 * Segments and where the hash puts one page of each, worked out by hand (ISA
 * v2.07B III-S 5.7.7.3, v3.1B III "Hashed Page Table Search"): VSID xor page
 * number, 1 TB segments also xor VSID << 25, then the mask of 2048 PTEGs.
 */
static const struct where {
	const char *what;
	u64 slb_v, ea;
	u64 v, r;		/* v without VALID, ABSENT, SECONDARY */
	u64 hash, pteg, pteg2;
} places[] = {
	{ "256M, 4K",  0x00000000005a5000, 0xc000000001234abc,
	  0x00000000005a5100, 0x00000000abcd0192, 0x1791, 0x791, 0x06e },
	{ "256M, 64K", 0x00000000005a5110, 0xc000000001234abc,
	  0x00000000005a5104, 0x00000000abcd1192, 0x486, 0x486, 0x379 },
	{ "256M, 16M", 0x00000000005a5100, 0xc000000003a34abc,
	  0x00000000005a5304, 0x00000000ab000192, 0x5a6, 0x5a6, 0x259 },
	{ "1T, 4K",    0x400000002b000000, 0xc000001234567abc,
	  0x400000002b123400, 0x00000000abcd0192, 0x5723454c, 0x54c, 0x2b3 },
	{ "1T, 64K",   0x400000002b000110, 0xc000001234567abc,
	  0x400000002b123404, 0x00000000abcd1192, 0x5612347d, 0x47d, 0x382 },
	{ "1T, 16M",   0x400000002b000100, 0xc000001234d67abc,
	  0x400000002b123404, 0x00000000ab000192, 0x5600121f, 0x21f, 0x5e0 },
	/* a 4K segment may hold larger pages, with LP = 0bzzzz0111 (64K) and 0b00111000 (16M) */
	{ "256M, 64K page in 4K", 0x00000000005a5000, 0xc000000001234abc,
	  0x00000000005a5104, 0x00000000abcd7192, 0x1791, 0x791, 0x06e },
	{ "1T, 16M page in 4K", 0x400000002b000000, 0xc000001234567abc,
	  0x400000002b123404, 0x00000000ab038192, 0x5723454c, 0x54c, 0x2b3 },
	{ "1T, 16M page in 64K", 0x400000002b000110, 0xc000001234567abc,
	  0x400000002b123404, 0x00000000ab008192, 0x5612347d, 0x47d, 0x382 },
};

static void check_found(const struct where *p, long want)
{
	u64 v, r;
	long index = hv_hpte_find(&kvm, p->slb_v, p->ea, &v, &r);

	if (index != want)
		fail_msg("%s: found at %ld, expected %ld", p->what, index, want);
}

static void test_insert_find(void **state)
{
	(void)state;
	for_formats(f) for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		const struct where *p = &places[i];
		u64 v, r;

		clean(f);
		hw.watch = p->pteg * 8;
		check_found(p, -1);
		assert_true(hv_hpte_insert(&kvm, p->v, p->r, p->hash));
		check_raw(p->pteg * 8, p->v | HPTE_V_ABSENT, p->r);
		assert_int_equal(rev[p->pteg * 8].guest_rpte, p->r);
		check_found(p, p->pteg * 8);
		hv_hpte_read(&kvm, p->pteg * 8, &v, &r);
		assert_int_equal(v, p->v | HPTE_V_ABSENT);
		assert_int_equal(r, p->r);
		/* the second doubleword was there before the first made the entry valid */
		assert_string_equal(hw.ops, "ep");
		assert_int_equal(hw.at_eieio[0], 0);
		assert_int_not_equal(hw.at_eieio[1], 0);
	}
}

static void test_full_group(void **state)
{
	(void)state;
	for_formats(f) {
		const struct where *p = &places[1];

		clean(f);
		for (u64 i = 0; i < 8; i++)	/* eight VSIDs that differ above the mask's bits */
			assert_true(hv_hpte_insert(&kvm, p->v ^ (i << 24), p->r, p->hash ^ i << 12));
		assert_false(hv_hpte_insert(&kvm, p->v ^ (8ull << 24), p->r, p->hash ^ 8 << 12));
		check_found(p, p->pteg * 8);
		for (u32 i = 0; i < NPTE; i++)
			assert_int_equal(be64_to_cpu(raw(i)[0]) != 0, i / 8 == p->pteg);
		/* a hole is filled, and a valid entry is as taken as an absent one */
		write_raw(p->pteg * 8 + 5, 0, 0);
		write_raw(p->pteg * 8 + 2, p->v | HPTE_V_VALID, p->r);
		assert_true(hv_hpte_insert(&kvm, p->v ^ (8ull << 24), p->r, p->hash));
		check_raw(p->pteg * 8 + 5, (p->v ^ (8ull << 24)) | HPTE_V_ABSENT, p->r);
		assert_false(hv_hpte_insert(&kvm, p->v, p->r, p->hash));
	}
}

static void test_secondary(void **state)
{
	(void)state;
	for_formats(f) for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		const struct where *p = &places[i];
		u32 second = p->pteg2 * 8 + 7;

		clean(f);
		/* without the H bit it is an entry of another page there */
		write_raw(second, p->v | HPTE_V_VALID, p->r);
		check_found(p, -1);
		write_raw(second, p->v | HPTE_V_VALID | HPTE_V_SECONDARY, p->r);
		check_found(p, second);
		/* nor may one with the H bit be found in the primary group */
		write_raw(p->pteg * 8, p->v | HPTE_V_VALID | HPTE_V_SECONDARY, p->r);
		check_found(p, second);
		/* the primary group is searched first */
		write_raw(p->pteg * 8 + 3, p->v | HPTE_V_ABSENT, p->r);
		check_found(p, p->pteg * 8 + 3);
	}
}

/* One entry that differs from the right one in one thing only. */
static void test_near_misses(void **state)
{
	(void)state;
	for_formats(f) for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		const struct where *p = &places[i];
		u32 at = p->pteg * 8;

		clean(f);
		write_raw(at, p->v, p->r);					/* neither valid nor absent */
		check_found(p, -1);
		write_raw(at, (p->v ^ 1ull << 13) | HPTE_V_VALID, p->r);	/* another page or VSID */
		check_found(p, -1);
		write_raw(at, (p->v ^ 1ull << 62) | HPTE_V_VALID, p->r);	/* the other segment size */
		check_found(p, -1);
		write_raw(at, (p->v | HPTE_V_LARGE) | HPTE_V_VALID,		/* another base page size */
			  (p->r & ~0xff000ull) | (p->slb_v & SLB_VSID_LP ? 0 : 0x1000));
		check_found(p, -1);
		write_raw(at, p->v | HPTE_V_VALID | 0x78, p->r);	/* software bits are nobody's business */
		check_found(p, at);
	}
}

/* Bits of the hash from 25 up, where 1 TB segments differ: a table of 2^33 bytes, mostly not there. */
static void test_huge_table(void **state)
{
	const int order = 33;
	const size_t rev_size = sizeof(struct revmap_entry) << (order - 4);
	struct kvm_hpt_info small = kvm.arch.hpt;
	const struct where *p = &places[3];
	const long want = (0x5723454cul & 0x3ffffff) * 8;
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
	void *table = mmap(NULL, 1ul << order, PROT_READ | PROT_WRITE, flags, -1, 0);
	void *all = mmap(NULL, rev_size, PROT_READ | PROT_WRITE, flags, -1, 0);

	(void)state;
	if (table == MAP_FAILED || all == MAP_FAILED)
		skip();
	clean(CPU_FTR_ARCH_300);
	kvm.arch.hpt = (struct kvm_hpt_info){ (unsigned long)table, chunked(all, 1ul << (order - 4)), order, 0 };
	assert_true(hv_hpte_insert(&kvm, p->v, p->r, p->hash));
	check_raw(want, p->v | HPTE_V_ABSENT, p->r);
	check_found(p, want);
	free(kvm.arch.hpt.rev);
	kvm.arch.hpt = small;
	munmap(table, 1ul << order);
	munmap(all, rev_size);
}

static unsigned long rmap;

/* Maps entry I of the chain tests: the same page through three addresses. */
static u32 map_nth(int i)
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

/* The chain must be a ring, both ways, of exactly the N given. */
static void check_ring(const u32 *in, int n)
{
	u32 first, at;
	int found = 0, steps = 0;

	if (!n) {
		assert_int_equal(rmap & (KVMPPC_RMAP_PRESENT | KVMPPC_RMAP_INDEX), 0);
		return;
	}
	assert_true(rmap & KVMPPC_RMAP_PRESENT);
	first = at = rmap & KVMPPC_RMAP_INDEX;
	do {
		assert_int_equal(rev[rev[at].forw].back, at);
		for (int i = 0; i < n; i++)
			found += in[i] == at;
		at = rev[at].forw;
		steps++;
	} while (at != first && steps <= n);
	assert_int_equal(steps, n);
	assert_int_equal(found, n);
}

static void test_chains(void **state)
{
	static const int orders[6][3] = { {0,1,2}, {0,2,1}, {1,0,2}, {1,2,0}, {2,0,1}, {2,1,0} };

	(void)state;
	for_formats(f) for (int n = 1; n <= 3; n++) for (int o = 0; o < 6; o++) {
		const unsigned long foreign = 1ul << 33;	/* a bit of the rmap word that is not ours */
		u32 in[3];
		int left = n;

		clean(f);
		rmap = foreign;
		for (int i = 0; i < n; i++) {
			in[i] = map_nth(i);
			check_ring(in, i + 1);
		}
		for (int k = 0; k < 3; k++) {
			int i = orders[o][k];
			u32 rest[3];
			int m = 0;

			if (i >= n)
				continue;
			hw.watch = in[i];
			hv_hpte_unmap(&kvm, in[i], &rmap);
			check_raw(in[i], (0x40000000aa000080ull + 0x1000 * i) | HPTE_V_ABSENT, 0x190 + i);
			in[i] = ~0u;
			left--;
			for (int j = 0; j < n; j++)
				if (in[j] != ~0u)
					rest[m++] = in[j];
			check_ring(rest, left);
		}
		assert_int_equal(rmap, foreign);
	}
}

/* However many entries a guest has for a page: who takes the page away has a bounded walk. The oldest gives way. */
static void test_long_chain(void **state)
{
	const u64 v = 0x40000000aa000080ull;
	u32 valid, n = 0;

	(void)state;
	clean(0);
	rmap = 0;
	for (u32 i = 0; i < NPTE - 1; i++) {
		write_raw(i, v | HPTE_V_ABSENT, 0x190);
		hw.n = 0;
		hw.watch = i;
		hv_hpte_map(&kvm, i, v | HPTE_V_ABSENT, 0x7770012, &rmap);
	}
	for (u32 i = valid = 0; i < NPTE - 1; i++)
		if (be64_to_cpu(raw(i)[0]) & HPTE_V_VALID) {
			valid++;
			assert_true(i >= NPTE - 1 - HV_RMAP_COUNT_MAX);
		} else {
			assert_true(be64_to_cpu(raw(i)[0]) & HPTE_V_ABSENT);
		}
	assert_int_equal(valid, HV_RMAP_COUNT_MAX);
	for (; rmap & KVMPPC_RMAP_PRESENT; n++) {
		hw.n = 0;
		hv_hpte_unmap(&kvm, rmap & KVMPPC_RMAP_INDEX, &rmap);
	}
	assert_int_equal(n, valid);
	assert_int_equal(rmap, 0);
}

/* R and C that the processor sets until the tlbie is done are the guest's to see. */
static void test_harvest(void **state)
{
	static const u64 rc[] = { 0, 0x100, 0x80, 0x180 };

	(void)state;
	for_formats(f) for (int i = 0; i < 4; i++) {
		u32 index;

		clean(f);
		rmap = 0;
		index = map_nth(0);
		rev[index].guest_rpte = 0x5000012;
		hw.n = 0;
		hw.set_at_tlbie = rc[i];
		hv_hpte_unmap(&kvm, index, &rmap);
		assert_false(hw.valid_at_tlbie);
		assert_string_equal(hw.ops, "ptespep");	/* invalidate, then the absent entry */
		assert_int_equal(hw.rb_calls, 1);
		assert_int_equal(hw.rb_v, 0x40000000aa000080ull | HPTE_V_VALID);
		assert_int_equal(hw.rb_r, 0x7770010);
		assert_int_equal(hw.rb_index, index);
		assert_int_equal(rev[index].guest_rpte, 0x5000012 | rc[i]);
		check_raw(index, 0x40000000aa000080ull | HPTE_V_ABSENT, 0x5000012 | rc[i]);
		assert_int_equal(!!(rmap & KVMPPC_RMAP_REFERENCED), !!(rc[i] & 0x100));
	}
}

/* The same for bits that were there before, on top of what the guest's copy has: only new ones are news for a reader. */
static void test_harvest_earlier(void **state)
{
	(void)state;
	for_formats(f) for (u64 bits = 0; bits <= 0x180; bits += 0x80) for (u64 had = 0; had <= 0x180; had += 0x80) {
		u32 index;

		clean(f);
		kvm.arch.hpte_mod_interest = 1;
		rmap = 0;
		index = map_nth(0);
		rev[index].guest_rpte = 0x5000012 | had;
		write_raw(index, 0x40000000aa000080ull | HPTE_V_VALID, 0x7770010 | bits);
		hv_hpte_unmap(&kvm, index, &rmap);
		check_raw(index, 0x40000000aa000080ull | HPTE_V_ABSENT, 0x5000012 | bits | had);
		assert_int_equal(rev[index].guest_rpte, 0x5000012 | bits | had | (bits & ~had ? HPTE_GR_MODIFIED : 0));
		assert_int_equal(rmap, (bits & 0x100 ? KVMPPC_RMAP_REFERENCED : 0) |
				       (bits & 0x80 ? HV_RMAP_CHANGED : 0));
	}
}

/* A change of a large page is one of all its host pages, whatever smaller ones went before or after. */
static void test_change_order(void **state)
{
	static const struct { u64 v, r, order; } size[] = {
		{ 0, 0, 0 },				/* 4 KiB */
		{ HPTE_V_LARGE, 0x1000, 0 },		/* 64 KiB: the host's page */
		{ HPTE_V_LARGE, 0x7000, 0 },		/* 64 KiB in a 4 KiB segment */
		{ HPTE_V_LARGE, 0, 8 },			/* 16 MiB */
		{ HPTE_V_LARGE, 0x8000, 8 },		/* 16 MiB in a 64 KiB segment */
		{ 0, 0, 8 },				/* the largest stands */
	};

	(void)state;
	for_formats(f) {
		rmap = 0;
		for (size_t i = 0; i < ARRAY_SIZE(size); i++) {
			u64 v = 0x40000000aa000080ull | size[i].v;
			u32 index;

			clean(f);
			index = map_nth(0);
			write_raw(index, v | HPTE_V_VALID, 0x7700010 | size[i].r | HPTE_R_C);
			hv_hpte_unmap(&kvm, index, &rmap);
			assert_true(rmap & HV_RMAP_CHANGED);
			assert_int_equal(rmap >> HV_RMAP_ORDER_SHIFT & HV_RMAP_ORDER_MASK, size[i].order);
		}
	}
}

/* C is taken from a live entry: not valid meanwhile, with what the processor sets until the tlbie. */
static void test_test_clear_changed(void **state)
{
	(void)state;
	for_formats(f) for (int large = 0; large < 2; large++) {
		u64 v = 0x40000000aa000080ull | HPTE_V_VALID | (large ? HPTE_V_LARGE : 0);
		u64 r = 0x7700012 | HPTE_R_R;

		clean(f);
		kvm.arch.hpte_mod_interest = 1;
		hw.watch = 77;
		rev[77].guest_rpte = 0x12;
		write_raw(77, v, r);
		assert_int_equal(hv_hpte_test_clear_changed(&kvm, 77), 0);
		assert_int_equal(hw.n, 0);
		write_raw(77, v, r | HPTE_R_C);
		hw.set_at_tlbie = HPTE_R_R;
		assert_int_equal(hv_hpte_test_clear_changed(&kvm, 77), large ? 256 : 1);
		assert_string_equal(hw.ops, "ptespep");
		assert_false(hw.valid_at_tlbie);
		check_raw(77, v, r);
		assert_int_equal(rev[77].guest_rpte, 0x12 | HPTE_R_C | HPTE_GR_MODIFIED);
		assert_int_equal(hv_hpte_test_clear_changed(&kvm, 77), 0);
	}
}

/* POWER9's two errata each want a tlbie more, behind a ptesync of its own (Linux, tlbie errata). */
static void test_errata(void **state)
{
	static const struct { u64 features; const char *ops; } chip[] = {
		{ 0, "ptespep" },
		{ CPU_FTR_P9_TLBIE_ERAT_BUG, "ptprespep" },
		{ CPU_FTR_P9_TLBIE_STQ_BUG, "ptptespep" },
		{ CPU_FTR_P9_TLBIE_ERAT_BUG | CPU_FTR_P9_TLBIE_STQ_BUG, "ptprptespep" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(chip); i++) {
		u32 index;

		clean(CPU_FTR_ARCH_300 | chip[i].features);
		rmap = 0;
		index = map_nth(0);
		hw.n = 0;
		hv_hpte_unmap(&kvm, index, &rmap);
		assert_string_equal(hw.ops, chip[i].ops);
	}
}

static void test_test_clear_ref(void **state)
{
	(void)state;
	for_formats(f) for (u64 c = 0; c <= 0x80; c += 0x80) for (u64 had = 0; had <= 0x100; had += 0x100) {
		u64 v = 0x40000000aa000080ull | HPTE_V_VALID, r = 0xa123456789abc612ull & ~0x180ull;

		clean(f);
		kvm.arch.hpte_mod_interest = 1;
		r &= 0xf1ffffffffffffffull;	/* no address bits where v3.0 has B */
		hw.watch = 77;
		rev[77].guest_rpte = 0x12 | had;
		write_raw(77, v, r | c);	/* R clear: nothing happens, asked to clear or not */
		assert_false(hv_hpte_test_clear_ref(&kvm, 77, false));
		assert_false(hv_hpte_test_clear_ref(&kvm, 77, true));
		write_raw(77, v, r | c | HPTE_R_R);
		assert_true(hv_hpte_test_clear_ref(&kvm, 77, false));
		check_raw(77, v, r | c | HPTE_R_R);
		assert_int_equal(hw.n, 0);
		assert_int_equal(rev[77].guest_rpte, 0x12 | had);
		assert_true(hv_hpte_test_clear_ref(&kvm, 77, true));
		check_raw(77, v, r | c);	/* R alone has gone */
		assert_string_equal(hw.ops, "ptesp");
		assert_int_equal(hw.rb_v, v);
		assert_int_equal(hw.rb_index, 77);
		/* the guest has it now; a reader of the HPT who does not know is told */
		assert_int_equal(rev[77].guest_rpte, 0x112 | (had ? 0 : HPTE_GR_MODIFIED));
		assert_false(hv_hpte_test_clear_ref(&kvm, 77, true));
	}
}

/* H_PROTECT: the hardware never gets more than the host allowed when the page was mapped. */
static void test_protect(void **state)
{
	const u64 mask = HPTE_R_PP0 | HPTE_R_PP, v = 0x40000000aa000080ull;
	static const struct { u64 host, bits, then; } c[] = {
		{ 2, 3, 3 },				/* writable, less is asked */
		{ 2, 1, 1 },
		{ 3, 2, 3 },				/* read-only stays so */
		{ 3, 0, HPTE_R_PP0 | 2 },
		{ HPTE_R_PP0 | 2, 2, 3 },
		{ HPTE_R_PP0 | 2, HPTE_R_PP0 | 2, HPTE_R_PP0 | 2 },
	};

	(void)state;
	for_formats(f) for (size_t i = 0; i < ARRAY_SIZE(c); i++) {
		clean(f);
		hw.watch = 99;
		rev[99].guest_rpte = 0x5000102 | HPTE_R_PP0;
		write_raw(99, v | HPTE_V_VALID, 0x7770100 | c[i].host);
		hw.set_at_tlbie = HPTE_R_C;	/* set by a store that came first: must not be lost */
		hv_hpte_protect(&kvm, 99, mask, c[i].bits);
		check_raw(99, v | HPTE_V_VALID, 0x7770100 | HPTE_R_C | c[i].then);
		assert_int_equal(rev[99].guest_rpte, 0x5000100 | c[i].bits);
		assert_false(hw.valid_at_tlbie);
		assert_string_equal(hw.ops, "ptespep");

		clean(f);			/* absent: no processor knows it */
		write_raw(99, v | HPTE_V_ABSENT, 0x5000102);
		hv_hpte_protect(&kvm, 99, mask, c[i].bits);
		check_raw(99, v | HPTE_V_ABSENT, 0x5000100 | c[i].bits);
		assert_string_equal(hw.ops, "ep");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_insert_find),
		cmocka_unit_test(test_full_group),
		cmocka_unit_test(test_secondary),
		cmocka_unit_test(test_near_misses),
		cmocka_unit_test(test_huge_table),
		cmocka_unit_test(test_chains),
		cmocka_unit_test(test_long_chain),
		cmocka_unit_test(test_harvest),
		cmocka_unit_test(test_harvest_earlier),
		cmocka_unit_test(test_change_order),
		cmocka_unit_test(test_test_clear_changed),
		cmocka_unit_test(test_errata),
		cmocka_unit_test(test_test_clear_ref),
		cmocka_unit_test(test_protect),
	};

	return cmocka_run_group_tests(tests, make_table, free_table);
}
