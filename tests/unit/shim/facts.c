// SPDX-License-Identifier: GPL-2.0
/*
 * Prints, for facts.sh, a kernel source that compiles only if the kernel means
 * by every name in shim/ what shim/ says. names.h has, made by facts.sh, one
 * NAME(x) for each constant.
 */
#include <stdio.h>
#include <linux/mm.h>
#include <asm/hvcall.h>
#include <asm/hw_irq.h>
#include <asm/paca.h>
#include <asm/kvm_ppc.h>
#include <asm/xics.h>
#include <asm/lppaca.h>
#include <asm/dtl.h>

#define SAY(expr, value)	printf("_Static_assert((%s) == 0x%llxull, \"%s\");\n", expr, (u64)(value), expr)
#define NAME(x)		SAY("(u64)(" #x ")", x);
#define SIZE(type)	SAY("sizeof(" #type ")", sizeof(type))
#define FIELD(type, f)	SAY("sizeof(((struct " #type " *)0)->" #f ")", sizeof(((struct type *)0)->f))
#define ROW(name, num, cpus, who, place, one_reg)	SAY("sizeof(" #place ")", sizeof(place));

static const struct kvm_vcpu *const v;	/* for the places in sprs.h */

static void fields(void)
{
#define HV_SPR		ROW
#define HV_SPR_PMU	ROW
#define HV_SPR_HELD	ROW
#include "sprs.h"
	FIELD(kvmppc_vcore, lpcr);
	FIELD(kvmppc_vcore, pcr);
	FIELD(kvmppc_vcore, tb_offset);
	FIELD(kvmppc_vcore, arch_compat);
	FIELD(kvm_vcpu_arch, trap);
	FIELD(kvm_vcpu_arch, dabr);
	FIELD(kvm_vcpu_arch, dabrx);
	FIELD(kvmppc_vpa, next_gpa);
	FIELD(kvmppc_vpa, len);
	FIELD(kvmppc_vpa, gpa);
	FIELD(kvmppc_vpa, update_pending);
	FIELD(kvmppc_vpa, dirty);
	FIELD(kvm_vcpu, vcpu_idx);
	FIELD(kvm_vcpu_arch, intr_msr);
	FIELD(kvm_vcpu_arch, dec_expires);
	FIELD(kvm_vcpu_arch, online);
	FIELD(kvm_vcpu_arch, hcall_needed);
	FIELD(kvm_run, exit_reason);
	FIELD(kvm_run, hw.hardware_exit_reason);
	FIELD(kvm_run, papr_hcall);
	FIELD(kvm_hpt_info, order);
	FIELD(paca_struct, irq_happened);
	FIELD(kvmppc_host_state, napping);
	FIELD(kvmppc_host_state, hwthread_req);
	FIELD(kvmppc_host_state, hwthread_state);
	FIELD(kvm_vcpu_arch, pending_exceptions);
	FIELD(kvm_vcpu_arch, thread_cpu);
	SIZE(struct revmap_entry);
	SIZE(gva_t);
	SIZE(struct lppaca);
	SAY("offsetof(struct lppaca, __old_status)", offsetof(struct lppaca, __old_status));
	SAY("offsetof(struct lppaca, yield_count)", offsetof(struct lppaca, yield_count));
	SAY("offsetof(struct lppaca, enqueue_dispatch_tb)", offsetof(struct lppaca, enqueue_dispatch_tb));
	SAY("offsetof(struct lppaca, dtl_idx)", offsetof(struct lppaca, dtl_idx));
	SAY("offsetof(struct slb_shadow, save_area)", offsetof(struct slb_shadow, save_area));
	SIZE(struct dtl_entry);
	SIZE(u64);
}

/* Kernel functions that shim/ has a version of its own of: constants fold, so these are asked as constants. */
static void ask(const char *call, u64 answer)
{
	printf("\tBUILD_BUG_ON(%s != 0x%llxull);\n", call, answer);
}

static void functions(void)
{
	static const u64 vs[] = { 0x40000000aa123487, 0x3fffffffffffff81, 0xc00fffffffffff85, 0x00000000005a5104 };
	static const u64 rs[] = { 0x190, 0xf3fffffffffff1ff, 0xa1234567890ab192 };
	char call[160];

	puts("void hv_facts(void);\nvoid hv_facts(void)\n{");
	for (int i = 0; i < 4; i++) for (int k = 0; k < 3; k++) {
		snprintf(call, sizeof(call), "hpte_old_to_new_v(0x%llxul)", vs[i]);
		ask(call, hpte_old_to_new_v(vs[i]));
		snprintf(call, sizeof(call), "hpte_old_to_new_r(0x%llxul, 0x%llxul)", vs[i], rs[k]);
		ask(call, hpte_old_to_new_r(vs[i], rs[k]));
		snprintf(call, sizeof(call), "hpte_new_to_old_v(0x%llxul, 0x%llxul)", vs[i], rs[k] | 1ull << 58);
		ask(call, hpte_new_to_old_v(vs[i], rs[k] | 1ull << 58));
		snprintf(call, sizeof(call), "hpte_new_to_old_r(0x%llxul)", rs[k]);
		ask(call, hpte_new_to_old_r(rs[k]));
	}
	for (int lp = 0; lp < 0x200; lp++) {
		u64 large = lp >> 8 ? HPTE_V_LARGE : 0, r = (lp & 0xffull) << 12;

		snprintf(call, sizeof(call), "kvmppc_hpte_base_page_shift(0x%llxul, 0x%llxul)", large, r);
		ask(call, kvmppc_hpte_base_page_shift(large, r));
		snprintf(call, sizeof(call), "kvmppc_actual_pgsz(0x%llxul, 0x%llxul)", large, r);
		ask(call, kvmppc_actual_pgsz(large, r));
	}
	puts("}");
}

int main(void)
{
	puts("#include <linux/kvm_host.h>\n#include <linux/build_bug.h>\n#include <asm/hw_irq.h>\n"
	     "#include <asm/mce.h>\n#include <asm/paca.h>\n#include <asm/kvm_ppc.h>\n"
	     "#include <asm/kvm_book3s.h>\n#include <asm/xics.h>\n#include <asm/dtl.h>\nstatic const struct kvm_vcpu *const v;");
#include "names.h"
	fields();
	functions();
	puts("MODULE_LICENSE(\"GPL\");");
	return 0;
}
