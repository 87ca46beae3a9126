// SPDX-License-Identifier: GPL-2.0
/*
 * What a fresh guest finds in its registers: zeros, or what the architecture
 * says it starts with; never a value of the host's or of an earlier guest's.
 * All 1024 SPR numbers are tried, so a register nobody thought of shows up.
 * r6 = 1 under the kernel's own backend.
 */
#include "payload.h"

#define UNTOUCHED_1 0x1234567887654321ul
#define UNTOUCHED_2 0x5a5a5a5aa5a5a5a5ul
#define NSPRS 1024
#define SLB_ENTRIES 32
#define SLB_V 0x8000000ul
#define SOON (3 * TB_HZ)	/* the host has been up for longer than that */

static u64 value[NSPRS];
static bool readable[NSPRS];
static u64 vsr[64][2] __attribute__((aligned(16)));

/* mfspr r3, n, made on the spot, from the given value of r3 */
static u64 mfspr_number(u32 n, u64 r3)
{
	static u32 code[2] __attribute__((aligned(8)));

	code[0] = 0x7c6002a6 | (n & 31) << 16 | (n >> 5) << 11;
	code[1] = 0x4e800020;	/* blr */
	sync_icache(code, sizeof(code));
	asm volatile("mr 3, %0; mtctr %1; bctrl; mr %0, 3"
		     : "+&r" (r3) : "r" (code) : "r3", "ctr", "lr", "memory");
	return r3;
}

/* An SPR that does not exist reads as a no-op in supervisor state (Power ISA
 * Book III, mfspr) or traps. */
static void read_sprs(void)
{
	for (u32 n = 0; n < NSPRS; n++) {
		struct exception e;
		u64 other;

		expect_exceptions(EXPECT_SKIP);
		value[n] = mfspr_number(n, UNTOUCHED_1);
		other = mfspr_number(n, UNTOUCHED_2);
		e = got_exception();
		readable[n] = !e.count && !(value[n] == UNTOUCHED_1 && other == UNTOUCHED_2);
	}
}

/* Bits that may be set in a fresh guest, and why; everything else is zero. */
static u64 allowed(u32 n)
{
	switch (n) {
	case 1: case 8: case 9: case 22: case 26: case 27: case 272: case 273:
		return ~0ul;		/* XER, LR, CTR, DEC, SRRs, SPRG0, SPRG1: our own doing */
	case 28:
		return boot_args.mem_size - 1;	/* CFAR: addresses of ours */
	case 136:
		return 0x8101;		/* CTRL: run latch and thread states */
	case 153:
		return 0xfful << 56;	/* FSCR: cause of a facility interrupt we provoked */
	case 268: case 269: case 287:
		return ~0ul;		/* time base, PVR */
	case 308: case 309: case 849:
		return ~0ul;		/* SPURR, PURR, VTB: see below */
	case 779: case 795:
		return 0x80000200;	/* MMCR0: frozen, and PMCCEXT on POWER10 */
	case 770: case 786:
		return 1ul << 37;	/* MMCRA on POWER10: no branch history */
	case 894:
		return 0x80000000;	/* MMCRS: frozen */
	case 468:			/* HASHKEYR: the kernel's own backend shows the host's */
		return boot_args.arg[0] ? ~0ul : 0;
	case 1023: case 286:
		return 0xffff;		/* PIR: the processor's number, no secret */
	case 896:
		return 0x001c000000000000;	/* PPR: priority */
	case 898:
		return 0x001c0000;
	}
	return 0;
}

static void check_sprs(void)
{
	unsigned int seen = 0, wrong = 0;

	for (u32 n = 0; n < NSPRS; n++) {
		if (!readable[n])
			continue;
		seen++;
		if (value[n] & ~allowed(n)) {
			printf("# SPR %u starts as %016lx\n", n, value[n]);
			wrong++;
		}
	}
	ok(seen >= 50 && !wrong, "no host value in any SPR (%u can be read, %u are wrong)", seen, wrong);
	ok(value[309] < SOON && value[308] < SOON, "PURR and SPURR count this guest's time");
	ok(value[849] < SOON, "VTB counts this guest's time");
}

static void check_vectors(void)
{
	unsigned int wrong = 0;
	u64 fpscr;
	u32 vscr[4] __attribute__((aligned(16)));

	mtmsr(mfmsr() | MSR_FP | MSR_VEC | MSR_VSX);
	asm volatile(
		"mr 4, %0\n"
		".irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,"
		"29,30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51,52,53,54,55,"
		"56,57,58,59,60,61,62,63\n"
		"stxvd2x \\n, 0, 4\n"
		"addi 4, 4, 16\n"
		".endr\n"
		"mffs 0\n"
		"stfd 0, 0(%1)\n"
		"mfvscr 0\n"
		"stvx 0, 0, %2\n"
		: : "r" (vsr), "b" (&fpscr), "r" (vscr) : "r4", "memory");
	for (int i = 0; i < 64; i++)
		wrong += vsr[i][0] || vsr[i][1];
	ok(!wrong, "all VSRs start as zeros (%u do not)", wrong);
	ok(!fpscr, "FPSCR starts as zero (%#lx)", fpscr);
	ok(!(vscr[0] & ~0x10000u), "VSCR starts as zero, but for NJ (%#x)", vscr[0]);
}

static void check_slb(void)
{
	unsigned int wrong = 0;

	for (u64 i = 0; i < SLB_ENTRIES; i++) {
		u64 esid;

		/* An invalid entry is nothing; QEMU keeps its other bits. */
		asm volatile("slbmfee %0, %1" : "=r" (esid) : "r" (i));
		if (esid & SLB_V) {
			printf("# SLB entry %lu starts as %lx\n", i, esid);
			wrong++;
		}
	}
	ok(!wrong, "the SLB starts empty");
}

int main(void)
{
	read_sprs();
	check_vectors();
	check_slb();
	check_sprs();
	return tap_done();
}
