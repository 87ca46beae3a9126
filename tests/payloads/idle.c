// SPDX-License-Identifier: GPL-2.0
/* A guest with nothing to do: each vCPU cedes, its decrementer wakes it r6 times a second. Ends after r7 seconds. */
#include "payload.h"

static u64 wakes, cedes;

static void decrementer(struct regs *r)
{
	(void)r;
	__atomic_add_fetch(&wakes, 1, __ATOMIC_RELAXED);
	mtspr(22, TB_HZ / boot_args.arg[0]);
}

static void idle(void *arg)
{
	(void)arg;
	mtspr(22, TB_HZ / boot_args.arg[0]);
	for (;;) {
		HCALL(H_CEDE);
		mtmsr(mfmsr() & ~MSR_EE);
		__atomic_add_fetch(&cedes, 1, __ATOMIC_RELAXED);
		if (!this_cpu() && mftb() > boot_args.arg[4])
			break;
	}
}

int main(void)
{
	u64 want = boot_args.arg[0] * boot_args.arg[1] * boot_args.ncpus;

	set_handler(0x900, decrementer);
	boot_args.arg[4] = mftb() + boot_args.arg[1] * TB_HZ;
	for (u64 i = 1; i < boot_args.ncpus; i++)
		start_cpu(i, idle, NULL);
	idle(NULL);
	/* an emulator that stands still for seconds lets those pass that were due meanwhile */
	ok(wakes <= want + boot_args.ncpus && wakes >= want / 2, "%lu wake-ups where %lu were due", wakes, want);
	ok(cedes <= wakes * 2, "H_CEDE came back %lu times: no busy loop", cedes);
	return tap_done();
}
