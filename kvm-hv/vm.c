// SPDX-License-Identifier: GPL-2.0
/*
 * A VM's life, and the VM ioctls.
 */
#include <linux/cpu.h>
#include <linux/slab.h>
#include <linux/ratelimit.h>
#include <linux/uaccess.h>
#include <asm/cputhreads.h>
#include <asm/mmu.h>
#include <asm/pte-walk.h>
#include "hv.h"

/*
 * All threads of a core share one partition on POWER8, and we keep it to one
 * thread on all processors. kvm_hv_vm_activated() has run: from here on the
 * kernel itself refuses to bring a sibling online, so the check can't race.
 */
static int check_single_threaded(void)
{
	int cpu, err = 0;

	cpus_read_lock();
	for_each_online_cpu(cpu)
		if (cpu_thread_in_core(cpu))
			err = -EBUSY;
	cpus_read_unlock();
	if (err)
		pr_err_ratelimited("sibling threads are online; a guest needs the core to itself: turn them off with 'ppc64_cpu --smt=off' or 'echo off >/sys/devices/system/cpu/smt/control'\n");
	return err;
}

/*
 * The guest's LPCR is built from what a guest may have, never from the host's
 * value (Power ISA v3.1B III, "Logical Partitioning Control Register"). AIL and HAIL stay 0: exits then arrive with
 * the MMU off on every processor.
 */
static unsigned long guest_lpcr(void)
{
	unsigned long lpcr = (4ul << LPCR_DPFD_SH) | LPCR_HDICE | LPCR_VPM1;

	/* without ONL, PURR and SPURR stand still, on POWER9 and POWER10 too */
	if (cpu_has_feature(CPU_FTR_ARCH_207S))
		lpcr |= LPCR_ONL;
	if (hv_isa300())
		/* LPES: external interrupts are the guest's own, the host's come as HVI */
		return lpcr | LPCR_HVICE | LPCR_HEIC | LPCR_LPES0;
	/* LPES=0b01: external interrupts come to the hypervisor through HSRR0/1 */
	return lpcr | LPCR_VPM0 | LPCR_LPES1;
}

/* -ENOMEM, -EBUSY: sibling threads are online */
int hv_vm_init(struct kvm *kvm)
{
	struct hv_vm *vm;
	long lpid;
	int err;

	vm = kzalloc(sizeof(*vm), GFP_KERNEL_ACCOUNT);
	if (!vm)
		return -ENOMEM;
	kvm_hv_vm_activated();
	err = check_single_threaded();
	if (err)
		goto fail;
	err = -ENOMEM;
	lpid = kvmppc_alloc_lpid();
	if (lpid < 0)
		goto fail;

	mutex_init(&vm->setup_lock);
	init_waitqueue_head(&vm->gate);
	vm->mmu.isa300 = hv_isa300();
	vm->mmu.find_pte = __find_linux_pte;
	vm->mmu.pmd_shift = PMD_SHIFT;
	vm->mmu.pmd_page_shift = radix_enabled() ? PMD_SHIFT : 24;
	vm->mmu.tlbie_erat_bug = cpu_has_feature(CPU_FTR_P9_TLBIE_ERAT_BUG);
	vm->mmu.tlbie_stq_bug = cpu_has_feature(CPU_FTR_P9_TLBIE_STQ_BUG);
	/* kvm.ko takes these two; the kernel's own backend would initialise them */
	mutex_init(&kvm->arch.mmu_setup_lock);
	mutex_init(&kvm->arch.uvmem_lock);
	INIT_LIST_HEAD(&kvm->arch.uvmem_pfns);
	hv_hcall_enable_default(kvm);
	kvm->arch.resize_hpt = (struct kvm_resize_hpt *)vm;
	hv_resize_init(kvm);
	kvm->arch.lpid = lpid;
	kvm->arch.lpcr = guest_lpcr();
	/* vmlinux loads these two if an NMI hits between the switch and the guest (kvmppc_p9_bad_interrupt) */
	kvm->arch.host_lpid = 0;
	kvm->arch.host_lpcr = mfspr(SPRN_LPCR);
	if (!hv_isa300())
		kvm->arch.host_sdr1 = mfspr(SPRN_SDR1);
	kvm->arch.smt_mode = 1;
	kvm->arch.emul_smt_mode = 1;
	/* The LPID may have been another VM's: no core may use entries left under it. */
	cpumask_setall(&kvm->arch.need_tlb_flush);
	return 0;
fail:
	kvm_hv_vm_deactivated();
	kfree(vm);
	return err;
}

void hv_vm_destroy(struct kvm *kvm)
{
	struct hv_vm *vm = to_hv_vm(kvm);
	int i;

	hv_resize_destroy(kvm);
	hv_hpt_free(kvm);
	kvmppc_free_lpid(kvm->arch.lpid);
	for (i = 0; i < ARRAY_SIZE(vm->vcpus); i++)
		kfree(vm->vcpus[i]);
	kfree(vm);
	kvm->arch.resize_hpt = NULL;
	kvm_hv_vm_deactivated();
}

int hv_vm_ioctl(struct file *filp, unsigned int ioctl, unsigned long arg)
{
	struct kvm *kvm = filp->private_data;
	void __user *user = (void __user *)arg;
	struct kvm_ppc_resize_hpt resize;
	struct kvm_get_htab_fd htab;
	u32 order;

	switch (ioctl) {
	case KVM_PPC_ALLOCATE_HTAB:
		if (get_user(order, (u32 __user *)user))
			return -EFAULT;
		return hv_hpt_alloc(kvm, order);
	case KVM_PPC_GET_HTAB_FD:
		if (copy_from_user(&htab, user, sizeof(htab)))
			return -EFAULT;
		return hv_htab_fd(kvm, &htab);
	case KVM_PPC_RESIZE_HPT_PREPARE:
	case KVM_PPC_RESIZE_HPT_COMMIT:
		if (copy_from_user(&resize, user, sizeof(resize)))
			return -EFAULT;
		return ioctl == KVM_PPC_RESIZE_HPT_COMMIT ? hv_resize_commit(kvm, &resize) :
							    hv_resize_prepare(kvm, &resize);
	default:
		return -ENOTTY;
	}
}

/*
 * A segment's base page size, with the HPTE encodings of the actual page sizes
 * it may hold: itself, and 16 MiB. The encodings are those of POWER7 and later;
 * the kernel's own table is empty on a radix host.
 */
static void add_page_size(struct kvm_ppc_one_seg_page_size *sps, int shift, u32 slb_enc)
{
	int penc16m = kvmppc_pgsize_lp_encoding(shift, 24);

	sps->page_shift = shift;
	sps->slb_enc = slb_enc;
	sps->enc[0].page_shift = shift;
	sps->enc[0].pte_enc = kvmppc_pgsize_lp_encoding(shift, shift);
	if (shift != 24 && penc16m >= 0) {
		sps->enc[1].page_shift = 24;
		sps->enc[1].pte_enc = penc16m;
	}
}

/* Page sizes that guest segments may have: 4K, 64K and 16M, as the processor defines them. */
int hv_vm_smmu_info(struct kvm *kvm, struct kvm_ppc_smmu_info *info)
{
	info->flags = KVM_PPC_PAGE_SIZES_REAL | KVM_PPC_1T_SEGMENTS;
	if (hv_cpu & HV_P8UP)
		info->data_keys = info->instr_keys = 32;
	else
		info->data_keys = 32;
	info->slb_size = HV_SLB_ENTRIES;
	add_page_size(&info->sps[0], 12, 0);
	add_page_size(&info->sps[1], 16, SLB_VSID_L | SLB_VSID_LP_01);
	add_page_size(&info->sps[2], 24, SLB_VSID_L);
	return 0;
}

/* Hash only; a guest that wants radix gets -EINVAL, as the ABI says for modes not supported. */
int hv_vm_configure_mmu(struct kvm *kvm, struct kvm_ppc_mmuv3_cfg *cfg)
{
	if (!hv_isa300())
		return -ENODEV;
	if (cfg->flags & ~(KVM_PPC_MMUV3_RADIX | KVM_PPC_MMUV3_GTSE))
		return -EINVAL;
	/* the process table of a hash guest: never looked at, as UPRT is 0 */
	if (!!(cfg->process_table & PATB_GR) != !!(cfg->flags & KVM_PPC_MMUV3_RADIX) ||
	    (cfg->process_table & PRTS_MASK) > 24)
		return -EINVAL;
	if (cfg->flags & KVM_PPC_MMUV3_RADIX) {
		pr_info_ratelimited("radix guests are not supported; boot the guest with disable_radix\n");
		return -EINVAL;
	}
	return 0;
}

/* How many vCPUs are threads of one core to the guest; each has a virtual core of its own (doorbell.c). */
int hv_vm_set_smt_mode(struct kvm *kvm, unsigned long mode, unsigned long flags)
{
	int err = 0;

	if (flags || mode > MAX_SMT_THREADS || !is_power_of_2(mode))
		return -EINVAL;
	mutex_lock(&kvm->lock);
	if (kvm->created_vcpus)
		err = -EBUSY;
	else
		kvm->arch.emul_smt_mode = mode;
	mutex_unlock(&kvm->lock);
	return err;
}
