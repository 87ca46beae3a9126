// SPDX-License-Identifier: GPL-2.0
/*
 * The hypercalls on the hashed page table, as LoPAR has them ("Page Frame Table
 * Access"), and what they do to the guest's own accesses. r6 = 1: only the
 * calls a loop makes, r7 times (tests/lab/hpt.sh counts partition switches).
 */
#include "payload.h"

#define EA		0x20000000ul
#define BACKING		0x800000ul	/* guest memory that nothing else uses */
#define H_EXACT		(1ul << 39)	/* flags, LoPAR "H_ENTER", "H_REMOVE" */
#define H_AVPN		(1ul << 31)
#define H_ANDCOND	(1ul << 30)
#define H_READ_4	(1ul << 37)
#define V_VALID		1ul
#define V_LARGE		4ul
#define R_R		0x100ul
#define R_C		0x80ul
#define R_M		0x10ul
#define R_N		0x4ul
#define DSISR_NOHPTE	0x40000000ul
#define DSISR_PROT	0x08000000ul
#define DSISR_STORE	0x02000000ul

static u64 groups, hpt_entries;

/* Nobody else's: the VRMA's entries begin in the last PTEG and go down, the payload's own lie low. */
static u64 quiet_pteg(u64 n)
{
	return (groups / 2 - 1 - n) * 8;
}

static u64 vpn_v(u64 n)
{
	return (0x4000000ul + n) << 7 | V_VALID;
}

static long enter(u64 flags, u64 index, u64 v, u64 r, u64 *where)
{
	u64 a[9] = { flags, index, v, r };
	long rc = hcall_raw(H_ENTER, a);

	*where = a[0];
	return rc;
}

static long read_one(u64 index, u64 *v, u64 *r)
{
	u64 a[9] = { 0, index };
	long rc = hcall_raw(H_READ, a);

	*v = a[0];
	*r = a[1];
	return rc;
}

static long remove_one(u64 flags, u64 index, u64 avpn, u64 *v, u64 *r)
{
	u64 a[9] = { flags, index, avpn };
	long rc = hcall_raw(H_REMOVE, a);

	*v = a[0];
	*r = a[1];
	return rc;
}

/* One access with data relocation on and instruction relocation off. */
static u64 load(u64 ea)
{
	u64 v = 0, msr = mfmsr();

	asm volatile("mtmsrd %1; isync; ld %0, 0(%3); mtmsrd %2; isync"
		     : "+r" (v) : "r" (msr | MSR_DR), "r" (msr), "b" (ea) : "memory");
	return v;
}

static void store(u64 ea, u64 v)
{
	u64 msr = mfmsr();

	asm volatile("mtmsrd %1; isync; std %0, 0(%3); mtmsrd %2; isync"
		     : : "r" (v), "r" (msr | MSR_DR), "r" (msr), "b" (ea) : "memory");
}

static void table(void)
{
	u64 index = quiet_pteg(0), where, v, r, wrong = 0;

	ok(enter(0, hpt_entries, vpn_v(0), BACKING | R_M, &where) == H_PARAMETER,
	   "H_ENTER behind the table's end: H_PARAMETER");
	ok(enter(0, ~0ul, vpn_v(0), BACKING | R_M, &where) == H_PARAMETER, "... far behind");
	ok(enter(0, index, vpn_v(0) | V_LARGE, 0x2000 | R_M, &where) == H_PARAMETER,
	   "... with a page size that no processor has");
	ok(enter(H_EXACT, index + 3, vpn_v(3), BACKING | R_M | 2, &where) == H_SUCCESS &&
	   where == index + 3, "H_EXACT: there and nowhere else");
	ok(enter(H_EXACT, index + 3, vpn_v(3), BACKING | R_M | 2, &where) == H_PTEG_FULL,
	   "... once");
	for (u64 i = 0; i < 7; i++)
		wrong += enter(0, index + i, vpn_v(8 + i), BACKING | R_M | 2, &where) != H_SUCCESS ||
			 where != index + (i < 3 ? i : i + 1);
	ok(!wrong, "H_ENTER takes the first free entry of the group (%lu wrong)", wrong);
	ok(enter(0, index, vpn_v(99), BACKING | R_M | 2, &where) == H_PTEG_FULL, "... until it is full");
	ok(read_one(index + 3, &v, &r) == H_SUCCESS && v == vpn_v(3) &&
	   (r & ~(R_R | R_C)) == (BACKING | R_M | 2), "H_READ shows what was entered (%#lx %#lx)", v, r);
	ok(read_one(hpt_entries, &v, &r) == H_PARAMETER, "... not behind the end");

	ok(remove_one(0, hpt_entries, 0, &v, &r) == H_PARAMETER, "H_REMOVE behind the end");
	ok(remove_one(H_AVPN, index + 3, vpn_v(4) & ~0x7ful, &v, &r) == H_NOT_FOUND, "... another page's");
	ok(remove_one(H_ANDCOND, index + 3, V_VALID, &v, &r) == H_NOT_FOUND, "... H_ANDCOND says no");
	ok(remove_one(H_AVPN, index + 3, vpn_v(3) & ~0x7ful, &v, &r) == H_SUCCESS && v == vpn_v(3) &&
	   (r & ~(R_R | R_C)) == (BACKING | R_M | 2), "... the right one, and shows it (%#lx %#lx)", v, r);
	ok(remove_one(0, index + 3, 0, &v, &r) == H_NOT_FOUND, "... no second time");
	ok(read_one(index + 3, &v, &r) == H_SUCCESS && !(v & V_VALID), "H_READ of a free entry: not valid");
}

static void read_four(void)
{
	u64 index = quiet_pteg(0), a[9] = { H_READ_4, index + 6 }, wrong = 0;

	ok(hcall_raw(H_READ, a) == H_SUCCESS, "H_READ of four");
	for (u64 i = 0; i < 4; i++)
		wrong += a[2 * i] != vpn_v(8 + 3 + i);	/* 4..7: entered as 3..6 */
	ok(!wrong, "... aligned to four (%#lx %#lx %#lx %#lx)", a[0], a[2], a[4], a[6]);
}

/* Request 0b01, flags, index; answer 0b10, code 0 done, 1 not found, 2 parameter, R and C (LoPAR "H_BULK_REMOVE") */
static void bulk(void)
{
	u64 index = quiet_pteg(0), type = 1ul << 62, avpn = 2ul << 56;
	u64 a[9] = { type | index, 0, type | avpn | (index + 1), vpn_v(9) & ~0x7ful,
		     type | avpn | (index + 2), vpn_v(77) & ~0x7ful, type | (index + 3), 0 };

	ok(hcall_raw(H_BULK_REMOVE, a) == H_SUCCESS, "H_BULK_REMOVE of four");
	ok(a[0] >> 60 == 8 && (a[0] & 0xffffffff) == index, "... one removed (%#lx)", a[0]);
	ok(a[2] >> 60 == 8, "... one by its page (%#lx)", a[2]);
	ok(a[4] >> 60 == 9, "... one that maps another page is not found (%#lx)", a[4]);
	ok(a[6] >> 60 == 9, "... nor one that is free (%#lx)", a[6]);
	for (int i = 0; i < 9; i++)
		a[i] = 0;
	a[0] = 3ul << 62;
	ok(hcall_raw(H_BULK_REMOVE, a) == H_SUCCESS && a[0] == 3ul << 62, "... the end mark ends it");
	a[0] = type | hpt_entries;
	ok(hcall_raw(H_BULK_REMOVE, a) == H_PARAMETER && a[0] >> 60 == 0xa,
	   "... an index behind the end: H_PARAMETER (%#lx)", a[0]);
	a[0] = type | (index + 4);
	a[1] = 0;
	a[2] = type | (index + 5);
	a[4] = type | (index + 6);
	a[6] = type | (index + 7);
	hcall_raw(H_BULK_REMOVE, a);
	a[0] = type | (index + 2);
	a[2] = 3ul << 62;
	hcall_raw(H_BULK_REMOVE, a);
	ok(a[0] >> 60 == 8, "all gone");
}

static void check_dsi(const char *what, u64 dsisr)
{
	struct exception e = got_exception();

	ok(e.count == 1 && e.trap == 0x300 && e.dar == EA && (e.dsisr & ~DSISR_STORE) == dsisr,
	   "%s: DSI (%u, trap %#lx, DAR %#lx, DSISR %#lx)", what, e.count, e.trap, e.dar, e.dsisr);
}

static void access(void)
{
	u64 hash = (0x1000 + (EA >> 28)) ^ ((EA & 0xfffffff) >> 12), pteg = (hash & (groups - 1)) * 8;
	u64 index, v, r, avpn, a[9] = { 0 };
	volatile u64 *backing = (u64 *)BACKING;

	*backing = 0x1234;
	ok(map_page(EA, BACKING, MAP_RW) == H_SUCCESS, "a page for use");
	for (index = pteg; index < pteg + 8; index++)
		if (read_one(index, &v, &r) == H_SUCCESS && (v & V_VALID) && (r & ~0xffful) == BACKING)
			break;
	avpn = v & ~0x7ful;
	ok(index < pteg + 8, "... is found in its group");
	ok(load(EA) == 0x1234, "a load through it");
	store(EA, 0x5678);
	ok(*backing == 0x5678, "a store through it");

	a[0] = H_AVPN | 3;
	a[1] = index;
	a[2] = avpn ^ 0x80;
	ok(hcall_raw(H_PROTECT, a) == H_NOT_FOUND, "H_PROTECT of another page: H_NOT_FOUND");
	a[0] = H_AVPN | 3;
	a[1] = index;
	a[2] = avpn;
	ok(hcall_raw(H_PROTECT, a) == H_SUCCESS, "H_PROTECT: for reading");
	ok(read_one(index, &v, &r) == H_SUCCESS && (r & 3) == 3, "... H_READ agrees (%#lx)", r);
	ok(load(EA) == 0x5678, "... a load works");
	expect_exceptions(EXPECT_SKIP);
	store(EA, 0x9999);
	check_dsi("... a store", DSISR_PROT);
	ok(*backing == 0x5678, "... and does nothing");
	a[0] = 2;
	a[1] = index;
	ok(hcall_raw(H_PROTECT, a) == H_SUCCESS, "... for writing again");
	store(EA, 0x1111);
	ok(*backing == 0x1111, "... a store works");

	a[0] = 0;
	a[1] = index;
	ok(hcall_raw(H_CLEAR_MOD, a) == H_SUCCESS, "H_CLEAR_MOD");
	ok(read_one(index, &v, &r) == H_SUCCESS && !(r & R_C), "... C is 0 (%#lx)", r);
	store(EA, 0x2222);
	ok(read_one(index, &v, &r) == H_SUCCESS && (r & R_C), "... until a store (%#lx)", r);
	a[0] = 0;
	a[1] = index;
	ok(hcall_raw(H_CLEAR_REF, a) == H_SUCCESS, "H_CLEAR_REF");
	ok(read_one(index, &v, &r) == H_SUCCESS && !(r & R_R), "... R is 0 (%#lx)", r);
	ok(load(EA) == 0x2222, "... a load");
	ok(read_one(index, &v, &r) == H_SUCCESS && (r & R_R), "... R is 1 (%#lx)", r);

	ok(remove_one(H_AVPN, index, avpn, &v, &r) == H_SUCCESS && (r & R_R), "H_REMOVE (%#lx)", r);
	expect_exceptions(EXPECT_SKIP);
	load(EA);
	check_dsi("... a load then", DSISR_NOHPTE);
	expect_exceptions(EXPECT_SKIP);
	store(EA, 1);
	check_dsi("... a store", DSISR_NOHPTE);
	ok(*backing == 0x2222, "... memory is as it was");
}

/* Each call once, r7 times over, with the same entry: what has to stay in the partition. */
static void loop(void)
{
	u64 index = quiet_pteg(1), where, v, r, wrong = 0;

	for (u64 i = 0; i < boot_args.arg[1]; i++) {
		u64 p[9] = { 3, index }, m[9] = { 0, index }, c[9] = { 0, index };

		wrong += enter(0, index, vpn_v(i & 0xff), BACKING | R_M | 2, &where) != H_SUCCESS;
		wrong += read_one(index, &v, &r) != H_SUCCESS;
		wrong += hcall_raw(H_PROTECT, p) != H_SUCCESS;
		wrong += hcall_raw(H_CLEAR_MOD, m) != H_SUCCESS;
		wrong += hcall_raw(H_CLEAR_REF, c) != H_SUCCESS;
		wrong += remove_one(0, index, 0, &v, &r) != H_SUCCESS;
		wrong += HCALL(H_PROD, this_cpu()) != H_SUCCESS;
		wrong += HCALL(H_CEDE) != H_SUCCESS;	/* the prod ends it at once */
		wrong += HCALL(H_CONFER, ~0ul, 0) != H_SUCCESS;
	}
	ok(!wrong, "%lu times nine calls (%lu wrong)", boot_args.arg[1], wrong);
}

static void ignore(struct regs *r)
{
	(void)r;
	mtspr(22, 0x7fffffff);
}

int main(void)
{
	groups = 1ul << (boot_args.hpt_order - 7);
	hpt_entries = groups * 8;
	set_handler(0x900, ignore);	/* H_CEDE turns MSR[EE] on */
	mtspr(22, 0x7fffffff);
	if (boot_args.arg[0] == 1) {
		*(volatile u64 *)BACKING = 1;
		loop();
		return tap_done();
	}
	table();
	read_four();
	bulk();
	access();
	return tap_done();
}
