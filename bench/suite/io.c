// SPDX-License-Identifier: GPL-2.0
/* Rows: a device of the VMM's, and calls to firmware. */
#include <linux/kvm.h>
#include "suite.h"

#define EA	0x60000000ul	/* the device is mapped there */
#define SOURCE	0x1001u		/* of the XICS: a message */
#define PRIO	(5ul << KVM_XICS_PRIORITY_SHIFT)
#define TOKEN	0x17

static u64 bad;

static const char *map_device(u64 count)
{
	static bool mapped;
	const char *why = need_mmu();

	(void)count;
	if (why)
		return why;
	if (!mapped && map_page(EA, DEVICE_ADDR, MAP_RW | MAP_IO) != H_SUCCESS)
		return "H_ENTER fails";
	mapped = true;
	bad = 0;
	return NULL;
}

static u64 load_device(u64 *count)
{
	u64 ticks;

	mmu_on();
	*(volatile u32 *)EA = 0x12345678;
	ticks = TIMES(*count, "lwz 9, 0(%1)", "b" (EA));
	bad += *(volatile u32 *)EA != 0x12345678;
	mmu_off();
	return ticks;
}

static const char *device_is_right(u64 count)
{
	(void)count;
	return bad ? "the device did not see it" : NULL;
}

const struct row row_mmio_read = { 512, map_device, load_device, device_is_right, WHOLE };

static u64 store_device(u64 *count)
{
	u64 ticks;

	mmu_on();
	*(volatile u32 *)EA = 0;
	ticks = TIMES(*count, "stw %1, 0(%1)", "b" (EA));
	bad += *(volatile u32 *)EA != EA;
	mmu_off();
	return ticks;
}

const struct row row_mmio_write = { 512, map_device, store_device, device_is_right, WHOLE };

/* When hvrun last saw an access to its device, when it last raised an interrupt */
static void stamps(u64 *access, u64 *raised)
{
	u64 args[9] = { 0 };

	hcall_raw(H_HVRUN_STAMPS, args);
	*access = args[0];
	*raised = args[1];
}

static u64 time_stores(u64 *count)
{
	u64 sum = 0, seen, raised;

	for (u64 i = 0; i < *count; i++) {
		u64 start, end;

		mmu_on();
		start = mftb();
		*(volatile u32 *)EA = i;
		end = mftb();
		mmu_off();
		stamps(&seen, &raised);
		bad += seen < start || seen > end;
		sum += seen - start;
	}
	return sum;
}

static const char *times_fit(u64 count)
{
	(void)count;
	return bad ? "the guest's timebase is not the host's" : NULL;
}

const struct row row_io_out = { 256, map_device, time_stores, times_fit, EACH };

static const char *have_source(u64 count)
{
	static bool made;

	(void)count;
	bad = 0;
	if (!made && HCALL(H_HVRUN_SET_SOURCE, SOURCE, PRIO))
		return "no XICS in this backend";
	made = true;
	HCALL(H_CPPR, 0xff);
	return NULL;
}

static u64 raise_interrupts(u64 *count)
{
	u64 sum = 0, seen, raised;

	for (u64 i = 0; i < *count && !bad; i++) {
		u64 before = irq_count[0], start = mftb();

		ee_on();
		HCALL(H_HVRUN_IRQ_LINE, SOURCE, 1);
		while (irq_count[0] == before && mftb() - start < TB_HZ)
			;
		ee_off();
		stamps(&seen, &raised);
		bad += irq_count[0] != before + 1 || raised < start || raised > irq_time[0];
		sum += irq_time[0] - raised;
	}
	return sum;
}

static const char *all_interrupts(u64 count)
{
	(void)count;
	return bad ? "an interrupt did not come, or at a wrong time" : NULL;
}

const struct row row_io_in = { 256, have_source, raise_interrupts, all_interrupts, EACH };

/* LoPAR, RTAS argument buffer: token, numbers of arguments and results, both */
static struct {
	u32 token, nargs, nret, server_or_source, status, server, priority;
} rtas_args;

static const char *have_rtas(u64 count)
{
	static const struct kvm_rtas_token_args token = { .name = "ibm,get-xive", .token = le64(TOKEN) };
	static bool defined;
	const char *why = have_source(count);

	if (why)
		return why;
	if (!defined && host_vm_ioctl(KVM_PPC_RTAS_DEFINE_TOKEN, &token))
		return "kvm.ko takes no RTAS token";
	defined = true;
	return NULL;
}

static u64 call_rtas(u64 *count)
{
	u64 start = mftb();

	for (u64 i = 0; i < *count; i++) {
		rtas_args.token = be32(TOKEN);
		rtas_args.nargs = be32(1);
		rtas_args.nret = be32(3);
		rtas_args.server_or_source = be32(SOURCE);
		rtas_args.status = ~0u;
		bad += HCALL(H_RTAS, (u64)&rtas_args) != H_SUCCESS || rtas_args.status != 0;
	}
	return mftb() - start;
}

static const char *rtas_answered(u64 count)
{
	(void)count;
	return bad || be32(rtas_args.priority) != 5 ? "wrong answers" : NULL;
}

const struct row row_rtas = { 200, have_rtas, call_rtas, rtas_answered, WHOLE };
