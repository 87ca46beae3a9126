// SPDX-License-Identifier: GPL-2.0
/*
 * For the lab kernel only: lets its kvm-pr run on POWER10.
 *
 * A guest of kvm-pr runs in hypervisor problem state under the host's interrupt vectors, which lead to
 * kvm-pr only if they are taken with the MMU off. So it clears LPCR[AIL] while its vCPU is loaded. On POWER10
 * AIL is for guests; what decides for the host is LPCR[HAIL] (Power ISA v3.1B III, LPCR), which Linux 6.12's kvm-pr
 * does not know: its first guest hangs the host. This does the same with HAIL, around kvm-pr's own load and
 * put, which keep scv, for which Linux needs the relocated vector, off in between.
 *
 * It stays loaded until the end, for it can't know when nobody is in its functions.
 */
#include <linux/kvm_host.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <asm/kvm_ppc.h>
#include <asm/reg.h>

static void (*load_pr)(struct kvm_vcpu *vcpu, int cpu);
static void (*put_pr)(struct kvm_vcpu *vcpu);

/* Preemption is off in both. */
static void load(struct kvm_vcpu *vcpu, int cpu)
{
	mtspr(SPRN_LPCR, mfspr(SPRN_LPCR) & ~LPCR_HAIL);
	isync();
	load_pr(vcpu, cpu);
}

static void put(struct kvm_vcpu *vcpu)
{
	put_pr(vcpu);
	mtspr(SPRN_LPCR, mfspr(SPRN_LPCR) | LPCR_HAIL);
	isync();
}

static void wrap(struct kvmppc_ops *pr)
{
	if (!pr || pr->vcpu_load == load)
		return;
	load_pr = pr->vcpu_load;
	put_pr = pr->vcpu_put;
	pr->vcpu_load = load;
	pr->vcpu_put = put;
}

static int on_module(struct notifier_block *nb, unsigned long state, void *data)
{
	if (state == MODULE_STATE_LIVE && !strcmp(((struct module *)data)->name, "kvm_pr"))
		wrap(kvmppc_pr_ops);
	return NOTIFY_OK;
}

static struct notifier_block watch = { .notifier_call = on_module };

static int __init pr_hail_init(void)
{
	int err;

	if (!(mfspr(SPRN_LPCR) & LPCR_HAIL))
		return -ENODEV;
	err = register_module_notifier(&watch);
	if (!err)
		wrap(kvmppc_pr_ops);
	return err;
}
module_init(pr_hail_init);

MODULE_DESCRIPTION("clears LPCR[HAIL] while a guest of kvm-pr runs (lab only)");
MODULE_LICENSE("GPL");
