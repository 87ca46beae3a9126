// SPDX-License-Identifier: GPL-2.0
/*
 * A vCPU that gave its CPU away with H_CEDE sleeps until there is something
 * for it to do: an interrupt, its decrementer, a prod, a signal for the VMM.
 */
#include <linux/hrtimer.h>
#include <linux/kvm_host.h>
#include <linux/rcuwait.h>
#include <linux/sched/signal.h>
#include <asm/time.h>
#include "hv.h"

/* Host timebase ticks until the guest's decrementer goes negative; it counts in guest time. */
static s64 dec_left(struct kvm_vcpu *vcpu)
{
	return vcpu->arch.dec_expires - (mftb() + vcpu->arch.vcore->tb_offset);
}

bool hv_has_work(struct kvm_vcpu *vcpu)
{
	return vcpu->arch.pending_exceptions || READ_ONCE(vcpu->arch.prodded) ||
	       hv_irqchip_pending(vcpu) || dec_left(vcpu) <= 0;
}

/* The timer's function is kvm.ko's: it queues a decrementer interrupt and kicks us. */
static void start_dec_timer(struct kvm_vcpu *vcpu)
{
	hrtimer_start(&vcpu->arch.dec_timer, tb_to_ns(dec_left(vcpu)), HRTIMER_MODE_REL);
}

/* 0: there is work, or -EINTR. The wake-up consumes a prod, and the queued decrementer: DEC itself fires. */
int hv_idle(struct kvm_vcpu *vcpu)
{
	struct rcuwait *wait = kvm_arch_vcpu_get_wait(vcpu);
	int err = 0;

	if (!hv_has_work(vcpu)) {
		start_dec_timer(vcpu);
		prepare_to_rcuwait(wait);
		for (;;) {
			set_current_state(TASK_INTERRUPTIBLE);
			if (hv_has_work(vcpu))
				break;
			if (signal_pending(current)) {
				err = -EINTR;
				break;
			}
			schedule();
		}
		finish_rcuwait(wait);
		hrtimer_cancel(&vcpu->arch.dec_timer);
	}
	if (err)
		return err;	/* still ceded: the next KVM_RUN waits on */
	kvmppc_core_dequeue_dec(vcpu);
	vcpu->arch.prodded = 0;
	WRITE_ONCE(vcpu->arch.ceded, 0);
	return 0;
}
