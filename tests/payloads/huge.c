// SPDX-License-Identifier: GPL-2.0
/*
 * Guest memory in huge pages of the host (64 MB of it; r6: their size in MB; r7 = 1: transparent
 * ones). Real mode goes through the VRMA, whose HPTEs are as large as the host's pages and the
 * architecture allow, but for transparent ones: a store marks all that such an HPTE maps as written.
 */
#include "payload.h"

#define MB		(1ul << 20)
#define LOG_DIRTY	1ul
#define MADV_HUGEPAGE	14
#define AT		(32 * MB)	/* what test_size() maps */
#define RPTE		0x192ul		/* R, C, M, PP=2 */
#define LARGE		4ul
#define SLB_V		(1ul << 27)

static u8 bitmap[2048];		/* 64 MB of 4K pages */

/* How many bytes from START on, of LEN, are in the log. */
static u64 logged(u64 start, u64 len, u64 page)
{
	u64 n = 0;

	for (u64 at = start; at < start + len; at += page)
		n += bitmap[at / page / 8] >> at / page % 8 & 1 ? page : 0;
	return n;
}

static u64 peek(u64 ea)
{
	u64 off = mfmsr(), on = off | MSR_DR, v;

	asm volatile("mtmsrd %1; isync; ld %0, 0(%3); isync; mtmsrd %2; isync"
		     : "=r" (v) : "r" (on), "r" (off), "r" (ea) : "memory");
	return v;
}

/*
 * One HPTE of 2^SHIFT bytes, in a segment of that page size, for memory that is there: refused
 * where the host's pages are smaller, else all of it is reached through it.
 */
static void test_size(int shift, u64 llp, u64 lp, u64 host_page)
{
	u64 size = 1ul << shift, vsid = 0x100000 + shift, wrong = 0, n = 0;
	u64 ea = (u64)shift << 28, hash = vsid & ((1ul << (boot_args.hpt_order - 7)) - 1);
	u64 args[9] = { 0, hash * 8, vsid << 12 | LARGE | 1, AT | lp | RPTE };
	long rc = hcall_raw(H_ENTER, args), want = size <= host_page ? H_SUCCESS : H_PARAMETER;

	ok(rc == want, "an HPTE of %lu KB on host pages of %lu KB: H_ENTER gives %ld", size >> 10, host_page >> 10, rc);
	if (rc)
		return;
	asm volatile("isync; slbmte %0, %1; isync" : : "r" (vsid << 12 | llp), "r" (ea | SLB_V | 5) : "memory");
	for (u64 at = 0; at < size; at += 0x1000, n++)
		wrong += peek(ea + at) != ~(AT + at);
	ok(!wrong, "... and leads to all of its memory (%lu of %lu loads are wrong)", wrong, n);
	ok(!HCALL(H_REMOVE, 0, args[0], 0), "... and is removed");
}

int main(void)
{
	bool transparent = boot_args.arg[1];
	u64 page = HOST_CALL(H_HVRUN_PAGE_SIZE), huge = boot_args.arg[0] * MB;
	u64 want = huge >= 16 * MB && !transparent ? 16 * MB : page < 0x10000 ? page : 0x10000, n, wrong = 0;

	if (transparent)
		ok(!HOST_CALL(H_HVRUN_MADVISE, 16 * MB, 48 * MB, MADV_HUGEPAGE), "the host may use huge pages");
	for (u64 at = 16 * MB; at < 64 * MB; at += 0x1000)
		*(volatile u64 *)at = ~at;
	for (u64 at = 16 * MB; at < 64 * MB; at += 0x1000)
		wrong += *(volatile u64 *)at != ~at;
	ok(!wrong, "48 MB written and read (%lu wrong)", wrong);
	test_size(16, 0x110, 0x1000, huge > page ? huge : page);
	test_size(24, 0x100, 0, huge > page ? huge : page);
	ok(!HOST_CALL(H_HVRUN_SET_MEMORY, 0, LOG_DIRTY, 0, boot_args.mem_size), "logging begins");
	HOST_CALL(H_HVRUN_DIRTY_LOG, 0, (u64)bitmap, sizeof(bitmap));
	*(volatile u64 *)(49 * MB) = 1;
	wrong = *(volatile u64 *)(33 * MB) != ~(33 * MB);
	memset(bitmap, 0, sizeof(bitmap));
	HOST_CALL(H_HVRUN_DIRTY_LOG, 0, (u64)bitmap, sizeof(bitmap));
	n = logged(48 * MB, 16 * MB, page);
	ok(logged(49 * MB, page, page) && n >= page && n <= want, "one store: %lu bytes are logged", n);
	if (want == 16 * MB)
		ok(n == 16 * MB, "a 16 MB page as a whole");
	ok(!wrong && !logged(16 * MB, 32 * MB, page), "a load, or nothing: none");
	memset(bitmap, 0, sizeof(bitmap));
	HOST_CALL(H_HVRUN_DIRTY_LOG, 0, (u64)bitmap, sizeof(bitmap));
	ok(!logged(16 * MB, 48 * MB, page), "and only once");
	if (transparent)
		host_sleep(boot_args.arg[2]);	/* the host looks at its pages */
	return tap_done();
}
