// SPDX-License-Identifier: GPL-2.0
/* kvm-hv/host_irq.c on faked exits: QEMU can't inject a machine check, an HMI or a system reset in a guest. */
#include <stdio.h>
#include "check.h"
#include <asm/hw_irq.h>
#include <asm/machdep.h>
#include <asm/paca.h>
#include "../../kvm-hv/hv.h"

#define IRQS_BEFORE	0xa9	/* bits that nothing here may touch */

struct paca_struct shim_paca;
struct machdep_calls ppc_md;
u64 shim_cpu_features;

static struct {
	int hmi, resets, printed, queued, logged, reloads;
	struct pt_regs *hmi_regs;
	u8 irqs_at_hmi;
	struct machine_check_event event;
	bool user_mode, in_guest;
	ulong srr1;
	char log[200];
} seen;

static struct mce_info info;
static struct hv_vcpu hv;
static struct kvm vm;
static struct kvm_run run;
static struct kvm_vcpu vcpu;

void hv_vpa_reload_slb(struct kvm_vcpu *v)
{
	assert_ptr_equal(v, &vcpu);
	seen.reloads++;
}

static int note_hmi(struct pt_regs *regs)
{
	seen.hmi++;
	seen.hmi_regs = regs;
	return 1;
}

void replay_system_reset(void);
void replay_system_reset(void)
{
	seen.resets++;
}

void machine_check_print_event_info(struct machine_check_event *evt, bool user_mode, bool in_guest)
{
	seen.printed++;
	seen.event = *evt;
	seen.user_mode = user_mode;
	seen.in_guest = in_guest;
}

void kvmppc_core_queue_machine_check(struct kvm_vcpu *v, ulong srr1_flags)
{
	assert_ptr_equal(v, &vcpu);
	seen.queued++;
	seen.srr1 = srr1_flags;
}

void shim_log(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(seen.log, sizeof(seen.log), fmt, ap);
	va_end(ap);
	seen.logged++;
}

int shim_messages;

static int fresh(void **state)
{
	(void)state;
	shim_messages = 10;
	memset(&seen, 0, sizeof(seen));
	memset(&info, 0, sizeof(info));
	memset(&vcpu, 0, sizeof(vcpu));
	memset(&hv, 0, sizeof(hv));
	memset(&vm, 0, sizeof(vm));
	vcpu.arch.vcore = &hv.vc;
	vcpu.kvm = &vm;
	vcpu.run = &run;
	shim_paca = (struct paca_struct){ .irq_happened = IRQS_BEFORE, .mce_info = &info };
	ppc_md.hmi_exception_early = note_hmi;
	return 0;
}

static void exit_with(int trap)
{
	vcpu.arch.trap = trap;
	hv_replay_host_interrupt(&vcpu);
}

/* As the kernel's save_mce_event: an event beyond the last place is counted, not kept. */
static void push_event(enum MCE_Disposition disposition, u64 srr0)
{
	int i = info.mce_nest_count++;

	if (i < MAX_MC_EVT)
		info.mce_event[i] = (struct machine_check_event){
			.version = MCE_V1, .in_use = 1, .disposition = disposition, .srr0 = srr0 };
}

static void test_edges(void **state)
{
	static const struct { int trap; u8 bits; } edge[] = {
		{ 0x500, 0x04 }, { 0xea0, 0x04 }, { 0xe80, 0x02 },	/* EE, EE, DBELL */
		{ 0xe60, 0x10 },					/* HMI */
		{ 0x980, 0 }, { 0xc00, 0 }, { 0xe00, 0 }, { 0xe20, 0 }, { 0xe40, 0 }, { 0xf80, 0 },
		{ 0x100, 0 }, { 0x200, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(edge); i++) {
		fresh(state);
		exit_with(edge[i].trap);
		assert_int_equal(shim_paca.irq_happened, IRQS_BEFORE | edge[i].bits);
		assert_int_equal(seen.hmi, edge[i].trap == 0xe60);
		assert_int_equal(seen.resets, edge[i].trap == 0x100);
	}
}

static void test_hmi(void **state)
{
	(void)state;
	seen.hmi_regs = (struct pt_regs *)&seen;
	exit_with(BOOK3S_INTERRUPT_HMI);
	assert_int_equal(seen.hmi, 1);
	assert_null(seen.hmi_regs);
	ppc_md.hmi_exception_early = NULL;	/* a platform without one */
	shim_paca.irq_happened = IRQS_BEFORE;
	exit_with(BOOK3S_INTERRUPT_HMI);
	assert_int_equal(seen.hmi, 1);
	assert_int_equal(shim_paca.irq_happened, IRQS_BEFORE | PACA_IRQ_HMI);
}

/* Nest counts on the way in, and what must be left: the last event popped, all others untouched. */
static void test_mce_pop(void **state)
{
	static const int counts[] = { 0, 1, 2, 9, 10, 11, 12, 40 };

	for (size_t k = 0; k < ARRAY_SIZE(counts); k++) {
		int n = counts[k];

		fresh(state);
		for (int i = 0; i < n; i++)
			push_event(MCE_DISPOSITION_NOT_RECOVERED, 0x1000 + i);
		vcpu.arch.mce_evt.version = MCE_V1;	/* of an earlier exit */
		vcpu.arch.mce_evt.srr0 = 1;
		exit_with(BOOK3S_INTERRUPT_MACHINE_CHECK);
		assert_int_equal(info.mce_nest_count, n ? n - 1 : 0);
		for (int i = 0; i < MAX_MC_EVT; i++)
			assert_int_equal(info.mce_event[i].in_use, i < n && i != n - 1);
		if (n && n <= MAX_MC_EVT) {
			assert_int_equal(vcpu.arch.mce_evt.version, MCE_V1);
			assert_int_equal(vcpu.arch.mce_evt.srr0, 0x1000 + n - 1);
		} else {
			assert_int_equal(vcpu.arch.mce_evt.version, 0);
			assert_int_equal(vcpu.arch.mce_evt.srr0, 0);
		}
	}
}

/* Ten that stay on the stack, and the host loses its own: none may stay. */
static void test_mce_twenty(void **state)
{
	(void)state;
	for (int i = 0; i < 20; i++) {
		push_event(MCE_DISPOSITION_NOT_RECOVERED, 0x2000 + i);
		exit_with(BOOK3S_INTERRUPT_MACHINE_CHECK);
		assert_int_equal(hv_mce_handle(&vcpu), RESUME_GUEST);
		assert_int_equal(vcpu.arch.mce_evt.srr0, 0x2000 + i);
	}
	assert_int_equal(info.mce_nest_count, 0);
	assert_int_equal(seen.queued, 20);
	assert_int_equal(seen.printed, 10);	/* no guest floods the host's log */
}

static void test_mce_recovered(void **state)
{
	(void)state;
	push_event(MCE_DISPOSITION_RECOVERED, 0x3000);
	exit_with(BOOK3S_INTERRUPT_MACHINE_CHECK);
	assert_int_equal(hv_mce_handle(&vcpu), RESUME_GUEST);
	assert_int_equal(seen.printed + seen.queued + seen.logged, 0);
}

/* Each SRR1 bit alone: to the guest go those that say what happened, none of the MSR. */
static void test_mce_not_recovered(void **state)
{
	/*
	 * Bits 42 to 45 on POWER8, with bit 36 on POWER9 and 10 (the kernel's early handler decodes
	 * them); bit 34: the instruction is a prefixed one (v3.1B III, "Machine Check Interrupt").
	 */
	const u64 status = PPC_BIT(34) | PPC_BIT(36) | PPC_BIT(42) | PPC_BIT(43) | PPC_BIT(44) | PPC_BIT(45);

	for (int bit = 0; bit < 64; bit++) {
		fresh(state);
		push_event(MCE_DISPOSITION_NOT_RECOVERED, 0x4000);
		exit_with(BOOK3S_INTERRUPT_MACHINE_CHECK);
		hv.rm.srr1 = PPC_BIT(bit);
		assert_int_equal(hv_mce_handle(&vcpu), RESUME_GUEST);
		assert_int_equal(seen.queued, 1);
		if (seen.srr1 != (PPC_BIT(bit) & status))
			fail_msg("SRR1 bit %d: the guest gets 0x%lx", bit, seen.srr1);
		assert_int_equal(seen.printed, 1);
		assert_false(seen.user_mode);
		assert_true(seen.in_guest);
		assert_int_equal(seen.event.srr0, 0x4000);
	}
}

/* The SLB goes with SLB errors, and with ERAT errors on processors before ISA v3.0. */
static void test_mce_slb(void **state)
{
	static const struct { enum MCE_ErrorType type; bool v3; int reloads; } c[] = {
		{ MCE_ERROR_TYPE_SLB, false, 1 }, { MCE_ERROR_TYPE_SLB, true, 1 },
		{ MCE_ERROR_TYPE_ERAT, false, 1 }, { MCE_ERROR_TYPE_ERAT, true, 0 },
		{ MCE_ERROR_TYPE_UE, false, 0 }, { MCE_ERROR_TYPE_UE, true, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(c); i++) {
		fresh(state);
		shim_cpu_features = c[i].v3 ? CPU_FTR_ARCH_300 : 0;
		push_event(MCE_DISPOSITION_RECOVERED, 0x3000);
		info.mce_event[0].error_type = c[i].type;
		exit_with(BOOK3S_INTERRUPT_MACHINE_CHECK);
		assert_int_equal(hv_mce_handle(&vcpu), RESUME_GUEST);
		assert_int_equal(seen.reloads, c[i].reloads);
	}
}

/* FWNMI: the VMM delivers it, also one that was repaired. */
static void test_mce_fwnmi(void **state)
{
	for (int recovered = 0; recovered < 2; recovered++) {
		fresh(state);
		vm.arch.fwnmi_enabled = 1;
		run.flags = 0xfffe;
		push_event(recovered ? MCE_DISPOSITION_RECOVERED : MCE_DISPOSITION_NOT_RECOVERED, 0x3000);
		exit_with(BOOK3S_INTERRUPT_MACHINE_CHECK);
		assert_int_equal(hv_mce_handle(&vcpu), RESUME_HOST);
		assert_int_equal(run.exit_reason, 16);	/* KVM_EXIT_NMI */
		assert_int_equal(run.hw.hardware_exit_reason, 0x200);
		assert_int_equal(run.flags, recovered ? 0xfffd : 0xffff);
		assert_int_equal(seen.queued, 0);
	}
}

static void test_mce_no_event(void **state)
{
	(void)state;
	exit_with(BOOK3S_INTERRUPT_MACHINE_CHECK);
	assert_int_equal(hv_mce_handle(&vcpu), RESUME_GUEST);
	assert_int_equal(seen.printed, 0);
	assert_int_equal(seen.logged, 1);
	assert_string_equal(seen.log, "kvm-hv: machine check in a guest, no event recorded\n");
	assert_int_equal(seen.queued, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_edges, fresh),
		cmocka_unit_test_setup(test_hmi, fresh),
		cmocka_unit_test_setup(test_mce_pop, fresh),
		cmocka_unit_test_setup(test_mce_twenty, fresh),
		cmocka_unit_test_setup(test_mce_recovered, fresh),
		cmocka_unit_test_setup(test_mce_not_recovered, fresh),
		cmocka_unit_test_setup(test_mce_slb, fresh),
		cmocka_unit_test_setup(test_mce_fwnmi, fresh),
		cmocka_unit_test_setup(test_mce_no_event, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
