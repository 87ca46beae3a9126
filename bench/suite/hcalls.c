// SPDX-License-Identifier: GPL-2.0
/* Rows: hypercalls, each in a loop of the same nine instructions. */
#include "suite.h"

#define NOBODYS_HCALL	0xf7fc		/* hvrun answers H_FUNCTION */
#define ANYBODY		-1ul		/* H_CONFER without a target */
#define EXACT		(1ul << (63 - 24))
#define BULK_REMOVE	(1ul << 62)	/* LoPAR H_BULK_REMOVE: request, no flags */
#define BULK_DONE	8		/* ... response, success */
#define TEST_V		0x123456000001ul	/* a virtual page that nobody uses, valid */
#define TEST_R		(0x10000ul | 0x192)	/* memory of the payload's; R, M, read and write */

static long last_rc;
static u64 wrong;

/*
 * An hcall with four arguments, COUNT times. The hypervisor may change r0 and r4
 * to r12, so all that is needed lies above.
 */
static u64 repeat(u64 count, u64 number, u64 a, u64 b, u64 c, u64 d, u64 step)
{
	register u64 n asm("r20") = count, nr asm("r21") = number, w asm("r22") = a;
	register u64 x asm("r23") = b, y asm("r24") = c, z asm("r25") = d, s asm("r26") = step;
	u64 start = mftb(), end;

	asm volatile("1: mr 3, %1; mr 4, %2; mr 5, %3; mr 6, %4; mr 7, %5; sc 1;"
		     "add %3, %3, %6; addic. %0, %0, -1; bne 1b; mr %0, 3"
		     : "+r" (n), "+r" (nr), "+r" (w), "+r" (x), "+r" (y), "+r" (z), "+r" (s) : :
		     "r0", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "ctr", "xer",
		     "cr0", "cr1", "cr5", "cr6", "cr7", "memory");
	end = mftb();
	last_rc = n;
	return end - start;
}

static const char *last_is(long rc)
{
	return last_rc == rc ? NULL : "the hypercall did not return what it should";
}

static u64 nothing(u64 *count)
{
	return TIMES(*count, "mr 3, 3; mr 4, 4; mr 5, 5; mr 6, 6; mr 7, 7; nop; nop");
}

const struct row row_empty_loop = { 1000, ready, nothing, ready, WHOLE };

static u64 read_timer(u64 *count)
{
	u64 sum = 0;

	for (u64 i = 0; i < *count; i++) {
		u64 start = mftb();

		sum += mftb() - start;
	}
	return sum;
}

const struct row row_timer_read = { 1000, ready, read_timer, ready, EACH };

static u64 remove_none(u64 *count)
{
	return repeat(*count, H_REMOVE, 0, free_entries, 0, 0, 0);
}

static const char *was_not_found(u64 count)
{
	(void)count;
	return last_is(H_NOT_FOUND);
}

const struct row row_h_remove_none = { 1000, ready, remove_none, was_not_found, WHOLE };

static u64 confer(u64 *count)
{
	return repeat(*count, H_CONFER, ANYBODY, 0, 0, 0, 0);
}

static const char *succeeded(u64 count)
{
	(void)count;
	return last_is(H_SUCCESS);
}

static const char *have_confer(u64 count)
{
	(void)count;
	return HCALL(H_CONFER, ANYBODY, 0) == H_SUCCESS ? NULL : "no H_CONFER in this backend";
}

const struct row row_h_confer_any = { 500, have_confer, confer, succeeded, WHOLE };

static u64 to_user(u64 *count)
{
	return repeat(*count, NOBODYS_HCALL, 0, 0, 0, 0, 0);
}

/*
 * Linux loads a VMM's FP and vector registers at each of the 255 returns after it used them
 * (thread.load_fp), which printing the sample before did: not timed.
 */
static const char *settle(u64 count)
{
	(void)count;
	repeat(300, NOBODYS_HCALL, 0, 0, 0, 0, 0);
	return NULL;
}

static const char *had_no_function(u64 count)
{
	(void)count;
	return last_is(H_FUNCTION);
}

const struct row row_hcall_user = { 500, settle, to_user, had_no_function, WHOLE };

static u64 enter_many(u64 *count)
{
	return repeat(*count, H_ENTER, EXACT, free_entries, TEST_V, TEST_R, 1);
}

static u64 remove_many(u64 *count)
{
	return repeat(*count, H_REMOVE, 0, free_entries, 0, 0, 1);
}

/* All of them, or the row did not do what it says. */
static const char *remove_all(u64 count)
{
	const char *why = last_is(H_SUCCESS);

	wrong = 0;
	for (u64 i = 0; i < count; i++)
		wrong += remove_at(free_entries + i) != H_SUCCESS;
	return wrong ? "entries are missing" : why;
}

static const char *enter_all(u64 count)
{
	wrong = 0;
	for (u64 i = 0; i < count; i++)
		wrong += enter_at(free_entries + i, TEST_V, TEST_R) != H_SUCCESS;
	return wrong ? "H_ENTER fails" : NULL;
}

static const char *enter_one(u64 count)
{
	(void)count;
	return enter_all(1);
}

static const char *remove_one(u64 count)
{
	(void)count;
	return remove_all(1);
}

static const char *have_enter(u64 count)
{
	(void)count;
	if (enter_at(free_entries, TEST_V, TEST_R) != H_SUCCESS || remove_at(free_entries) != H_SUCCESS)
		return "no H_ENTER in this backend";
	return NULL;
}

static const char *all_are_gone(u64 count)
{
	wrong = 0;
	for (u64 i = 0; i < count; i++)
		wrong += (long)remove_at(free_entries + i) != H_NOT_FOUND;
	return wrong ? "entries are left" : last_is(H_SUCCESS);
}

const struct row row_h_enter = { 500, have_enter, enter_many, remove_all, WHOLE };
const struct row row_h_remove = { 500, enter_all, remove_many, all_are_gone, WHOLE };

static u64 read_one(u64 *count)
{
	return repeat(*count, H_READ, 0, free_entries, 0, 0, 0);
}

static const char *enter_readable(u64 count)
{
	return has_h_read() ? enter_one(count) : "no H_READ in this backend";
}

const struct row row_h_read = { 500, enter_readable, read_one, remove_one, WHOLE };

/* r5 is the index, r6 the page: no flags, so that it is not compared */
static u64 protect(u64 *count)
{
	return repeat(*count, H_PROTECT, 2, free_entries, 0, 0, 0);	/* PP = 0b10 */
}

const struct row row_h_protect = { 500, enter_one, protect, remove_one, WHOLE };

static const char *enter_fours(u64 count)
{
	return enter_all(4 * count);
}

static u64 bulk_remove(u64 *count)
{
	u64 start = mftb();

	wrong = 0;
	for (u64 i = 0; i < *count; i++) {
		u64 args[9] = { 0 };

		for (u64 k = 0; k < 4; k++)
			args[2 * k] = BULK_REMOVE | (free_entries + 4 * i + k);
		hcall_raw(H_BULK_REMOVE, args);
		for (u64 k = 0; k < 4; k++)
			wrong += args[2 * k] >> 60 != BULK_DONE;
	}
	return mftb() - start;
}

static const char *none_left(u64 count)
{
	(void)count;
	return wrong ? "H_BULK_REMOVE left entries" : NULL;
}

const struct row row_h_bulk_remove = { 200, enter_fours, bulk_remove, none_left, WHOLE };
