// SPDX-License-Identifier: GPL-2.0
/* Guest memory is the host's pageable memory: there when touched, gone when taken. */
#include "payload.h"

#define HOST_PAGE	0x10000ul	/* the largest small page of a host */
#define PAGES		256		/* 16 MiB */

static u64 *page(u64 i)
{
	return (u64 *)(_end + HOST_PAGE * (1 + i));
}

static u64 resident(void)
{
	return host_resident(page(0), PAGES * HOST_PAGE);
}

int main(void)
{
	u64 wrong = 0, before = resident(), bytes;

	ok(before == 0, "untouched memory has no host pages (%lu bytes)", before);
	for (u64 i = 0; i < PAGES / 4; i++)
		wrong += *(volatile u64 *)page(i) != 0;
	bytes = resident();
	ok(bytes <= PAGES / 4 * HOST_PAGE, "reading a quarter makes at most that resident (%lu bytes)", bytes);
	for (u64 i = 0; i < PAGES / 2; i++)
		*page(i) = ~i;
	bytes = resident();
	ok(bytes >= PAGES / 2 * 0x1000 && bytes <= PAGES / 2 * HOST_PAGE,
	   "writing half makes that resident (%lu bytes)", bytes);
	for (u64 i = 0; i < PAGES / 2; i++)
		wrong += *page(i) != ~i;
	ok(!wrong, "and keeps what was written");

	host_discard(page(0), PAGES * HOST_PAGE);
	bytes = resident();
	ok(bytes == 0, "the host takes it all away (%lu bytes left)", bytes);
	for (u64 i = 0; i < PAGES; i++)
		wrong += *page(i) != 0;
	ok(!wrong, "and the guest then reads zeros, nothing stale (%lu wrong)", wrong);

	for (u64 round = 1; round <= 50; round++) {
		for (u64 i = 0; i < 16; i++) {
			wrong += *page(i) != 0;
			*page(i) = round;
			wrong += *page(i) != round;
		}
		host_discard(page(0), 16 * HOST_PAGE);
	}
	ok(!wrong, "fifty times over (%lu wrong)", wrong);
	return tap_done();
}
