// SPDX-License-Identifier: GPL-2.0
/*
 * ./hv bench --suite exits, the guest's side: what one exit of each kind costs.
 * A row is prepared, executed COUNT times in a tight loop, finished; r6 = how
 * often each row is measured, r7 = percent of the full counts. Prints, for each
 * measurement, "sample ROW COUNT TICKS" in ticks of the timebase.
 */
#include "payload.h"

#define NOBODYS_HCALL	0xf7fc		/* hvrun answers H_FUNCTION */
#define ANYBODY		-1ul		/* H_CONFER without a target */
#define EXACT		(1ul << (63 - 24))
#define HOST_PAGE	0x10000ul
#define PAGES		128

static u64 first;		/* first of as many free HPTEs as there are */
static u64 nfree;

/*
 * An hcall with four arguments, COUNT times: four instructions around it. The
 * hypervisor may change r0 and r4 to r12, so all that is needed lies above.
 */
static void repeat(u64 count, u64 number, u64 a, u64 b, u64 c, u64 d, u64 step)
{
	register u64 n asm("r20") = count, nr asm("r21") = number, w asm("r22") = a;
	register u64 x asm("r23") = b, y asm("r24") = c, z asm("r25") = d, s asm("r26") = step;

	asm volatile("1: mr 3, %1; mr 4, %2; mr 5, %3; mr 6, %4; mr 7, %5; sc 1;"
		     "add %3, %3, %6; addic. %0, %0, -1; bne 1b"
		     : "+r" (n), "+r" (nr), "+r" (w), "+r" (x), "+r" (y), "+r" (z), "+r" (s) : :
		     "r0", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "ctr", "xer",
		     "cr0", "memory");
}

static void no_preparation(u64 count)
{
	(void)count;
}

static void nothing(u64 count)
{
	register u64 n asm("r20") = count;

	asm volatile("1: mr 3, 3; mr 4, 4; mr 5, 5; mr 6, 6; mr 7, 7; nop; nop; addic. %0, %0, -1; bne 1b"
		     : "+r" (n) : : "xer", "cr0");
}

static void h_remove_none(u64 count)
{
	repeat(count, H_REMOVE, 0, first, 0, 0, 0);
}

static void h_confer(u64 count)
{
	repeat(count, H_CONFER, ANYBODY, 0, 0, 0, 0);
}

static void hcall_to_user(u64 count)
{
	repeat(count, NOBODYS_HCALL, 0, 0, 0, 0, 0);
}

/* Entries that nothing uses, for touched memory of the payload. */
static void h_enter(u64 count)
{
	repeat(count, H_ENTER, EXACT, first, 0x123456000001, 0x10000 | 0x192, 1);
}

static void h_read(u64 count)
{
	repeat(count, H_READ, 0, first, 0, 0, 0);
}

static void h_protect(u64 count)
{
	repeat(count, H_PROTECT, 1, first, 0, 0, 0);
}

static void h_remove(u64 count)
{
	repeat(count, H_REMOVE, 0, first, 0, 0, 1);
}

static void h_bulk_remove(u64 count)
{
	for (u64 i = 0; i < count; i++) {
		u64 args[9] = { 0 };

		for (u64 k = 0; k < 4; k++)
			args[2 * k] = 1ul << 62 | (first + 4 * i + k);
		hcall_raw(H_BULK_REMOVE, args);
	}
}

static void enter_one(u64 count)
{
	(void)count;
	h_enter(1);
}

static void enter_four_each(u64 count)
{
	h_enter(4 * count);
}

static void remove_one(u64 count)
{
	(void)count;
	h_remove(1);
}

static u64 *page(u64 i)
{
	return (u64 *)(_end + HOST_PAGE * (1 + i));
}

static void page_faults(u64 count)
{
	for (u64 i = 0; i < count; i++)
		*(volatile u64 *)page(i) = i;
}

static void discard(u64 count)
{
	host_discard(page(0), count * HOST_PAGE);
}

static void prod_and_cede(u64 count)
{
	for (u64 i = 0; i < count; i++) {
		HCALL(H_PROD, this_cpu());
		HCALL(H_CEDE);
		mtmsr(mfmsr() & ~MSR_EE);
	}
}

static const struct row {
	const char *name;
	void (*prepare)(u64 count), (*execute)(u64 count), (*finish)(u64 count);
	u64 count;
} rows[] = {
	{ "empty-loop", no_preparation, nothing, no_preparation, 5000 },
	{ "H_REMOVE-none", no_preparation, h_remove_none, no_preparation, 5000 },
	{ "H_CONFER-any", no_preparation, h_confer, no_preparation, 5000 },
	{ "hcall-user", no_preparation, hcall_to_user, no_preparation, 2000 },
	{ "H_ENTER", no_preparation, h_enter, h_remove, 2000 },
	{ "H_READ", enter_one, h_read, remove_one, 5000 },
	{ "H_PROTECT", enter_one, h_protect, remove_one, 5000 },
	{ "H_REMOVE", h_enter, h_remove, no_preparation, 2000 },
	{ "H_BULK_REMOVE-4", enter_four_each, h_bulk_remove, no_preparation, 500 },
	{ "page-fault", discard, page_faults, discard, PAGES },
	{ "H_PROD+H_CEDE", no_preparation, prod_and_cede, no_preparation, 2000 },
};

/* A run of entries that nobody uses: the VRMA's may lie anywhere. */
static bool find_free(u64 wanted)
{
	u64 nptes = 1ul << (boot_args.hpt_order - 4), run = 0;

	for (u64 i = 0; i < nptes && run < wanted; i++) {
		u64 args[9] = { 0, i };

		if (hcall_raw(H_READ, args))
			return false;
		run = args[0] & 1 ? 0 : run + 1;
		first = i + 1 - run;
	}
	nfree = run;
	return run >= wanted;
}

static void later(struct regs *r)
{
	(void)r;
	mtspr(22, 0x7fffffff);
}

static u64 measure(const struct row *row, u64 count)
{
	u64 start, end;

	row->prepare(count);
	start = mftb();
	row->execute(count);
	end = mftb();
	row->finish(count);
	return end - start;
}

int main(void)
{
	u64 samples = boot_args.arg[0], percent = boot_args.arg[1];
	bool table = find_free(2000);

	set_handler(0x900, later);
	mtspr(22, 0x7fffffff);
	for (u64 i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		u64 count = row->count * percent / 100 ? : 1;

		/* problem-state KVM may have no hypercalls on a table */
		if (!table && (row->execute == h_read || row->execute == h_protect))
			continue;
		measure(row, count);	/* warm-up */
		for (u64 s = 0; s < samples; s++)
			printf("sample %s %lu %lu\n", row->name, count, measure(row, count));
	}
	return 0;
}
