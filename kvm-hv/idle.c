// SPDX-License-Identifier: GPL-2.0
/*
 * A vCPU that gave its CPU away with H_CEDE sleeps until there is something
 * for it to do: an interrupt, its decrementer, a prod, a signal for the VMM.
 */
#include <linux/hrtimer.h>
#include <linux/kvm_host.h>
#include <linux/ktime.h>
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
	       hv_doorbell_pending(vcpu) || hv_irqchip_pending(vcpu) || dec_left(vcpu) <= 0;
}

/* The timer's function is kvm.ko's: it queues a decrementer interrupt and kicks us. */
static void start_dec_timer(struct kvm_vcpu *vcpu)
{
	hrtimer_start(&vcpu->arch.dec_timer, tb_to_ns(dec_left(vcpu)), HRTIMER_MODE_REL);
}

/* Before it sleeps a vCPU looks out for work for so long at most: kvm.ko's halt_poll_ns, or KVM_CAP_HALT_POLL. */
static unsigned int poll_limit(struct kvm_vcpu *vcpu)
{
	struct kvm *kvm = vcpu->kvm;

	if (!READ_ONCE(kvm->override_halt_poll_ns))
		return READ_ONCE(halt_poll_ns);
	smp_rmb();	/* kvm.ko writes the value, then the flag */
	return READ_ONCE(kvm->max_halt_poll_ns);
}

/* Polling pays where work comes soon: longer after a short idle time, shorter after a long one. */
static void adjust_poll(struct kvm_vcpu *vcpu, u64 idle_ns)
{
	unsigned int limit = poll_limit(vcpu), ns = vcpu->halt_poll_ns;
	unsigned int start = READ_ONCE(halt_poll_ns_grow_start);
	unsigned int grow = READ_ONCE(halt_poll_ns_grow), shrink = READ_ONCE(halt_poll_ns_shrink);

	if (idle_ns > limit) {
		ns = shrink ? ns / shrink : 0;
		if (ns < start)
			ns = 0;
	} else if (idle_ns > ns && grow) {
		ns = min_t(u64, max_t(u64, (u64)ns * grow, start), limit);
	}
	vcpu->halt_poll_ns = min(ns, limit);
}

static bool stop_waiting(struct kvm_vcpu *vcpu)
{
	return hv_has_work(vcpu) || signal_pending(current);
}

/* True: something came. Only while no other task wants the CPU. */
static bool poll_for_work(struct kvm_vcpu *vcpu, ktime_t now)
{
	struct kvm_vcpu_stat_generic *stat = &vcpu->stat.generic;
	ktime_t start = now, stop = ktime_add_ns(now, vcpu->halt_poll_ns);
	bool found;
	u64 ns;

	if (!vcpu->halt_poll_ns)
		return false;
	stat->halt_attempted_poll++;
	do {
		found = stop_waiting(vcpu);
		now = ktime_get();
		cpu_relax();
	} while (!found && kvm_vcpu_can_poll(now, stop));
	ns = ktime_to_ns(ktime_sub(now, start));
	if (found) {
		stat->halt_successful_poll++;
		stat->halt_poll_success_ns += ns;
		KVM_STATS_LOG_HIST_UPDATE(stat->halt_poll_success_hist, ns);
	} else {
		stat->halt_poll_fail_ns += ns;
		KVM_STATS_LOG_HIST_UPDATE(stat->halt_poll_fail_hist, ns);
	}
	return found;
}

static void sleep_for_work(struct kvm_vcpu *vcpu)
{
	struct rcuwait *wait = kvm_arch_vcpu_get_wait(vcpu);
	struct kvm_vcpu_stat_generic *stat = &vcpu->stat.generic;
	ktime_t start = ktime_get();
	bool slept = false;
	u64 ns;

	stat->blocking = 1;
	start_dec_timer(vcpu);
	prepare_to_rcuwait(wait);
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (stop_waiting(vcpu))
			break;
		slept = true;
		schedule();
	}
	finish_rcuwait(wait);
	hrtimer_cancel(&vcpu->arch.dec_timer);
	stat->blocking = 0;
	if (!slept)
		return;
	ns = ktime_to_ns(ktime_sub(ktime_get(), start));
	vcpu->stat.halt_successful_wait++;
	stat->halt_wait_ns += ns;
	KVM_STATS_LOG_HIST_UPDATE(stat->halt_wait_hist, ns);
}

/* 0: there is work, or -EINTR. The wake-up consumes a prod, and the queued decrementer: DEC itself fires. */
int hv_idle(struct kvm_vcpu *vcpu)
{
	ktime_t start = ktime_get();

	hv_phase_begin(vcpu, HV_STATE_IDLE);
	if (!stop_waiting(vcpu)) {
		if (!poll_for_work(vcpu, start))
			sleep_for_work(vcpu);
		adjust_poll(vcpu, ktime_to_ns(ktime_sub(ktime_get(), start)));
	}
	hv_phase_end(vcpu);
	if (!hv_has_work(vcpu))
		return -EINTR;	/* still ceded: the next KVM_RUN waits on */
	kvmppc_core_dequeue_dec(vcpu);
	vcpu->arch.prodded = 0;
	WRITE_ONCE(vcpu->arch.ceded, 0);
	return 0;
}
