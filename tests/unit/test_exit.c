// SPDX-License-Identifier: GPL-2.0
/* kvm-hv/exit.c: what each exit of tracepoints/exits.h leads to. */
#include <stdio.h>
#include "check.h"
#include "../../kvm-hv/hv.h"
#include <asm/hvcall.h>

#define PC	0x4000ul

static struct {
	int mce, fault, program, noted, logged, switched;
	ulong srr1, nip;
	int exit_ret;
	ulong exit_req;
	bool doorbell;
	char log[200];
} seen;

static struct kvm_run run;
static struct kvm vm;
static struct hv_vcpu hv;
static struct hv_stat_row row;
static struct kvm_vcpu vcpu;
static long family_rc;

int hv_mce_handle(struct kvm_vcpu *v)
{
	assert_ptr_equal(v, &vcpu);
	seen.mce++;
	return 1001;
}

long hv_hpt_hcall(struct kvm_vcpu *v, unsigned long req, u64 *reg)
{
	assert_ptr_equal(reg, v->arch.regs.gpr);
	assert_int_equal(req, reg[3]);
	return family_rc;
}

#define FAMILY(fn) long fn(struct kvm_vcpu *v, unsigned long req, u64 *reg) { return hv_hpt_hcall(v, req, reg); }
FAMILY(hv_hcall_cpu)
FAMILY(hv_hcall_vpa)
FAMILY(hv_hcall_mode)
FAMILY(hv_hcall_mem)
FAMILY(hv_hcall_tce)
FAMILY(hv_hcall_other)

int hv_rtas(struct kvm_vcpu *v)
{
	if (family_rc == H_SUCCESS)
		v->arch.regs.gpr[3] = H_SUCCESS;
	return family_rc == H_SUCCESS ? RESUME_GUEST : family_rc == H_TOO_HARD ? RESUME_HOST : -EFAULT;
}

long hv_hcall_xics(struct kvm_vcpu *v, unsigned long req, u64 *reg)
{
	return hv_hpt_hcall(v, req, reg);
}

bool hv_doorbell_emulate(struct kvm_vcpu *v)
{
	assert_ptr_equal(v, &vcpu);
	return seen.doorbell;
}

bool hv_stats_on(void)
{
	return true;
}

void hv_stats_switch(struct hv_counts *n, struct hv_rm_ctx *c)
{
	assert_ptr_equal(c, &hv.rm);
	c->rows = &row;
	seen.switched++;
}

int hv_page_fault(struct kvm_vcpu *v)
{
	assert_ptr_equal(v, &vcpu);
	seen.fault++;
	return 1002;
}

void kvmppc_core_queue_program(struct kvm_vcpu *v, ulong srr1_flags)
{
	seen.program++;
	seen.srr1 = srr1_flags;
	seen.nip = v->arch.regs.nip;	/* becomes the guest's SRR0 */
}

struct static_key_false hv_listened;

void hv_records_hcall(struct kvm_vcpu *v, int r, u64 req)
{
	assert_int_equal(v->arch.hcall_needed, r == RESUME_HOST);	/* after the call was acted on */
	seen.noted++;
	seen.exit_ret = r;
	seen.exit_req = req;
}

void shim_log(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(seen.log, sizeof(seen.log), fmt, ap);
	va_end(ap);
	seen.logged++;
}

static int fresh(void **state)
{
	(void)state;
	memset(&seen, 0, sizeof(seen));
	memset(&run, 0xee, sizeof(run));
	memset(&vcpu, 0, sizeof(vcpu));
	memset(&vm, 0, sizeof(vm));
	vcpu.run = &run;
	vcpu.kvm = &vm;
	memset(&hv, 0, sizeof(hv));
	hv.early_rc = H_TOO_HARD;
	hv.phase.noted = hv_listened.on = true;
	vcpu.arch.vcore = &hv.vc;
	vcpu.arch.regs.nip = PC;
	for (int i = 0; i < 32; i++)
		vcpu.arch.regs.gpr[i] = 0x1000000000000000ul * (i % 8 + 1) + i;
	return 0;
}

static int exit_with(int trap)
{
	vcpu.arch.trap = trap;
	return hv_handle_watched(&vcpu);
}

enum outcome { HOST_ONLY, MCE, HCALL, FAULT, ILLEGAL, STOP };

/* From Power ISA v3.1B III, "Interrupts", and what a guest may cause: not from the lists. */
static const struct { int vector; enum outcome outcome; } expect[] = {
	{ 0x100, HOST_ONLY }, { 0x500, HOST_ONLY }, { 0x980, HOST_ONLY }, { 0xe60, HOST_ONLY },
	{ 0xe80, HOST_ONLY }, { 0xea0, HOST_ONLY }, { 0xf00, HOST_ONLY },
	{ 0x200, MCE }, { 0xc00, HCALL }, { 0xe00, FAULT }, { 0xe20, FAULT },
	{ 0xe40, ILLEGAL }, { 0xf80, ILLEGAL }, { 0x1500, ILLEGAL },
	/* taken by the guest itself; 0x502: the module strips the 2 before it asks */
	{ 0x300, STOP }, { 0x380, STOP }, { 0x400, STOP }, { 0x480, STOP }, { 0x502, STOP },
	{ 0x600, STOP }, { 0x700, STOP }, { 0x800, STOP }, { 0x900, STOP }, { 0xa00, STOP },
	{ 0xd00, STOP }, { 0xf20, STOP }, { 0xf40, STOP }, { 0xf60, STOP },
};

static void check_stop(int trap)
{
	char want[64];

	assert_int_equal(run.exit_reason, 0);	/* KVM_EXIT_UNKNOWN */
	assert_int_equal(run.hw.hardware_exit_reason, trap);
	assert_int_equal(seen.logged, 1);
	snprintf(want, sizeof(want), "kvm-hv: unexpected exit 0x%x at pc 0x4000 ", trap);
	assert_int_equal(strncmp(seen.log, want, strlen(want)), 0);
}

static void check_vector(int trap, const char *name, enum outcome o)
{
	const struct kvm_run before = run;
	static const int result[] = { RESUME_GUEST, 1001, RESUME_HOST, 1002, RESUME_GUEST, RESUME_HOST };
	int r = exit_with(trap);

	if (r != result[o])
		fail_msg("%s: hv_handle_exit returned %d, expected %d", name, r, result[o]);
	assert_int_equal(seen.mce, o == MCE);
	assert_int_equal(seen.fault, o == FAULT);
	assert_int_equal(seen.noted, o == HCALL);
	assert_int_equal(vcpu.arch.hcall_needed, o == HCALL);
	assert_int_equal(seen.program, o == ILLEGAL);
	assert_int_equal(seen.srr1, o == ILLEGAL ? 0x80000 : 0);
	assert_int_equal(seen.nip, o == ILLEGAL ? PC : 0);
	assert_int_equal(vcpu.arch.regs.nip, PC);
	assert_int_equal(vcpu.stat.sum_exits, 1);
	if (o == STOP)
		check_stop(trap);
	else if (o != HCALL)
		assert_memory_equal(&run, &before, sizeof(run));
}

static void test_every_exit(void **state)
{
	static const struct { int vector; const char *name; } row[] = {
#define HV_EXIT(vector, name, meaning)	{ vector, #name },
#include "exits.h"
	};
	size_t i, k;

	for (i = 0; i < ARRAY_SIZE(row); i++) {
		for (k = 0; k < ARRAY_SIZE(expect) && expect[k].vector != row[i].vector; k++)
			;
		if (k == ARRAY_SIZE(expect))
			fail_msg("%s (0x%x) is in exits.h, not in this test", row[i].name, row[i].vector);
		fresh(state);
		check_vector(row[i].vector, row[i].name, expect[k].outcome);
	}
	assert_int_equal(ARRAY_SIZE(row), ARRAY_SIZE(expect));
}

/* An emulated facility costs the guest nothing. */
static void test_doorbell(void **state)
{
	(void)state;
	seen.doorbell = true;
	assert_int_equal(exit_with(0xf80), RESUME_GUEST);
	assert_int_equal(seen.program, 0);
}

/* A debugger's breakpoint is the VMM's when it asked for it, else an illegal instruction like others. */
static void test_breakpoint(void **state)
{
	for (int on = 0; on < 2; on++) for (int bp = 0; bp < 2; bp++) {
		fresh(state);
		vcpu.guest_debug = on ? 0x10001 : 1;
		vcpu.arch.emul_inst = bp ? 0x00dddd00 : 0x00000001;
		assert_int_equal(exit_with(0xe40), on && bp ? RESUME_HOST : RESUME_GUEST);
		assert_int_equal(seen.program, !(on && bp));
		if (on && bp) {
			assert_int_equal(run.exit_reason, 4);	/* KVM_EXIT_DEBUG */
			assert_int_equal(run.debug.arch.address, PC);
		}
	}
}

static void test_unlisted(void **state)
{
	static const int vector[] = { 0, 0x20, 0x981, 0xee0, 0x3000, 0x5555 };

	for (size_t i = 0; i < ARRAY_SIZE(vector); i++) {
		fresh(state);
		check_vector(vector[i], "a vector of no interrupt", STOP);
	}
}

static void test_hcall(void **state)
{
	(void)state;
	assert_int_equal(exit_with(0xc00), RESUME_HOST);
	assert_int_equal(run.exit_reason, 19);	/* KVM_EXIT_PAPR_HCALL */
	assert_int_equal(run.papr_hcall.nr, vcpu.arch.regs.gpr[3]);
	assert_int_equal(run.papr_hcall.ret, 0);
	for (int i = 0; i < 9; i++)
		assert_int_equal(run.papr_hcall.args[i], 0x1000000000000000ul * ((i + 4) % 8 + 1) + i + 4);
	assert_int_equal(vcpu.arch.regs.nip, PC);	/* SRR0 is behind the sc already */
	assert_int_equal(seen.exit_req, vcpu.arch.regs.gpr[3]);
	assert_int_equal(seen.exit_ret, RESUME_HOST);
	assert_int_equal(seen.program, 0);
}

/* Answered here, handed on by its family, switched off by KVM_CAP_PPC_ENABLE_HCALL, unknown. */
static void test_who_answers(void **state)
{
	static const struct { u64 nr; bool enabled; long rc; int want; } call[] = {
		{ H_ENTER, true,  H_PTEG_FULL, RESUME_GUEST },
		{ H_CEDE,  true,  H_SUCCESS,   RESUME_GUEST },
		{ H_ENTER, true,  H_TOO_HARD,  RESUME_HOST },
		{ H_ENTER, false, H_SUCCESS,   RESUME_HOST },
		{ H_RTAS,  true,  H_SUCCESS,   RESUME_GUEST },
		{ H_RTAS,  true,  H_TOO_HARD,  RESUME_HOST },
		{ H_SET_MODE, true, H_SUCCESS, RESUME_HOST },	/* known, but off in a new VM */
		{ H_ENTER + 1, true, H_SUCCESS, RESUME_HOST },
		{ H_SVM_PAGE_IN, false, H_UNSUPPORTED, RESUME_GUEST },
		{ H_ENTER_NESTED, false, H_FUNCTION, RESUME_GUEST },
		{ ~0ull,   true,  H_SUCCESS,   RESUME_HOST },
	};

	for (size_t i = 0; i < ARRAY_SIZE(call); i++) {
		fresh(state);
		if (call[i].enabled)
			hv_hcall_enable_default(&vm);
		vcpu.arch.regs.gpr[3] = call[i].nr;
		family_rc = call[i].rc;
		assert_int_equal(exit_with(0xc00), call[i].want);
		assert_int_equal(vcpu.arch.hcall_needed, call[i].want == RESUME_HOST);
		if (call[i].want == RESUME_GUEST)
			assert_int_equal((long)vcpu.arch.regs.gpr[3], call[i].rc);
		else
			assert_int_equal(run.papr_hcall.nr, call[i].nr);
	}
}

/* The kernel's own kvm-hv: what a new VM has switched on, what the VMM may switch. */
static void test_default_set(void **state)
{
	static const u32 on[] = {
		H_REMOVE, H_ENTER, H_READ, H_PROTECT, H_BULK_REMOVE, H_GET_TCE, H_PUT_TCE, H_SET_DABR,
		H_SET_XDABR, H_CEDE, H_PROD, H_CONFER, H_REGISTER_VPA, H_EOI, H_CPPR, H_IPI, H_IPOLL, H_XIRR, H_XIRR_X,
	};
	static const u32 off[] = {
		H_CLEAR_MOD, H_CLEAR_REF, H_SET_MODE, H_PAGE_INIT, H_LOGICAL_CI_LOAD, H_LOGICAL_CI_STORE,
		H_PUT_TCE_INDIRECT, H_STUFF_TCE, H_RANDOM, H_RPT_INVALIDATE,
	};
	int bits = 0;

	(void)state;
	hv_hcall_enable_default(&vm);
	for (u32 nr = 0; nr <= MAX_HCALL_OPCODE; nr += 4)
		bits += test_bit(nr / 4, vm.arch.enabled_hcalls);
	assert_int_equal(bits, ARRAY_SIZE(on));
	for (size_t i = 0; i < ARRAY_SIZE(on); i++) {
		assert_true(test_bit(on[i] / 4, vm.arch.enabled_hcalls));
		assert_true(hv_hcall_implemented(on[i]));
	}
	for (size_t i = 0; i < ARRAY_SIZE(off); i++)
		assert_true(hv_hcall_implemented(off[i]));
	assert_false(hv_hcall_implemented(H_ENTER + 2));
	assert_false(hv_hcall_implemented(H_PUT_TERM_CHAR));
	assert_false(hv_hcall_implemented(H_RTAS));
	shim_nospec.n = 0;
	assert_false(hv_hcall_implemented(~0ul));
	assert_int_equal(shim_nospec.n, 0);
	hv_hcall_implemented(H_ENTER);		/* masked before it is an index (Spectre v1) */
	assert_int_equal(shim_nospec.index, H_ENTER / 4);
	assert_int_equal(shim_nospec.size, MAX_HCALL_OPCODE / 4 + 1);
}

static void test_rtas_fault(void **state)
{
	(void)state;
	vcpu.arch.regs.gpr[3] = H_RTAS;
	family_rc = H_HARDWARE;
	assert_int_equal(exit_with(0xc00), -EFAULT);
	assert_int_equal(vcpu.arch.regs.gpr[3], H_RTAS);
}

/* Answered right after the exit (interrupt presentation on XIVE): not asked again. */
static void test_early_answer(void **state)
{
	(void)state;
	vcpu.arch.regs.gpr[3] = H_XIRR;
	hv.early_rc = H_SUCCESS;
	assert_int_equal(exit_with(0xc00), RESUME_GUEST);
	assert_int_equal(vcpu.arch.regs.gpr[3], H_SUCCESS);
	assert_int_equal(vcpu.arch.hcall_needed, 0);
}

/* PAPR: user space must not call the hypervisor, whatever the number says. */
static void test_hcall_from_user(void **state)
{
	static const u64 nr[] = { 0x8, 0xe0, 0xf000, ~0ull };

	for (size_t i = 0; i < ARRAY_SIZE(nr); i++) {
		struct kvm_run before;

		fresh(state);
		before = run;
		vcpu.arch.shregs.msr = 0x8000000000000000ull | 1ull << 14;	/* SF, PR */
		vcpu.arch.regs.gpr[3] = nr[i];
		assert_int_equal(exit_with(0xc00), RESUME_GUEST);
		assert_int_equal(seen.program, 1);
		assert_int_equal(seen.srr1, 0x40000);	/* privileged instruction */
		assert_int_equal(seen.nip, PC - 4);	/* the sc itself */
		assert_int_equal(seen.noted, 0);
		assert_int_equal(vcpu.arch.hcall_needed, 0);
		assert_int_equal(vcpu.arch.regs.gpr[3], nr[i]);
		assert_memory_equal(&run, &before, sizeof(run));
	}
}

/* A guest that never leaves KVM_RUN: its thread sees at the host's interrupts that statistics were switched (here: on). */
static void test_statistics_switched(void **state)
{
	(void)state;
	assert_int_equal(exit_with(0xf80), RESUME_GUEST);
	assert_int_equal(seen.switched, 0);
	assert_int_equal(exit_with(0x980), RESUME_GUEST);
	assert_int_equal(exit_with(0x980), RESUME_GUEST);
	assert_int_equal(seen.switched, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_every_exit, fresh),
		cmocka_unit_test_setup(test_breakpoint, fresh),
		cmocka_unit_test_setup(test_unlisted, fresh),
		cmocka_unit_test_setup(test_doorbell, fresh),
		cmocka_unit_test_setup(test_hcall, fresh),
		cmocka_unit_test_setup(test_who_answers, fresh),
		cmocka_unit_test_setup(test_default_set, fresh),
		cmocka_unit_test_setup(test_rtas_fault, fresh),
		cmocka_unit_test_setup(test_early_answer, fresh),
		cmocka_unit_test_setup(test_hcall_from_user, fresh),
		cmocka_unit_test_setup(test_statistics_switched, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
