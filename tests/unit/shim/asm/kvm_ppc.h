/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_KVM_PPC_H
#define SHIM_KVM_PPC_H

#include <linux/kvm_host.h>

void kvmppc_core_queue_program(struct kvm_vcpu *vcpu, ulong srr1_flags);
void kvmppc_core_queue_machine_check(struct kvm_vcpu *vcpu, ulong srr1_flags);

#define KVMPPC_INST_SW_BREAKPOINT	0x00dddd00

union kvmppc_one_reg {
	u32 wval;
	u64 dval;
	struct { u64 addr, length; } vpaval;
};

/* The size is in the id; only 4 and 8 bytes come to get_reg_val and set_reg_val. */
static inline unsigned int one_reg_size(u64 id)
{
	return 1u << ((id & KVM_REG_SIZE_MASK) >> KVM_REG_SIZE_SHIFT);
}

static inline union kvmppc_one_reg get_reg_val(u64 id, u64 reg)
{
	union kvmppc_one_reg u = { 0 };

	if (one_reg_size(id) == 4)
		u.wval = reg;
	else if (one_reg_size(id) == 8)
		u.dval = reg;
	else
		BUG();
	return u;
}

static inline u64 set_reg_val(u64 id, union kvmppc_one_reg val)
{
	if (one_reg_size(id) != 4 && one_reg_size(id) != 8)
		BUG();
	return one_reg_size(id) == 4 ? val.wval : val.dval;
}

#endif
