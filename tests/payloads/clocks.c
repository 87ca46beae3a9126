// SPDX-License-Identifier: GPL-2.0
/* Time as a guest sees it: TB and its offset, DEC, VTB, PURR, SPURR; CTRL. */
#include <linux/kvm.h>
#include "payload.h"

#define MS (TB_HZ / 1000)
/* An emulated CPU stands still now and then between two reads. */
#define DEC_SLACK (5 * (long)MS)
#define mfdec() ((long)(int)mfspr(22))	/* 32 bits: LPCR[LD] = 0 */

static void time_base(void)
{
	u64 last = mftb(), back = 0;

	for (int i = 0; i < 200000; i++) {
		u64 now = mftb();

		back += now < last;
		last = now;
	}
	ok(!back, "the time base never goes back");
}

static void time_base_offset(void)
{
	u64 offset = 1ul << 40, before, after, got;
	long rc;

	before = mftb();
	rc = host_set_reg(KVM_REG_PPC_TB_OFFSET, offset);
	after = mftb();
	ok(!rc, "TB_OFFSET can be set (%ld)", rc);
	ok(after - before >= offset && after - before < offset + 60 * TB_HZ,
	   "and moves the time base by so much (%#lx)", after - before);
	host_sleep(20);
	spin_tb(20 * MS);
	ok(mftb() - after < 60 * TB_HZ, "and keeps it there");
	host_get_reg(KVM_REG_PPC_TB_OFFSET, &got);
	ok(got == offset, "and reads back (%#lx)", got);
	host_set_reg(KVM_REG_PPC_TB_OFFSET, 0);
}

/* How far DEC is from where the time base says it should be; the best of some,
 * since an exit can come between the two reads. */
static long dec_error(u64 tb0, long dec0)
{
	long best = 1l << 62;

	for (int i = 0; i < 20; i++) {
		long error = mfdec() - (dec0 - (long)(mftb() - tb0));

		if (error < 0)
			error = -error;
		if (error < best)
			best = error;
	}
	return best;
}

/*
 * Set, then some time in the guest and in user space: how far off it is in the best of some tries, for an emulator can
 * stand still right behind mtspr, too.
 */
static long dec_off(long value, u64 spin, u64 sleep_ms)
{
	long error = DEC_SLACK;

	for (int i = 0; i < 5 && error >= DEC_SLACK; i++) {
		u64 tb0;

		mtspr(22, value);
		tb0 = mftb();
		spin_tb(spin);
		if (sleep_ms)
			host_sleep(sleep_ms);
		error = dec_error(tb0, value);
	}
	mtspr(22, 0x7fffffff);
	return error;
}

static void decrementer(void)
{
	long error = dec_off(0x7fffffff, 50 * MS, 0);

	ok(error < DEC_SLACK, "DEC counts with the time base, %ld ticks off", error);
	error = dec_off(0x7fffffff, 50 * MS, 50);
	ok(error < DEC_SLACK, "also while user space has the vCPU, %ld ticks off", error);
	error = dec_off(1000, 0, 20);
	ok(error < DEC_SLACK, "and below zero, %ld ticks off", error);
}

static volatile u64 tick_at;

static void tick(struct regs *r)
{
	tick_at = mftb();
	mtspr(22, 0x7fffffff);
	r->msr &= ~MSR_EE;
}

static void wait_for_tick(const char *how, bool in_host)
{
	u64 start;

	tick_at = 0;
	start = mftb();
	mtspr(22, 10 * MS);
	if (in_host)
		host_sleep(30);
	mtmsr(mfmsr() | MSR_EE);
	while (!tick_at && mftb() - start < 60 * TB_HZ)
		;
	mtmsr(mfmsr() & ~MSR_EE);
	ok(tick_at && tick_at - start >= 9 * MS && tick_at - start < 60 * TB_HZ,
	   "a decrementer interrupt comes %s (after %lu us)", how,
	   tick_at ? (tick_at - start) / (TB_HZ / 1000000) : 0);
}

/* Counts while the guest runs, and not while the host has the CPU: in one of some tries, for an emulator may stand still. */
static void guest_time(const char *name, u64 (*get)(void))
{
	u64 t0 = mftb(), c0 = get(), c1, t1, c2, t2;
	int tries = 5;

	spin_tb(40 * MS);
	c1 = get();
	t1 = mftb();
	ok(c1 > c0 && c1 - c0 <= t1 - t0 + MS, "%s counts while the guest runs (%lu of %lu ticks)",
	   name, c1 - c0, t1 - t0);
	do {
		c1 = get();
		t1 = mftb();
		host_sleep(200);
		c2 = get();
		t2 = mftb();
	} while (c2 >= c1 && c2 - c1 >= (t2 - t1) / 2 && --tries);
	ok(c2 >= c1 && c2 - c1 < (t2 - t1) / 2, "%s stands while it sleeps (%lu of %lu ticks)",
	   name, c2 - c1, t2 - t1);
}

static u64 get_vtb(void) { return mfspr(849); }
static u64 get_purr(void) { return mfspr(309); }
static u64 get_spurr(void) { return mfspr(308); }

static void run_latch(void)
{
	bool good = true;

	for (u64 bit = 0; bit < 2; bit++) {
		mtspr(152, bit);
		host_sleep(1);
		good &= (mfspr(136) & 1) == bit;
		spin_tb(10 * MS);
		good &= (mfspr(136) & 1) == bit;
	}
	ok(good, "CTRL[RUN] is the guest's own");
}

int main(void)
{
	set_handler(0x900, tick);
	mtspr(22, 0x7fffffff);
	time_base();
	time_base_offset();
	decrementer();
	wait_for_tick("while the guest loops", false);
	wait_for_tick("that fell due in user space", true);
	guest_time("VTB", get_vtb);
	guest_time("PURR", get_purr);
	guest_time("SPURR", get_spurr);
	run_latch();
	return tap_done();
}
