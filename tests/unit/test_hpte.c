// SPDX-License-Identifier: GPL-2.0
/* kvm-hv/hpte.c: where an entry goes, is found, and the chain of a page's entries. */
#include <sys/mman.h>
#include <stdio.h>
#include "check.h"
#include "hpte_rig.h"

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
	};

	return cmocka_run_group_tests(tests, make_table, free_table);
}
