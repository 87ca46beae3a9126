// SPDX-License-Identifier: GPL-2.0
/*
 * Hypercalls that need no more than the guest's HPT, another vCPU's flags, or
 * the guest's XICS, answered without leaving the partition. What needs to wake
 * somebody, to wait, or a lock that another processor has, is the module's.
 */
#include <linux/kvm_host.h>
#include <linux/nospec.h>
#include <asm/hvcall.h>
#include <asm/reg.h>
#include "rm.h"
#include "spr.h"

#define LOCK_TRIES	64

/* The holder may be anything that the kernel does under the lock; it is never on this processor. */
bool rm_lock(spinlock_t *lock)
{
	int i;

	for (i = 0; i < LOCK_TRIES; i++)
		if (arch_spin_trylock(&lock->rlock.raw_lock))
			return true;
	return false;
}

void rm_unlock(spinlock_t *lock)
{
	arch_spin_unlock(&lock->rlock.raw_lock);
}

static bool dec_expired(const struct hv_rm_ctx *c)
{
	s64 dec = rm_mfspr(SPRN_DEC);

	return (c->lpcr & LPCR_LD ? dec : (s32)dec) < 0;
}

static noinline bool xics(struct hv_rm_ctx *c, struct kvm_vcpu *v, unsigned long req)
{
	if (!rm_xics(c, v, req))
		return false;
	rm_show_line(c, v);
	return true;
}

/*
 * Work that is there already ends the cede before it begins: a prod, a
 * decrementer that has expired, an interrupt that the XICS shows. LPCR[MER] says
 * nothing of other controllers: it is as old as the entry.
 */
static noinline bool cede(struct hv_rm_ctx *c, struct kvm_vcpu *v)
{
	if (READ_ONCE(v->arch.prodded))
		WRITE_ONCE(v->arch.prodded, 0);
	else if (!dec_expired(c) && !((c->flags & HV_RM_XICS) && xics_line_up(v)))
		return false;
	v->arch.shregs.msr |= MSR_EE;
	v->arch.regs.gpr[3] = H_SUCCESS;
	if (c->flags & HV_RM_XICS)
		rm_show_line(c, v);
	return true;
}

/* One that sleeps has to be woken, which the module does. */
static noinline bool prod(struct kvm_vcpu *v)
{
	struct kvm_vcpu *other = hv_vcpu_of(v->kvm, v->arch.regs.gpr[4]);

	if (!other)
		return false;
	WRITE_ONCE(other->arch.prodded, 1);
	smp_mb();	/* against H_CEDE: it sets ceded, then reads prodded */
	if (READ_ONCE(other->arch.ceded))
		return false;
	v->arch.regs.gpr[3] = H_SUCCESS;
	return true;
}

/*
 * Nobody to whom our time would be of use: the target runs, or is no longer in
 * the stay or the wait that the caller saw, or no vCPU of this VM waits for a CPU.
 */
static noinline bool confer(struct kvm_vcpu *v)
{
	u64 target = v->arch.regs.gpr[4];
	u32 seen = v->arch.regs.gpr[5], now;
	struct kvm_vcpu *other;

	if (target == HV_CONFER_ALL) {
		if (atomic_read(&to_hv_vm(v->kvm)->waiting))
			return false;
	} else {
		other = hv_vcpu_of(v->kvm, target);
		if (!other)
			return false;
		if (READ_ONCE(other->arch.thread_cpu) < 0) {
			if (!rm_lock(&other->arch.vpa_update_lock))
				return false;
			now = hv_yield_count(other);
			rm_unlock(&other->arch.vpa_update_lock);
			if (now == seen)
				return false;
		}
	}
	v->arch.regs.gpr[3] = H_SUCCESS;
	return true;
}

static noinline bool hpt(struct kvm_vcpu *v, unsigned long req)
{
	struct kvm *kvm = v->kvm;
	long rc;

	if (!rm_lock(&kvm->mmu_lock))
		return false;
	rc = hv_hcall_hpt(kvm, req, (u64 *)v->arch.regs.gpr);
	rm_unlock(&kvm->mmu_lock);
	v->arch.regs.gpr[3] = rc;
	return true;
}

/* The number of a hypercall of PAPR's from the guest's kernel, where the processor only believes so, too; or -1. */
__always_inline long rm_hcall_nr(struct kvm_vcpu *v)
{
	unsigned long req = v->arch.regs.gpr[3];

	if ((v->arch.shregs.msr & MSR_PR) || req > MAX_HCALL_OPCODE || (req & 3))
		return -1;
	return array_index_nospec(req, MAX_HCALL_OPCODE + 1);
}

/* False: for the module, with nothing done that it would not do again. */
__always_inline bool rm_hcall_answer(struct hv_rm_ctx *c, struct kvm_vcpu *v, unsigned long req)
{
	if (!test_bit(req / 4, v->kvm->arch.enabled_hcalls))
		return false;
	switch (req) {
	case H_REMOVE:
		if (hv_hpt_is_free(v->kvm, v->arch.regs.gpr[5])) {
			v->arch.regs.gpr[3] = H_NOT_FOUND;
			return true;
		}
		return hpt(v, req);
	case H_ENTER:
	case H_READ:
	case H_PROTECT:
	case H_BULK_REMOVE:
	case H_CLEAR_REF:
	case H_CLEAR_MOD:
		return hpt(v, req);
	case H_CEDE:
		return cede(c, v);
	case H_PROD:
		return prod(v);
	case H_CONFER:
		return confer(v);
	case H_XIRR:
	case H_CPPR:
	case H_EOI:
	case H_IPI:
	case H_IPOLL:
		return xics(c, v, req);
	default:
		return false;
	}
}
