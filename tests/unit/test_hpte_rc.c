// SPDX-License-Identifier: GPL-2.0
/* kvm-hv/hpte.c: R and C, rights, and the order of TLB instructions. */
#include <stdio.h>
#include "check.h"
#include "hpte_rig.h"

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
