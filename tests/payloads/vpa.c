// SPDX-License-Identifier: GPL-2.0
/*
 * H_REGISTER_VPA (LoPAR): virtual processor area, dispatch trace log, SLB
 * shadow. r6 = 1 under the kernel's own backend; r7 = 1: measure stolen time only.
 */
#include <linux/kvm.h>
#include "payload.h"

#define FUNC(n)	((u64)(n) << 45)
#define REG_VPA	FUNC(1)
#define REG_DTL	FUNC(2)
#define REG_SLB	FUNC(3)
#define DEREG_VPA FUNC(5)
#define DEREG_DTL FUNC(6)
#define DEREG_SLB FUNC(7)

#define VPA_SIZE	640
#define HOST_PAGE	0x10000ul	/* the largest kind; smaller ones divide it */

/* LoPAR, Virtual Processor Area; big endian whatever the guest is */
struct vpa {
	u32 desc;
	u16 size;
	u8 reserved1[3];
	u8 status;		/* 2: shared processor */
	u8 reserved2[246];
	volatile u32 yield_count, dispersion;
	u8 reserved3[80];
	volatile u64 enqueue_dispatch_tb, ready_enqueue_tb, wait_ready_tb;
	u8 reserved4[168];
	volatile u64 dtl_index;
	u8 reserved5[96];
};
_Static_assert(sizeof(struct vpa) == VPA_SIZE, "LoPAR");
_Static_assert(offsetof(struct vpa, yield_count) == 0x100, "LoPAR");
_Static_assert(offsetof(struct vpa, enqueue_dispatch_tb) == 0x158, "LoPAR");
_Static_assert(offsetof(struct vpa, dtl_index) == 0x218, "LoPAR");

/* LoPAR, Dispatch Trace Log */
struct dtl {
	u8 dispatch_reason, preempt_reason;
	u16 processor;
	u32 enqueue_to_dispatch, ready_to_enqueue, waiting_to_ready;
	u64 timebase, fault_addr, srr0, srr1;
};
_Static_assert(sizeof(struct dtl) == 48, "LoPAR");

static u8 area[2 * HOST_PAGE] __attribute__((aligned(HOST_PAGE)));
static struct vpa *const vpa = (void *)area;
static u8 *const dtl_area = area + 0x400, *const slb_area = area + 0x300;
static bool under_stock;

static long vpa_call(u64 func, const void *addr)
{
	return HCALL(H_REGISTER_VPA, func, this_cpu(), (u64)addr);
}

static void set_size16(void *a, u16 size)
{
	*(u16 *)((u8 *)a + 4) = be16(size);
}

static void set_size32(void *a, u32 size)
{
	*(u32 *)((u8 *)a + 4) = be32(size);
}

/* The guest is left, for the VMM, and entered again. */
static void leave(unsigned int times)
{
	while (times--)
		HCALL(H_HVRUN_SLEEP, 0);
}

static void want(long rc, long expected, const char *what)
{
	ok(rc == expected, "%s (%ld, expected %ld)", what, rc, expected);
}

static void refusals(void)
{
	memset(area, 0, sizeof(area));
	set_size16(vpa, VPA_SIZE);
	want(vpa_call(REG_VPA, area + 64), H_PARAMETER, "VPA not aligned to the cache line");
	want(vpa_call(REG_VPA, NULL), H_PARAMETER, "VPA at 0");
	want(vpa_call(REG_VPA, (void *)boot_args.mem_size), H_PARAMETER, "VPA behind memory");
	want(vpa_call(REG_VPA, (void *)(1ul << 60)), H_PARAMETER, "VPA far behind memory");
	want(vpa_call(REG_VPA, (void *)DEVICE_ADDR), H_PARAMETER, "VPA in a device");
	want(HCALL(H_REGISTER_VPA, REG_VPA, 77, (u64)vpa), H_PARAMETER, "VPA for a vCPU that is not there");
	want(vpa_call(FUNC(0), vpa), H_PARAMETER, "no function");
	want(vpa_call(FUNC(4), vpa), H_PARAMETER, "an unknown function");
	set_size16(vpa, VPA_SIZE - 1);
	want(vpa_call(REG_VPA, vpa), H_PARAMETER, "VPA that is too short");
	set_size16(area + HOST_PAGE - 512, VPA_SIZE);
	want(vpa_call(REG_VPA, area + HOST_PAGE - 512), H_PARAMETER, "VPA across a page boundary");
	set_size32(dtl_area, 4800);
	want(vpa_call(REG_DTL, dtl_area), H_RESOURCE, "dispatch trace log before the VPA");
	set_size32(slb_area, 128);
	want(vpa_call(REG_SLB, slb_area), H_RESOURCE, "SLB shadow before the VPA");
	want(vpa_call(DEREG_VPA, NULL), H_SUCCESS, "no VPA is deregistered");
	want(vpa_call(DEREG_DTL, NULL), H_SUCCESS, "no log is deregistered");
}

static void yield_count(void)
{
	u32 before, after, odd = 0;

	memset(area, 0, sizeof(area));
	set_size16(vpa, VPA_SIZE);
	want(vpa_call(REG_VPA, vpa), H_SUCCESS, "register the VPA");
	leave(1);
	ok(vpa->status & 2, "the VPA says that processors are shared");
	before = be32(vpa->yield_count);
	for (int i = 0; i < 100; i++) {
		leave(1);
		odd += be32(vpa->yield_count) & 1;
	}
	after = be32(vpa->yield_count);
	ok(before && !odd, "the yield count is even whenever the vCPU runs (%u, %u times odd)", before, odd);
	ok(after - before >= 200, "and counts each dispatch twice (%u for 100)", after - before);
}

/* A log of `entries` entries, then what 100 exits leave in it and around it. */
static void dispatch_log(unsigned int entries)
{
	struct dtl *log = (void *)dtl_area;
	u64 index, start, end, n;
	u32 i, strange = 0;
	struct dtl e;

	memset(dtl_area, 0, 0x4000);
	set_size32(dtl_area, entries * sizeof(struct dtl) + 40);	/* the rest is no entry */
	want(vpa_call(REG_DTL, dtl_area), H_SUCCESS, "register the log");
	leave(1);
	memset(&log[entries], 0x5a, 40);
	start = mftb();
	index = be64(vpa->dtl_index);
	leave(100);
	end = mftb();
	/* all is read before anything is printed: that leaves the guest, too */
	n = be64(vpa->dtl_index) - index;
	e = log[(be64(vpa->dtl_index) - 1) % entries];
	for (i = 0; i < entries; i++)
		strange += !be64(log[i].timebase) || be64(log[i].timebase) > end || log[i].preempt_reason;
	for (i = 0; i < 40; i++)
		strange += ((u8 *)&log[entries])[i] != 0x5a;
	ok(n >= 100, "each dispatch is logged (%lu for 100)", n);
	ok(be64(e.timebase) > start && be64(e.timebase) < end,
	   "the last entry has its time, in the guest's timebase");
	ok(be64(e.srr0) < (u64)_end && be64(e.srr1) & MSR_SF && !(be64(e.srr1) & MSR_PR),
	   "and where the guest went on (%#lx, MSR %#lx)", be64(e.srr0), be64(e.srr1));
	ok(!strange, "a log of %u is full, and only the log is written", entries);
}

static void guest_timebase(void)
{
	struct dtl *log = (void *)dtl_area;
	u64 start, t;

	host_set_reg(KVM_REG_PPC_TB_OFFSET, 1ul << 40);
	start = mftb();
	leave(2);
	t = be64(log[(be64(vpa->dtl_index) - 1) % 4].timebase);
	ok(t > start && t < mftb(), "with a timebase offset, too (%#lx after %#lx)", t, start);
	host_set_reg(KVM_REG_PPC_TB_OFFSET, 0);
	leave(1);
}

static void one_reg(void)
{
	u64 args[9] = { KVM_REG_PPC_VPA_DTL }, addr = 0;
	long rc = host_get_reg(KVM_REG_PPC_VPA_ADDR, &addr);

	ok(!rc && addr == (u64)vpa, "ONE_REG: the VPA's address (%ld, %#lx)", rc, addr);
	rc = hcall_raw(H_HVRUN_GET_REG, args);
	ok(!rc && args[0] == (u64)dtl_area && args[1] == 4 * sizeof(struct dtl),
	   "ONE_REG: the log's address and length (%ld, %#lx, %lu)", rc, args[0], args[1]);
	want(host_set_reg(KVM_REG_PPC_VPA_ADDR, 0), H_NOT_FOUND, "ONE_REG: no VPA while there is a log");
	want(host_set_reg(KVM_REG_PPC_VPA_ADDR, (u64)vpa + 8), H_NOT_FOUND, "ONE_REG: a VPA that is not aligned");
	want(HCALL(H_HVRUN_SET_REG, KVM_REG_PPC_VPA_DTL, (u64)dtl_area, 40), H_NOT_FOUND,
	     "ONE_REG: a log without room for an entry");
	want(HCALL(H_HVRUN_SET_REG, KVM_REG_PPC_VPA_DTL, (u64)dtl_area, 100), H_SUCCESS, "ONE_REG: a log of two entries");
	args[0] = KVM_REG_PPC_VPA_DTL;
	hcall_raw(H_HVRUN_GET_REG, args);
	ok(args[1] == 2 * sizeof(struct dtl), "ONE_REG: its length is rounded down (%lu)", args[1]);
	memset(dtl_area, 0, 0x400);
	leave(50);
	ok(((struct dtl *)dtl_area)[1].timebase && !((struct dtl *)dtl_area)[2].timebase,
	   "and it is used");
}

static void deregister(void)
{
	u32 changed = 0;

	set_size32(slb_area, 128);
	want(vpa_call(REG_SLB, slb_area), H_SUCCESS, "register an SLB shadow");
	want(vpa_call(DEREG_VPA, NULL), H_RESOURCE, "the VPA stays as long as log and shadow are registered");
	want(vpa_call(DEREG_DTL, NULL), H_SUCCESS, "deregister the log");
	want(vpa_call(DEREG_VPA, NULL), H_RESOURCE, "the VPA stays as long as the shadow is registered");
	want(vpa_call(DEREG_SLB, NULL), H_SUCCESS, "deregister the shadow");
	want(vpa_call(DEREG_VPA, NULL), H_SUCCESS, "deregister the VPA");
	leave(1);
	memset(area, 0x5a, sizeof(area));
	leave(100);
	for (u32 i = 0; i < sizeof(area); i++)
		changed += area[i] != 0x5a;
	ok(!changed, "nothing is written where they were (%u bytes)", changed);
}

/* The host takes the page away, with its content: the next one is used, and even is still even. */
static void page_goes(void)
{
	u32 count, odd = 0;

	memset(area, 0, sizeof(area));
	set_size16(vpa, VPA_SIZE);
	vpa_call(REG_VPA, vpa);
	leave(1);
	for (int i = 0; i < 20; i++) {
		host_discard(area, HOST_PAGE);
		count = be32(vpa->yield_count);
		leave(3);
		odd += be32(vpa->yield_count) & 1 || be32(vpa->yield_count) - count < 6;
	}
	ok(!odd, "the host takes the VPA's page away: the next one is used (%u of 20 wrong)", odd);
	vpa_call(DEREG_VPA, NULL);
}

static volatile u64 progress, phase;

static void other_cpu(void *arg)
{
	(void)arg;
	for (;;) {
		progress++;
		if (phase == 1) {
			phase = 2;
			host_sleep(3000);
			phase = 3;
		}
	}
}

static void another_vcpu(void)
{
	u32 i, even = 0, runs = 0;

	memset(area, 0, sizeof(area));
	set_size16(vpa, VPA_SIZE);
	start_cpu(1, other_cpu, NULL);
	want(HCALL(H_REGISTER_VPA, REG_VPA, 1, (u64)vpa), H_SUCCESS, "register another vCPU's VPA");
	host_sleep(20);
	for (i = 0; i < 1000 && !runs; i++) {
		u64 p = progress;

		host_sleep(1);
		runs = p != progress && !(be32(vpa->yield_count) & 1) && vpa->yield_count;
	}
	ok(runs, "its yield count is even as it runs");
	phase = 1;
	while (phase != 2)
		host_sleep(1);
	for (i = 0; i < 1000 && !(be32(vpa->yield_count) & 1); i++)
		host_sleep(1);		/* it may not have left yet */
	for (i = 0; i < 5; i++) {
		even += !(be32(vpa->yield_count) & 1);
		host_sleep(2);
	}
	ok(phase == 2 && !even, "and odd while it is in its VMM (%u times even)", even);
	want(HCALL(H_REGISTER_VPA, DEREG_VPA, 1, 0), H_SUCCESS, "deregister it");
	while (phase != 3)
		host_sleep(10);
}

/* For tests/lab/vpa.sh, which says what is to be expected. */
static int stolen_time(void)
{
	u64 start, stolen;

	set_size16(vpa, VPA_SIZE);
	vpa_call(REG_VPA, vpa);
	leave(1);
	start = mftb();
	stolen = be64(vpa->enqueue_dispatch_tb);
	spin_tb(2 * TB_HZ);
	leave(1);
	printf("stolen %lu of %lu\n", be64(vpa->enqueue_dispatch_tb) - stolen, mftb() - start);
	return 0;
}

int main(void)
{
	under_stock = boot_args.arg[0];
	if (boot_args.arg[1])
		return stolen_time();
	refusals();
	yield_count();
	dispatch_log(100);
	dispatch_log(4);
	guest_timebase();
	one_reg();
	deregister();
	if (under_stock)
		skip("the kernel's own backend pins it", "the host takes the VPA's page away");
	else
		page_goes();
	if (boot_args.ncpus > 1)
		another_vcpu();
	return tap_done();
}
