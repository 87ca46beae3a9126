// SPDX-License-Identifier: GPL-2.0
/* Interrupts, from the point where crt.S has saved the registers. */
#include "payload.h"
#include "cpu.h"

_Static_assert(sizeof(struct cpu) == CPU_SIZE, "crt.S");
_Static_assert(offsetof(struct cpu, exc_stack) == CPU_EXC_STACK, "crt.S");
_Static_assert(offsetof(struct cpu, stack) == CPU_STACK, "crt.S");
_Static_assert(offsetof(struct cpu, saved_r1) == CPU_SAVED_R1, "crt.S");
_Static_assert(offsetof(struct cpu, regs) == CPU_REGS, "crt.S");
_Static_assert(offsetof(struct regs, pc) == REGS_PC, "crt.S");
_Static_assert(offsetof(struct regs, cr) == REGS_CR, "crt.S");
_Static_assert(offsetof(struct regs, trap) == REGS_TRAP, "crt.S");

static exception_handler handlers[0x1800 / 0x20];

void set_handler(unsigned int vector, exception_handler fn)
{
	handlers[vector / 0x20] = fn;
}

void dump_regs(const struct regs *r)
{
	printf("# trap %#lx pc %016lx msr %016lx dar %016lx dsisr %08lx\n",
	       r->trap, r->pc, r->msr, r->dar, r->dsisr);
	printf("# lr %016lx ctr %016lx xer %08lx cr %08lx\n", r->lr, r->ctr, r->xer, r->cr);
	for (int i = 0; i < 32; i += 4)
		printf("# r%d %016lx %016lx %016lx %016lx\n", i, r->gpr[i], r->gpr[i + 1],
		       r->gpr[i + 2], r->gpr[i + 3]);
}

static bool synchronous(u64 trap)
{
	return trap != 0x100 && trap != 0x200 && trap != 0x500 && trap != 0x900 &&
		trap != 0xa00 && trap != 0xf00;
}

static bool expected(struct cpu *cpu, struct regs *r)
{
	if (cpu->expect == EXPECT_NONE || !synchronous(r->trap))
		return false;
	cpu->got.count++;
	cpu->got.trap = r->trap;
	cpu->got.pc = r->pc;
	cpu->got.msr = r->msr;
	cpu->got.dar = r->dar;
	cpu->got.dsisr = r->dsisr;
	if (cpu->expect == EXPECT_RETURN)
		r->pc = r->lr;
	else if (r->trap != 0xc00)	/* SRR0 is already behind an sc */
		r->pc += 4;
	return true;
}

void exception(struct regs *r)
{
	struct cpu *cpu = mfcpu();
	exception_handler fn = handlers[r->trap / 0x20];

	if (cpu->in_exception) {
		cpu->in_exception = 0;
		printf("Bail out! an exception inside an exception handler\n");
		dump_regs(r);
		payload_exit(1);
	}
	cpu->in_exception = 1;
	if (fn) {
		fn(r);
	} else if (!expected(cpu, r)) {
		printf("Bail out! unexpected exception on vCPU %u\n", this_cpu());
		dump_regs(r);
		payload_exit(1);
	}
	cpu->in_exception = 0;
}

void expect_exceptions(enum expect how)
{
	struct cpu *cpu = mfcpu();

	memset(&cpu->got, 0, sizeof(cpu->got));
	cpu->expect = how;
	barrier();
}

struct exception got_exception(void)
{
	struct cpu *cpu = mfcpu();

	barrier();
	cpu->expect = EXPECT_NONE;
	return cpu->got;
}
