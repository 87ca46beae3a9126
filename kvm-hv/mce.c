// SPDX-License-Identifier: GPL-2.0
/*
 * Machine checks that hit while a guest ran. vmlinux's early handler has
 * analysed the error and pushed an event on the PACA's stack; its pop function
 * is not exported, so the event is popped here: ten that stay there and host
 * machine checks are lost.
 */
#include <linux/kvm_host.h>
#include <linux/ratelimit.h>
#include <asm/mce.h>
#include <asm/paca.h>
#include "hv.h"

/* Interrupts hard-disabled, right after the exit. */
void hv_mce_take_event(struct kvm_vcpu *vcpu)
{
	struct mce_info *info = local_paca->mce_info;
	int i = info->mce_nest_count - 1;

	memset(&vcpu->arch.mce_evt, 0, sizeof(vcpu->arch.mce_evt));
	if (i < 0)
		return;
	if (i < MAX_MC_EVT) {
		vcpu->arch.mce_evt = info->mce_event[i];
		info->mce_event[i].in_use = 0;
	}
	info->mce_nest_count = i;
}

/*
 * An error that the early handler repaired (SLB, TLB, ERAT flushed) costs the
 * guest nothing. Any other is the guest's: it gets a machine check of its own.
 * Interrupts enabled.
 */
int hv_mce_handle(struct kvm_vcpu *vcpu)
{
	struct machine_check_event *evt = &vcpu->arch.mce_evt;

	if (evt->version == MCE_V1 && evt->disposition == MCE_DISPOSITION_RECOVERED)
		return RESUME_GUEST;
	if (evt->version == MCE_V1)
		machine_check_print_event_info(evt, false, true);
	else
		pr_err_ratelimited("machine check in a guest, no event recorded\n");
	kvmppc_core_queue_machine_check(vcpu, vcpu->arch.shregs.msr & 0x7c0000);
	return RESUME_GUEST;
}
