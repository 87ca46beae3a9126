// SPDX-License-Identifier: GPL-2.0
/* Rows: the decrementer, the host's timer, an idle vCPU. */
#include "suite.h"

#define SOON		3000		/* ticks: more than any backend needs to come back from mtspr DEC */
#define GAP		100		/* ticks: no loop of ours takes that long by itself */
#define LONGEST		(TB_HZ / 2)

static u64 late_wakes;

/* MSR[EE]=1 until the decrementer has interrupted n times more, or too long */
static bool wait_for_decrementer(u64 before)
{
	u64 start = mftb();

	ee_on();
	while (dec_count[0] == before && mftb() - start < LONGEST)
		;
	ee_off();
	return dec_count[0] != before;
}

static u64 expire(u64 *count)
{
	u64 sum = 0, due, before;

	late_wakes = 0;
	for (u64 i = 0; i < *count && !late_wakes; i++) {
		before = dec_count[0];
		mtspr(22, SOON);
		due = mftb() + SOON;
		late_wakes += !wait_for_decrementer(before);
		sum += dec_time[0] - due;
	}
	return sum;
}

static const char *all_came(u64 count)
{
	(void)count;
	return late_wakes ? "an interrupt did not come" : NULL;
}

const struct row row_decrementer = { 100, ready, expire, all_came, EACH };

/*
 * Time that passes without us: the host's interrupts, with all they cost. One to a sample: some do more than the others
 * (timers, RCU), and means of a few would be of this kind or that by chance. The first one is not counted: with it
 * hvbench may get the processor, for what was printed before.
 */
static u64 watch_gaps(u64 *count)
{
	u64 start = mftb(), last = start, lost = 0, n = 0;

	while (n <= *count && last - start < LONGEST) {
		u64 now = mftb();

		if (now - last > GAP && n++)
			lost += now - last;
		last = now;
	}
	*count = n ? n - 1 : 0;
	return lost;
}

const struct row row_host_tick = { 1, ready, watch_gaps, ready, ONE };

static long prod_rc;

static const char *have_prod(u64 count)
{
	(void)count;
	if (HCALL(H_PROD, this_cpu()) != H_SUCCESS)
		return "no H_PROD in this backend";
	HCALL(H_CEDE);
	ee_off();
	return NULL;
}

static u64 prod_and_cede(u64 *count)
{
	u64 start = mftb();

	for (u64 i = 0; i < *count; i++) {
		prod_rc = HCALL(H_PROD, this_cpu());
		HCALL(H_CEDE);	/* comes back with MSR[EE]=1 */
		ee_off();
	}
	return mftb() - start;
}

static const char *was_prodded(u64 count)
{
	(void)count;
	return prod_rc == H_SUCCESS ? NULL : "H_PROD failed";
}

const struct row row_prod_cede = { 200, have_prod, prod_and_cede, was_prodded, WHOLE };

static u64 cede_until_decrementer(u64 *count)
{
	u64 sum = 0, due, before, start;

	late_wakes = 0;
	for (u64 i = 0; i < *count && !late_wakes; i++) {
		before = dec_count[0];
		mtspr(22, 20 * SOON);
		start = mftb();
		due = start + 20 * SOON;
		while (dec_count[0] == before && mftb() - start < LONGEST) {
			HCALL(H_CEDE);
			ee_off();
		}
		late_wakes += dec_count[0] == before;
		sum += dec_time[0] - due;
	}
	return sum;
}

const struct row row_cede_decrementer = { 50, ready, cede_until_decrementer, all_came, EACH };
