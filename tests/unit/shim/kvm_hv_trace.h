/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_KVM_HV_TRACE_H
#define SHIM_KVM_HV_TRACE_H

#include <linux/kvm_host.h>

void trace_kvm_hcall_enter(struct kvm_vcpu *vcpu);
void trace_kvm_hcall_exit(struct kvm_vcpu *vcpu, int r, unsigned long req);

#endif
