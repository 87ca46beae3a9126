// SPDX-License-Identifier: GPL-2.0
/*
 * Who may use the HPT. kvm->arch.vcpus_running counts the vCPUs that may touch it;
 * kvm->arch.mmu_ready says that they may. A vCPU counts itself, then looks at
 * mmu_ready; whoever changes the table under them (vm->setup_lock held) clears
 * mmu_ready, then looks at the count.
 */
#include <linux/kvm_host.h>
#include <linux/wait.h>
#include "hv.h"

#define STOP_TIME	(2 * HZ)

/*
 * A vCPU comes in: it is counted, whatever this returns. 0, -EINVAL: no memory at
 * guest address 0; -ENOMEM: no HPT to be had.
 */
int hv_hpt_get(struct kvm *kvm)
{
	int err;

	for (;;) {
		atomic_inc(&kvm->arch.vcpus_running);
		smp_mb();	/* counted before mmu_ready is read */
		if (READ_ONCE(kvm->arch.mmu_ready))
			return 0;
		hv_hpt_put(kvm);
		err = hv_hpt_ready(kvm);
		if (err) {
			atomic_inc(&kvm->arch.vcpus_running);
			return err;
		}
	}
}

void hv_hpt_put(struct kvm *kvm)
{
	if (atomic_dec_and_test(&kvm->arch.vcpus_running) && !READ_ONCE(kvm->arch.mmu_ready))
		wake_up(&to_hv_vm(kvm)->gate);
}

static void close_gate(struct kvm *kvm)
{
	to_hv_vm(kvm)->was_ready = kvm->arch.mmu_ready;
	WRITE_ONCE(kvm->arch.mmu_ready, 0);
	smp_mb();	/* before the count is read */
}

void hv_hpt_start_vcpus(struct kvm *kvm)
{
	smp_store_release(&kvm->arch.mmu_ready, to_hv_vm(kvm)->was_ready);
}

/* With setup_lock: nobody is in, or -EBUSY. */
int hv_hpt_no_vcpus(struct kvm *kvm)
{
	close_gate(kvm);
	if (!atomic_read(&kvm->arch.vcpus_running))
		return 0;
	hv_hpt_start_vcpus(kvm);
	return -EBUSY;
}

/*
 * With setup_lock: gets running vCPUs out, which then wait for the lock. -EBUSY:
 * one is held up where a kick does not reach it, as by a page from a slow disk.
 */
int hv_hpt_stop_vcpus(struct kvm *kvm)
{
	struct kvm_vcpu *vcpu;
	unsigned long i;

	close_gate(kvm);
	kvm_for_each_vcpu(i, vcpu, kvm)
		hv_vcpu_kick(vcpu);
	if (wait_event_timeout(to_hv_vm(kvm)->gate, !atomic_read(&kvm->arch.vcpus_running),
			       STOP_TIME))
		return 0;
	hv_hpt_start_vcpus(kvm);
	return -EBUSY;
}
