// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that comes, goes, moves and is logged while the guest uses it. A slot of
 * its own, at addresses the payload is not at, stands for the upper part of the
 * guest's memory: what is written through the one is seen through the other.
 */
#include "payload.h"
#include "cpu.h"

#define MB		(1ul << 20)
#define HOST_PAGE	0x10000ul
#define SLOT		1
#define LOG_DIRTY	1ul
#define READONLY	2ul
#define AT		0x10000000ul	/* the slot's guest real address */
#define AT2		0x20000000ul
#define SIZE		(4 * MB)
#define BACK		(32 * MB)	/* what it stands for, in slot 0 */
#define BACK2		(40 * MB)
#define PAGES		(SIZE / HOST_PAGE)
#define RPTE_RW		0x12ul		/* M, PP=2; no R, no C */
#define EEXIST		17
#define EINVAL		22
#define ENOENT		2
#define MADV_DONTNEED	4
#define PROT_READ	1
#define PROT_WRITE	2
#define R_C		0x80ul
#define R_R		0x100ul
#define H_AVPN		(1ul << 31)

static u64 answer[9];

static long vmm(u64 number, u64 a, u64 b, u64 c, u64 d, u64 e)
{
	u64 args[9] = { a, b, c, d, e };
	long result = host_call(number, args);

	memcpy(answer, args, sizeof(args));
	return result;
}

static long set_slot(u64 flags, u64 at, u64 size, u64 back)
{
	return vmm(H_HVRUN_SET_MEMORY, SLOT, flags, at, size, back);
}

static u64 stores(void)
{
	vmm(H_HVRUN_MMIO, 1, 0, 0, 0, 0);
	return answer[1];
}

/* Data accesses with relocation on; everything else stays in real mode. */
static u64 peek(u64 ea)
{
	u64 msr = mfmsr(), v;

	mtmsr(msr | MSR_DR);
	v = *(volatile u64 *)ea;
	mtmsr(msr);
	return v;
}

static void poke(u64 ea, u64 v)
{
	u64 msr = mfmsr();

	mtmsr(msr | MSR_DR);
	*(volatile u64 *)ea = v;
	mtmsr(msr);
}

static u64 index_of[PAGES];	/* where H_ENTER put the entries of map_slot() */

/* One 4K page in each host page of the slot, at its own address, R and C clear; how many were refused. */
static long map_slot(u64 at)
{
	u64 mask = (1ul << (boot_args.hpt_order - 7)) - 1;
	long bad = 0;

	map_page(at + SIZE, at + SIZE, MAP_RW);		/* for the segment's sake */
	for (u64 i = 0; i < PAGES; i++) {
		u64 ea = at + i * HOST_PAGE, vsid = 0x1000 + (ea >> 28), offset = ea & 0xfffffff;
		u64 args[9] = { 0, ((vsid ^ offset >> 12) & mask) * 8,
				(vsid << 5 | offset >> 23) << 7 | 1, ea | RPTE_RW };

		bad += hcall_raw(H_ENTER, args) != H_SUCCESS;
		index_of[i] = args[0];
	}
	return bad;
}

static void unmap_slot(void)
{
	for (u64 i = 0; i < PAGES; i++)
		HCALL(H_REMOVE, 0, index_of[i], 0);
}

static u64 rpte(u64 i)
{
	u64 args[9] = { 0, index_of[i] };

	hcall_raw(H_READ, args);
	return args[1];
}

static volatile u64 *back(u64 base, u64 i)
{
	return (volatile u64 *)(base + i * HOST_PAGE);
}

static void test_life(void)
{
	u64 wrong = 0, before;
	long rc = set_slot(0, AT, SIZE, BACK);

	ok(!rc, "a slot is added while the guest runs (%ld)", rc);
	ok(!map_slot(AT), "H_ENTER for its pages");
	for (u64 i = 0; i < PAGES; i++) {
		*back(BACK, i) = ~i;
		*back(BACK2, i) = i << 32;
		wrong += peek(AT + i * HOST_PAGE) != ~i;
		poke(AT + i * HOST_PAGE, i * 3);
		wrong += *back(BACK, i) != i * 3;
	}
	ok(!wrong, "what is written through one slot is read through the other (%lu wrong)", wrong);
	ok(vmm(H_HVRUN_SET_MEMORY, 2, 0, AT + SIZE / 2, SIZE, BACK) == -EEXIST, "slots do not overlap");
	ok(vmm(H_HVRUN_SET_MEMORY, 2, READONLY, AT2, SIZE, BACK) == -EINVAL,
	   "kvm.ko on this architecture knows no read-only slots");

	ok(!set_slot(0, AT, 0, 0), "the slot is taken away");
	before = stores();
	for (u64 i = 0; i < PAGES; i++) {
		wrong += peek(AT + i * HOST_PAGE) != ~0ul;
		poke(AT + i * HOST_PAGE, 0x5a5a);
		wrong += *back(BACK, i) != i * 3;
	}
	ok(!wrong && stores() == before + PAGES,
	   "then nothing is there but MMIO (%lu wrong, %lu stores)", wrong, stores() - before);

	ok(!set_slot(0, AT, SIZE, BACK2), "another takes its place");
	for (u64 i = 0; i < PAGES; i++) {
		wrong += peek(AT + i * HOST_PAGE) != i << 32;
		poke(AT + i * HOST_PAGE, i);
		wrong += *back(BACK2, i) != i || *back(BACK, i) != i * 3;
	}
	ok(!wrong, "its memory is what the old entries lead to (%lu wrong)", wrong);

	ok(!set_slot(0, AT2, SIZE, BACK2), "it moves");
	for (u64 i = 0; i < PAGES; i++) {
		wrong += peek(AT + i * HOST_PAGE) != ~0ul;
		poke(AT + i * HOST_PAGE, 0x5a5a);
		wrong += *back(BACK2, i) != i;
	}
	unmap_slot();
	ok(!wrong && !map_slot(AT2), "the old place is empty (%lu wrong)", wrong);
	for (u64 i = 0; i < PAGES; i++)
		wrong += peek(AT2 + i * HOST_PAGE) != i;
	ok(!wrong, "the memory is at the new one (%lu wrong)", wrong);
	unmap_slot();
	set_slot(0, AT2, 0, 0);
}

static void test_host_rights(void)
{
	u64 wrong = 0;

	set_slot(0, AT, SIZE, BACK);
	map_slot(AT);
	for (u64 i = 0; i < PAGES; i++)
		poke(AT + i * HOST_PAGE, i + 1);
	vmm(H_HVRUN_MPROTECT, BACK, SIZE, PROT_READ, 0, 0);
	for (u64 i = 0; i < PAGES; i++)
		wrong += peek(AT + i * HOST_PAGE) != i + 1;
	vmm(H_HVRUN_MPROTECT, BACK, SIZE, PROT_READ | PROT_WRITE, 0, 0);
	for (u64 i = 0; i < PAGES; i++) {
		poke(AT + i * HOST_PAGE, i + 2);
		wrong += *back(BACK, i) != i + 2;
	}
	ok(!wrong, "read-only for a while in the VMM: loads go on, stores again afterwards (%lu wrong)", wrong);
	unmap_slot();
	set_slot(0, AT, 0, 0);
}

static u64 bitmap[PAGES / 64 * 16 + 16];	/* room for 4K pages too */

/* The log, as a set of our pages; host pages that are smaller are taken together. */
static u64 dirty_pages(void)
{
	static u64 host_page;
	const u8 *p = (const u8 *)bitmap;
	u64 set = 0, per;

	if (!host_page)
		host_page = vmm(H_HVRUN_PAGE_SIZE, 0, 0, 0, 0, 0);
	per = HOST_PAGE / host_page;
	memset(bitmap, 0, sizeof(bitmap));
	if (vmm(H_HVRUN_DIRTY_LOG, SLOT, (u64)bitmap, sizeof(bitmap), 0, 0))
		return ~0ul;
	for (u64 i = 0; i < PAGES * per; i++)
		if (p[i / 8] >> i % 8 & 1)
			set |= 1ul << i / per;
	return set;
}

#define BIT(n) (1ul << (n))

static void test_log(void)
{
	u64 got;

	set_slot(0, AT, SIZE, BACK);
	map_slot(AT);
	ok(vmm(H_HVRUN_DIRTY_LOG, SLOT, (u64)bitmap, sizeof(bitmap), 0, 0) == -ENOENT,
	   "no log of a slot that is not logged");
	for (u64 i = 0; i < PAGES; i++)
		poke(AT + i * HOST_PAGE, 1);
	ok(!set_slot(LOG_DIRTY, AT, SIZE, BACK), "logging begins");
	got = dirty_pages();
	ok(!got, "nothing is written yet (%#lx)", got);
	for (u64 i = 0; i < PAGES; i++)
		peek(AT + i * HOST_PAGE);
	got = dirty_pages();
	ok(!got, "loads are not logged (%#lx)", got);
	poke(AT + 3 * HOST_PAGE, 7);
	poke(AT + 7 * HOST_PAGE + 2048, 7);
	poke(AT + 63 * HOST_PAGE, 7);
	got = dirty_pages();
	ok(got == (BIT(3) | BIT(7) | BIT(63)), "three stores are (%#lx)", got);
	got = dirty_pages();
	ok(!got, "once (%#lx)", got);
	poke(AT + 3 * HOST_PAGE, 8);
	poke(AT + 5 * HOST_PAGE, 8);
	got = dirty_pages();
	ok(got == (BIT(3) | BIT(5)), "and again, when stored to again (%#lx)", got);

	poke(AT + 9 * HOST_PAGE, 9);
	HCALL(H_REMOVE, 0, index_of[9], 0);
	poke(AT + 10 * HOST_PAGE, 9);
	vmm(H_HVRUN_MADVISE, BACK + 10 * HOST_PAGE, HOST_PAGE, MADV_DONTNEED, 0, 0);
	poke(AT + 11 * HOST_PAGE, 9);
	HCALL(H_PROTECT, 3, index_of[11], 0);
	poke(AT + 12 * HOST_PAGE, 9);
	HCALL(H_CLEAR_MOD, 0, index_of[12]);
	peek(AT + 12 * HOST_PAGE);
	got = dirty_pages();
	ok(got == (BIT(9) | BIT(10) | BIT(11) | BIT(12)),
	   "entries removed, unmapped by the host, protected, with C cleared: all logged (%#lx)", got);
	poke(AT + 12 * HOST_PAGE, 10);
	got = dirty_pages();
	ok(got == BIT(12), "and the one that may be written again (%#lx)", got);
	poke(AT + 20 * HOST_PAGE, 1);
	ok(!set_slot(0, AT, SIZE, BACK) && !set_slot(LOG_DIRTY, AT, SIZE, BACK),
	   "logging ends and begins anew");
	got = dirty_pages();
	ok(!got, "with an empty log (%#lx)", got);
	set_slot(0, AT, 0, 0);
	unmap_slot();
}

/* What the guest sees in its own entries is what it did, whatever the host does meanwhile. */
static void test_reference_change(void)
{
	u64 wrong = 0;

	set_slot(0, AT, SIZE, BACK);
	map_slot(AT);
	for (u64 i = 0; i < 30; i++) {
		if (i >= 10)
			peek(AT + i * HOST_PAGE);
		if (i >= 20)
			poke(AT + i * HOST_PAGE, 1);
		if (i % 3 == 1)
			vmm(H_HVRUN_MADVISE, BACK + i * HOST_PAGE, HOST_PAGE, MADV_DONTNEED, 0, 0);
		if (i % 3 == 2) {
			set_slot(LOG_DIRTY, AT, SIZE, BACK);
			dirty_pages();
			set_slot(0, AT, SIZE, BACK);
		}
	}
	for (u64 i = 0; i < 30; i++) {
		u64 want = i >= 20 ? R_R | R_C : i >= 10 ? R_R : 0;

		if ((rpte(i) & (R_R | R_C)) != want && wrong++ < 3)
			printf("# page %lu: %#lx\n", i, rpte(i));
	}
	ok(!wrong, "R and C are what the guest did (%lu wrong)", wrong);
	HCALL(H_CLEAR_MOD, 0, index_of[25]);
	HCALL(H_CLEAR_REF, 0, index_of[26]);
	ok(!(rpte(25) & R_C) && !(rpte(26) & R_R), "cleared, they are clear");
	peek(AT + 25 * HOST_PAGE);
	peek(AT + 26 * HOST_PAGE);
	ok(!(rpte(25) & R_C) && (rpte(26) & R_R), "a load sets R only");
	poke(AT + 25 * HOST_PAGE, 1);
	ok(rpte(25) & R_C, "a store sets C");
	set_slot(0, AT, 0, 0);
	unmap_slot();
}

static volatile u64 turns, foreign, stop;

/* The other vCPU keeps reading and writing page 0 of the slot; values are ours, or those of MMIO. */
static void hammer(void *arg)
{
	(void)arg;
	map_page(AT + SIZE, AT + SIZE, MAP_RW);		/* this vCPU's SLB */
	while (!stop) {
		u64 v = peek(AT);

		if (v != ~0ul && v != 0 && v >> 32 != 0x600d)
			foreign++;
		poke(AT, 0x600dul << 32 | (turns & 0xffffffff));
		turns++;
	}
}

static void test_storm(void)
{
	u64 start;

	if (boot_args.ncpus < 2) {
		skip("one vCPU", "a slot comes and goes under another vCPU");
		return;
	}
	*back(BACK, 0) = 0;
	*back(BACK2, 0) = 0;
	map_slot(AT);
	start_cpu(1, hammer, NULL);
	while (!turns)
		barrier();
	start = turns;
	for (int i = 0; i < 60; i++) {
		u64 where = i & 1 ? BACK : BACK2;

		set_slot(i % 3 ? LOG_DIRTY : 0, AT, SIZE, where);
		spin_tb(TB_HZ / 2000);
		vmm(H_HVRUN_MADVISE, where, HOST_PAGE, MADV_DONTNEED, 0, 0);
		spin_tb(TB_HZ / 2000);
		set_slot(0, AT, 0, 0);
		/* the slot is gone: no store may reach this any more */
		*back(where, 0) = 0;
		spin_tb(TB_HZ / 2000);
		foreign += *back(where, 0) != 0;
	}
	stop = 1;
	ok(turns > start && !foreign, "a slot comes and goes under another vCPU (%lu turns, %lu wrong)",
	   turns - start, foreign);
}

int main(void)
{
	if (!map_payload()) {
		printf("1..0 # SKIP the backend has no H_ENTER\n");
		return 0;
	}
	stores();	/* from here on MMIO is answered */
	test_life();
	test_host_rights();
	test_log();
	test_reference_change();
	test_storm();
	return tap_done();
}
