// SPDX-License-Identifier: GPL-2.0
/*
 * ONE_REG and the register are the same thing, in both directions; registers
 * that only the hypervisor writes keep what ONE_REG put there and do their work.
 * r6 = 1 under the kernel's own backend.
 */
#include <linux/kvm.h>
#include "sprlist.h"

/* Newer than the headers of Debian 12's C library (Linux 6.1). */
#ifndef KVM_REG_PPC_DEXCR
#define KVM_REG_PPC_DEXCR	(KVM_REG_PPC | KVM_REG_SIZE_U64 | 0xc6)
#define KVM_REG_PPC_HASHKEYR	(KVM_REG_PPC | KVM_REG_SIZE_U64 | 0xc7)
#define KVM_REG_PPC_HASHPKEYR	(KVM_REG_PPC | KVM_REG_SIZE_U64 | 0xc8)
#endif

struct row {
	const char *name;
	u32 number, cpus;
	u64 id, mask;
	u64 (*get)(void);
	void (*set)(u64);
};

/* From the one list: SPR_DSCR is DSCR's number, HAS_DSCR says who has it. */
enum {
#define SPR(name, number, cpus, ...) SPR_##name = number, HAS_##name = cpus,
#define HV_SPR SPR
#define HV_SPR_PMU SPR
#define HV_SPR_HELD SPR
#include "sprs.h"
};

/* name, bits that matter (Power ISA Book III) */
#define ROWS(R) \
	R(DSCR, 0x1ffffff) \
	R(AMR, ~0ul >> 2) \
	R(IAMR, ~0ul >> 2) \
	R(UAMOR, ~0ul) \
	R(FSCR, 0x184) \
	R(EBBHR, ~3ul) \
	R(EBBRR, ~3ul) \
	R(BESCR, 0x7ffffffc00000000) \
	R(TAR, ~0ul) \
	R(PSPB, 0xffffffff) \
	R(PID, 0xfffff) \
	R(VRSAVE, 0xffffffff) \
	R(WORT, ~0ul) \
	R(TIDR, ~0ul) \
	R(DEXCR, 0xff000000) \
	R(HASHKEYR, ~0ul) \
	R(SIAR, ~0ul) \
	R(SDAR, ~0ul) \
	R(PMC1, 0xffffffff)

#define CODE(name, mask) \
	static u64 get_##name(void) { return mfspr(SPR_##name); } \
	static void set_##name(u64 v) { mtspr(SPR_##name, v); }
ROWS(CODE)

static const struct row rows[] = {
#define ROW(n, bits) \
	{ .name = #n, .number = SPR_##n, .cpus = HAS_##n, .id = KVM_REG_PPC_##n, .mask = bits, \
	  .get = get_##n, .set = set_##n },
	ROWS(ROW)
};

static void both_ways(const struct row *r)
{
	u64 a = 0x123456789abcdef0 & r->mask, b = 0xfedcba9876543210 & r->mask, got = 0;
	long rc;

	if (boot_args.arg[0] && (r->number == 804 || r->number == 805 || r->number == 806 ||
				 r->number == 828 || r->number == 468)) {
		skip("the kernel's own backend does not switch it here", "%s", r->name);
		return;
	}
	r->set(a);
	rc = host_get_reg(r->id, &got);
	ok(!rc && (got & r->mask) == a, "%s: ONE_REG reads what the guest wrote (%ld, %#lx)",
	   r->name, rc, got);
	rc = host_set_reg(r->id, b);
	got = r->get();
	ok(!rc && (got & r->mask) == b, "%s: the guest reads what ONE_REG wrote (%ld, %#lx)",
	   r->name, rc, got);
	r->set(0);
}

static void hypervisor_only(const char *name, u64 id, u64 value)
{
	u64 got = 0;
	long rc = host_set_reg(id, value);

	host_sleep(2);
	spin_tb(TB_HZ / 100);
	host_get_reg(id, &got);
	ok(!rc && got == value, "%s keeps what ONE_REG wrote (%ld, %#lx)", name, rc, got);
	host_set_reg(id, 0);
}

/* DAWRX: watch stores, in supervisor state (Power ISA Book III, DAWRX). */
#define DAWRX_DW	(1ul << 6)
#define DAWRX_WTI	(1ul << 3)
#define DAWRX_PNH_S	(1ul << 1)
#define DSISR_WATCH	0x400000

static void watchpoint(void)
{
	static u64 watched __attribute__((aligned(64)));
	struct exception e;

	host_set_reg(KVM_REG_PPC_DAWR, (u64)&watched);
	host_set_reg(KVM_REG_PPC_DAWRX, DAWRX_DW | DAWRX_WTI | DAWRX_PNH_S);
	expect_exceptions(EXPECT_SKIP);
	*(volatile u64 *)&watched = 1;
	e = got_exception();
	host_set_reg(KVM_REG_PPC_DAWRX, 0);
	ok(e.count == 1 && e.trap == 0x300 && e.dsisr & DSISR_WATCH && e.dar == (u64)&watched,
	   "DAWR watches for the guest (%u exceptions, trap %#lx, DSISR %#lx)", e.count, e.trap,
	   e.dsisr);
	expect_exceptions(EXPECT_SKIP);
	*(volatile u64 *)&watched = 2;
	e = got_exception();
	ok(!e.count && watched == 2, "and no longer when DAWRX is cleared");
}

static volatile u64 traced;

static void trace_interrupt(struct regs *r)
{
	traced = r->pc;
	host_set_reg(KVM_REG_PPC_CIABR, 0);
}

extern char ciabr_here[];

static void breakpoint(void)
{
	set_handler(0xd00, trace_interrupt);
	host_set_reg(KVM_REG_PPC_CIABR, (u64)ciabr_here | 2);	/* supervisor state */
	/* In a block of its own: QEMU looks at CIABR when it translates. */
	asm volatile("isync; .globl ciabr_here; ciabr_here: nop; isync" : : : "memory");
	/* The next instruction; QEMU 10 says its own. */
	ok(traced == (u64)ciabr_here + 4 || traced == (u64)ciabr_here,
	   "CIABR breaks at its instruction (%#lx)", traced);
	host_set_reg(KVM_REG_PPC_CIABR, 0);
}

static void vector_register(void)
{
	u64 in[2] = { 0x0123456789abcdef, 0xfedcba9876543210 }, out[2], got[9] = { KVM_REG_PPC_VR(5) };

	mtmsr(mfmsr() | MSR_FP | MSR_VEC | MSR_VSX);
	asm volatile("lvx 5, 0, %0" : : "r" (in) : "memory");
	hcall_raw(H_HVRUN_GET_REG, got);
	/* hvrun gives the halves as they are in its memory, low one first */
	ok(got[0] == in[LOW] && got[1] == in[!LOW], "VR5: ONE_REG reads what the guest wrote");
	HCALL(H_HVRUN_SET_REG, KVM_REG_PPC_VR(5), in[!LOW], in[LOW]);
	asm volatile("stvx 5, 0, %0" : : "r" (out) : "memory");
	ok(out[0] == in[1] && out[1] == in[0], "VR5: the guest reads what ONE_REG wrote");
}

int main(void)
{
	u32 cpu = 1 << power_generation();

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].cpus & cpu)
			both_ways(&rows[i]);
	vector_register();
	hypervisor_only("TB_OFFSET", KVM_REG_PPC_TB_OFFSET, 1ul << 30);
	if (cpu == HV_P10) {
		hypervisor_only("HASHPKEYR", KVM_REG_PPC_HASHPKEYR, 0x1122334455667788);
		hypervisor_only("DAWR1", KVM_REG_PPC_DAWR1, 0x3000000);
		hypervisor_only("DAWRX1", KVM_REG_PPC_DAWRX1, 0);
	}
	if (cpu & HV_DAWR) {
		hypervisor_only("DAWR", KVM_REG_PPC_DAWR, 0x3000000);
		watchpoint();
	}
	hypervisor_only("CIABR", KVM_REG_PPC_CIABR, 0x3000002);
	breakpoint();
	return tap_done();
}
