// SPDX-License-Identifier: GPL-2.0
/* Rows: faults of guest memory and translation. */
#include "suite.h"

#define EA		0x20000000ul	/* segment 2: nothing else is there */
#define VSID_A		0x2000ul
#define VSID_B		0x3000ul
#define NPAGES		64
#define NSEGMENTS	4

static u64 hidden[NPAGES];	/* where the guest's handler entered a page */

/* Guest real mode, memory that the host takes back, and with it a mark beside where the store goes. */
static const char *discard(u64 count)
{
	for (u64 i = 0; i < count; i++)
		memory_page(i)[1] = ~0ul;
	host_discard(memory_page(0), count * HOST_PAGE);
	return NULL;
}

static u64 touch(u64 *count)
{
	u64 start = mftb();

	for (u64 i = 0; i < *count; i++)
		*(volatile u64 *)memory_page(i) = i;
	return mftb() - start;
}

static const char *all_are_fresh(u64 count)
{
	u64 lost = 0, old = 0;

	for (u64 i = 0; i < count; i++) {
		const volatile u64 *page = memory_page(i);

		lost += page[0] != i;
		old += page[1] != 0;
	}
	host_discard(memory_page(0), count * HOST_PAGE);
	return lost ? "stores are lost" : old ? "the host had not taken the pages back" : NULL;
}

const struct row row_host_page_fault = { 64, discard, touch, all_are_fresh, WHOLE };

static void segment(u64 ea, u64 vsid)
{
	u64 rs, rb;

	slb_entry(ea, vsid, &rs, &rb);
	asm volatile("slbie %1; isync; slbmte %0, %2; isync" : : "r" (rs), "r" (ea & ~0xffffffful), "r" (rb) : "memory");
}

/* Handlers use r26 to r31, which the loops leave to them. */
extern char dsi_skip[], dsi_skip_end[], dsi_enter[], dsi_enter_end[], slb_reload[], slb_reload_end[], sc_return[],
	sc_return_end[];
asm(".pushsection .text\n"
"dsi_skip:\n"		/* goes on behind the load, r31 counts */
"	mfsrr0 26; addi 26, 26, 4; mtsrr0 26; addi 31, 31, 1; rfid\n"
"dsi_skip_end:\n"
"dsi_enter:\n"		/* r27 index, r28 and r29 the entry; r31: where it went */
"	mfsrr0 26; mfsrr1 30; li 3, 8; li 4, 0; mr 5, 27; mr 6, 28; mr 7, 29; sc 1\n"
"	mtsrr0 26; mtsrr1 30; mr 31, 4; rfid\n"
"dsi_enter_end:\n"
"slb_reload:\n"		/* r28 and r29 the entry, r31 counts */
"	slbmte 28, 29; addi 31, 31, 1; rfid\n"
"slb_reload_end:\n"
"	.popsection");

#define REPLACE(vector, name) vector_replace(vector, name, name##_end - name)

static const char *map_nothing(u64 count)
{
	const char *why = need_mmu();

	(void)count;
	if (why)
		return why;
	segment(EA, VSID_A);
	REPLACE(0x300, dsi_skip);
	return NULL;
}

static u64 taken;

static u64 load_unmapped(u64 *count)
{
	u64 n = *count, start, end;

	mmu_on();
	start = mftb();
	asm volatile("li 31, 0; 1: ld 25, 0(%2); addic. %0, %0, -1; bne 1b; mr %1, 31"
		     : "+r" (n), "=r" (taken) : "b" (EA) : "r25", "r26", "r31", "xer", "cr0", "memory");
	end = mftb();
	mmu_off();
	return end - start;
}

static const char *each_was_taken(u64 count)
{
	vector_restore();
	return taken == count ? NULL : "the guest's handler did not run each time";
}

const struct row row_hpt_miss = { 200, map_nothing, load_unmapped, each_was_taken, WHOLE };

static const char *map_handler(u64 count)
{
	const char *why = need_mmu();

	if (why)
		return why;
	segment(EA, VSID_A);
	for (u64 i = 0; i < count; i++)
		*(volatile u64 *)memory_page(i) = 0;
	REPLACE(0x300, dsi_enter);
	return NULL;
}

static u64 store_and_enter(u64 *count)
{
	u64 start, end;

	mmu_on();
	start = mftb();
	for (u64 i = 0; i < *count; i++) {
		u64 ea = EA + i * PAGE_4K, ptex, v, r;

		hpte_for(VSID_A, ea, (u64)memory_page(i), &ptex, &v, &r);
		asm volatile("mr 27, %2; mr 28, %3; mr 29, %4; li 31, -1; std %1, 0(%1); mr %0, 31"
			     : "=r" (hidden[i]) : "b" (ea), "r" (ptex), "r" (v), "r" (r)
			     : "r0", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "r26", "r27", "r28",
			       "r29", "r30", "r31", "ctr", "xer", "cr0", "cr1", "cr5", "cr6", "cr7", "memory");
	}
	end = mftb();
	mmu_off();
	return end - start;
}

static const char *stored_all(u64 count)
{
	u64 bad = 0;

	vector_restore();
	for (u64 i = 0; i < count; i++) {
		bad += hidden[i] == ~0ul || remove_at(hidden[i]) != H_SUCCESS;
		bad += *(volatile u64 *)memory_page(i) != EA + i * PAGE_4K;
	}
	return bad ? "stores did not arrive" : NULL;
}

const struct row row_guest_page_fault = { NPAGES, map_handler, store_and_enter, stored_all, WHOLE };

static u64 put_segment(u64 *count)
{
	u64 rs, rb;

	slb_entry(EA, VSID_A, &rs, &rb);
	return TIMES(*count, "slbmte %1, %2", "r" (rs), "r" (rb));
}

const struct row row_slbmte = { 1000, ready, put_segment, ready, WHOLE };

/* One page in each of so many segments of two address spaces, each with a page and a value of its own. */
static u64 entries[2][NSEGMENTS];

static u64 value_of(u64 space, u64 segment)
{
	return space * NSEGMENTS + segment;
}

static const char *enter_pages(u64 spaces, u64 segments)
{
	u64 bad = 0;

	for (u64 s = 0; s < spaces; s++)
		for (u64 i = 0; i < segments; i++) {
			u64 ptex, v, r, args[9], *page = memory_page(value_of(s, i));

			hpte_for((s ? VSID_B : VSID_A) + i, EA + (i << 28), (u64)page, &ptex, &v, &r);
			*(volatile u64 *)page = value_of(s, i);
			args[0] = 0;
			args[1] = ptex;
			args[2] = v;
			args[3] = r;
			bad += hcall_raw(H_ENTER, args) != H_SUCCESS;
			entries[s][i] = args[0];
		}
	return bad ? "H_ENTER fails" : NULL;
}

static const char *remove_pages(u64 spaces, u64 segments)
{
	u64 bad = 0;

	for (u64 s = 0; s < spaces; s++)
		for (u64 i = 0; i < segments; i++)
			bad += remove_at(entries[s][i]) != H_SUCCESS;
	return bad ? "entries are missing" : NULL;
}

static const char *map_one(u64 count)
{
	const char *why = need_mmu();

	(void)count;
	if (why)
		return why;
	why = enter_pages(1, 1);
	if (why)
		return why;
	REPLACE(0x380, slb_reload);
	return NULL;
}

static u64 miss_segment(u64 *count)
{
	u64 n = *count, start, end, rs, rb;

	slb_entry(EA, VSID_A, &rs, &rb);
	segment(EA, VSID_A);
	mmu_on();
	start = mftb();
	asm volatile("mr 28, %3; mr 29, %4; li 31, 0;"
		     "1: slbie %2; isync; ld 25, 0(%2); addic. %0, %0, -1; bne 1b; mr %1, 31"
		     : "+r" (n), "=r" (taken) : "b" (EA), "r" (rs), "r" (rb)
		     : "r25", "r28", "r29", "r31", "xer", "cr0", "memory");
	end = mftb();
	mmu_off();
	return end - start;
}

static const char *each_was_reloaded(u64 count)
{
	const char *why = each_was_taken(count);

	return why ? why : remove_pages(1, 1);
}

const struct row row_slb_miss = { 500, map_one, miss_segment, each_was_reloaded, WHOLE };

static u64 wrong_loads;

static const char *map_two_spaces(u64 count)
{
	const char *why = need_mmu();

	(void)count;
	return why ? why : enter_pages(2, NSEGMENTS);
}

static u64 switch_spaces(u64 *count)
{
	u64 start, end, rs[2][NSEGMENTS], rb[NSEGMENTS];

	for (u64 i = 0; i < NSEGMENTS; i++)
		for (u64 s = 0; s < 2; s++)
			slb_entry(EA + (i << 28), (s ? VSID_B : VSID_A) + i, &rs[s][i], &rb[i]);
	wrong_loads = 0;
	mmu_on();
	start = mftb();
	for (u64 n = 0; n < *count; n++) {
		u64 to = ~n & 1;

		asm volatile("isync" : : : "memory");
		for (u64 i = 0; i < NSEGMENTS; i++)
			asm volatile("slbie %0" : : "r" (EA + (i << 28)) : "memory");
		for (u64 i = 0; i < NSEGMENTS; i++)
			asm volatile("slbmte %0, %1" : : "r" (rs[to][i]), "r" (rb[i]) : "memory");
		asm volatile("isync" : : : "memory");
		for (u64 i = 0; i < NSEGMENTS; i++)
			wrong_loads += *(volatile u64 *)(EA + (i << 28)) != value_of(to, i);
	}
	end = mftb();
	mmu_off();
	return end - start;
}

static const char *unmap_two_spaces(u64 count)
{
	const char *why = remove_pages(2, NSEGMENTS);

	(void)count;
	return wrong_loads ? "loads of the other address space" : why;
}

const struct row row_context_switch = { 200, map_two_spaces, switch_spaces, unmap_two_spaces, WHOLE };

/* In a guest with an HPT it is the hypervisor's instruction (Power ISA v3.1B III, tlbie), but kvm-pr emulates it. */
static void tlbie(void)
{
	asm volatile(".machine push; .machine power8; tlbie %0, %1; .machine pop" : : "r" (EA), "r" (0ul) : "memory");
}

static const char *may_tlbie(u64 count)
{
	(void)count;
	expect_exceptions(EXPECT_SKIP);
	tlbie();
	return got_exception().count ? "the guest may not" : NULL;
}

static u64 many_tlbies(u64 *count)
{
	return TIMES(*count, ".machine push; .machine power8; tlbie %1, %2; .machine pop", "r" (EA), "r" (0ul));
}

const struct row row_tlbie = { 500, may_tlbie, many_tlbies, ready, WHOLE };

asm(".pushsection .text\n"
"sc_return:\n"
"	rfid\n"
"sc_return_end:\n"
"	.popsection");

void problem_state(u64 pc, u64 msr);
extern char supervisor_return[];
static u64 problem_ticks, problem_calls;

/* Problem state, its end is a trap: system calls return to it. */
static void make_system_calls(void)
{
	problem_ticks = TIMES(problem_calls, "sc");
	asm volatile("trap");
}

static void back_to_supervisor(struct regs *r)
{
	r->pc = (u64)supervisor_return;
	r->msr &= ~(MSR_PR | MSR_IR | MSR_DR | MSR_EE);
}

static const char *prepare_syscall(u64 count)
{
	const char *why = need_mmu();

	problem_calls = count;
	problem_ticks = 0;
	if (!why)
		REPLACE(0xc00, sc_return);
	return why;
}

static u64 system_calls(u64 *count)
{
	(void)count;
	set_handler(0x700, back_to_supervisor);
	problem_state((u64)make_system_calls, mfmsr() | MSR_PR | MSR_IR | MSR_DR | MSR_EE);
	set_handler(0x700, NULL);
	return problem_ticks;
}

static const char *after_syscalls(u64 count)
{
	(void)count;
	vector_restore();
	return problem_ticks ? NULL : "no system call came back";
}

const struct row row_guest_syscall = { 500, prepare_syscall, system_calls, after_syscalls, WHOLE };
