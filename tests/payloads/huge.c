// SPDX-License-Identifier: GPL-2.0
/*
 * Guest memory in huge pages of the host (64 MB of it; r6: their size in MB). Real mode goes through
 * the VRMA, whose HPTEs are as large as the host's pages and the architecture
 * allow: a store marks all that such an HPTE maps as written.
 */
#include "payload.h"

#define MB		(1ul << 20)
#define LOG_DIRTY	1ul

static u8 bitmap[2048];		/* 64 MB of 4K pages */

static long vmm(u64 number, u64 a, u64 b, u64 c, u64 d, u64 e)
{
	u64 args[9] = { a, b, c, d, e };
	long rc = hcall_raw(number, args);

	if (rc) {
		printf("Bail out! the VMM answers %#lx with %ld\n", number, rc);
		payload_exit(1);
	}
	return args[0];
}

/* How many bytes from START on, of LEN, are in the log. */
static u64 logged(u64 start, u64 len, u64 page)
{
	u64 n = 0;

	for (u64 at = start; at < start + len; at += page)
		n += bitmap[at / page / 8] >> at / page % 8 & 1 ? page : 0;
	return n;
}

int main(void)
{
	u64 page = vmm(H_HVRUN_PAGE_SIZE, 0, 0, 0, 0, 0), huge = boot_args.arg[0] * MB;
	u64 want = huge >= 16 * MB ? 16 * MB : page < 0x10000 ? page : 0x10000, n, wrong = 0;

	for (u64 at = 16 * MB; at < 64 * MB; at += 0x1000)
		*(volatile u64 *)at = ~at;
	for (u64 at = 16 * MB; at < 64 * MB; at += 0x1000)
		wrong += *(volatile u64 *)at != ~at;
	ok(!wrong, "48 MB written and read (%lu wrong)", wrong);
	ok(!vmm(H_HVRUN_SET_MEMORY, 0, LOG_DIRTY, 0, boot_args.mem_size, 0), "logging begins");
	vmm(H_HVRUN_DIRTY_LOG, 0, (u64)bitmap, sizeof(bitmap), 0, 0);
	*(volatile u64 *)(49 * MB) = 1;
	wrong = *(volatile u64 *)(33 * MB) != ~(33 * MB);
	memset(bitmap, 0, sizeof(bitmap));
	vmm(H_HVRUN_DIRTY_LOG, 0, (u64)bitmap, sizeof(bitmap), 0, 0);
	n = logged(48 * MB, 16 * MB, page);
	ok(logged(49 * MB, page, page) && n >= page && n <= want, "one store: %lu bytes are logged", n);
	if (huge >= 16 * MB)
		ok(n == 16 * MB, "a 16 MB page as a whole");
	ok(!wrong && !logged(16 * MB, 32 * MB, page), "a load, or nothing: none");
	memset(bitmap, 0, sizeof(bitmap));
	vmm(H_HVRUN_DIRTY_LOG, 0, (u64)bitmap, sizeof(bitmap), 0, 0);
	ok(!logged(16 * MB, 48 * MB, page), "and only once");
	return tap_done();
}
