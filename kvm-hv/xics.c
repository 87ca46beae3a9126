// SPDX-License-Identifier: GPL-2.0
/*
 * kvm.ko's emulated XICS on hosts that have no XIVE (POWER8). kvm.ko leaves
 * the presentation hypercalls to the backend's real-mode code and, when they
 * come to it nevertheless, only does what that left over. Ours handles the
 * easy ones (rm/xics.c); for the others kvm.ko is told that there is no
 * real-mode code, and does them whole.
 */
#include <linux/kvm_host.h>
#include <linux/mm.h>
#include <linux/srcu.h>
#include <asm/hvcall.h>
#include <asm/kvm_ppc.h>
#include "hv.h"
#include "rm/xics.h"

static bool layout_known;

/* A VM that exists only as far as kvm.ko's XICS looks at one. */
struct dummy {
	struct kvm *kvm;
	struct kvm_vcpu *vcpu;
	struct rm_xics *xics;
	struct rm_ics *ics;
	void *icp_page;		/* more than struct rm_icp: kvm.ko's has fields that we do not name */
	struct rm_icp *icp;
};

#define DUMMY_SERVER	5ul
#define DUMMY_IRQ	(XICS_SOURCES + 3)

static long dummy_hcall(struct dummy *d, u32 req, u64 arg)
{
	d->vcpu->arch.regs.gpr[4] = arg;
	return kvmppc_xics_hcall(d->vcpu, req);
}

static bool icp_is(const struct dummy *d, u8 cppr, u8 mfrr, u8 pending, u32 xisr, bool resend, bool line)
{
	const union rm_icp_state *s = &d->icp->state;

	return s->cppr == cppr && s->mfrr == mfrr && s->pending == pending && s->xisr == xisr &&
	       s->need_resend == resend && s->asserted == line;
}

/* H_IPOLL follows no pointer but the ICP's: first. Then accept, and a CPPR that lets the IPI through. */
static bool icp_as_declared(struct dummy *d)
{
	unsigned long *gpr = d->vcpu->arch.regs.gpr;
	union rm_icp_state *s = &d->icp->state;

	s->cppr = 0x40;
	s->mfrr = 0x50;
	s->pending = 0x30;
	s->xisr = 0x123456;
	s->need_resend = 1;
	if (dummy_hcall(d, H_IPOLL, DUMMY_SERVER) != H_SUCCESS || gpr[4] != 0x40123456 || gpr[5] != 0x50)
		return false;
	if (dummy_hcall(d, H_XIRR_X, 0) != H_SUCCESS || gpr[4] != 0x40123456 ||
	    !icp_is(d, 0x30, 0x50, 0xff, 0, true, false))
		return false;
	d->xics->real_mode = true;
	dummy_hcall(d, H_CPPR, 0x60);
	if (!icp_is(d, 0x30, 0x50, 0xff, 0, true, false))
		return false;
	d->xics->real_mode = false;
	dummy_hcall(d, H_CPPR, 0x60);
	return icp_is(d, 0x60, 0x50, 0x50, XICS_IPI, false, true);
}

/* EOI takes P from Q; a source that is still presented is found masked, and marked so. */
static bool ics_as_declared(struct dummy *d)
{
	struct rm_xics_source *s = &d->ics->source[DUMMY_IRQ % XICS_SOURCES];
	static const struct { u8 level; u32 before, after; u8 marked; } eoi[] = {
		{ 0, 1, 0, 0 }, { 0, 3, 1, 1 }, { 1, 1, 1, 1 }, { 1, 0, 0, 0 },
	};
	int i;

	d->xics->ics[DUMMY_IRQ / XICS_SOURCES] = d->ics;
	s->number = DUMMY_IRQ;
	s->server = DUMMY_SERVER;
	s->priority = 0xff;
	s->exists = 1;
	for (i = 0; i < ARRAY_SIZE(eoi); i++) {
		s->level = eoi[i].level;
		s->pq_state = eoi[i].before;
		s->masked_pending = 0;
		if (dummy_hcall(d, H_EOI, 0x60ul << 24 | DUMMY_IRQ) != H_SUCCESS ||
		    s->pq_state != eoi[i].after || s->masked_pending != eoi[i].marked)
			return false;
	}
	kvmppc_xics_set_mapped(d->kvm, DUMMY_IRQ, 77);
	return s->host_irq == 77;
}

static bool dummy_as_declared(struct dummy *d)
{
	bool good;

	if (!d->kvm || !d->vcpu || !d->xics || !d->ics || !d->icp_page ||
	    init_srcu_struct(&d->kvm->irq_srcu))
		return false;
	d->icp = d->icp_page;
	d->icp->vcpu = d->vcpu;
	d->icp->server = DUMMY_SERVER;
	d->xics->kvm = d->kvm;
	d->vcpu->kvm = d->kvm;
	d->vcpu->arch.icp = d->icp_page;
	d->kvm->arch.kvm_ops = kvmppc_hv_ops;	/* makes it an HV VM */
	d->kvm->arch.xics = (struct kvmppc_xics *)d->xics;
	good = icp_as_declared(d) && ics_as_declared(d);
	cleanup_srcu_struct(&d->kvm->irq_srcu);
	return good;
}

/* When the module is loaded: does kvm.ko's XICS lie where rm/xics.h says? Process context. */
void hv_xics_check(void)
{
	struct dummy d = {
		.kvm = kvzalloc(sizeof(*d.kvm), GFP_KERNEL),
		.vcpu = kvzalloc(sizeof(*d.vcpu), GFP_KERNEL),
		.xics = kvzalloc(sizeof(*d.xics) + PAGE_SIZE, GFP_KERNEL),
		.ics = kvzalloc(sizeof(*d.ics) + PAGE_SIZE, GFP_KERNEL),
		.icp_page = kvzalloc(PAGE_SIZE, GFP_KERNEL),
	};

	if (xics_on_xive())
		goto out;
	layout_known = dummy_as_declared(&d);
	if (!layout_known)
		pr_warn("this kernel's emulated XICS is not laid out as this module knows it; use kernel-irqchip=off\n");
out:
	kvfree(d.icp_page);
	kvfree(d.ics);
	kvfree(d.xics);
	kvfree(d.vcpu);
	kvfree(d.kvm);
}

/* Has this vCPU an emulated XICS that is ours to work on? */
bool hv_xics_in_use(struct kvm_vcpu *vcpu)
{
	return vcpu->arch.irq_type == KVMPPC_IRQ_XICS && !xics_on_xive();
}

/* -ENODEV: the vCPU has an interrupt controller that can't be served */
int hv_xics_usable(struct kvm_vcpu *vcpu)
{
	if (layout_known || !hv_xics_in_use(vcpu))
		return 0;
	pr_err_ratelimited("this kernel's emulated XICS is not laid out as this module knows it; use kernel-irqchip=off\n");
	return -ENODEV;
}

/* What the image left. kvm.ko's H_XIRR_X gives the host's timebase; PAPR means the guest's. */
long hv_hcall_xics(struct kvm_vcpu *vcpu, unsigned long req, u64 *reg)
{
	struct rm_xics *xics = (struct rm_xics *)vcpu->kvm->arch.xics;
	long rc;

	if (!hv_xics_in_use(vcpu))
		return H_TOO_HARD;
	if (!xics)
		return H_HARDWARE;
	if (READ_ONCE(xics->real_mode))
		WRITE_ONCE(xics->real_mode, false);
	rc = kvmppc_xics_hcall(vcpu, req);
	if (req == H_XIRR_X && rc == H_SUCCESS)
		reg[5] += vcpu->arch.vcore->tb_offset;
	return rc;
}
