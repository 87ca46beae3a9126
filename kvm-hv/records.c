// SPDX-License-Identifier: GPL-2.0
/*
 * From records to trace events. The image can't call a tracepoint; what it acted
 * on itself it writes into its processor's ring, and each return to the module
 * empties that. A full ring is itself a reason to return: no record is lost.
 */
#include <linux/gfp.h>
#include <linux/percpu.h>
#include "hv.h"
#include "kvm_hv_trace.h"

static DEFINE_PER_CPU(struct hv_record *, ring);

/* When an event is switched on; process context, one at a time. They stay until the module goes. -ENOMEM */
int hv_ring_alloc(void)
{
	struct hv_record **r;
	int cpu;

	for_each_possible_cpu(cpu) {
		r = per_cpu_ptr(&ring, cpu);
		if (*r)
			continue;
		*r = (struct hv_record *)__get_free_pages(GFP_KERNEL, get_order(HV_RING_BYTES));
		if (!*r)
			return -ENOMEM;
	}
	return 0;
}

void hv_ring_free(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		free_pages((unsigned long)per_cpu(ring, cpu), get_order(HV_RING_BYTES));
}

/* For the next stay on this processor; NULL: nobody listens. */
struct hv_record *hv_ring(void)
{
	if (trace_kvm_guest_exit_enabled() || trace_kvm_guest_enter_enabled() ||
	    trace_kvm_hcall_enter_enabled() || trace_kvm_hcall_exit_enabled())
		return this_cpu_read(ring);
	return NULL;
}

static void emit(struct kvm_vcpu *vcpu, const struct hv_record *r)
{
	trace_kvm_guest_exit(vcpu, r);
	if (r->trap == BOOK3S_INTERRUPT_SYSCALL) {
		trace_kvm_hcall_enter(vcpu, r);
		trace_kvm_hcall_exit(vcpu, RESUME_GUEST, r->gpr[0], r->rc, r->tb_enter);
	}
	trace_kvm_guest_enter(vcpu, r->next_pc, r->tb_enter);
}

/* The exit that ended the stay, in the image's own format. */
static void last_record(struct kvm_vcpu *vcpu, struct hv_record *r)
{
	const struct hv_rm_ctx *c = &to_hv_vcpu(vcpu)->rm;

	r->tb_exit = c->tb_exit;
	r->pc = vcpu->arch.regs.nip;
	r->msr = vcpu->arch.shregs.msr;
	r->trap = vcpu->arch.trap;
	r->dar = vcpu->arch.fault_dar;
	r->dsisr = vcpu->arch.fault_dsisr;
	memcpy(r->gpr, &vcpu->arch.regs.gpr[3], sizeof(r->gpr));
}

/* After a stay, on the processor where it was: preemption off, interrupts on. */
void hv_trace_stay(struct kvm_vcpu *vcpu)
{
	struct hv_rm_ctx *c = &to_hv_vcpu(vcpu)->rm;
	struct hv_record *last = &to_hv_vcpu(vcpu)->last;
	u32 i;

	trace_kvm_partition_switch(vcpu, true, c->to_guest.tb_start, c->to_guest.tb_end);
	for (i = 0; i < c->records; i++)
		emit(vcpu, &c->ring[i]);
	trace_kvm_partition_switch(vcpu, false, c->to_host.tb_start, c->to_host.tb_end);
	if (c->ring) {
		last_record(vcpu, last);
		trace_kvm_guest_exit(vcpu, last);
	}
}
