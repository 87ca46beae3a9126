// SPDX-License-Identifier: GPL-2.0
/*
 * A hostile guest: r6 random hypercalls, then r7 with method, shared by all
 * vCPUs; r8 = seed. hvrun --stress pulls the upper half of memory about
 * meanwhile. What must hold all the time:
 *  - no load returns what a canary process in the host has in its memory;
 *  - after an entry was removed, the next access through it is an interrupt;
 *  - nothing is written through a read-only entry;
 *  - an index behind the table is H_PARAMETER;
 *  - sc 1 from problem state is not executed.
 */
#include "hostile.h"

#define VALID		1ul
#define LARGE		4ul
#define SECONDARY	2ul
#define HPTE_R_C	0x180ul		/* R and C */
#define WIMG_M		0x10ul
#define PP_RW		2ul
#define PP_RO		3ul
#define DSISR_NOHPTE	0x40000000ul
#define DSISR_PROTFAULT	0x08000000ul
#define AVPN		(1ul << (63 - 32))	/* flags of H_REMOVE, H_PROTECT (LoPAR) */
#define ANDCOND		(1ul << (63 - 33))
#define EXACT		(1ul << (63 - 24))
#define READ_4		(1ul << (63 - 26))
#define MAX_NPTE	(1u << 17)

u64 nptes, half;
static u8 mine[MAX_NPTE / 8];
static struct foe foes[MAX_CPUS];
static u64 random_each, method_each, arrived, finished;

bool is_protected(u64 index)
{
	return mine[index / 8] >> index % 8 & 1;
}

u64 free_index(struct foe *f)
{
	u64 index;

	do
		index = rnd(f) % nptes;
	while (is_protected(index));
	return index;
}

void complain(struct foe *f, const char *what, u64 detail)
{
	if (!f->wrong++) {
		f->what = what;
		f->detail = detail;
	}
}

long foe_hcall(struct foe *f, u64 number, u64 args[9])
{
	long rc = hcall_raw(number, args);

	f->calls++;
	if (rc == H_SUCCESS)
		f->succeeded++;
	else
		f->refused++;
	return rc;
}

/* A page of this vCPU's: segment size 256M, one VSID per slot, known to nobody else. */
struct place {
	u64 ea, vsid, hash, v;
	int shift;		/* base page size */
	u64 llp;		/* SLB bits for it */
};

static void choose_place(struct foe *f, struct place *p)
{
	static const struct { int shift; u64 llp; } sizes[] = { { 12, 0 }, { 16, 0x110 }, { 24, 0x100 } };
	u64 segment = 0x100 + f->cpu * 16 + rnd(f) % 16, kind = rnd(f) % 8 ? 0 : rnd(f) % 3;

	p->shift = sizes[kind].shift;
	p->llp = sizes[kind].llp;
	p->ea = segment << 28 | (rnd(f) & 0xffff000);
	/* a page size belongs to a segment: VSIDs of different sizes must not meet */
	p->vsid = 0x100000 * (kind + 1) + segment;
	p->hash = p->vsid ^ (p->ea & 0xfffffff) >> p->shift;
	/* the last group is for same_entries() */
	if ((p->hash & (nptes / 8 - 1)) == nptes / 8 - 1)
		p->hash ^= 1, p->ea ^= 1ul << p->shift;
	p->v = (p->vsid << 5 | (p->ea & 0xfffffff) >> 23) << 7 | VALID | (kind ? LARGE : 0);
	if (kind == 2)
		p->v &= ~0x80ul;	/* 16 MiB: bits of the page's own offset */
}

/* The second doubleword: where to. Memory under stress, its edges, outside, the host's. */
static u64 choose_target(struct foe *f, const struct place *p)
{
	u64 ra, size = 1ul << p->shift, r;

	switch (rnd(f) % 32) {	/* each access outside memory costs a way to the VMM and back */
	case 0: ra = 2 * half + rnd(f) % 64 * size; break;
	case 1: ra = rnd(f) % (1ul << 40); break;
	case 2: case 3: ra = 2 * half - size; break;
	case 4: case 5: ra = half; break;
	default: ra = half + rnd(f) % half;
	}
	/* never the payload: it would be its own victim */
	ra = (ra & ~(size - 1)) < half ? half : ra & ~(size - 1);
	r = ra | (p->shift == 16 ? 0x1000 : 0) | HPTE_R_C;
	r |= rnd(f) % 4 ? PP_RW : PP_RO;
	return r | (rnd(f) % 4 ? WIMG_M : rnd(f) & 0x78);
}

static void map_segment(const struct place *p)
{
	u64 esid = p->ea >> 28;

	asm volatile("isync; slbmte %0, %1; isync" : :
		     "r" (p->vsid << 12 | p->llp), "r" (esid << 28 | 1ul << 27 | (esid & 31)) : "memory");
}

/* One load or store with data relocation on; registers only, the code has no mapping. */
static struct exception touch(const struct place *p, bool store, u64 *val)
{
	u64 off = mfmsr(), on = off | MSR_DR, v = *val;

	map_segment(p);
	expect_exceptions(EXPECT_SKIP);
	if (store)
		asm volatile("mtmsrd %1; isync; std %0, 0(%3); isync; mtmsrd %2; isync"
			     : : "r" (v), "r" (on), "r" (off), "r" (p->ea) : "memory");
	else
		asm volatile("mtmsrd %1; isync; ld %0, 0(%3); isync; mtmsrd %2; isync"
			     : "+r" (v) : "r" (on), "r" (off), "r" (p->ea) : "memory");
	*val = v;
	return got_exception();
}

static void access(struct foe *f, const struct place *p, u64 r)
{
	bool store = rnd(f) % 2;
	u64 v = store ? 0xdeadul << 48 | f->cpu : 0;
	struct exception e;

	if (p->shift == 24)	/* the host has no such page: the VMM would be told so */
		return;
	e = touch(p, store, &v);
	if (e.count && e.trap != 0x300)
		complain(f, "an access is an interrupt other than data storage", e.trap);
	if (e.count)
		f->denied++;
	else if (store)
		f->stores++;
	else
		f->loads++;
	if (!store && v >> 40 == CANARY_TOP)
		complain(f, "a load returns the host's memory", v);
	if (store && !e.count && (r & 3) == PP_RO)
		complain(f, "a store through a read-only entry succeeds", r);
}

/* Until this, other vCPUs may have removed it; afterwards there is none. */
static void removed_is_gone(struct foe *f, const struct place *p)
{
	u64 v = 0;
	struct exception e = touch(p, rnd(f) % 2, &v);

	if (!e.count || e.trap != 0x300 || !(e.dsisr & DSISR_NOHPTE))
		complain(f, "a removed entry still translates", e.dsisr);
	f->denied++;
}

static void remove_entry(struct foe *f, const struct place *p, u64 index)
{
	u64 avpn = p->v & ~0x7ful, args[9] = { 0, index, avpn };

	switch (rnd(f) % 4) {
	case 0:		/* would take another's with it, if it took that place meanwhile */
		args[0] = AVPN;
		foe_hcall(f, H_REMOVE, args);
		return;
	case 1:		/* none of the AVPN's bits that are not there */
		args[0] = ANDCOND;
		args[2] = ~p->v & ~0x7ful;
		foe_hcall(f, H_REMOVE, args);
		return;
	case 2:		/* one of four; an end mark; a request that is none */
		args[0] = 1ul << 62 | 2ul << 56 | index;
		args[1] = avpn;
		args[2] = 1ul << 62 | 2ul << 56 | free_index(f);
		args[3] = rnd(f) & ~0x7ful;
		args[4] = rnd(f) % 4 << 62 | (rnd(f) % 4) << 56 | (nptes + rnd(f));
		args[6] = 3ul << 62;
		foe_hcall(f, H_BULK_REMOVE, args);
		return;
	default:	/* whatever is there */
		foe_hcall(f, H_REMOVE, args);
	}
}

/* An entry's whole life, each step in the way of the other vCPUs. */
static void life_of_an_entry(struct foe *f)
{
	struct place p;
	u64 r, index, args[9] = { 0 };

	choose_place(f, &p);
	r = choose_target(f, &p);
	args[1] = (p.hash & (nptes / 8 - 1)) * 8 + (rnd(f) & 7);
	args[2] = p.v;
	args[3] = r;
	if (rnd(f) % 8 == 0) {
		args[1] = (~p.hash & (nptes / 8 - 1)) * 8;
		args[2] |= SECONDARY;
	}
	if (foe_hcall(f, H_ENTER, args) != H_SUCCESS) {
		/* the group is full: make room */
		args[0] = 0;
		args[1] = free_index(f);
		foe_hcall(f, H_REMOVE, args);
		return;
	}
	index = args[0];
	access(f, &p, r);
	if (rnd(f) % 2) {
		args[0] = AVPN | (rnd(f) % 2 ? PP_RO : PP_RW);
		args[1] = index;
		args[2] = p.v & ~0x7ful;
		if (foe_hcall(f, H_PROTECT, args) == H_SUCCESS)
			r = (r & ~3ul) | (args[0] & 3);
		access(f, &p, r);
	}
	if (rnd(f) % 4 == 0) {
		args[0] = rnd(f) % 2 ? READ_4 : 0;
		args[1] = index;
		foe_hcall(f, rnd(f) % 2 ? H_READ : rnd(f) % 2 ? H_CLEAR_REF : H_CLEAR_MOD, args);
		access(f, &p, r);
	}
	remove_entry(f, &p, index);
	removed_is_gone(f, &p);
}

/* All vCPUs at the same few entries: EXACT H_ENTER against H_REMOVE, H_PROTECT, H_BULK_REMOVE. */
static void same_entries(struct foe *f)
{
	u64 index = nptes - 1 - rnd(f) % 8, args[9] = { 0 };

	if (is_protected(index))
		return;
	args[1] = index;
	switch (rnd(f) % 5) {
	case 0:
	case 1:
		args[0] = EXACT;
		args[2] = (0x777000 + rnd(f) % 4) << 12 | VALID;
		args[3] = (half + rnd(f) % half) & ~0xffful;
		args[3] |= HPTE_R_C | WIMG_M | PP_RW;
		foe_hcall(f, H_ENTER, args);
		break;
	case 2:
		foe_hcall(f, H_REMOVE, args);
		break;
	case 3:
		args[0] = rnd(f) & 0xfff;
		foe_hcall(f, H_PROTECT, args);
		break;
	default:
		for (int i = 0; i < 8; i += 2)
			args[i] = 1ul << 62 | (nptes - 1 - (i + rnd(f)) % 8);
		for (int i = 0; i < 8; i += 2)
			if (is_protected(args[i] & 0xfffffffffffffful))
				args[i] = 3ul << 62;
		foe_hcall(f, H_BULK_REMOVE, args);
	}
}

/* Indexes around the table's end and where arithmetic wraps. */
static void behind_the_table(struct foe *f)
{
	static const u64 bases[] = { 0, 1ul << 28, 1ul << 32, 1ul << 36, 1ul << 48, 1ul << 60, -8ul };
	static const u16 calls[] = { H_ENTER, H_REMOVE, H_READ, H_PROTECT, H_CLEAR_REF, H_CLEAR_MOD };
	u64 number = calls[rnd(f) % 6], args[9] = { 0 };

	args[0] = rnd(f) % 2 ? EXACT | READ_4 : 0;
	args[1] = bases[rnd(f) % 7] + nptes + rnd(f) % 3;
	args[2] = rnd(f) >> 1 | VALID;
	args[3] = half | HPTE_R_C | WIMG_M | PP_RW;
	if (args[1] < nptes)
		return;
	if (foe_hcall(f, number, args) != H_PARAMETER)
		complain(f, "an entry behind the table is not H_PARAMETER", number);
}

/* VPAs that overlap, straddle pages and slots, lie outside, with sizes that lie. */
static void odd_vpas(struct foe *f)
{
	static const u64 kinds[] = { 1, 2, 3, 5, 6, 7, 0, 4 };
	u64 size = rnd(f) % 4 ? 640 : rnd(f) & 0xffff;
	u64 addr = half + rnd(f) % half, args[9];

	switch (rnd(f) % 4) {
	case 0: addr = 2 * half - rnd(f) % 1024; break;
	case 1: addr = rnd(f) | half; break;
	case 2: addr &= ~0xfffful; break;
	}
	args[0] = kinds[rnd(f) % 8] << (63 - 18);
	args[1] = rnd(f) % 4 ? rnd(f) % boot_args.ncpus : rnd(f);
	args[2] = addr;
	args[3] = size;
	foe_hcall(f, H_REGISTER_VPA, args);
}

static void with_method(struct foe *f, u64 count)
{
	u64 end = f->calls + count;

	while (f->calls < end) {
		u64 dice = rnd(f) % 64;

		/* how often by what it costs: a life is several faults, an area an exit */
		if (dice < 2)
			life_of_an_entry(f);
		else if (dice < 3)
			odd_vpas(f);
		else if (dice < 20)
			behind_the_table(f);
		else
			same_entries(f);
	}
}

static void all_here(u64 round)
{
	__atomic_add_fetch(&arrived, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&arrived, __ATOMIC_SEQ_CST) < round * boot_args.ncpus)
		;
}

static void attack(void *arg)
{
	struct foe *f = arg;

	mtspr(22, 0x7fffffff);
	all_here(1);
	random_hcalls(f, random_each);
	all_here(2);	/* one without method could spoil what another checks */
	with_method(f, method_each);
	__atomic_add_fetch(&finished, 1, __ATOMIC_SEQ_CST);
	while (f->cpu)
		host_sleep(1000);
}

/* What the table holds before anybody entered anything is the VRMA; its lower half is where we live. */
static void find_own_entries(void)
{
	for (u64 i = 0; i < nptes; i += 4) {
		u64 args[9] = { READ_4, i };

		if (hcall_raw(H_READ, args))
			return;
		for (int k = 0; k < 4; k++)
			if (args[2 * k] & VALID && (args[2 * k + 1] & 0x0ffffffffffff000ul) < half)
				mine[(i + k) / 8] |= 1 << (i + k) % 8;
	}
}

static void later(struct regs *r)
{
	(void)r;
	mtspr(22, 0x7fffffff);
}

/* Were one of them executed, entries of the payload's own would be gone. */
static void problem_state_hcalls(void)
{
	for (u64 i = 0; i < 1000; i++) {
		register u64 r3 asm("r3") = i & 1 ? H_REMOVE : H_ENTER;
		register u64 r4 asm("r4") = 0;
		register u64 r5 asm("r5") = i % 64;
		register u64 r6 asm("r6") = 1;
		register u64 r7 asm("r7") = 0;

		asm volatile("sc 1" : "+r" (r3), "+r" (r4), "+r" (r5), "+r" (r6), "+r" (r7) : :
			     "r0", "r8", "r9", "r10", "r11", "r12", "ctr", "xer", "cr0", "memory");
	}
}

static void from_problem_state(void)
{
	u64 before = 0, after = 0;
	struct exception e;

	for (u64 i = 0; i < nptes; i++)		/* room for the payload's own mapping */
		if (!is_protected(i))
			HCALL(H_REMOVE, 0, i, 0);
	if (!map_payload())
		return;
	for (u64 i = 0; i < 64; i++) {
		u64 args[9] = { 0, i };

		hcall_raw(H_READ, args);
		before = before * 31 + args[0];
	}
	expect_exceptions(EXPECT_SKIP);
	run_problem_state(problem_state_hcalls);
	e = got_exception();
	for (u64 i = 0; i < 64; i++) {
		u64 args[9] = { 0, i };

		hcall_raw(H_READ, args);
		after = after * 31 + args[0];
	}
	ok(before == after, "1000 hypercalls from problem state change nothing (%u interrupts, the last %#lx)",
	   e.count, e.trap);
}

int main(void)
{
	u64 cpus = boot_args.ncpus, wrong = 0;

	half = boot_args.mem_size / 2;
	nptes = 1ul << (boot_args.hpt_order - 4);
	if (nptes > MAX_NPTE || !boot_args.arg[2] || (u64)_end + 0x20000 > half) {
		printf("Bail out! needs --hpt-order 21 at most, a seed in r8, memory for the payload in the lower half\n");
		return 1;
	}
	random_each = boot_args.arg[0] / cpus;
	method_each = boot_args.arg[1] / cpus;
	find_own_entries();
	set_handler(0x900, later);
	set_handler(0x500, later);
	for (u64 i = 0; i < cpus; i++) {
		foes[i].state = (boot_args.arg[2] + i) * 0x9e3779b97f4a7c15ul | 1;
		foes[i].cpu = i;
		if (i)
			start_cpu(i, attack, &foes[i]);
	}
	attack(&foes[0]);
	while (__atomic_load_n(&finished, __ATOMIC_SEQ_CST) < cpus)
		host_sleep(5);
	for (u64 i = 0; i < cpus; i++) {
		struct foe *f = &foes[i];

		printf("# vCPU %lu: %lu hypercalls, %lu succeeded, %lu refused; %lu loads, %lu stores, %lu denied\n",
		       i, f->calls, f->succeeded, f->refused, f->loads, f->stores, f->denied);
		if (f->wrong)
			printf("# %lu times wrong, first: %s (%#lx)\n", f->wrong, f->what, f->detail);
		wrong += f->wrong;
		ok(f->calls >= random_each + method_each && f->loads && f->stores && f->denied,
		   "vCPU %lu made its hypercalls and used what it entered", i);
	}
	ok(!wrong, "nothing wrong on the way (%lu)", wrong);
	from_problem_state();
	return tap_done();
}
