// SPDX-License-Identifier: GPL-2.0
/* kvm-hv/rm/hcall.c: which hypercalls the image answers itself, and which it leaves to the module. */
#include "check.h"
#include "../../kvm-hv/hv.h"
#include "../../kvm-hv/rm/rm.h"
#include <asm/hvcall.h>
#include <asm/lppaca.h>

#define VCPUS	2
#define OTHER	8	/* the second vCPU's id */

static struct kvm vm;
static struct hv_vm hv_vm;
static struct kvm_vcpu vcpu[VCPUS], *part[HV_VCPU_PART];
static struct lppaca area;
static struct hv_rm_ctx ctx;
static u64 dec;
static unsigned long table_call, xics_call;
static bool table_locked, line_up, is_free;
static int shown;

u64 rm_mfspr(unsigned int n)
{
	assert_int_equal(n, 22);
	return dec;
}

long hv_hcall_hpt(struct kvm *kvm, unsigned long req, u64 *reg)
{
	assert_ptr_equal(reg, vcpu[0].arch.regs.gpr);
	table_call = req;
	table_locked = kvm->mmu_lock.rlock.raw_lock.held;
	return H_PTEG_FULL;
}

bool hv_hpt_is_free(struct kvm *kvm, u64 index)
{
	assert_int_equal(index, vcpu[0].arch.regs.gpr[5]);
	return is_free;
}

bool rm_xics(struct hv_rm_ctx *c, struct kvm_vcpu *v, unsigned long req)
{
	xics_call = req;
	return true;
}

bool xics_line_up(struct kvm_vcpu *v)
{
	return line_up;
}

void rm_show_line(struct hv_rm_ctx *c, struct kvm_vcpu *v)
{
	shown++;
}

static int fresh(void **state)
{
	(void)state;
	memset(&vm, 0, sizeof(vm));
	memset(vcpu, 0, sizeof(vcpu));
	memset(&area, 0, sizeof(area));
	memset(&ctx, 0, sizeof(ctx));
	hv_vm.waiting.counter = 0;
	for (int i = 0; i < VCPUS; i++) {
		vcpu[i].kvm = &vm;
		vcpu[i].arch.thread_cpu = -1;
		part[OTHER * i] = &vcpu[i];
	}
	hv_vm.vcpus[0] = part;
	vm.arch.resize_hpt = (struct kvm_resize_hpt *)&hv_vm;
	memset(vm.arch.enabled_hcalls, 0xff, sizeof(vm.arch.enabled_hcalls));
	table_call = xics_call = shown = 0;
	table_locked = line_up = is_free = false;
	dec = 1000;
	return 0;
}

static bool call(u64 req, u64 a, u64 b)
{
	vcpu[0].arch.regs.gpr[3] = req;
	vcpu[0].arch.regs.gpr[4] = a;
	vcpu[0].arch.regs.gpr[5] = b;
	req = rm_hcall_nr(&vcpu[0]);
	return (long)req >= 0 && rm_hcall_answer(&ctx, &vcpu[0], req);
}

static bool succeeds(u64 req, u64 a, u64 b)
{
	return call(req, a, b) && vcpu[0].arch.regs.gpr[3] == H_SUCCESS;
}

/* LoPAR, H_CONFER: nothing is given to a target whose yield count is no longer what the caller saw. */
static void test_confer(void **state)
{
	struct kvm_vcpu *other = &vcpu[1];

	(void)state;
	assert_false(call(H_CONFER, 5, 0));		/* nobody here: the module knows whether it exists */
	assert_false(call(H_CONFER, OTHER, 0));		/* waits; no area counts as 0 */
	assert_true(succeeds(H_CONFER, OTHER, 1));
	other->arch.vpa.pinned_addr = &area;
	((u8 *)&area.yield_count)[3] = 7;		/* big endian, odd: not dispatched */
	assert_false(call(H_CONFER, OTHER, 7));
	assert_false(call(H_CONFER, OTHER, 0xa00000007));	/* 32 bits of it */
	assert_true(succeeds(H_CONFER, OTHER, 5));
	assert_true(succeeds(H_CONFER, OTHER, 6));
	assert_false(other->arch.vpa_update_lock.rlock.raw_lock.held);
	other->arch.vpa_update_lock.rlock.raw_lock.held = 1;	/* somebody else works on the area */
	assert_false(call(H_CONFER, OTHER, 5));
	other->arch.thread_cpu = 0;			/* it runs: there is nothing to give */
	assert_true(succeeds(H_CONFER, OTHER, 7));
	assert_true(succeeds(H_CONFER, -1ul, 0));
	hv_vm.waiting.counter = 1;
	assert_false(call(H_CONFER, -1ul, 0));
}

static void test_prod(void **state)
{
	(void)state;
	assert_false(call(H_PROD, 5, 0));
	assert_true(succeeds(H_PROD, OTHER, 0));
	assert_int_equal(vcpu[1].arch.prodded, 1);
	vcpu[1].arch.ceded = 1;		/* it sleeps: the module wakes it */
	assert_false(call(H_PROD, OTHER, 0));
}

static void test_cede(void **state)
{
	(void)state;
	assert_false(call(H_CEDE, 0, 0));
	vcpu[0].arch.prodded = 1;
	assert_true(succeeds(H_CEDE, 0, 0));
	assert_int_equal(vcpu[0].arch.prodded, 0);
	assert_false(call(H_CEDE, 0, 0));
	dec = 0x80000000;		/* negative in 32 bits, not with LPCR[LD] */
	assert_true(succeeds(H_CEDE, 0, 0));
	ctx.lpcr = LPCR_LD;
	assert_false(call(H_CEDE, 0, 0));
	dec = -1ull;
	assert_true(succeeds(H_CEDE, 0, 0));
	dec = 1;
	line_up = true;			/* of a controller that is not ours */
	assert_false(call(H_CEDE, 0, 0));
	assert_int_equal(shown, 0);
	ctx.flags = HV_RM_XICS;
	assert_true(succeeds(H_CEDE, 0, 0));
	assert_int_equal(shown, 1);
}

static void test_table(void **state)
{
	static const u16 calls[] = { H_ENTER, H_READ, H_PROTECT, H_BULK_REMOVE, H_CLEAR_REF, H_CLEAR_MOD, H_REMOVE };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
		assert_true(call(calls[i], 0, 3));
		assert_int_equal(vcpu[0].arch.regs.gpr[3], H_PTEG_FULL);
		assert_int_equal(table_call, calls[i]);
		assert_true(table_locked);
		assert_false(vm.mmu_lock.rlock.raw_lock.held);
	}
	table_call = 0;
	vm.mmu_lock.rlock.raw_lock.held = 1;
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++)
		assert_false(call(calls[i], 0, 3));
	is_free = true;			/* needs no lock */
	assert_true(call(H_REMOVE, 0, 3));
	assert_int_equal(vcpu[0].arch.regs.gpr[3], H_NOT_FOUND);
	assert_int_equal(table_call, 0);
}

static void test_xics(void **state)
{
	static const u16 calls[] = { H_XIRR, H_CPPR, H_EOI, H_IPI, H_IPOLL };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
		assert_true(call(calls[i], 0, 0));
		assert_int_equal(xics_call, calls[i]);
		assert_int_equal(shown, i + 1);
	}
}

/* From problem state, switched off, no hypercall's number, one that only the module has. */
static void test_left(void **state)
{
	(void)state;
	vm.arch.enabled_hcalls[H_ENTER / 4 / 64] &= ~(1ul << H_ENTER / 4 % 64);
	assert_false(call(H_ENTER, 0, 0));
	assert_true(call(H_READ, 0, 0));
	assert_false(call(H_READ + 1, 0, 0));
	assert_false(call(H_RANDOM, 0, 0));
	assert_false(call(MAX_HCALL_OPCODE + 4, 0, 0));
	assert_false(call(-4ul, 0, 0));
	vcpu[0].arch.shregs.msr = MSR_PR;
	assert_false(call(H_READ, 0, 0));
}

/* What the guest names is masked before it is an index; what is out of bounds is not used at all. */
static void test_nospec(void **state)
{
	unsigned int n;

	(void)state;
	call(H_READ, 0, 0);
	assert_int_equal(shim_nospec.index, H_READ);
	assert_int_equal(shim_nospec.size, MAX_HCALL_OPCODE + 1);
	call(H_PROD, OTHER, 0);
	assert_int_equal(shim_nospec.index, OTHER);
	assert_int_equal(shim_nospec.size, KVM_MAX_VCPU_IDS);
	n = shim_nospec.n;
	assert_null(hv_vcpu_of(&vm, KVM_MAX_VCPU_IDS));
	assert_int_equal(shim_nospec.n, n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_confer, fresh),
		cmocka_unit_test_setup(test_prod, fresh),
		cmocka_unit_test_setup(test_cede, fresh),
		cmocka_unit_test_setup(test_table, fresh),
		cmocka_unit_test_setup(test_xics, fresh),
		cmocka_unit_test_setup(test_left, fresh),
		cmocka_unit_test_setup(test_nospec, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
