/* SPDX-License-Identifier: GPL-2.0 */
/* What the image's own files share. */
#ifndef KVM_HV_RM_RM_H
#define KVM_HV_RM_RM_H

#include "../mmu.h"
#include "header.h"

__visible void hv_rm_run(struct hv_rm_ctx *c);	/* switch.c */
void hv_rm_reclaim(void);		/* entry.S */
bool rm_xics(struct hv_rm_ctx *c, struct kvm_vcpu *v, unsigned long req);	/* xics.c */
bool xics_line_up(struct kvm_vcpu *v);
bool rm_lock(spinlock_t *lock);		/* hcall.c: tried so many times, then left to the module */
void rm_unlock(spinlock_t *lock);
/* In two steps, for who writes down what is asked between them */
long rm_hcall_nr(struct kvm_vcpu *v);
bool rm_hcall_answer(struct hv_rm_ctx *c, struct kvm_vcpu *v, unsigned long req);
void rm_show_line(struct hv_rm_ctx *c, struct kvm_vcpu *v);	/* handle.c */

#endif
