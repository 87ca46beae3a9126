// SPDX-License-Identifier: GPL-2.0
/*
 * More guest memory than the host gives: r6 megabytes, r7 passes. Pages go to swap and
 * come back, are merged (KSM) and split, become huge and small again, while the guest
 * writes and checks them. Nothing may be lost, stale, or another page's.
 */
#include "payload.h"

#define HOST_PAGE	0x10000ul
#define MADV_MERGEABLE	12
#define MADV_HUGEPAGE	14
#define MADV_NOHUGEPAGE	15

static u64 pages;

static volatile u64 *word(u64 page, u64 n)
{
	return (u64 *)((((u64)_end + HOST_PAGE) & ~(HOST_PAGE - 1)) + page * HOST_PAGE + n * 8 % HOST_PAGE);
}

static u64 pattern(u64 page, u64 round)
{
	return page * 0x9e3779b97f4a7c15ul ^ round << 56;
}

/* Four words a page, in different 4K parts of it. */
static void fill(u64 round)
{
	for (u64 i = 0; i < pages; i++)
		for (u64 n = 0; n < 4; n++)
			*word(i, n * 2111) = pattern(i, round) + n;
}

static u64 wrong(u64 round)
{
	u64 bad = 0;

	for (u64 i = 0; i < pages; i++)
		for (u64 n = 0; n < 4; n++)
			bad += *word(i, n * 2111) != pattern(i, round) + n;
	return bad;
}

static void advise(u64 advice)
{
	HCALL(H_HVRUN_MADVISE, (u64)word(0, 0), pages * HOST_PAGE, advice);
}

static void same(u64 value)
{
	for (u64 i = 0; i < pages; i++)
		for (u64 n = 0; n < 4; n++)
			*word(i, n * 2111) = value + n;
}

static u64 not_same(u64 value)
{
	u64 bad = 0;

	for (u64 i = 0; i < pages; i++)
		for (u64 n = 0; n < 4; n++)
			bad += *word(i, n * 2111) != value + n;
	return bad;
}

/* Until the VMM is typed something, up to a minute: who sees what the host merges tells us so */
static void wait_for_the_host(void)
{
	for (int i = 0; i < 600; i++) {
		u64 args[9] = { 0 };

		if (!hcall_raw(H_GET_TERM_CHAR, args) && args[0])
			return;
		host_sleep(100);
	}
}

int main(void)
{
	u64 bad = 0, passes = boot_args.arg[1], before;

	pages = boot_args.arg[0] * 1024 / 64;
	for (u64 round = 1; round <= passes; round++) {
		fill(round);
		bad += wrong(round);
	}
	ok(!bad, "%lu MB written and read %lu times (%lu wrong)", boot_args.arg[0], passes, bad);

	pages = pages < 256 ? pages : 256;
	same(0x5a5a);
	advise(MADV_MERGEABLE);
	before = host_resident((void *)word(0, 0), pages * HOST_PAGE);
	host_sleep(3000);
	wait_for_the_host();
	bad = not_same(0x5a5a);
	for (u64 i = 0; i < pages; i += 2)
		*word(i, 0) = pattern(i, 99);
	for (u64 i = 0; i < pages; i++)
		bad += *word(i, 0) != (i & 1 ? 0x5a5a : pattern(i, 99));
	ok(!bad, "pages of the same content, every other one then written (%lu wrong, %lu bytes resident)", bad, before);

	advise(MADV_HUGEPAGE);
	fill(7);
	host_sleep(500);
	bad = wrong(7);
	advise(MADV_NOHUGEPAGE);
	for (u64 i = 0; i < pages; i += 3)
		host_discard((void *)word(i, 0), HOST_PAGE);
	for (u64 i = 0; i < pages; i++)
		bad += *word(i, 0) != (i % 3 ? pattern(i, 7) : 0);
	ok(!bad, "huge pages, with every third small one taken away (%lu wrong)", bad);
	return tap_done();
}
