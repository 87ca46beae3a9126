// SPDX-License-Identifier: GPL-2.0
/* kvm-hv/memslot.c: how old a range is, with as many entries as a guest can have for it; who holds the module. */
#include "check.h"
#include <linux/module.h>
#include "hpte_rig.h"
#include "../../kvm-hv/hv.h"

#define PAGES	3ul
#define BASE	0x100ul			/* the slot's first page */
#define PER_PAGE HV_RMAP_COUNT_MAX
#define LIMIT	4096			/* so many entries are made not young at once */

static struct kvm_memory_slot slot = { .base_gfn = BASE, .npages = PAGES };
static struct kvm_gfn_range range = { .slot = &slot, .start = BASE, .end = BASE + PAGES };
static int holds, put;

void __module_get(struct module *m)
{
	(void)m;
	holds++;
}

void module_put(struct module *m)
{
	(void)m;
	holds--;
	put++;
}

struct hv_chunks *hv_chunks_alloc(u64 bytes)
{
	struct hv_chunks *c = calloc(1, sizeof(*c) + sizeof(c->at[0]));

	assert_true(bytes <= HV_CHUNK_SIZE);
	c->n = 1;
	c->at[0] = calloc(1, HV_CHUNK_SIZE);
	return c;
}

void hv_chunks_free(struct hv_chunks *c)
{
	if (!c)
		return;
	free(c->at[0]);
	free(c);
}

void hv_vpa_invalidate(struct kvm *k, gfn_t start, gfn_t end)
{
	(void)k;
	(void)start;
	(void)end;
}

void hv_forget_changes(struct kvm *k, const struct kvm_memory_slot *s)
{
	(void)k;
	(void)s;
}

/* Each page has as many entries as it may, R set in all. */
static void map_all(void)
{
	const u64 v = 0x40000000aa000080ull;

	slot.arch.rmap = NULL;
	assert_int_equal(hv_slot_prepare(&kvm, NULL, &slot, KVM_MR_CREATE), 0);
	hw.many = true;
	for (u32 i = 0; i < PAGES * PER_PAGE; i++) {
		write_raw(i, v | HPTE_V_ABSENT, 0x190);
		hw.watch = i;
		hv_hpte_map(&kvm, i, v | HPTE_V_ABSENT, 0x7770012 | HPTE_R_R, hv_rmap(&slot, BASE + i / PER_PAGE));
	}
	hw.rb_calls = 0;
}

static u32 used(void)
{
	u32 n = 0;

	for (u32 i = 0; i < PAGES * PER_PAGE; i++)
		n += !!(be64_to_cpu(raw(i)[1]) & HPTE_R_R);
	return n;
}

static void test_age(void **state)
{
	(void)state;
	for_formats(f) {
		clean(f);
		map_all();
		*hv_rmap(&slot, BASE + PAGES - 1) |= KVMPPC_RMAP_REFERENCED;
		for (u32 left = PAGES * PER_PAGE; left; left -= LIMIT) {
			assert_int_equal(used(), left);
			hw.rb_calls = 0;
			assert_true(hv_age_gfn(&kvm, &range));
			assert_int_equal(hw.rb_calls, LIMIT);
			/* what was not reached is as it was */
			assert_true(left <= LIMIT || (*hv_rmap(&slot, BASE + PAGES - 1) & KVMPPC_RMAP_REFERENCED));
		}
		assert_int_equal(used(), 0);
		hw.rb_calls = 0;
		assert_false(hv_test_age_gfn(&kvm, &range));
		assert_false(hv_age_gfn(&kvm, &range));
		assert_int_equal(hw.rb_calls, 0);
		hv_slot_free(&slot);
	}
}

/* An entry taken away meanwhile left its R at the page: no tlbie, and no reason to stop. */
static void test_referenced(void **state)
{
	(void)state;
	for_formats(f) {
		clean(f);
		slot.arch.rmap = NULL;
		assert_int_equal(hv_slot_prepare(&kvm, NULL, &slot, KVM_MR_CREATE), 0);
		for (u32 i = 0; i < PAGES; i++)
			*hv_rmap(&slot, BASE + i) |= KVMPPC_RMAP_REFERENCED;
		assert_true(hv_test_age_gfn(&kvm, &range));
		assert_true(hv_age_gfn(&kvm, &range));
		assert_int_equal(hw.rb_calls, 0);
		assert_false(hv_age_gfn(&kvm, &range));
		hv_slot_free(&slot);
	}
}

/* Who only asks is answered at the first, and changes nothing. */
static void test_ask(void **state)
{
	(void)state;
	for_formats(f) {
		clean(f);
		map_all();
		shim_nospec.n = 0;
		assert_true(hv_test_age_gfn(&kvm, &range));
		assert_int_equal(shim_nospec.n, 1);	/* pages looked at */
		assert_int_equal(hw.rb_calls, 0);
		assert_int_equal(used(), PAGES * PER_PAGE);
		hv_slot_free(&slot);
	}
}

/* As kvm.ko does it (kvm_set_memslot): a slot that moves, or gets other flags, hands its words on, and is freed itself only. */
static void test_module(void **state)
{
	struct kvm_memory_slot old = slot, new = slot;

	(void)state;
	holds = put = 0;
	old.arch.rmap = new.arch.rmap = NULL;
	hv_slot_free(&new);		/* nothing was prepared */
	assert_int_equal(put, 0);
	assert_int_equal(hv_slot_prepare(&kvm, NULL, &old, KVM_MR_CREATE), 0);
	assert_int_equal(holds, 1);
	assert_int_equal(hv_slot_prepare(&kvm, &old, &new, KVM_MR_FLAGS_ONLY), 0);
	assert_int_equal(hv_slot_prepare(&kvm, &new, &old, KVM_MR_MOVE), 0);
	assert_int_equal(hv_slot_prepare(&kvm, &old, NULL, KVM_MR_DELETE), 0);
	assert_int_equal(holds, 1);
	hv_slot_free(&old);
	assert_int_equal(holds, 0);
	/* more words than there is memory for */
	old.npages = 1ul << 40;
	old.arch.rmap = NULL;
	assert_int_equal(hv_slot_prepare(&kvm, NULL, &old, KVM_MR_CREATE), -ENOMEM);
	assert_int_equal(holds, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_age),
		cmocka_unit_test(test_referenced),
		cmocka_unit_test(test_ask),
		cmocka_unit_test(test_module),
	};

	return cmocka_run_group_tests(tests, make_table, free_table);
}
