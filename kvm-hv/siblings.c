// SPDX-License-Identifier: GPL-2.0
/*
 * The other threads of a core, while a guest is on it. Before ISA v3.0 LPIDR and
 * SDR1 are the core's, not the thread's: a sibling whose MMU went on meanwhile
 * would fetch the guest's memory in hypervisor state. Siblings are offline
 * (vm.c), asleep with the MMU off, but an interrupt wakes one all the same.
 * vmlinux looks at kvm_hstate.hwthread_req before it turns such a thread's MMU
 * on (power7_offline): as long as that is set the thread stays in a loop in real
 * mode (idle_kvm_start_guest).
 */
#include <linux/kvm_host.h>
#include <linux/delay.h>
#include <linux/ratelimit.h>
#include <linux/smp.h>
#include <asm/cputhreads.h>
#include <asm/kvm_book3s_asm.h>
#include <asm/paca.h>
#include "hv.h"

#define PATIENCE	10000		/* us, for all siblings of a core; the kernel's own backend has as much for each */

DEFINE_STATIC_KEY_FALSE(hv_siblings_share);	/* LPIDR and SDR1 with the thread that runs the guest */

/* Once, when the module is loaded, before there are VMs; process context. */
void hv_siblings_init(void)
{
	if (!hv_isa300() && threads_per_core > 1)
		static_branch_enable(&hv_siblings_share);
}

/*
 * The threads that share LPIDR and SDR1 with this one: those of its subcore, where
 * a core is split. It is neither split nor joined while there is a VM.
 */
#define for_each_sibling(i) \
	for (i = smp_processor_id() & ~(threads_per_subcore - 1); \
	     i <= (smp_processor_id() | (threads_per_subcore - 1)); i++) \
		if (i != smp_processor_id())

/* The guest's partition is left. */
void hv_siblings_let_go(void)
{
	int i;

	for_each_sibling(i)
		WRITE_ONCE(paca_ptrs[i]->kvm_hstate.hwthread_req, 0);
}

/* A thread that is held looks for work, and traps if it finds itself napping: there is none, and it isn't. */
static void ask(struct kvmppc_host_state *thread)
{
	thread->kvm_vcpu = NULL;
	thread->kvm_vcore = NULL;
	thread->kvm_split_mode = NULL;
	thread->napping = 0;
	smp_store_release(&thread->hwthread_req, 1);
}

/*
 * Siblings keep their MMU off until hv_siblings_let_go(). By the thread of KVM_RUN,
 * preemption off from here to there, interrupts on: waits up to 10 ms for one that is
 * awake. -EBUSY: it did not go to sleep, none is held.
 * Source: Linux, power7_offline, idle_kvm_start_guest; its own backend asks in the same way.
 */
int hv_siblings_grab(void)
{
	int i, patience = PATIENCE;

	for_each_sibling(i)
		ask(&paca_ptrs[i]->kvm_hstate);
	/* A thread that wakes says that it is in the kernel, sync, then looks for our request: we see the one, or it the other. */
	smp_mb();
	for_each_sibling(i)
		while (READ_ONCE(paca_ptrs[i]->kvm_hstate.hwthread_state) == KVM_HWTHREAD_IN_KERNEL) {
			if (!patience--) {
				hv_siblings_let_go();
				pr_err_ratelimited("CPU %d is offline, but does not sleep: no guest can run on its core. Was Linux booted with powersave=off, or with maxcpus= so that it was never online?\n", i);
				return -EBUSY;
			}
			udelay(1);
		}
	return 0;
}
