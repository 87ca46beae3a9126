// SPDX-License-Identifier: GPL-2.0
/*
 * Registers with kvm.ko as the HV backend, in the place of the kernel's own.
 */
#include <linux/module.h>
#include <linux/miscdevice.h>
#include <linux/ratelimit.h>
#include <asm/kvm_ppc.h>
#include <asm/cputable.h>
#include <asm/mmu.h>
#include "hv.h"

#define CREATE_TRACE_POINTS
#include "kvm_hv_trace.h"

u32 hv_cpu;

static int check_requests(struct kvm_vcpu *vcpu) { return 1; }

/* Supervisor instructions run in the guest: none ever comes here to be emulated. */
static int emulate_op(struct kvm_vcpu *vcpu, unsigned int inst, int *advance)
{
	return EMULATE_FAIL;
}

static int emulate_mtspr(struct kvm_vcpu *vcpu, int sprn, ulong val)
{
	return EMULATE_FAIL;
}

static int emulate_mfspr(struct kvm_vcpu *vcpu, int sprn, ulong *val)
{
	return EMULATE_FAIL;
}

/* Where it is not, this module does not load: hv_hpt_possible */
static bool hash_v3_possible(void)
{
	return hv_isa300();
}

static int enable_dawr1(struct kvm *kvm)
{
	if (hv_cpu != HV_P10)
		return -ENODEV;
	if (kvm)
		kvm->arch.dawr1_enabled = true;
	return 0;
}

/* kvm.ko asks without a VM whether it could be: KVM_CHECK_EXTENSION then says 0. */
static int enable_nested(struct kvm *kvm)
{
	if (kvm)
		pr_info_ratelimited("nested guests are not supported; start the VM without KVM_CAP_PPC_NESTED_HV\n");
	return -ENODEV;
}

static int enable_svm(struct kvm *kvm)
{
	if (kvm)
		pr_info_ratelimited("secure guests are not supported; start the VM without KVM_CAP_PPC_SECURE_GUEST\n");
	return -EINVAL;
}

static struct kvmppc_ops hv_ops = {
	.owner			= THIS_MODULE,
	.get_sregs		= hv_vcpu_get_sregs,
	.set_sregs		= hv_vcpu_set_sregs,
	.get_one_reg		= hv_get_one_reg,
	.set_one_reg		= hv_set_one_reg,
	.vcpu_load		= hv_vcpu_load,
	.vcpu_put		= hv_vcpu_put,
	.inject_interrupt	= kvmppc_inject_interrupt_hv,
	.set_msr		= kvmppc_set_msr_hv,
	.vcpu_run		= hv_vcpu_run,
	.vcpu_create		= hv_vcpu_create,
	.vcpu_free		= hv_vcpu_free,
	.check_requests		= check_requests,
	.get_dirty_log		= hv_get_dirty_log,
	.flush_memslot		= hv_slot_flush,
	.prepare_memory_region	= hv_slot_prepare,
	.commit_memory_region	= hv_slot_commit,
	.unmap_gfn_range	= hv_unmap_gfn_range,
	.age_gfn		= hv_age_gfn,
	.test_age_gfn		= hv_test_age_gfn,
	.free_memslot		= hv_slot_free,
	.init_vm		= hv_vm_init,
	.destroy_vm		= hv_vm_destroy,
	.get_smmu_info		= hv_vm_smmu_info,
	.emulate_op		= emulate_op,
	.emulate_mtspr		= emulate_mtspr,
	.emulate_mfspr		= emulate_mfspr,
	.giveup_ext		= hv_math_out,
	.fast_vcpu_kick		= hv_vcpu_kick,
	.arch_vm_ioctl		= hv_vm_ioctl,
	.hcall_implemented	= hv_hcall_implemented,
	.configure_mmu		= hv_vm_configure_mmu,
	.set_smt_mode		= hv_vm_set_smt_mode,
	.enable_dawr1		= enable_dawr1,
	.enable_nested		= enable_nested,
	.enable_svm		= enable_svm,
	.hash_v3_possible	= hash_v3_possible,
};

static int find_cpu_kind(void)
{
	if (!cpu_has_feature(CPU_FTR_HVMODE)) {
		pr_err("this kernel does not run in hypervisor mode (it is a guest itself, or firmware kept the mode); guests can run under kvm-pr only\n");
		return -ENODEV;
	}
	if (cpu_has_feature(CPU_FTR_ARCH_31))
		hv_cpu = HV_P10;
	else if (cpu_has_feature(CPU_FTR_ARCH_300))
		hv_cpu = HV_P9;
	else if (cpu_has_feature(CPU_FTR_ARCH_207S))
		hv_cpu = HV_P8;
	else if (cpu_has_feature(CPU_FTR_ARCH_206))
		hv_cpu = HV_P7;
	else
		return -ENODEV;
	if (!hv_hpt_possible(mfspr(SPRN_PVR), radix_enabled())) {
		pr_err("this POWER9 (PVR 0x%08lx, before DD2.2) can't run hash guests beside a host in radix mode, and there are no other guests; boot the host with disable_radix\n",
		       mfspr(SPRN_PVR));
		return -ENODEV;
	}
	return 0;
}

/* LPID 0 is the host's; the highest one is what LPIDR holds while SDR1 changes on POWER8. */
static void init_lpids(void)
{
	unsigned long n = 1ul << mmu_lpid_bits;

	if (!hv_isa300())
		n--;
	kvmppc_init_lpid(n);
}

static int __init hv_init(void)
{
	int err = find_cpu_kind();

	if (err)
		return err;
	if (kvmppc_hv_ops) {
		pr_err("another HV backend is registered; remove it first (rmmod kvm_hv)\n");
		return -EBUSY;
	}
	err = hv_tables_init();
	if (err)
		return err;
	err = hv_rm_load();
	if (err)
		goto no_image;
	err = hv_device_init();
	if (err)
		goto no_device;
	init_lpids();
	hv_siblings_init();
	hv_xics_check();
	kvmppc_hv_ops = &hv_ops;
	return 0;
no_device:
	hv_rm_unload();
no_image:
	hv_tables_free();
	return err;
}

static void __exit hv_exit(void)
{
	kvmppc_hv_ops = NULL;
	hv_device_exit();
	tracepoint_synchronize_unregister();
	hv_ring_free();
	hv_rm_unload();
	hv_tables_free();
}

module_init(hv_init);
module_exit(hv_exit);
MODULE_DESCRIPTION("KVM on 64-bit Book3S POWER in hypervisor mode, every exit traced");
MODULE_LICENSE("GPL");
MODULE_VERSION(HV_VERSION);
MODULE_ALIAS_MISCDEV(KVM_MINOR);
MODULE_ALIAS("devname:kvm");
