/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the backend writes down: the stream of 64-bit words that the event
 * kvm_hv:kvm_records carries, many records in one sample. Word order is the
 * host's. Each record begins with two words:
 *
 *   0  tb    host timebase ticks, when it happened
 *   1  head  bits 0-3 kind, bit 6 HV_REC_FEW, 7 HV_REC_MOVED, 8-15 how many words it has in all,
 *            16-31 interrupt vector (STAYED and LEFT), 32-63 ticks (below; the
 *            largest value stands for itself and all above). AGAIN: 16-31 req,
 *            32-39 rc, signed, 40-63 ticks; what does not fit is told by a STAYED record
 *
 * Include it with HV_RECORD defined for the list of kinds:
 *
 *   HV_RECORD(number, KIND, "words after the head", "what it tells; tb; ticks")
 *
 * "hcall" stands for: req, then as many arguments (r4, r5, ...) as hcalls.h
 * names for it, four where it does not say. A SYSCALL with MSR[PR] set in msr is no hypercall, though
 * it has the same words: the guest gets a program interrupt. "fault" stands for the HV_FAULT words below.
 */
#ifdef HV_RECORD
HV_RECORD(1, STAYED, "pc msr; SYSCALL: hcall rc; HDSI and HISI: fault",
	  "an exit that the real-mode image acted on; tb: the exit; ticks: until the guest went on")
HV_RECORD(2, LEFT, "pc msr; SYSCALL: hcall; HDSI: dar dsisr",
	  "an exit that went to the module; tb: the exit; ticks: the partition switch to the host")
HV_RECORD(3, HCALL, "rc unless ret has RESUME_FLAG_HOST; req if not in the head",
	  "the module has answered (ret RESUME_GUEST), or asks user space (H_TOO_HARD); tb: then; ticks: ret; vector: req")
HV_RECORD(4, USER, "rc; req if not in the head",
	  "user space has answered a hypercall; tb: when it came back; vector: req")
HV_RECORD(5, FAULT, "fault", "the module is done with a page fault; tb: then")
HV_RECORD(6, MMIO, "gpa value how", "an access to a device; how: bits 0-7 bytes, 8 write, 9 user space; tb: done")
HV_RECORD(7, ENTER, "pc module user idle pending; zeros at the end are left out",
	  "the guest goes on after a LEFT exit; tb: then; ticks: the partition switch to it; module, user, idle: ticks spent there since LEFT")
HV_RECORD(8, AGAIN, "args",
	  "a STAYED hypercall with pc and msr as in the last one of the same sample; tb: the exit; ticks: until the guest went on")
#undef HV_RECORD
#endif

#ifndef HV_RECORDS_H
#define HV_RECORDS_H

#define HV_REC_MOVED		0x80	/* STAYED: one more word at the end, the pc where the guest goes on */
#define HV_REC_FEW		0x40	/* AGAIN: not more than four arguments, for the writer alone */
#define HV_REC_KIND(head)	((head) & 0xf)
#define HV_REC_WORDS(head)	((head) >> 8 & 0xff)
#define HV_REC_TRAP(head)	((head) >> 16 & 0xffff)
#define HV_REC_TICKS(head)	((head) >> 32)
#define HV_REC_AGAIN_REQ(head)	((head) >> 16 & 0xffff)
#define HV_REC_AGAIN_RC(head)	((long long)((head) << 24) >> 56)
#define HV_REC_AGAIN_TICKS(head) ((head) >> 40)
#define HV_REC_HEAD		2
#define HV_REC_MAX		16	/* no record has more words */
#define HV_REC_ARGS		8	/* nor a hypercall more arguments */

enum {
#define HV_RECORD(number, kind, ...) HV_REC_##kind = number,
#include "records.h"
};

/* The words of a page fault; what was not looked up is 0. */
enum {
	HV_FAULT_EA,		/* as the access had it */
	HV_FAULT_HOW,		/* bits 0-31 HDSISR (HISI: 0), 32-39 outcome, 40-63 the memslot's flags */
	HV_FAULT_V, HV_FAULT_R,	/* the HPTE that was found, as the hardware sees it */
	HV_FAULT_GR,		/* its second word, as the guest wrote it */
	HV_FAULT_GPA,
	HV_FAULT_BASE_GFN,	/* of the memslot */
	HV_FAULT_WORDS
};

/* Who acted on an exit; the events' field "where". */
enum { HV_WHERE_REAL_MODE, HV_WHERE_MODULE, HV_WHERE_USER };

/* Outcomes: HV_FAULT_HOW >> 32 & 0xff */
enum {
	HV_FAULT_MAPPED = 1,	/* or just tried again */
	HV_FAULT_REFLECTED,	/* the guest gets its storage interrupt */
	HV_FAULT_MMIO,		/* no memory there */
	HV_FAULT_FAILED,	/* the VMM is told: the host has no page for memory it promised */
};

#endif
