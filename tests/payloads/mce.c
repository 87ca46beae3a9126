// SPDX-License-Identifier: GPL-2.0
/*
 * Machine checks that a guest runs into: r6 loads (default 25, more than the ten events that the
 * host's kernel has room for) from a page behind which the host's machine has nothing. Each is
 * one machine check interrupt for the guest, or, r7 = 1, the first one an exit to a VMM that
 * asked for them (KVM_CAP_PPC_FWNMI).
 */
#include "payload.h"

#define AT		0x20000000ul	/* guest real address, and effective address */
#define NOWHERE		0x800000000000ul	/* host real address: no memory, no device */
#define KVM_ENABLE_CAP	0x8068aea3ul
#define CAP_FWNMI	146
#define SRR1_STATUS	0x28380000ul	/* bits 34, 36, 42 to 45: what it was (v3.1B III, "Machine Check Interrupt") */

struct enable_cap { u32 cap, flags; u64 args[4]; u8 pad[64]; };

static struct { u64 count, pc, srr1, dar; } got;

static void machine_check(struct regs *r)
{
	got.count++;
	got.pc = r->pc;
	got.srr1 = r->msr;
	got.dar = r->dar;
	r->pc += 4;
}

static u64 load(u64 ea)
{
	u64 off = mfmsr(), on = off | MSR_DR, v = 0x5a5a;

	asm volatile("mtmsrd %1; isync; ld %0, 0(%3); isync; mtmsrd %2; isync"
		     : "+r" (v) : "r" (on), "r" (off), "r" (ea) : "memory");
	return v;
}

int main(void)
{
	u64 loads = boot_args.arg[0] ? : 25, wrong = 0, args[9] = { 1, AT, NOWHERE };
	struct enable_cap cap = { .cap = le32(CAP_FWNMI) };

	set_handler(0x200, machine_check);
	if (hcall_raw(H_HVRUN_MAP_PHYSICAL, args) || (long)args[0] < 0) {
		printf("Bail out! no page of nothing: %ld\n", (long)args[0]);
		return 1;
	}
	if (boot_args.arg[1]) {
		u64 enable[9] = { KVM_ENABLE_CAP, (u64)&cap, 1 };

		ok(!hcall_raw(H_HVRUN_VM_IOCTL, enable) && !enable[0], "the VMM asks for machine checks");
	}
	ok(!map_page(AT, AT, MAP_RW), "H_ENTER for it");
	for (u64 i = 0; i < loads; i++) {
		u64 before = got.count, v = load(AT + 8 * i);

		wrong += got.count != before + 1 || v != 0x5a5a || !(got.srr1 & SRR1_STATUS);
		if (wrong == 1)
			printf("# load %lu: %lu machine checks, SRR1 %#lx, value %#lx\n", i, got.count - before, got.srr1, v);
	}
	ok(!wrong, "each of %lu loads is one machine check (%lu wrong, SRR1 %#lx)", loads, wrong, got.srr1);
	return tap_done();
}
