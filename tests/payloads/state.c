// SPDX-License-Identifier: GPL-2.0
/*
 * Every register a guest can write keeps its value across hypercalls, the
 * host's timer, and page faults, whatever else runs on the same CPU. r6 = seed
 * (give each of several guests its own), r7 = rounds, r8 = 1 under the kernel's own backend,
 * r9 = address of the host kernel's hrfi_flush_fallback.
 *
 * Interrupts stay off: SRR0, SRR1, DAR, DSISR and the SPRGs are under test.
 * An hcall may change CTR and CR0 (LoPAR, hcall register conventions; the host
 * kernel's 0xc00 prologue does) and CFAR. CFAR may hold one host address: where
 * the kernel flushes the L1 cache by hand before hrfid (the default mitigation on
 * a processor without an instruction for it), the flush loop branches after CFAR
 * was loaded, under any backend.
 * sc itself sets SRR0 and SRR1.
 */
#include "sprlist.h"
#include "state.h"

struct state {
	u64 gpr[32];
	u64 cr, xer, ctr, lr, msr, cfar, fpscr, pad;
	u64 vscr[2];
	u64 vsr[64][2];
};

_Static_assert(offsetof(struct state, cfar) == ST_CFAR, "state_asm.S");
_Static_assert(offsetof(struct state, fpscr) == ST_FPSCR, "state_asm.S");
_Static_assert(offsetof(struct state, vscr) == ST_VSCR, "state_asm.S");
_Static_assert(offsetof(struct state, vsr) == ST_VSR, "state_asm.S");
_Static_assert(sizeof(struct state) == ST_SIZE, "state_asm.S");

extern struct state state_in, state_out;
extern char state_hcall_cfar[], state_spin_cfar[], state_load_cfar[], state_store_cfar[];
void state_hcall(void);
void state_spin(void);
void state_load(void);
void state_store(void);

/* Which bits to write where all would do harm; Power ISA Book III. */
struct spr {
	const char *name;
	u64 (*get)(void);
	void (*set)(u64);
	u32 number, cpus;
	bool present;
	u64 want;
	unsigned int wrong;
};

#define SPR_CODE(NAME, number) \
	static u64 get_##NAME(void) { return mfspr(number); } \
	static void set_##NAME(u64 v) { mtspr(number, v); }
#define HV_SPR_HOST(NAME, number)
#define HV_SPR_GUEST(NAME, number) SPR_CODE(NAME, number)
#define HV_SPR(NAME, number, CPUS, WHO, ...) HV_SPR_##WHO(NAME, number)
#define HV_SPR_PMU(NAME, number, CPUS, WHO, ...) HV_SPR_##WHO(NAME, number)
#define HV_SPR_HELD(NAME, number, CPUS, WHO, ...) HV_SPR_##WHO(NAME, number)
#include "sprs.h"
#undef HV_SPR_GUEST
SPR_CODE(SRR0, 26)
SPR_CODE(SRR1, 27)

#define ROW(NAME, n, CPUS) { .name = #NAME, .get = get_##NAME, .set = set_##NAME, \
			     .number = n, .cpus = CPUS },
#undef HV_SPR
#undef HV_SPR_PMU
#undef HV_SPR_HELD
#define ROW_HOST(...)
#define ROW_GUEST(NAME, n, CPUS) ROW(NAME, n, CPUS)
#define HV_SPR(NAME, number, CPUS, WHO, ...) ROW_##WHO(NAME, number, CPUS)
#define HV_SPR_PMU(NAME, number, CPUS, WHO, ...) ROW_##WHO(NAME, number, CPUS)
#define HV_SPR_HELD(NAME, number, CPUS, WHO, ...) ROW_##WHO(NAME, number, CPUS)
static struct spr sprs[] = {
#include "sprs.h"
	ROW(SRR0, 26, HV_ALL)
	ROW(SRR1, 27, HV_ALL)
};

#define NSPRS (sizeof(sprs) / sizeof(sprs[0]))

/* Registers that this guest cannot write: why, and by which other test they are held. */
static const struct {
	u32 number;
	const char *why;
} not_here[] = {
	{ 176, "DPDES is the hypervisor's to write" },
	{ 848, "IC is the hypervisor's to write" },
	{ 849, "VTB counts: clocks.c" },
	{ 309, "PURR counts: clocks.c" },
	{ 308, "SPURR counts: clocks.c" },
	{ 136, "CTRL has one bit, written elsewhere" },
	{ 823, "QEMU 10 has no PSSCR for supervisor state" },
	{ 469, "HASHPKEYR is the hypervisor's to write" },
};

static u64 mask(u32 number)
{
	switch (number) {
	case 29: case 61:	/* AMR, IAMR: key 0 stays usable */
		return ~0ul >> 2;
	case 795:		/* MMCR0: counters frozen, no exceptions */
	case 786:		/* MMCRA: no sampling */
		return 0;
	case 806:		/* BESCR: no event-based branches */
		return 0x7ffffffc00000000;
	case 896:		/* PPR: low and medium low, the rest is reserved */
		return 0x0004000000000000;
	case 892: case 893:	/* SPMC1, SPMC2 */
		return 0xffffffff;
	case 828:		/* DEXCR: the problem-state half */
		return 0xff000000;
	}
	return ~0ul;
}

static u64 fixed_bits(u32 number)
{
	return number == 795 ? 0x80000000 : number == 896 ? 0x0008000000000000 : 0;
}

static u64 seed;

/* splitmix64: any two rounds, registers and guests get different values */
static u64 pattern(u64 round, u64 index)
{
	u64 z = (seed << 40) + (round << 20) + index * 0x9e3779b97f4a7c15 + 1;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

/* A register is present if what we write shows. */
static void find_sprs(void)
{
	u32 cpu = 1 << power_generation();

	for (struct spr *s = sprs; s < sprs + NSPRS; s++) {
		u64 old, a, b, m = mask(s->number);
		struct exception e;

		if (!(s->cpus & cpu) || s->number == 272 || s->number == 273) {
			s->present = s->cpus & cpu;	/* SPRG0 and 1: in use just now */
			continue;
		}
		expect_exceptions(EXPECT_SKIP);
		old = s->get();
		s->set((m & 0x5555555555555555) | fixed_bits(s->number));
		a = s->get();
		s->set((m & 0xaaaaaaaaaaaaaaaa) | fixed_bits(s->number));
		b = s->get();
		s->set(old);
		e = got_exception();
		s->present = !e.count && (a != b || !m);
	}
}

#define SLB_ENTRIES	32		/* every POWER7 and later */
#define SLB_V		0x8000000ul

static struct {
	u64 esid[SLB_ENTRIES], vsid[SLB_ENTRIES];
} slb;

static void set_slb(u64 round)
{
	asm volatile("isync; slbia 0; isync" : : : "memory");
	/* slbia leaves entry 0, which gets a value like the others. */
	for (u64 i = 0; i < SLB_ENTRIES; i++) {
		u64 p = pattern(round, 1000 + i);

		slb.esid[i] = ((p & 0x3ff00) | i) << 28 | SLB_V;
		slb.vsid[i] = (p >> 16 & 0xffffff) << 12 | 0x400;	/* Kp */
		asm volatile("slbmte %0, %1" : : "r" (slb.vsid[i]), "r" (slb.esid[i] | i) : "memory");
	}
	asm volatile("isync" : : : "memory");
}

static unsigned int slb_wrong;

static void check_slb(const char *event)
{
	for (u64 i = 0; i < SLB_ENTRIES; i++) {
		u64 e, v;

		asm volatile("slbmfee %0, %1" : "=r" (e) : "r" (i));
		asm volatile("slbmfev %0, %1" : "=r" (v) : "r" (i));
		if ((e != slb.esid[i] || v != slb.vsid[i]) && !slb_wrong++)
			printf("# %s: SLB entry %lu is %lx %lx, was %lx %lx\n", event, i, e, v,
			       slb.esid[i], slb.vsid[i]);
	}
}

static struct {
	const char *name;
	unsigned int wrong;
} group[] = {
	{ "GPR", 0 }, { "CR", 0 }, { "XER", 0 }, { "CTR", 0 }, { "LR", 0 }, { "MSR", 0 },
	{ "CFAR", 0 }, { "FPSCR", 0 }, { "VSCR", 0 }, { "FPR and VSR 0-31", 0 }, { "VR", 0 },
};

enum { GPR, CR, XER, CTR, LR, MSR, CFAR, FPSCR, VSCR, VSR, VR };

static void check(int g, const char *event, int n, u64 got, u64 want)
{
	if (got != want && !group[g].wrong++)
		printf("# %s: %s %d is %016lx, was %016lx\n", event, group[g].name, n, got, want);
}

static void fill(u64 round)
{
	struct state *s = &state_in;

	for (u64 i = 0; i < 32; i++)
		s->gpr[i] = pattern(round, i);
	for (u64 i = 0; i < 64; i++) {
		s->vsr[i][0] = pattern(round, 100 + i);
		s->vsr[i][1] = pattern(round, 200 + i);
	}
	s->cr = pattern(round, 300) & 0xffffffff;
	s->xer = pattern(round, 301) & 0xe0000000;	/* SO, OV, CA */
	s->ctr = pattern(round, 302);
	s->lr = pattern(round, 303) & ~3ul;
	s->fpscr = pattern(round, 304) & 0x70001f0fb;	/* DRN, FPRF, enables, RN */
	s->vscr[LOW] = pattern(round, 305) & 0x10001;	/* NJ, SAT */
	s->vscr[!LOW] = 0;
}

#define R(n)	(1ul << (n))
/* What check_base() makes allowances for: GPRs, and these two kinds of event */
#define HCALL_CHANGES (1ul << 32 | R(3))
#define SPIN_CHANGES (1ul << 33)

#define FLUSH_BYTES	0x80	/* hrfi_flush_fallback is that long */
static bool flush_in_cfar;

static void check_base(const char *event, const char *cfar, u64 changed)
{
	const struct state *in = &state_in, *out = &state_out;
	bool is_hcall = changed == HCALL_CHANGES;
	u64 cr_kept = is_hcall ? 0x0fffffff : 0xffffffff;

	for (int i = 0; i < 32; i++)
		if (!(changed >> i & 1))
			check(GPR, event, i, out->gpr[i], in->gpr[i]);
	check(CR, event, 0, out->cr & cr_kept, in->cr & cr_kept);
	check(XER, event, 0, out->xer, in->xer);
	if (!is_hcall)		/* state_spin counts it down */
		check(CTR, event, 0, out->ctr, changed == SPIN_CHANGES ? 0 : in->ctr);
	check(LR, event, 0, out->lr, in->lr);
	check(MSR, event, 0, out->msr, mfmsr());
	if (out->cfar - boot_args.arg[3] < FLUSH_BYTES)
		flush_in_cfar = true;
	else if (!is_hcall || out->cfar >= boot_args.mem_size)
		check(CFAR, event, 0, out->cfar, (u64)cfar);
	check(FPSCR, event, 0, out->fpscr, in->fpscr);
	check(VSCR, event, 0, (u32)out->vscr[LOW], in->vscr[LOW]);
	for (int i = 0; i < 64; i++)
		for (int j = 0; j < 2; j++)
			check(i < 32 ? VSR : VR, event, i, out->vsr[i][j], in->vsr[i][j]);
}

/* All SPRs, SPRG0 and SPRG1 included, so: no exceptions from here ... */
static void set_sprs(u64 round)
{
	for (struct spr *s = sprs; s < sprs + NSPRS; s++) {
		if (!s->present)
			continue;
		s->set((pattern(round, 400 + s->number) & mask(s->number)) | fixed_bits(s->number));
		s->want = s->get();
	}
}

/* ... to here. */
static void check_sprs(const char *event, u64 sprg0, bool is_hcall)
{
	static u64 got[NSPRS];

	for (u64 i = 0; i < NSPRS; i++)
		if (sprs[i].present)
			got[i] = sprs[i].get();
	mtspr(272, sprg0);
	for (u64 i = 0; i < NSPRS; i++) {
		if (is_hcall && (sprs[i].number == 26 || sprs[i].number == 27))
			continue;
		if (sprs[i].present && got[i] != sprs[i].want && !sprs[i].wrong++)
			printf("# %s: %s is %016lx, was %016lx\n", event, sprs[i].name, got[i],
			       sprs[i].want);
	}
}

static void run_event(u64 round, const char *name, void (*event)(void), const char *cfar,
		      u64 changed)
{
	u64 sprg0 = mfspr(272);

	set_slb(round);
	set_sprs(round);
	event();
	check_sprs(name, sprg0, changed == HCALL_CHANGES);
	check_slb(name);
	check_base(name, cfar, changed);
}

static u64 fresh_page;

static u64 untouched(void)
{
	fresh_page += 0x10000;
	if (fresh_page + 0x10000 > boot_args.mem_size) {
		printf("Bail out! not enough memory for so many rounds\n");
		payload_exit(1);
	}
	return fresh_page;
}

static unsigned int data_wrong;

static void one_round(u64 round)
{
	u64 addr;

	fill(round * 8 + 1);
	state_in.gpr[3] = 0xf7fc;	/* nobody's: hvrun says H_FUNCTION */
	run_event(round * 8 + 1, "hcall to user space", state_hcall, state_hcall_cfar, HCALL_CHANGES);
	data_wrong += state_out.gpr[3] != (u64)H_FUNCTION;

	fill(round * 8 + 2);
	state_in.gpr[3] = H_HVRUN_SLEEP;
	state_in.gpr[4] = 3;
	run_event(round * 8 + 2, "sleep in user space", state_hcall, state_hcall_cfar, HCALL_CHANGES);
	data_wrong += state_out.gpr[3] != 0;

	fill(round * 8 + 3);
	state_in.ctr = 4000000;		/* some host ticks */
	run_event(round * 8 + 3, "host timer", state_spin, state_spin_cfar, SPIN_CHANGES);

	fill(round * 8 + 4);
	state_in.gpr[5] = untouched();
	run_event(round * 8 + 4, "page fault of a load", state_load, state_load_cfar, R(4));
	data_wrong += state_out.gpr[4] != 0;

	fill(round * 8 + 5);
	state_in.gpr[5] = addr = untouched();
	run_event(round * 8 + 5, "page fault of a store", state_store, state_store_cfar, 0);
	data_wrong += *(u64 *)addr != state_in.gpr[6];
}

static bool stock(void)
{
	return boot_args.arg[2];
}

static const char *excuse(u32 number)
{
	for (unsigned int i = 0; i < sizeof(not_here) / sizeof(not_here[0]); i++)
		if (not_here[i].number == number)
			return not_here[i].why;
	return NULL;
}

static void report(void)
{
	u32 cpu = 1 << power_generation();

	for (unsigned int i = 0; i < sizeof(group) / sizeof(group[0]); i++) {
		if (i == CFAR && stock())
			skip("the kernel's own backend shows the host's after an hcall", "CFAR kept");
		else if (i == CFAR && flush_in_cfar && !group[i].wrong)
			skip("vmlinux's cache flush before hrfid changes it", "CFAR kept");
		else
			ok(!group[i].wrong, "%s kept", group[i].name);
	}
	ok(!slb_wrong, "SLB kept");
	ok(!data_wrong, "hypercalls and page faults did their work");
	for (struct spr *s = sprs; s < sprs + NSPRS; s++) {
		const char *why = excuse(s->number);

		if (!(s->cpus & cpu))
			continue;
		if (s->number == 894 && stock())
			skip("the kernel's own backend loses it", "%s kept", s->name);
		else if (why)
			skip(why, "%s kept", s->name);
		else if (!s->present)
			ok(false, "%s can be written", s->name);
		else
			ok(!s->wrong, "%s kept", s->name);
	}
}

int main(void)
{
	seed = boot_args.arg[0];
	fresh_page = (u64)_end + 0x100000;
	mtmsr(mfmsr() | MSR_FP | MSR_VEC | MSR_VSX);
	find_sprs();
	for (struct spr *s = sprs; s < sprs + NSPRS; s++)
		if (excuse(s->number))
			s->present = false;
	for (u64 round = 0; round < (boot_args.arg[1] ?: 4); round++)
		one_round(round);
	asm volatile("slbia 0; isync" : : : "memory");
	report();
	return tap_done();
}
