// SPDX-License-Identifier: GPL-2.0
/*
 * hcall_hpt.c, map.c and hpte.c together, against a guest that makes random
 * hypercalls while the host takes pages away, gives others, changes rights and
 * slots at random. After each step every HPTE that the processor would use must
 * name a page that Linux's page table has for an address of a slot, no more
 * writable than that, and be found from that page's rmap word.
 */
#include <stdio.h>
#include "check.h"
#include "../../kvm-hv/mmu.h"
#include <asm/hvcall.h>

#define ORDER	18
#define NPTE	(1u << (ORDER - 4))
#define PAGES	64		/* host pages of the VMM's area */
#define HOT	64		/* the entries that everything happens in */
#define STEPS	60000
#define BASE_HVA 0x700000000000ul

u64 shim_cpu_features;
static struct kvm kvm;
static struct hv_vm vm;
static struct kvm_memslots slots;
static struct mm_struct mm;
static pte_t linux_pte[PAGES];	/* of the VMM's area, from BASE_HVA on */
static unsigned int linux_shift;	/* log 2 of the pages' size, 0: PAGE_SIZE */
static u64 dice;

static u64 rnd(void)
{
	dice ^= dice << 13;
	dice ^= dice >> 7;
	dice ^= dice << 17;
	return dice;
}

void shim_tlb(enum shim_tlb_op op, u64 rb, u64 lpid)
{
	(void)op;
	(void)rb;
	(void)lpid;
}

unsigned long compute_tlbie_rb(unsigned long v, unsigned long r, unsigned long pte_index)
{
	(void)v;
	(void)r;
	return pte_index << 12;
}

static pte_t *find_pte(pgd_t *pgdir, unsigned long ea, bool *is_thp, unsigned int *shift)
{
	(void)pgdir;
	(void)is_thp;
	*shift = linux_shift;
	if (ea < BASE_HVA || ea >= BASE_HVA + PAGES * PAGE_SIZE)
		return NULL;
	return &linux_pte[(ea - BASE_HVA) >> PAGE_SHIFT];
}

/* One chunk of rmap words is enough for a slot. */
static unsigned long *new_rmap(void)
{
	struct hv_chunks *c = calloc(1, sizeof(*c) + sizeof(c->at[0]));

	c->n = 1;
	c->at[0] = calloc(1, HV_CHUNK_SIZE);
	return (unsigned long *)c;
}

static void free_chunks(void *chunks)
{
	struct hv_chunks *c = chunks;

	while (c->n)
		free(c->at[--c->n]);
	free(c);
}

static int setup(void **state)
{
	struct hv_chunks *rev = calloc(1, sizeof(*rev) + 4 * sizeof(rev->at[0]));

	(void)state;
	rev->n = NPTE * sizeof(struct revmap_entry) / HV_CHUNK_SIZE;
	for (unsigned long i = 0; i < rev->n; i++)
		rev->at[i] = calloc(1, HV_CHUNK_SIZE);
	kvm.arch.resize_hpt = (struct kvm_resize_hpt *)&vm;
	kvm.mm = &mm;
	kvm.memslots = &slots;
	kvm.arch.hpt = (struct kvm_hpt_info){
		.virt = (unsigned long)aligned_alloc(1ul << ORDER, 1ul << ORDER),
		.rev = (struct revmap_entry *)rev, .order = ORDER,
	};
	memset((void *)kvm.arch.hpt.virt, 0, 1ul << ORDER);
	vm.mmu.find_pte = find_pte;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	free((void *)kvm.arch.hpt.virt);
	free_chunks(kvm.arch.hpt.rev);
	for (int i = 0; i < slots.n; i++)
		free_chunks(slots.slot[i].arch.rmap);
	memset(&slots, 0, sizeof(slots));
	memset(linux_pte, 0, sizeof(linux_pte));
	return 0;
}

static void unmap_page(unsigned long *rmap)
{
	for (int n = 0; *rmap & KVMPPC_RMAP_PRESENT; n++) {
		assert_in_range(n, 0, NPTE);
		hv_hpte_unmap(&kvm, *rmap & KVMPPC_RMAP_INDEX, rmap);
	}
}

/* As memslot.c does it for MMU notifiers: every slot that shows the page. */
static void unmap_hva(int page)
{
	unsigned long hva = BASE_HVA + page * PAGE_SIZE;

	for (int i = 0; i < slots.n; i++) {
		struct kvm_memory_slot *s = &slots.slot[i];

		if (hva >= s->userspace_addr && hva < s->userspace_addr + s->npages * PAGE_SIZE)
			unmap_page(hv_rmap(s, s->base_gfn + ((hva - s->userspace_addr) >> PAGE_SHIFT)));
	}
}

/* The host gives the page another frame, other rights, or none. */
static void change_page(void)
{
	int page = rnd() % PAGES;

	unmap_hva(page);
	linux_pte[page].pte = rnd() % 4 ? (rnd() & 0xffffff) << PAGE_SHIFT | SHIM_PTE_VALID | SHIM_PTE_USER |
		_PAGE_READ | (rnd() % 2 ? SHIM_PTE_WRITE : 0) | (rnd() % 8 ? 0 : 1ull << (56 + rnd() % 5)) : 0;
}

static void change_slot(void)
{
	struct kvm_memory_slot *s;

	if (rnd() % 2 && slots.n) {		/* one goes: invalid, flushed, gone */
		int i = rnd() % slots.n;

		s = &slots.slot[i];
		s->flags |= KVM_MEMSLOT_INVALID;
		for (gfn_t g = s->base_gfn; g < s->base_gfn + s->npages; g++)
			unmap_page(hv_rmap(s, g));
		free_chunks(s->arch.rmap);
		*s = slots.slot[--slots.n];
		return;
	}
	if (slots.n == 4)
		return;
	s = &slots.slot[slots.n];
	*s = (struct kvm_memory_slot){
		.base_gfn = slots.n ? 0x100 * (1 + rnd() % 8) : 0, .npages = 1 + rnd() % 32,
		.userspace_addr = BASE_HVA + rnd() % 48 * PAGE_SIZE,
		.flags = rnd() % 4 ? 0 : KVM_MEM_READONLY, .arch.rmap = new_rmap(),
	};
	for (int i = 0; i < slots.n; i++)
		if (slots.slot[i].base_gfn == s->base_gfn) {
			free_chunks(s->arch.rmap);
			return;
		}
	slots.n++;
}

static u64 any_address(void)
{
	u64 gfn = rnd() % 8 * 0x100 + rnd() % 34;

	return (rnd() % 16 ? gfn << PAGE_SHIFT | (rnd() & 0xf000) : rnd() & 0x0ffffffffffff000);
}

static void hypercall(void)
{
	static const u16 calls[] = { H_ENTER, H_ENTER, H_ENTER, H_REMOVE, H_PROTECT, H_BULK_REMOVE, H_READ,
				     H_CLEAR_REF, H_CLEAR_MOD };
	u64 reg[32], index = rnd() % 32 ? rnd() % HOT : rnd();
	u16 req = calls[rnd() % ARRAY_SIZE(calls)];
	long rc;

	for (int i = 0; i < 32; i++)
		reg[i] = rnd();
	reg[4] = rnd() % 2 ? H_EXACT : rnd() % 4 ? rnd() & 0xfff : rnd();
	reg[5] = index;
	if (req == H_ENTER) {
		reg[6] = (rnd() & 0x7fffffffffffff80) | HPTE_V_VALID | (rnd() % 4 ? 0 : rnd() & 0x7f);
		reg[7] = any_address() | (rnd() & 0xfff) | (rnd() % 4 ? 0 : rnd() & HPTE_R_KEY_HI);
	} else if (req == H_BULK_REMOVE) {
		for (int i = 4; i < 12; i += 2)
			reg[i] = rnd() % 8 ? 1ul << 62 | rnd() % HOT : rnd();
	}
	rc = hv_hcall_hpt(&kvm, req, reg);
	if (req != H_BULK_REMOVE && index >= NPTE)
		assert_int_equal(rc, H_PARAMETER);
}

/* An access that faulted: the image tries to find the page. */
static void fault(void)
{
	u32 index = rnd() % HOT;
	u64 v, r, guest_r, psize;

	hv_hpte_read(&kvm, index, &v, &r);
	if (!(v & (HPTE_V_VALID | HPTE_V_ABSENT)))
		return;
	guest_r = hv_guest_rpte(&kvm, index);
	psize = kvmppc_actual_pgsz(v, guest_r);
	hv_make_absent(&kvm, index);
	hv_map_present(&kvm, index, (guest_r & HPTE_R_RPN & ~(psize - 1)) | (rnd() & (psize - 1)),
		       rnd() % 2 && hpte_is_writable(guest_r));
}

static bool chained(const unsigned long *rmap, u32 index)
{
	u32 at = *rmap & KVMPPC_RMAP_INDEX;

	if (!(*rmap & KVMPPC_RMAP_PRESENT))
		return false;
	for (int n = 0; n < HOT; n++, at = hv_rev(&kvm, at)->forw)
		if (at == index)
			return true;
	return false;
}

static void check_entry(u32 index, u64 v, u64 r)
{
	u64 guest_r = hv_guest_rpte(&kvm, index), psize = kvmppc_actual_pgsz(v, guest_r);
	u64 gpa = guest_r & HPTE_R_RPN & ~(psize - 1);
	struct kvm_memory_slot *s = __gfn_to_memslot(&slots, gpa >> PAGE_SHIFT);
	pte_t *pte;

	if (!s)
		fail_msg("HPTE 0x%x is valid for 0x%llx, which no slot has", index, gpa);
	pte = find_pte(NULL, s->userspace_addr + gpa - (s->base_gfn << PAGE_SHIFT), NULL, &(unsigned int){ 0 });
	if (psize > PAGE_SIZE || !pte || !pte_hw_valid(*pte) || !pte_user(*pte) || pte_special(*pte) || pte_ci(*pte))
		fail_msg("HPTE 0x%x is valid for 0x%llx, where the host has no page for it", index, gpa);
	if (((r & HPTE_R_RPN) & ~(psize - 1)) >> PAGE_SHIFT != pte_pfn(*pte) ||
	    ((r ^ gpa) & (PAGE_SIZE - 1) & ~(psize - 1)))
		fail_msg("HPTE 0x%x names 0x%llx, the host's page is 0x%llx", index, r & HPTE_R_RPN, pte_pfn(*pte));
	if (hpte_is_writable(r) && (!pte_write(*pte) || s->flags & KVM_MEM_READONLY || !hpte_is_writable(guest_r)))
		fail_msg("HPTE 0x%x is writable", index);
	if (hpte_is_writable(r) && !(pte_val(*pte) & SHIM_PTE_DIRTY))
		fail_msg("HPTE 0x%x is writable, Linux's page is not dirty", index);
	assert_int_equal(r & HPTE_R_WIMG, HPTE_R_M);
	if (!chained(hv_rmap(s, gpa >> PAGE_SHIFT), index))
		fail_msg("HPTE 0x%x can't be found from its page", index);
}

static void run(u64 features)
{
	u64 v, r, seen = 0;

	shim_cpu_features = features;
	vm.mmu.isa300 = features;
	for (int step = 0; step < STEPS; step++) {
		switch (rnd() % 16) {
		case 0: change_page(); break;
		case 1: if (rnd() % 8 == 0) change_slot(); break;
		case 2: case 3: case 4: fault(); break;
		default: hypercall();
		}
		for (u32 i = 0; i < (step % 512 ? HOT : NPTE); i++) {
			hv_hpte_read(&kvm, i, &v, &r);
			if (!(v & HPTE_V_VALID))
				continue;
			seen++;
			check_entry(i, v, r);
		}
	}
	assert_true(seen > STEPS);	/* or this tested nothing */
}

static void test_v207(void **state)
{
	(void)state;
	dice = 0x9e3779b97f4a7c15ull;
	run(0);
}

static void test_v300(void **state)
{
	(void)state;
	dice = 0xd1b54a32d192ed03ull;
	run(CPU_FTR_ARCH_300);
}

static long enter_16m(gpa_t gpa)
{
	u64 reg[32] = { [4] = H_EXACT, [5] = 3, [6] = HPTE_V_LARGE | HPTE_V_VALID, [7] = gpa | 0x190 };
	u64 remove[32] = { [5] = 3 };

	hv_hcall_hpt(&kvm, H_REMOVE, remove);
	return hv_hcall_hpt(&kvm, H_ENTER, reg);
}

/* A large page that can't be is refused when it is entered, not when it is used: that would end the guest. */
static void test_large(void **state)
{
	const u64 large = 1ul << 24;
	struct kvm_memory_slot *s = &slots.slot[0];

	(void)state;
	slots.n = 1;
	*s = (struct kvm_memory_slot){ .npages = 2 * large >> PAGE_SHIFT, .userspace_addr = BASE_HVA, .arch.rmap = new_rmap() };
	assert_int_equal(enter_16m(0), H_SUCCESS);		/* nothing is known of the host's pages */
	linux_pte[0].pte = SHIM_PTE_VALID | SHIM_PTE_USER | _PAGE_READ;
	assert_int_equal(enter_16m(0), H_PARAMETER);		/* they are small */
	linux_shift = 21;
	assert_int_equal(enter_16m(0), H_PARAMETER);
	vm.mmu.pmd_shift = 21;
	vm.mmu.pmd_page_shift = 24;
	assert_int_equal(enter_16m(0), H_SUCCESS);		/* eight of those are one page */
	assert_false(be64_to_cpu(((__be64 *)kvm.arch.hpt.virt)[6]) & HPTE_V_VALID);	/* a fault maps it */
	vm.mmu.pmd_shift = 0;
	linux_shift = 24;
	assert_int_equal(enter_16m(0), H_SUCCESS);
	assert_true(be64_to_cpu(((__be64 *)kvm.arch.hpt.virt)[6]) & HPTE_V_VALID);
	assert_int_equal(enter_16m(large), H_SUCCESS);		/* not there yet */
	assert_int_equal(enter_16m(8 * large), H_SUCCESS);	/* no memory: MMIO */
	s->npages--;
	assert_int_equal(enter_16m(large), H_PARAMETER);	/* not all of it in the slot */
	s->npages++;
	s->userspace_addr += PAGE_SIZE;
	assert_int_equal(enter_16m(0), H_PARAMETER);		/* aligned otherwise than the host's */
	linux_shift = 0;
	hv_make_absent(&kvm, 3);
}

/* An index of an HPTE or of a page in its slot is masked, once it was found good, before it leads anywhere (Spectre v1). */
static void test_nospec(void **state)
{
	struct kvm_memory_slot slot = { .base_gfn = 100, .npages = 5, .arch.rmap = new_rmap() };
	static const u16 calls[] = { H_READ, H_REMOVE, H_PROTECT, H_CLEAR_REF };
	u64 reg[32] = { [5] = 7 }, bulk[32] = { [4] = 1ul << 62 | 9, [6] = 3ul << 62 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
		memset(&shim_nospec, 0, sizeof(shim_nospec));
		hv_hcall_hpt(&kvm, calls[i], reg);
		assert_int_equal(shim_nospec.index, 7);
		assert_int_equal(shim_nospec.size, NPTE);
		reg[5] = 7;
	}
	hv_hcall_hpt(&kvm, H_BULK_REMOVE, bulk);
	assert_int_equal(shim_nospec.index, 9);
	hv_hpt_is_free(&kvm, 8);
	assert_int_equal(shim_nospec.index, 8);
	reg[5] = NPTE;			/* refused: not even masked */
	hv_hcall_hpt(&kvm, H_READ, reg);
	assert_int_equal(shim_nospec.index, 8);
	assert_ptr_equal(hv_rmap(&slot, 103), (unsigned long *)((struct hv_chunks *)slot.arch.rmap)->at[0] + 3);
	assert_int_equal(shim_nospec.index, 3);
	assert_int_equal(shim_nospec.size, 5);
	free_chunks(slot.arch.rmap);
}

#define DSISR_DABRMATCH	0x00400000

/* Why a guest's kernel gets an access to a page of its own that it may read and write */
static void test_reasons(void **state)
{
	struct hv_access a = { .relocated = true };
	u64 r = 2;	/* PP: read and write */

	(void)state;
	for (int relocated = 0; relocated < 2; relocated++) {
		a.relocated = relocated;
		for (int write = 0; write < 2; write++) {
			u32 store = write ? DSISR_ISSTORE : 0;

			a.write = write;
			a.dsisr = DSISR_NOHPTE | store;
			assert_int_equal(hv_guest_protection(&a, r, 0), 0);
			a.dsisr = DSISR_PROTFAULT | store;
			assert_int_equal(hv_guest_protection(&a, r, 0), 0);
			/* the HPTE has nothing to do with it: once mapped it would come for ever */
			a.dsisr = DSISR_DABRMATCH | store;
			assert_int_equal(hv_guest_protection(&a, r, 0), DSISR_DABRMATCH);
		}
	}
	/* a key that its kernel has changed meanwhile: once more */
	a.dsisr = DSISR_KEYFAULT;
	assert_int_equal(hv_guest_protection(&a, r, 0), 0);
	/* of an instruction, what HSRR1 says: only a page that was not there can be mapped */
	a = (struct hv_access){ .insn = true };
	for (int relocated = 0; relocated < 2; relocated++) {
		a.relocated = relocated;
		a.dsisr = SRR1_ISI_NOPT;
		assert_int_equal(hv_guest_protection(&a, r, 0), 0);
		a.dsisr = SRR1_ISI_N_G_OR_CIP;	/* SLB[N], or a host page that is guarded */
		assert_int_equal(hv_guest_protection(&a, r, 0), SRR1_ISI_N_G_OR_CIP);
		a.dsisr = DSISR_KEYFAULT;	/* IAMR */
		assert_int_equal(hv_guest_protection(&a, r, 0), DSISR_KEYFAULT);
	}
	assert_int_equal(hv_guest_protection(&a, r | HPTE_R_N, 0), SRR1_ISI_N_G_OR_CIP);
	a = (struct hv_access){ .relocated = true };
	/* the HPTE goes first */
	a.dsisr = DSISR_DABRMATCH;
	a.write = true;
	assert_int_equal(hv_guest_protection(&a, 3, 0), DSISR_PROTFAULT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reasons),
		cmocka_unit_test_setup_teardown(test_v207, setup, teardown),
		cmocka_unit_test_setup_teardown(test_v300, setup, teardown),
		cmocka_unit_test_setup_teardown(test_nospec, setup, teardown),
		cmocka_unit_test_setup_teardown(test_large, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
