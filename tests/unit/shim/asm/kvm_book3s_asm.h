/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_KVM_BOOK3S_ASM_H
#define SHIM_KVM_BOOK3S_ASM_H

#include <linux/types.h>

#define KVM_HWTHREAD_IN_KERNEL	0
#define KVM_HWTHREAD_IN_IDLE	1
#define KVM_HWTHREAD_IN_KVM	2

struct kvmppc_host_state {
	ulong host_r1;
	u8 napping, hwthread_req, hwthread_state;
	struct kvm_vcpu *kvm_vcpu;
	struct kvmppc_vcore *kvm_vcore;
	void *xics_phys;
	struct kvm_split_mode *kvm_split_mode;
};

#endif
