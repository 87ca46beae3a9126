/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_KVM_HV_TRACE_H
#define SHIM_KVM_HV_TRACE_H

#include <linux/kvm_host.h>

struct hv_record;
u64 mftb(void);
void trace_kvm_hcall_enter(struct kvm_vcpu *vcpu, const struct hv_record *r);
void trace_kvm_hcall_exit(struct kvm_vcpu *vcpu, int r, unsigned long req, unsigned long rc, u64 tb);

#endif
