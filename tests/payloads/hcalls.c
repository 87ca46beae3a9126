// SPDX-License-Identifier: GPL-2.0
/*
 * Hypercalls one family after the other: what they do, what they refuse, who
 * answers. hvrun answers H_FUNCTION to what the backend hands on.
 * r6 = 1 under the kernel's own backend; r7 = 1: RTAS arguments outside memory.
 */
#include <linux/kvm.h>
#include "sprlist.h"

static u32 cpu;			/* HV_P8 .. */
static bool under_stock;

#define EINVAL		22
#define ARCH_206	0x0f000003	/* logical PVR of POWER7 */
#define TO_VMM		H_FUNCTION

static void want(long rc, long expected, const char *what)
{
	ok(rc == expected, "%s (%ld, expected %ld)", what, rc, expected);
}

static long enable(u64 number, u64 on)
{
	struct kvm_enable_cap cap = { .cap = le32(KVM_CAP_PPC_ENABLE_HCALL), .args = { le64(number), le64(on) } };

	return host_vm_ioctl(KVM_ENABLE_CAP, &cap);
}

static void switching(void)
{
	want(enable(H_REMOVE + 1, 1), -EINVAL, "no hypercall has an odd number");
	want(enable(H_PUT_TERM_CHAR, 1), -EINVAL, "only what the kernel answers can be switched on");
	want(enable(H_RTAS, 0), -EINVAL, "H_RTAS can't be switched");
	want(enable(H_REMOVE, 2), -EINVAL, "on and off are 1 and 0");
	want(HCALL(H_REMOVE, 0, 1ul << 40, 0), H_PARAMETER, "H_REMOVE with an index too large");
	want(enable(H_REMOVE, 0), 0, "H_REMOVE is switched off");
	want(HCALL(H_REMOVE, 0, 1ul << 40, 0), TO_VMM, "and goes to the VMM");
	want(enable(H_REMOVE, 1), 0, "H_REMOVE is switched on");
	want(HCALL(H_REMOVE, 0, 1ul << 40, 0), H_PARAMETER, "and is answered");
	want(enable(H_CLEAR_REF, 0), 0, "H_CLEAR_REF is switched off");
	want(HCALL(H_CLEAR_REF, 0, 1ul << 40), TO_VMM, "and goes to the VMM");
	host_enable_hcall(H_CLEAR_REF, true);
	want(HCALL(H_CLEAR_REF, 0, 1ul << 40), H_PARAMETER, "and answered when it is on");
}

static u64 reg(u64 id)
{
	u64 value = 0;

	host_get_reg(id, &value);
	return value;
}

enum { CIABR = 1, DAWR0, AIL, ENDIAN, DAWR1 };

static long mode(u64 flags, u64 resource, u64 value1, u64 value2)
{
	return HCALL(H_SET_MODE, flags, resource, value1, value2);
}

static void ciabr(void)
{
	want(mode(0, CIABR, 0x1000, 0), TO_VMM, "H_SET_MODE is off in a new VM");
	host_enable_hcall(H_SET_MODE, true);
	want(mode(0, CIABR, 0x1000, 1), H_P4, "CIABR: no second value");
	want(mode(1, CIABR, 0x1000, 0), H_UNSUPPORTED_FLAG_START, "CIABR: no flags");
	want(mode(0, CIABR, 0x1003, 0), H_P3, "CIABR: no match in hypervisor state");
	want(mode(0, CIABR, 0x3000002, 0), H_SUCCESS, "CIABR is set");
	ok(reg(KVM_REG_PPC_CIABR) == 0x3000002, "and ONE_REG shows it");
	want(mode(0, CIABR, 0, 0), H_SUCCESS, "CIABR is cleared");
	want(mode(3, AIL, 0, 0), TO_VMM, "interrupt location is the VMM's");
	want(mode(1, ENDIAN, 0, 0), TO_VMM, "byte order is the VMM's");
	want(mode(0, 77, 0, 0), TO_VMM, "a resource nobody knows is the VMM's");
	host_set_reg(KVM_REG_PPC_ARCH_COMPAT, ARCH_206);
	want(mode(0, CIABR, 0, 0), H_P2, "a guest that runs as a POWER7 has no CIABR");
	want(mode(0, DAWR0, 0, 0), H_P2, "and no DAWR");
	host_set_reg(KVM_REG_PPC_ARCH_COMPAT, 0);
}

#define DSISR_WATCH	0x400000

static u64 watched[2] __attribute__((aligned(64)));

/* Bits: a store to the doubleword was seen, a load was, a store to the next one was. */
static int watch(void)
{
	int seen = 0;
	struct exception e;

	expect_exceptions(EXPECT_SKIP);
	*(volatile u64 *)watched = 1;
	e = got_exception();
	if (e.count == 1 && e.trap == 0x300 && e.dsisr & DSISR_WATCH && e.dar == (u64)watched)
		seen |= 1;
	expect_exceptions(EXPECT_SKIP);
	(void)*(volatile u64 *)watched;
	e = got_exception();
	if (e.count == 1 && e.trap == 0x300 && e.dsisr & DSISR_WATCH)
		seen |= 2;
	expect_exceptions(EXPECT_SKIP);
	*(volatile u64 *)(watched + 1) = 1;
	if (got_exception().count)
		seen |= 4;
	return seen;
}

/* DAWRX: stores, loads, translation does not matter, in supervisor state */
#define DW	(1ul << 6)
#define DR	(1ul << 5)
#define WTI	(1ul << 3)
#define HYP	(1ul << 2)
#define SUP	(1ul << 1)

static void dawr(int resource, const char *name)
{
	ok(mode(0, resource, (u64)watched, DW | WTI | SUP) == H_SUCCESS && watch() == 1, "%s sees stores", name);
	ok(mode(0, resource, (u64)watched, DR | WTI | SUP) == H_SUCCESS && watch() == 2, "%s sees loads", name);
	ok(mode(0, resource, 0, 0) == H_SUCCESS && watch() == 0, "%s is cleared", name);
	want(mode(1, resource, 0, 0), H_UNSUPPORTED_FLAG_START, "no flags");
	want(mode(0, resource, 0, DW | HYP), H_P4, "no match in hypervisor state");
}

static void watchpoints(void)
{
	struct kvm_enable_cap dawr1 = { .cap = le32(194) /* KVM_CAP_PPC_DAWR1 */ };

	if (!(cpu & HV_DAWR)) {
		want(mode(0, DAWR0, (u64)watched, DW | WTI | SUP), H_P2, "POWER9's DAWR is not for guests");
		want(mode(0, DAWR1, 0, 0), H_P2, "and there is no second one");
		want(HCALL(H_SET_DABR, 0), H_HARDWARE, "H_SET_DABR neither");
		return;
	}
	dawr(DAWR0, "DAWR0");
	if (cpu == HV_P10) {
		want(mode(0, DAWR1, 0, 0), H_FUNCTION, "DAWR1 is the VMM's to allow");
		want(host_vm_ioctl(KVM_ENABLE_CAP, &dawr1), 0, "it is allowed");
		dawr(DAWR1, "DAWR1");
	} else {
		want(mode(0, DAWR1, 0, 0), H_P2, "no second DAWR");
	}
	ok(HCALL(H_SET_DABR, (u64)watched | 2) == H_SUCCESS && watch() == 1, "H_SET_DABR: stores");
	ok(HCALL(H_SET_DABR, (u64)watched | 1) == H_SUCCESS && watch() == 2, "H_SET_DABR: loads");
	ok(HCALL(H_SET_DABR, (u64)watched | 3) == H_SUCCESS && watch() == 3, "H_SET_DABR: both");
	ok(HCALL(H_SET_DABR, (u64)watched | 6) == H_SUCCESS && watch() == 0, "H_SET_DABR: with translation only");
	ok(HCALL(H_SET_XDABR, (u64)watched | 6, 2 | 8) == H_SUCCESS && watch() == 1,
	   "H_SET_XDABR: whatever the translation");
	ok(HCALL(H_SET_XDABR, (u64)watched | 2, 1) == H_SUCCESS && watch() == 0, "H_SET_XDABR: in problem state only");
	want(HCALL(H_SET_XDABR, (u64)watched | 2, 0), H_PARAMETER, "H_SET_XDABR: in no state");
	want(HCALL(H_SET_XDABR, (u64)watched | 2, 2 | 4), H_PARAMETER, "H_SET_XDABR: in hypervisor state");
	want(HCALL(H_SET_DABR, 0), H_SUCCESS, "H_SET_DABR: nothing");
	ok(watch() == 0, "nothing is seen");
}

static void sprg0(void)
{
	u64 mine = mfspr(272), got;
	long rc;

	if (under_stock) {
		want(enable(H_SET_SPRG0, 1), -EINVAL, "the kernel's own backend has no H_SET_SPRG0");
		return;
	}
	want(HCALL(H_SET_SPRG0, mine), TO_VMM, "H_SET_SPRG0 is off in a new VM");
	host_enable_hcall(H_SET_SPRG0, true);
	rc = HCALL(H_SET_SPRG0, 0x123456789abcdef0);
	got = mfspr(272);
	mtspr(272, mine);
	ok(!rc && got == 0x123456789abcdef0, "H_SET_SPRG0 sets SPRG0 (%ld, %#lx)", rc, got);
}

#define ICACHE_INVALIDATE	(1ul << 23)
#define ICACHE_SYNC		(1ul << 22)
#define ZERO			(1ul << 15)
#define COPY			(1ul << 14)

static u8 pages[3][4096] __attribute__((aligned(4096)));

static bool all(const u8 *p, u8 value)
{
	for (u32 i = 0; i < 4096; i++)
		if (p[i] != value)
			return false;
	return true;
}

static long page_init(u64 flags, const void *dest, const void *src)
{
	return HCALL(H_PAGE_INIT, flags, (u64)dest, (u64)src);
}

/* li r3, value; blr */
static u64 call(void *page)
{
	return ((u64 (*)(void))page)();
}

static void page_init_calls(void)
{
	u8 *end = (u8 *)boot_args.mem_size;

	want(page_init(ZERO, pages[1], NULL), TO_VMM, "H_PAGE_INIT is off in a new VM");
	host_enable_hcall(H_PAGE_INIT, true);
	for (int i = 0; i < 3; i++)
		memset(pages[i], 0x11 * (i + 1), 4096);
	want(page_init(ZERO | 1, pages[1], NULL), H_PARAMETER, "an unknown flag");
	want(page_init(ZERO, pages[1] + 8, NULL), H_PARAMETER, "not a page");
	want(page_init(COPY, pages[1], pages[0] + 8), H_PARAMETER, "not a page to copy from");
	want(page_init(ZERO, end, NULL), H_PARAMETER, "zero behind memory");
	want(page_init(COPY, end, pages[0]), H_PARAMETER, "copy to behind memory");
	want(page_init(COPY, pages[1], end), H_PARAMETER, "copy from behind memory");
	want(page_init(COPY, (void *)DEVICE_ADDR, pages[0]), H_PARAMETER, "copy to a device");
	want(page_init(0, pages[1], NULL), H_SUCCESS, "nothing to do");
	ok(all(pages[0], 0x11) && all(pages[1], 0x22) && all(pages[2], 0x33), "and nothing is done");
	want(page_init(ZERO, pages[1], pages[0] + 8), H_SUCCESS, "zero");
	ok(all(pages[0], 0x11) && all(pages[1], 0) && all(pages[2], 0x33), "one page, that one");
	want(page_init(COPY | ZERO, pages[1], pages[2]), H_SUCCESS, "copy, before zero");
	ok(all(pages[0], 0x11) && all(pages[1], 0x33) && all(pages[2], 0x33), "one page, that one");
	((u32 *)pages[0])[0] = 0x38600007;
	((u32 *)pages[0])[1] = 0x4e800020;
	((u32 *)pages[2])[0] = 0x38600009;
	((u32 *)pages[2])[1] = 0x4e800020;
	want(page_init(COPY | ICACHE_SYNC, pages[1], pages[0]), H_SUCCESS, "copy of code");
	ok(call(pages[1]) == 7, "the code runs");
	want(page_init(COPY | ICACHE_INVALIDATE, pages[1], pages[2]), H_SUCCESS, "copy of other code");
	ok(call(pages[1]) == 9, "the other code runs");
	if (!under_stock)
		want(page_init(COPY, end - 4096, pages[0]), H_SUCCESS, "copy to the last page of memory");
}

static void random_numbers(void)
{
	u64 a[9] = { 0x55 }, b[9] = { 0x55 };
	long has = host_vm_ioctl(KVM_CHECK_EXTENSION, (void *)KVM_CAP_PPC_HWRNG);
	long rc;

	want(HCALL(H_RANDOM), TO_VMM, "H_RANDOM is off in a new VM");
	host_enable_hcall(H_RANDOM, true);
	rc = hcall_raw(H_RANDOM, a);
	hcall_raw(H_RANDOM, b);
	if (has)
		ok(rc == H_SUCCESS && a[0] != b[0], "H_RANDOM gives random numbers (%ld)", rc);
	else
		ok(rc == H_HARDWARE && (under_stock || a[0] == 0x55),
		   "H_RANDOM without a generator in the host (%ld, %#lx)", rc, a[0]);
}

static void logical_ci(void)
{
	struct kvm_ioeventfd io = { .addr = le64(DEVICE_ADDR + 0x100), .len = le32(4) };
	u64 fd = host_event_counter(-1), addr = DEVICE_ADDR + 0x100;

	io.fd = le32(fd);
	want(HCALL(H_LOGICAL_CI_STORE, 4, addr, 1), TO_VMM, "H_LOGICAL_CI_STORE is off in a new VM");
	host_enable_hcall(H_LOGICAL_CI_STORE, true);
	host_enable_hcall(H_LOGICAL_CI_LOAD, true);
	want(HCALL(H_LOGICAL_CI_STORE, 4, addr, 1), TO_VMM, "no device of the kernel's: the VMM's");
	want(host_vm_ioctl(KVM_IOEVENTFD, &io), 0, "an ioeventfd");
	want(HCALL(H_LOGICAL_CI_STORE, 4, addr, 1), H_SUCCESS, "a store to it");
	want(HCALL(H_LOGICAL_CI_STORE, 4, addr, 2), H_SUCCESS, "and another");
	want(HCALL(H_LOGICAL_CI_STORE, 2, addr, 2), TO_VMM, "of a size that it does not take");
	want(HCALL(H_LOGICAL_CI_STORE, 3, addr, 2), TO_VMM, "of a size that there is not");
	want(HCALL(H_LOGICAL_CI_LOAD, 16, addr), TO_VMM, "a load of a size that there is not");
	want(HCALL(H_LOGICAL_CI_LOAD, 4, addr), TO_VMM, "a load from it");
	want(host_event_counter(fd), 2, "two events");
}

/* linux/kvm.h has no name for the argument of RTAS calls: LoPAR, RTAS call buffer, big endian */
struct rtas_args {
	u32 token, nargs, nret, args[16];
	u64 rets;
};

static void rtas(void)
{
	struct kvm_rtas_token_args token = { .name = "ibm,int-off", .token = le64(0x2015) };
	struct rtas_args args = { be32(0x2015), be32(3), be32(1), { 0 }, 0x1234 };

	want(HCALL(H_RTAS, (u64)&args), TO_VMM, "RTAS without any token of the kernel's is the VMM's");
	want(host_vm_ioctl(KVM_PPC_RTAS_DEFINE_TOKEN, &token), 0, "a token for ibm,int-off");
	args.args[3] = be32(77);
	want(HCALL(H_RTAS, (u64)&args), H_SUCCESS, "the call is answered");
	ok((int)be32(args.args[3]) == -3 && args.rets == 0x1234, "with 'parameter error' for a wrong number of them (%d)",
	   (int)be32(args.args[3]));
	args.args[3] = 0;
	want(HCALL(H_RTAS, (u64)&args | 0xful << 60), H_SUCCESS, "the address is a real one: its top bits do not count");
	ok((int)be32(args.args[3]) == -3, "answered");
	args.token = be32(0x2016);
	want(HCALL(H_RTAS, (u64)&args), TO_VMM, "another token is the VMM's");
	token.token = 0;
	want(host_vm_ioctl(KVM_PPC_RTAS_DEFINE_TOKEN, &token), 0, "the token is taken back");
}

/* Ends in hvrun: there is nowhere to put an answer. */
static int rtas_outside(void)
{
	struct kvm_rtas_token_args token = { .name = "ibm,int-off", .token = le64(0x2015) };

	host_vm_ioctl(KVM_PPC_RTAS_DEFINE_TOKEN, &token);
	HCALL(H_RTAS, boot_args.mem_size + 0x1000);
	return 0;
}

#define LIOBN	0x80000001ul
#define PAGES	300ul

static u64 tce_list[512] __attribute__((aligned(4096)));

static u64 get_tce(u64 page)
{
	u64 args[9] = { LIOBN, page << 12 };

	return hcall_raw(H_GET_TCE, args) ? ~0ul : args[0];
}

static void tce(void)
{
	struct kvm_create_spapr_tce_64 table = { .liobn = le64(LIOBN), .page_shift = le32(12), .size = le64(PAGES) };
	u64 wrong = 0;

	want(HCALL(H_PUT_TCE, LIOBN, 0, 3), TO_VMM, "a bus that the kernel does not know is the VMM's");
	ok(host_vm_ioctl(KVM_CREATE_SPAPR_TCE_64, &table) >= 0, "a TCE table");
	want(HCALL(H_PUT_TCE, LIOBN, 5 << 12, 0x3003), H_SUCCESS, "H_PUT_TCE");
	ok(get_tce(5) == 0x3003 && get_tce(6) == 0, "H_GET_TCE finds it (%#lx)", get_tce(5));
	want(HCALL(H_PUT_TCE, LIOBN, PAGES << 12, 0x3003), H_PARAMETER, "H_PUT_TCE behind the window");
	want(HCALL(H_GET_TCE, LIOBN, PAGES << 12), H_PARAMETER, "H_GET_TCE behind the window");
	want(HCALL(H_STUFF_TCE, LIOBN, 0, 0, 4), TO_VMM, "H_STUFF_TCE is off in a new VM");
	want(HCALL(H_PUT_TCE_INDIRECT, LIOBN, 0, (u64)tce_list, 4), TO_VMM, "H_PUT_TCE_INDIRECT is off in a new VM");
	host_enable_hcall(H_STUFF_TCE, true);
	host_enable_hcall(H_PUT_TCE_INDIRECT, true);
	for (u64 i = 0; i < 512; i++)
		tce_list[i] = be64(i << 12 | 3);
	want(HCALL(H_PUT_TCE_INDIRECT, LIOBN, 1 << 12, (u64)tce_list + 8, 4), H_PARAMETER, "a list that is no page");
	want(HCALL(H_PUT_TCE_INDIRECT, LIOBN, 0, (u64)tce_list, 513), H_PARAMETER, "more than a page");
	if (under_stock) {
		skip("kvm.ko of Linux 6.12 writes behind the table", "more than the window");
	} else {
		want(HCALL(H_PUT_TCE_INDIRECT, LIOBN, 1 << 12, (u64)tce_list, PAGES), H_PARAMETER, "more than the window");
		want(HCALL(H_STUFF_TCE, LIOBN, 1 << 12, 0, PAGES), H_PARAMETER, "more than the window");
		want(HCALL(H_STUFF_TCE, LIOBN, 1 << 12, 0, 1ul << 52), H_PARAMETER, "far more than the window");
		want(HCALL(H_STUFF_TCE, LIOBN, 0, 0, -1), H_PARAMETER, "as many as there are numbers");
	}
	want(HCALL(H_PUT_TCE_INDIRECT, LIOBN, 0, (u64)tce_list, PAGES), H_SUCCESS, "the whole window");
	for (u64 i = 0; i < PAGES; i++)
		wrong += get_tce(i) != (i << 12 | 3);
	ok(!wrong, "is there");
	want(HCALL(H_STUFF_TCE, LIOBN, 0, 3, 4), H_PARAMETER, "H_STUFF_TCE takes no rights");
	want(HCALL(H_STUFF_TCE, LIOBN, PAGES << 12, 0, 1), H_PARAMETER, "H_STUFF_TCE behind the window");
	want(HCALL(H_STUFF_TCE, LIOBN, 8 << 12, 0, 4), H_SUCCESS, "H_STUFF_TCE");
	for (u64 i = 0; i < PAGES; i++)
		wrong += get_tce(i) != (i / 4 == 2 ? 0 : i << 12 | 3);
	ok(!wrong, "four are gone");
}

static void unsupported(void)
{
	host_enable_hcall(H_RPT_INVALIDATE, true);
	want(HCALL(H_RPT_INVALIDATE, 0, 1, 1, 1, 0, -1), H_UNSUPPORTED, "H_RPT_INVALIDATE is for radix guests");
	want(HCALL(H_SVM_INIT_START), H_UNSUPPORTED, "secure guests");
	want(HCALL(H_SVM_PAGE_IN, 0, 0, 16), H_UNSUPPORTED, "their pages");
	want(HCALL(H_SET_PARTITION_TABLE, 0), H_FUNCTION, "nested guests");
	want(HCALL(H_ENTER_NESTED, 0, 0), H_FUNCTION, "their entry");
}

int main(void)
{
	cpu = 1 << power_generation();
	under_stock = boot_args.arg[0];
	if (boot_args.arg[1])
		return rtas_outside();
	switching();
	ciabr();
	watchpoints();
	sprg0();
	page_init_calls();
	random_numbers();
	logical_ci();
	rtas();
	tce();
	unsupported();
	return tap_done();
}
