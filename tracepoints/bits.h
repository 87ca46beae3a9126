/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The one list of the bits that an exit's registers are shown with, most
 * significant first: MSR (Power ISA v3.1B III 4.2.1; TM and TS: v2.07B III-S),
 * and HDSISR, whose bits an instruction fault has in (H)SRR1 (v3.1B III 7.5.16
 * and 7.5.17). Include it with the macros below defined (each one that is not
 * defined expands to nothing):
 *
 *   HV_MSR_BIT(bit, NAME)              bit counted from the least significant
 *   HV_DSISR_BIT(bit, NAME, "meaning")
 */
#ifndef HV_MSR_BIT
#define HV_MSR_BIT(...)
#endif
#ifndef HV_DSISR_BIT
#define HV_DSISR_BIT(...)
#endif

HV_MSR_BIT(63, SF)
HV_MSR_BIT(60, HV)
HV_MSR_BIT(34, TS_T)
HV_MSR_BIT(33, TS_S)
HV_MSR_BIT(32, TM)
HV_MSR_BIT(25, VEC)
HV_MSR_BIT(23, VSX)
HV_MSR_BIT(22, S)
HV_MSR_BIT(15, EE)
HV_MSR_BIT(14, PR)
HV_MSR_BIT(13, FP)
HV_MSR_BIT(12, ME)
HV_MSR_BIT(11, FE0)
HV_MSR_BIT(10, SE)
HV_MSR_BIT(9, BE)
HV_MSR_BIT(8, FE1)
HV_MSR_BIT(5, IR)
HV_MSR_BIT(4, DR)
HV_MSR_BIT(2, PMM)
HV_MSR_BIT(1, RI)
HV_MSR_BIT(0, LE)

HV_DSISR_BIT(30, NOT_MAPPED, "no translation found")
HV_DSISR_BIT(29, ATTR_CONFLICT, "process and partition scoped attributes conflict")
HV_DSISR_BIT(28, NOEXEC_OR_G, "instruction fetch from no-execute or guarded storage")
HV_DSISR_BIT(27, PROTECTED, "protection does not allow the access")
HV_DSISR_BIT(26, BAD_ACCESS, "access of a kind that caching-inhibited or guarded storage does not allow")
HV_DSISR_BIT(25, STORE, "the access was a store")
HV_DSISR_BIT(22, DAWR_MATCH, "data address watchpoint")
HV_DSISR_BIT(21, KEY, "virtual page class key protection")
HV_DSISR_BIT(19, BAD_MMU_CONFIG, "unsupported MMU configuration")
HV_DSISR_BIT(18, SET_RC, "reference or change bit could not be set")
HV_DSISR_BIT(17, PROCESS_TABLE, "fault on the way to the process table")
HV_DSISR_BIT(3, BAD_COPY_PASTE, "copy or paste to storage that does not support it")
HV_DSISR_BIT(2, BAD_AMO, "atomic memory operation with an invalid function code")

#undef HV_MSR_BIT
#undef HV_DSISR_BIT
