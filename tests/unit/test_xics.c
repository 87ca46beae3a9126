// SPDX-License-Identifier: GPL-2.0
/* The image's XICS: single steps, what it leaves to kvm.ko, and random walks. */
#include "check.h"
#include "../../kvm-hv/hv.h"
#include "../../kvm-hv/rm/rm.h"
#include "../../kvm-hv/rm/xics.h"
#include <asm/hvcall.h>
#include <asm/paca.h>
#include <asm/xics.h>

#define VCPUS	3
#define IRQ	(XICS_SOURCES + 7)
#define XICS_AT	0x3fff80000000ul

static struct kvm vm;
static struct hv_vm hv_vm;
static struct kvm_vcpu vcpu[VCPUS], *part[HV_VCPU_PART];
static struct rm_icp icp[VCPUS];
static struct rm_xics xics;
static struct rm_ics ics;
static struct hv_rm_ctx ctx;
static struct paca_struct paca[2], *pacas[2];
static unsigned long msr, stored_at;
static int stores;

unsigned long mfmsr(void) { return msr; }

void __raw_rm_writeb(u8 val, volatile void *paddr)
{
	assert_int_equal(val, IPI_PRIORITY);
	stored_at = (unsigned long)paddr;
	stores++;
}

static int fresh(void **state)
{
	(void)state;
	memset(&vm, 0, sizeof(vm));
	memset(vcpu, 0, sizeof(vcpu));
	memset(&ics, 0, sizeof(ics));
	memset(&xics, 0, sizeof(xics));
	memset(&ctx, 0, sizeof(ctx));
	for (int i = 0; i < VCPUS; i++) {
		icp[i] = (struct rm_icp){ .vcpu = &vcpu[i], .server = 8 * i,
			.state = { .cppr = 0xff, .mfrr = 0xff, .pending = 0xff } };
		vcpu[i].kvm = &vm;
		vcpu[i].arch.icp = (struct kvmppc_icp *)&icp[i];
		vcpu[i].arch.thread_cpu = -1;
		part[8 * i] = &vcpu[i];
	}
	for (int i = 0; i < 2; i++) {
		pacas[i] = &paca[i];
		paca[i].kvm_hstate.xics_phys = (void *)(XICS_AT + 0x1000 * i);
	}
	hv_vm.vcpus[0] = part;
	vm.arch.resize_hpt = (struct kvm_resize_hpt *)&hv_vm;
	vm.arch.xics = (struct kvmppc_xics *)&xics;
	xics.ics[IRQ / XICS_SOURCES] = &ics;
	ctx.flags = HV_RM_XICS;
	ctx.pacas = pacas;
	msr = stores = 0;
	return 0;
}

static u64 *reg(int v) { return (u64 *)vcpu[v].arch.regs.gpr; }

static bool call(int v, u64 req, u64 a, u64 b)
{
	reg(v)[4] = a;
	reg(v)[5] = b;
	reg(v)[3] = req;
	return rm_xics(&ctx, &vcpu[v], req) && reg(v)[3] == H_SUCCESS;
}

static bool line(int v)
{
	return vcpu[v].arch.pending_exceptions >> BOOK3S_IRQPRIO_EXTERNAL & 1;
}

static void test_ipi(void **state)
{
	(void)state;
	assert_true(call(0, H_IPI, 0, 5));
	assert_true(line(0));
	assert_true(call(0, H_IPOLL, 0, 0));
	assert_int_equal(reg(0)[4], 0xff000002);
	assert_int_equal(reg(0)[5], 5);
	assert_true(call(0, H_XIRR, 0, 0));
	assert_int_equal(reg(0)[4], 0xff000002);
	assert_false(line(0));
	assert_true(call(0, H_EOI, 0xff000002, 0));
	assert_true(line(0));		/* MFRR has not been taken back */
	assert_true(call(0, H_XIRR, 0, 0));
	assert_true(call(0, H_IPI, 0, 0xff));
	assert_true(call(0, H_EOI, 0xff000002, 0));
	assert_false(line(0));
	assert_int_equal(icp[0].state.cppr, 0xff);
	assert_true(call(0, H_XIRR, 0, 0));
	assert_int_equal(reg(0)[4], 0xff000000);
}

static void test_cppr(void **state)
{
	(void)state;
	assert_true(call(0, H_CPPR, 4, 0));
	assert_true(call(0, H_IPI, 0, 4));
	assert_false(line(0));		/* equal is not more favoured */
	assert_true(call(0, H_CPPR, 5, 0));
	assert_true(line(0));
	assert_true(call(0, H_CPPR, 3, 0));
	assert_false(line(0));
	assert_int_equal(icp[0].state.xisr, 0);
	assert_int_equal(icp[0].state.mfrr, 4);
	assert_true(call(0, H_CPPR, 0xff, 0));
	assert_true(line(0));
}

static void test_running_target(void **state)
{
	(void)state;
	vcpu[2].arch.thread_cpu = 1;
	assert_true(call(0, H_IPI, 16, 5));
	assert_true(line(2));
	assert_int_equal(stores, 1);
	assert_int_equal(stored_at, XICS_AT + 0x1000 + XICS_MFRR);
	assert_null(ctx.kick);
	/* MMU on: the module has to do it */
	vcpu[1].arch.thread_cpu = 1;
	msr = MSR_DR;
	assert_false(call(0, H_IPI, 8, 5));
	assert_true(line(1));
	assert_int_equal(stores, 1);
	assert_ptr_equal(ctx.kick, &vcpu[1]);
}

/* Nothing has changed when a call is left. */
static void left(int v, u64 req, u64 a, u64 b)
{
	struct rm_icp before[VCPUS];
	struct rm_ics ics_before = ics;

	memcpy(before, icp, sizeof(icp));
	assert_false(call(v, req, a, b));
	assert_memory_equal(before, icp, sizeof(icp));
	assert_memory_equal(&ics_before, &ics, sizeof(ics));
	assert_null(ctx.kick);
}

static void test_left(void **state)
{
	struct rm_xics_source *s = &ics.source[IRQ % XICS_SOURCES];

	(void)state;
	left(0, H_IPI, 8, 5);			/* asleep */
	left(0, H_IPI, 99, 5);			/* no such server that we know */
	left(0, H_IPI, 0, 0x105);
	left(0, H_CPPR, 0x1ff, 0);
	left(0, H_IPOLL, 99, 0);
	left(0, H_XIRR_X, 0, 0);
	left(0, H_EOI, 0xff000000 | (5 * XICS_SOURCES), 0);	/* no such source */
	s->pq_state = 3;
	left(0, H_EOI, 0xff000000 | IRQ, 0);	/* triggered again */
	s->pq_state = 1;
	s->level = 1;
	left(0, H_EOI, 0xff000000 | IRQ, 0);	/* still there */
	s->level = 0;
	vm.irq_ack_notifier_list.first = &vm;
	left(0, H_EOI, 0xff000000 | IRQ, 0);
	vm.irq_ack_notifier_list.first = NULL;
	s->host_irq = 3;
	left(0, H_EOI, 0xff000000 | IRQ, 0);
	s->host_irq = 0;
	icp[0].state = (union rm_icp_state){ .cppr = 5, .mfrr = 0xff, .pending = 0xff, .need_resend = 1 };
	left(0, H_CPPR, 0xff, 0);
	left(0, H_EOI, 0xff000002, 0);
	icp[0].state = (union rm_icp_state){ .cppr = 0xff, .mfrr = 0xff, .pending = 6, .xisr = IRQ, .asserted = 1 };
	left(0, H_IPI, 0, 5);			/* would reject the source */
	left(0, H_CPPR, 6, 0);
	assert_true(call(0, H_IPI, 0, 7));	/* would not */
	icp[0].state.need_resend = 1;
	left(0, H_IPI, 0, 8);
	ctx.flags = 0;
	left(0, H_XIRR, 0, 0);
}

static void test_eoi(void **state)
{
	struct rm_xics_source *s = &ics.source[IRQ % XICS_SOURCES];

	(void)state;
	icp[0].state.cppr = 5;
	s->pq_state = 1;
	assert_true(call(0, H_EOI, 0xff000000 | IRQ, 0));
	assert_int_equal(s->pq_state, 0);
	assert_int_equal(icp[0].state.cppr, 0xff);
	s->level = 1;
	icp[0].state.cppr = 5;
	assert_true(call(0, H_EOI, 0xff000000 | IRQ, 0));
	assert_int_equal(icp[0].state.cppr, 0xff);
	icp[0].state.cppr = 5;
	icp[0].state.mfrr = 4;
	assert_true(call(0, H_EOI, 0xff000000 | IRQ, 0));
	assert_true(line(0));			/* the IPI that waited */
	assert_int_equal(shim_nospec.index, IRQ / XICS_SOURCES);	/* masked before it is an index */
	assert_int_equal(shim_nospec.size, XICS_MAX_ICS);
	call(0, H_IPI, 8, 0xff);
	assert_int_equal(shim_nospec.index, 8);
	assert_int_equal(shim_nospec.size, KVM_MAX_VCPU_IDS);
}

/* Whatever the guest does: the line says what the state says, and no IPI that MFRR and CPPR allow is lost. */
static void test_random(void **state)
{
	static const u64 req[] = { H_XIRR, H_CPPR, H_EOI, H_IPI, H_IPOLL };
	unsigned int seed = 1;

	(void)state;
	for (int i = 0; i < VCPUS; i++)
		vcpu[i].arch.thread_cpu = 0;
	for (int n = 0; n < 200000; n++) {
		int v = rand_r(&seed) % VCPUS;
		u64 r = req[rand_r(&seed) % 5], a = rand_r(&seed) % 16, b = rand_r(&seed) % 16;

		if (r == H_CPPR)
			a = a ? a : 0xff;
		else if (r == H_EOI)
			/* to tighten CPPR by EOI is an error of the guest's, with loose ends (LoPAR) */
			a = (a > icp[v].state.cppr ? a : 0xff) << 24 | XICS_IPI;
		else
			a = a % VCPUS * 8;
		assert_true(call(v, r, a, b ? b : 0xff));
		for (int i = 0; i < VCPUS; i++) {
			union rm_icp_state s = icp[i].state;

			assert_int_equal(s.asserted, s.xisr && s.pending < s.cppr);
			assert_true(!s.asserted || line(i));
			assert_true(s.mfrr >= s.cppr || (s.xisr && s.pending <= s.mfrr));
		}
		ctx.kick = NULL;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_ipi, fresh),
		cmocka_unit_test_setup(test_cppr, fresh),
		cmocka_unit_test_setup(test_running_target, fresh),
		cmocka_unit_test_setup(test_left, fresh),
		cmocka_unit_test_setup(test_eoi, fresh),
		cmocka_unit_test_setup(test_random, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
