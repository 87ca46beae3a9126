// SPDX-License-Identifier: GPL-2.0
/*
 * Rows: privileged instructions, which a guest in supervisor mode executes
 * itself and which problem-state KVM has to emulate.
 */
#include "suite.h"

#define SPRG2	"274"
#define SRR0	"26"
#define DAR	"19"
#define DEC	"22"

#define ROW(id, insns, value) \
	static u64 do_##id(u64 *count) { return TIMES(*count, insns, "r" ((u64)(value))); } \
	const struct row row_##id = { 1000, ready, do_##id, ready, WHOLE };

ROW(mfmsr, "mfmsr 9", 0)
ROW(mtmsrd, "mtmsrd %1", mfmsr())
ROW(mfsprg, "mfspr 9, " SPRG2, 0)
ROW(mtsprg, "mtspr " SPRG2 ", %1", 0)
ROW(mtsrr, "mtspr " SRR0 ", %1", 0)
ROW(mfdar, "mfspr 9, " DAR, 0)
ROW(mtdec, "mtspr " DEC ", %1", DEC_FAR)

/* mtmsrd L=1 changes MSR[EE] and MSR[RI] only (Power ISA v3.1B III, mtmsrd). */
static u64 do_mtmsrd_ee(u64 *count)
{
	return TIMES(*count, "mtmsrd %1, 1; mtmsrd %2, 1", "r" (MSR_EE | MSR_RI), "r" (MSR_RI));
}

const struct row row_mtmsrd_ee = { 1000, ready, do_mtmsrd_ee, ready, WHOLE };

/* SRR0 and SRR1 stay as they are: nothing interrupts, MSR[EE]=0. */
static u64 do_rfid(u64 *count)
{
	u64 n = *count, start = mftb();

	asm volatile("bcl 20, 31, 1f; 1: mflr 9; addi 9, 9, 3f - 1b; mtsrr0 9; mtsrr1 %1;"
		     "2: rfid; 3: addic. %0, %0, -1; bne 2b"
		     : "+r" (n) : "r" (mfmsr()) : "r9", "lr", "xer", "cr0", "memory");
	return mftb() - start;
}

const struct row row_rfid = { 1000, ready, do_rfid, ready, WHOLE };
