// SPDX-License-Identifier: GPL-2.0
/*
 * Provokes one kind of exit, r7 times: r6 says which (see tests/lab/exits.sh,
 * which compares the trace with what was provoked). Checks what the guest sees.
 */
#include "payload.h"

#define HOST_PAGE	0x10000ul	/* the largest small page of a host */
#define NOBODYS_HCALL	0xf7fc
#define SRR1_ILLEGAL	0x80000ul	/* Power ISA Book III, program interrupt */
#define SRR1_PRIVILEGED	0x40000ul
#define SRR1_NOEXEC	0x10000000ul	/* instruction storage interrupt */
#define SRR1_KEY	0x200000ul

static u64 times;

static void hcalls(void)
{
	u64 wrong = 0;

	for (u64 i = 0; i < times; i++)
		wrong += HCALL(NOBODYS_HCALL, i) != H_FUNCTION;
	ok(!wrong, "an hcall nobody has returns H_FUNCTION");
}

static char *fresh(u64 i)
{
	return _end + HOST_PAGE * (i + 1);
}

static void data_faults(void)
{
	u64 wrong = 0;

	for (u64 i = 0; i < times; i++)
		wrong += *(volatile u64 *)fresh(i) != 0;
	ok(!wrong, "untouched memory reads as zeros");
}

static void jump(void *where)
{
	asm volatile("mtctr %0; bctrl" : : "r" (where) : "ctr", "lr", "memory");
}

/* Zeros are no instruction: each jump ends with an illegal instruction. */
static void fetch_faults(void)
{
	u64 wrong = 0;

	for (u64 i = 0; i < times; i++) {
		struct exception e;

		expect_exceptions(EXPECT_RETURN);
		jump(fresh(i));
		e = got_exception();
		wrong += e.count != 1 || e.trap != 0x700 || e.pc != (u64)fresh(i);
	}
	ok(!wrong, "a jump to untouched memory runs the zeros there");
}

static void illegal_instructions(void)
{
	u64 wrong = 0;

	for (u64 i = 0; i < times; i++) {
		struct exception e;

		expect_exceptions(EXPECT_SKIP);
		asm volatile(".long 0" : : : "memory");
		e = got_exception();
		wrong += e.count != 1 || e.trap != 0x700 || !(e.msr & SRR1_ILLEGAL);
	}
	ok(!wrong, "an illegal instruction is a program interrupt with the illegal bit");
}

static bool facility_refused(const struct exception *e)
{
	return e->count == 1 && (e->trap == 0xf60 || (e->trap == 0x700 && e->msr & SRR1_ILLEGAL));
}

/* HFSCR withholds it on POWER9 and POWER10 (design.md, section 8). */
static void message_send(void)
{
	struct exception e = { 0 };
	u64 wrong = 0;

	for (u64 i = 0; i < times; i++) {
		expect_exceptions(EXPECT_SKIP);
		/*
		 * Thread 1 of this core, which a guest does not have. QEMU 10's
		 * interrupt has a stale address; isync makes it the right one.
		 */
		asm volatile("isync; msgsndp %0" : : "r" (5ul << 27 | 1));
		e = got_exception();
		wrong += e.count && !facility_refused(&e);
	}
	ok(!wrong, "msgsndp to a thread that is not there does nothing, or is refused (trap %#lx, SRR1 %#lx)",
	   e.trap, e.msr);
}

static struct {
	u64 rc, done;
} problem;

/* Were it executed, hvrun would end with this status. */
static void problem_hcall(void)
{
	register u64 r3 asm("r3") = H_HVRUN_EXIT;
	register u64 r4 asm("r4") = 77;

	asm volatile("sc 1" : "+r" (r3), "+r" (r4) : : "r0", "r5", "r6", "r7", "r8", "r9", "r10",
		     "r11", "r12", "ctr", "xer", "cr0", "memory");
	problem.rc = r3;
	problem.done = 1;
}

/* LoPAR: H_PRIVILEGE. Also right: a privileged program interrupt, or, since the
 * guest may run problem-state KVM itself, a system call interrupt. */
static void problem_state_hcalls(void)
{
	struct exception e;
	u64 wrong = 0;

	if (!map_payload()) {
		skip("this backend has no H_ENTER", "sc 1 from problem state is refused");
		return;
	}
	for (u64 i = 0; i < times; i++) {
		problem.rc = problem.done = 0;
		expect_exceptions(EXPECT_SKIP);
		if (!run_problem_state(problem_hcall))
			problem.rc = H_PRIVILEGE;
		e = got_exception();
		if (e.count)
			wrong += e.trap != 0x700 || !(e.msr & SRR1_PRIVILEGED);
		else
			wrong += problem.rc != (u64)H_PRIVILEGE;
	}
	ok(!wrong, "sc 1 from problem state is refused");
}

/* Ends in hvrun, which says what was touched. */
static void device_access(void)
{
	u64 ea = 0x20000000, ra = boot_args.mem_size + 0x100000;
	long rc = map_page(ea, ra, MAP_RW | MAP_IO);

	if (rc == H_FUNCTION) {
		skip("this backend has no H_ENTER", "access to a page outside memory");
		return;
	}
	if (!ok(rc == H_SUCCESS, "H_ENTER of a page outside memory (%ld)", rc) || !map_payload())
		return;
	mtmsr(mfmsr() | MSR_IR | MSR_DR);
	*(volatile u32 *)ea = 0x12345678;
	mtmsr(mfmsr() & ~(MSR_IR | MSR_DR));
	ok(false, "a store outside memory leaves to hvrun");
}

/* Real mode, behind the end of memory: a storage interrupt, or hvrun says no. */
static void real_mode_beyond(void)
{
	struct exception e;

	expect_exceptions(EXPECT_SKIP);
	(void)*(volatile u64 *)(boot_args.mem_size + 0x100000);
	e = got_exception();
	ok(e.count == 1 && e.trap == 0x300, "a real-mode load behind memory is a data storage interrupt (trap %#lx, DSISR %#lx)",
	   e.trap, e.dsisr);
	ok(e.dar == boot_args.mem_size + 0x100000, "with its address in DAR");
	expect_exceptions(EXPECT_RETURN);
	jump((void *)(boot_args.mem_size + 0x200000));
	e = got_exception();
	ok(e.count == 1 && e.trap == 0x400, "a real-mode jump behind memory is an instruction storage interrupt (trap %#lx)",
	   e.trap);
}

static void rearm(struct regs *r)
{
	(void)r;
	mtspr(22, 0x7fffffff);
}

/* With MSR[EE] = 1: QEMU 10 lets doorbells for the host out of a guest only then. */
static void spin_ms(void)
{
	set_handler(0x900, rearm);
	mtspr(22, 0x7fffffff);
	mtmsr(mfmsr() | MSR_EE);
	spin_tb(times * TB_HZ / 1000);
	mtmsr(mfmsr() & ~MSR_EE);
	ok(true, "time went by");
}

/*
 * A guest has no transactional memory, but its kernel can load a suspended
 * transaction state from SRR1. The next exit takes it along; the host must
 * survive, and the guest finds it gone.
 */
static void suspended_transaction(void)
{
	u64 ts = 1ul << 33, tm = 1ul << 32, kept = 0, wrong = 0;

	for (u64 i = 0; i < times; i++) {
		u64 t;

		asm volatile("bcl 20, 31, 1f; 1: mflr %0; addi %0, %0, 2f - 1b; mtsrr0 %0;"
			     "mfmsr %0; or %0, %0, %1; mtsrr1 %0; rfid; 2:"
			     : "=&r" (t) : "r" (ts | tm) : "lr", "memory");
		wrong += HCALL(NOBODYS_HCALL, i) != H_FUNCTION;
		kept += !!(mfmsr() & ts);
	}
	ok(!wrong, "hypercalls in a suspended transaction");
	ok(!kept, "the suspended transaction is gone after the exit");
}

/* The whole jump, times times: each is an instruction storage interrupt for that reason. */
static void refused(u64 ea, u64 reason, const char *what)
{
	u64 wrong = 0;

	for (u64 i = 0; i < times; i++) {
		struct exception e;

		expect_exceptions(EXPECT_RETURN);
		jump((void *)ea);
		e = got_exception();
		wrong += e.count != 1 || e.trap != 0x400 || e.pc != ea || !(e.msr & reason);
	}
	ok(!wrong, "a jump to %s is an instruction storage interrupt that says so (%lu wrong)", what, wrong);
}

/* The HPTE allows them; a key or the segment does not (Power ISA Book III, IAMR, SLB entry's N). */
static void forbidden_fetches(void)
{
	u64 ea = 0x30000000, key1 = 0x200, segment = ea >> 28;
	u32 *code = (u32 *)fresh(0);
	struct exception e;
	long rc;

	*code = 0x4e800020;	/* blr */
	sync_icache(code, 4);
	rc = map_page(ea, (u64)code, MAP_RW | key1);
	if (!ok(rc == H_SUCCESS, "H_ENTER of a page with key 1 (%ld)", rc) || !map_payload())
		return;
	mtmsr(mfmsr() | MSR_IR | MSR_DR);
	expect_exceptions(EXPECT_RETURN);
	jump((void *)ea);
	e = got_exception();
	ok(!e.count, "a jump there returns");
	mtspr(61, 1ul << 60);
	asm volatile("isync" : : : "memory");
	refused(ea, SRR1_KEY, "a page whose key IAMR denies");
	mtspr(61, 0);
	asm volatile("isync; slbie %0; isync; slbmte %1, %2; isync" : :
		     "r" (ea), "r" ((0x1000 + segment) << 12 | 0x200), "r" (ea | 1ul << 27 | segment) : "memory");
	refused(ea, SRR1_NOEXEC, "a no-execute segment");
	mtmsr(mfmsr() & ~(MSR_IR | MSR_DR));
}

static void (*const kinds[])(void) = {
	hcalls, data_faults, fetch_faults, illegal_instructions, message_send,
	problem_state_hcalls, device_access, real_mode_beyond, spin_ms,
	suspended_transaction, forbidden_fetches,
};

int main(void)
{
	u64 kind = boot_args.arg[0];

	times = boot_args.arg[1];
	if (kind >= sizeof(kinds) / sizeof(kinds[0])) {
		printf("Bail out! r6 = %lu is no kind of exit\n", kind);
		return 1;
	}
	kinds[kind]();
	return tap_done();
}
