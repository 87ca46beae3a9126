// SPDX-License-Identifier: GPL-2.0
/*
 * Loads and stores of every kind to a device of the VMM's (hvrun's: it is
 * storage). The same instruction on memory says what has to come out.
 */
#include "payload.h"

#define EA	0x20000000ul	/* the device is mapped there */
#define ROOM	64		/* bytes that an instruction may reach: 32 on either side */

struct state {
	u64 ea;			/* of the middle; changed by update forms */
	u64 gpr;		/* stored or loaded */
	u64 vec[4];		/* VSR 1 (FPR 1), then VSR 33 (VR 1) */
};

/* FPR 1 and VR 1 are put in and got out with lxvd2x, stxvd2x: memory only */
#define OP(name, insn) \
	static void op_##name(struct state *s) \
	{ \
		u64 ea = s->ea, gpr = s->gpr; \
		asm volatile(".machine power9; lxvd2x 1, 0, %2; lxvd2x 33, %3, %2;" insn ";" \
			     "stxvd2x 1, 0, %2; stxvd2x 33, %3, %2" \
			     : "+b" (ea), "+r" (gpr) : "b" (s->vec), "b" (16ul), "r" (8ul), "r" (-8ul) \
			     : "memory"); \
		s->ea = ea; \
		s->gpr = gpr; \
	}

/* name, instruction: %0 the address, %1 the register, %4 an index of 8, %5 of -8 */
#define OPS(R) \
	R(lbz, "lbz %1, 3(%0)") R(lbzu, "lbzu %1, -5(%0)") R(lbzx, "lbzx %1, %0, %4") R(lbzux, "lbzux %1, %0, %4") \
	R(lhz, "lhz %1, 2(%0)") R(lhzu, "lhzu %1, 6(%0)") R(lhzx, "lhzx %1, %0, %5") R(lhzux, "lhzux %1, %0, %4") \
	R(lha, "lha %1, 2(%0)") R(lhau, "lhau %1, 6(%0)") R(lhax, "lhax %1, %0, %5") R(lhaux, "lhaux %1, %0, %4") \
	R(lwz, "lwz %1, 4(%0)") R(lwzu, "lwzu %1, -8(%0)") R(lwzx, "lwzx %1, %0, %4") R(lwzux, "lwzux %1, %0, %5") \
	R(lwa, "lwa %1, 4(%0)") R(lwax, "lwax %1, %0, %4") R(lwaux, "lwaux %1, %0, %5") \
	R(ld, "ld %1, 8(%0)") R(ldu, "ldu %1, -8(%0)") R(ldx, "ldx %1, %0, %4") R(ldux, "ldux %1, %0, %5") \
	R(lhbrx, "lhbrx %1, %0, %4") R(lwbrx, "lwbrx %1, %0, %4") R(ldbrx, "ldbrx %1, %0, %4") \
	R(stb, "stb %1, 3(%0)") R(stbu, "stbu %1, -5(%0)") R(stbx, "stbx %1, %0, %4") R(stbux, "stbux %1, %0, %4") \
	R(sth, "sth %1, 2(%0)") R(sthu, "sthu %1, 6(%0)") R(sthx, "sthx %1, %0, %5") R(sthux, "sthux %1, %0, %4") \
	R(stw, "stw %1, 4(%0)") R(stwu, "stwu %1, -8(%0)") R(stwx, "stwx %1, %0, %4") R(stwux, "stwux %1, %0, %5") \
	R(std, "std %1, 8(%0)") R(stdu, "stdu %1, -8(%0)") R(stdx, "stdx %1, %0, %4") R(stdux, "stdux %1, %0, %5") \
	R(sthbrx, "sthbrx %1, %0, %4") R(stwbrx, "stwbrx %1, %0, %4") R(stdbrx, "stdbrx %1, %0, %4") \
	R(lfs, "lfs 1, 4(%0)") R(lfsu, "lfsu 1, -8(%0)") R(lfsx, "lfsx 1, %0, %4") R(lfsux, "lfsux 1, %0, %5") \
	R(lfd, "lfd 1, 8(%0)") R(lfdu, "lfdu 1, -8(%0)") R(lfdx, "lfdx 1, %0, %4") R(lfdux, "lfdux 1, %0, %5") \
	R(lfiwax, "lfiwax 1, %0, %4") R(lfiwzx, "lfiwzx 1, %0, %4") \
	R(stfs, "stfs 1, 4(%0)") R(stfsu, "stfsu 1, -8(%0)") R(stfsx, "stfsx 1, %0, %4") R(stfsux, "stfsux 1, %0, %5") \
	R(stfd, "stfd 1, 8(%0)") R(stfdu, "stfdu 1, -8(%0)") R(stfdx, "stfdx 1, %0, %4") R(stfdux, "stfdux 1, %0, %5") \
	R(stfiwx, "stfiwx 1, %0, %4") \
	R(lxsdx, "lxsdx 1, %0, %4") R(lxsdx_vr, "lxsdx 33, %0, %4") R(lxsspx, "lxsspx 1, %0, %4") \
	R(lxsiwax, "lxsiwax 1, %0, %4") R(lxsiwzx, "lxsiwzx 33, %0, %4") R(lxvdsx, "lxvdsx 1, %0, %4") \
	R(lxvd2x, "lxvd2x 1, %0, %4") R(lxvd2x_vr, "lxvd2x 33, %0, %4") R(lxvw4x, "lxvw4x 1, %0, %4") \
	R(stxsdx, "stxsdx 1, %0, %4") R(stxsspx, "stxsspx 1, %0, %4") R(stxsiwx, "stxsiwx 33, %0, %4") \
	R(stxvd2x, "stxvd2x 1, %0, %4") R(stxvd2x_vr, "stxvd2x 33, %0, %4") R(stxvw4x, "stxvw4x 1, %0, %4") \
	R(lvx, "lvx 1, 0, %0") R(stvx, "stvx 1, 0, %0") \
	R(lvebx, "lvebx 1, %0, %4") R(lvehx, "lvehx 1, %0, %4") R(lvewx, "lvewx 1, %0, %4") \
	R(stvebx, "stvebx 1, %0, %4") R(stvehx, "stvehx 1, %0, %4") R(stvewx, "stvewx 1, %0, %4")

/* v3.1: of eight bytes */
#define PREFIXED_OPS(R) \
	R(plbz, ".machine power10; plbz %1, 3(%0)") R(plhz, ".machine power10; plhz %1, 2(%0)") \
	R(plha, ".machine power10; plha %1, 2(%0)") R(plwz, ".machine power10; plwz %1, 4(%0)") \
	R(plwa, ".machine power10; plwa %1, 4(%0)") R(pld, ".machine power10; pld %1, 8(%0)") \
	R(pstb, ".machine power10; pstb %1, 3(%0)") R(psth, ".machine power10; psth %1, 2(%0)") \
	R(pstw, ".machine power10; pstw %1, 4(%0)") R(pstd, ".machine power10; pstd %1, 8(%0)") \
	R(plfs, ".machine power10; plfs 1, 4(%0)") R(plfd, ".machine power10; plfd 1, 8(%0)") \
	R(pstfs, ".machine power10; pstfs 1, 4(%0)") R(pstfd, ".machine power10; pstfd 1, 8(%0)")

OPS(OP)
PREFIXED_OPS(OP)

#define ROW(name, insn) { #name, op_##name },
static const struct op {
	const char *name;
	void (*fn)(struct state *s);
} ops[] = { OPS(ROW) }, prefixed_ops[] = { PREFIXED_OPS(ROW) };

/*
 * What an element of a vector register has that lvebx and its kin do not name
 * is undefined (Power ISA I, Load Vector Element): the element alone counts.
 */
static bool element_load(const char *name)
{
	return name[0] == 'l' && name[1] == 'v' && name[2] == 'e';
}

static u64 memory[ROOM / 8] __attribute__((aligned(64)));

/* hvrun has the device's bytes as a little-endian machine does */
static u64 as_host(u64 x)
{
	return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? __builtin_bswap64(x) : x;
}

static void device_copy(u64 *buf, bool set)
{
	for (u64 i = 0; i < ROOM; i += 16) {
		u64 args[9] = { i, as_host(buf[i / 8]), as_host(buf[i / 8 + 1]) };

		if (hcall_raw(set ? H_HVRUN_DEVICE_SET : H_HVRUN_DEVICE_GET, args))
			payload_exit(1);
		if (!set) {
			buf[i / 8] = as_host(args[0]);
			buf[i / 8 + 1] = as_host(args[1]);
		}
	}
}

/* Numbers that are also singles and doubles of ordinary size, whatever the byte order and offset. */
static u64 pattern(u64 seed)
{
	return 0x4044404340424041 + seed * 0x0001000100010001;
}

static void fill(struct state *s, u64 *buf)
{
	for (int i = 0; i < ROOM / 8; i++)
		buf[i] = pattern(i);
	s->gpr = 0x8182838485868788;
	for (int i = 0; i < 4; i++)
		s->vec[i] = pattern(100 + i);
}

static bool same_vectors(const struct op *op, const struct state *a, const struct state *b)
{
	if (element_load(op->name))	/* %4: the element at offset 8 */
		return a->vec[0] == b->vec[0] && a->vec[1] == b->vec[1];
	/* before v3.1 a floating-point load leaves the VSR's second doubleword undefined (Power ISA I, Vector-Scalar Registers) */
	if ((op->name[0] == 'l' && op->name[1] == 'f') || !memcmp(op->name, "plf", 3))
		return a->vec[0] == b->vec[0] && a->vec[2] == b->vec[2] && a->vec[3] == b->vec[3];
	return !memcmp(a->vec, b->vec, sizeof(a->vec));
}

static void compare(const struct op *op)
{
	struct state m = { .ea = (u64)memory + ROOM / 2 }, d = { .ea = EA + ROOM / 2 };
	u64 device[ROOM / 8];
	struct exception e;

	fill(&d, device);
	fill(&m, memory);
	device_copy(device, true);
	expect_exceptions(EXPECT_SKIP);
	op->fn(&m);
	op->fn(&d);
	e = got_exception();
	device_copy(device, false);
	m.ea -= (u64)memory;
	d.ea -= EA;
	ok(!e.count && m.ea == d.ea && m.gpr == d.gpr && same_vectors(op, &m, &d) &&
	   !memcmp(device, memory, ROOM), "%s (%u exceptions, trap %#lx)", op->name, e.count, e.trap);
	if (m.ea != d.ea || m.gpr != d.gpr)
		printf("# address %#lx, %#lx of memory; register %#lx, %#lx\n", d.ea, m.ea, d.gpr, m.gpr);
	if (!same_vectors(op, &m, &d))
		printf("# vectors %016lx %016lx %016lx %016lx, of memory %016lx %016lx %016lx %016lx\n", d.vec[0],
		       d.vec[1], d.vec[2], d.vec[3], m.vec[0], m.vec[1], m.vec[2], m.vec[3]);
	for (int i = 0; i < ROOM / 8; i++)
		if (device[i] != memory[i])
			printf("# at %d: %016lx, memory %016lx\n", i * 8, device[i], memory[i]);
}

/* Without MSR[FP] the guest's kernel is asked first, device or not. */
static void unavailable(void)
{
	struct state s = { .ea = EA + ROOM / 2 };
	struct exception e;

	mtmsr(mfmsr() & ~(MSR_FP | MSR_VEC | MSR_VSX));
	expect_exceptions(EXPECT_SKIP);
	asm volatile("stfd 1, 0(%0)" : : "b" (s.ea) : "memory");
	e = got_exception();
	ok(e.count == 1 && e.trap == 0x800, "FP unavailable comes before the device (trap %#lx)", e.trap);
	mtmsr(mfmsr() | MSR_FP | MSR_VEC | MSR_VSX);
}

#define SRR1_PREFIXED	0x20000000ul

/* An interrupt says that the instruction has eight bytes; SRR0 and it let the guest's kernel find the next one. */
static void prefixed_interrupt(const u32 *code, u64 trap, const char *what)
{
	struct exception e;

	expect_exceptions(EXPECT_RETURN);
	asm volatile("mr 3, %0; mtctr %1; bctrl" : : "r" (EA + 0x100000), "r" (code) : "r3", "ctr", "lr", "memory");
	e = got_exception();
	ok(e.count == 1 && e.trap == trap && e.msr & SRR1_PREFIXED, "%s (trap %#lx, SRR1 %#lx)", what, e.trap, e.msr);
}

static void prefixed_interrupts(void)
{
	static const u32 plwz[] __attribute__((aligned(64))) = { 0x06000000, 0x80630000, 0x4e800020 };
	static const u32 illegal[] __attribute__((aligned(64))) = { 0x04000000, 0, 0x4e800020 };

	prefixed_interrupt(plwz, 0x300, "a prefixed load from nowhere");
	prefixed_interrupt(illegal, 0x700, "a prefixed instruction that is none");
}

int main(void)
{
	long rc = map_page(EA, DEVICE_ADDR, MAP_RW | MAP_IO);

	if (!ok(rc == H_SUCCESS, "the device is mapped (%ld)", rc) || !map_payload())
		return tap_done();
	mtmsr(mfmsr() | MSR_IR | MSR_DR | MSR_FP | MSR_VEC | MSR_VSX);
	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++)
		compare(&ops[i]);
	for (size_t i = 0; power_generation() >= 10 && i < sizeof(prefixed_ops) / sizeof(prefixed_ops[0]); i++)
		compare(&prefixed_ops[i]);
	if (power_generation() >= 10)
		prefixed_interrupts();
	unavailable();
	mtmsr(mfmsr() & ~(MSR_IR | MSR_DR));
	return tap_done();
}
