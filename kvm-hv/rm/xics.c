// SPDX-License-Identifier: GPL-2.0
/*
 * POWER8: the presentation hypercalls (LoPAR, "Interrupt Source Layer",
 * "Interrupt Presentation Layer") on kvm.ko's emulated XICS, without leaving
 * the partition. Only what touches one ICP is done here. Whatever makes a
 * source controller look for a new target (a rejected or resent interrupt, a
 * level that still holds at EOI) or has to wake a sleeping vCPU is left, with
 * nothing changed yet, to kvm.ko's own implementation: it may take locks and
 * walk long tables.
 */
#include <linux/kvm_host.h>
#include <linux/nospec.h>
#include <asm/hvcall.h>
#include <asm/io.h>
#include <asm/kvm_book3s.h>
#include <asm/paca.h>
#include <asm/reg.h>
#include <asm/xics.h>
#include "rm.h"
#include "xics.h"

/* Each failure means that another processor had its way; nobody loses that often by accident. */
#define MAX_TRIES	100

/* A hypercall's outcome: a PAPR return code, or not for us. */
#define LEAVE	H_TOO_HARD

static struct rm_icp *icp_of(struct kvm_vcpu *v)
{
	return (struct rm_icp *)READ_ONCE(v->arch.icp);
}

/* A server's number is its vCPU's id, as long as user space keeps to it; kvm.ko finds any other. */
static struct rm_icp *find_server(struct kvm_vcpu *v, u64 server)
{
	struct rm_icp *icp = icp_of(v);

	if (icp->server == server)
		return icp;
	v = hv_vcpu_of(v->kvm, server);
	icp = v ? icp_of(v) : NULL;
	return icp && icp->server == server ? icp : NULL;
}

/*
 * A store to MFRR of the CPU's own presentation controller is an IPI for the
 * host there, which finds no message and goes on; the guest has been left.
 */
static void kick(struct hv_rm_ctx *c, struct kvm_vcpu *target)
{
	unsigned long icp_base = 0;
	int cpu;

	/* Pairs with the barrier in enter_once(): it sets thread_cpu, then looks for interrupts. */
	smp_mb();
	cpu = READ_ONCE(target->arch.thread_cpu);
	if (cpu >= 0)
		icp_base = (unsigned long)c->pacas[cpu]->kvm_hstate.xics_phys;
	if (icp_base && !(mfmsr() & MSR_DR))
		__raw_rm_writeb(IPI_PRIORITY, (void __iomem *)(icp_base + XICS_MFRR));
	else
		c->kick = target;	/* it went to sleep meanwhile: the module wakes it */
}

/*
 * Until a processor accepts or rejects its pending interrupt, the line stays
 * as it is: only the processor itself takes it down, before the update that
 * may put it up again.
 */
static bool icp_update(struct rm_icp *icp, union rm_icp_state old, union rm_icp_state new)
{
	if (cmpxchg(&icp->state.raw, old.raw, new.raw) != old.raw)
		return false;
	if (new.asserted) {
		icp->vcpu->stat.queue_intr++;
		set_bit(BOOK3S_IRQPRIO_EXTERNAL, &icp->vcpu->arch.pending_exceptions);
	}
	return true;
}

static void assert_line(union rm_icp_state *s)
{
	s->asserted = s->xisr && s->pending < s->cppr;
}

static void line_down(struct kvm_vcpu *v)
{
	clear_bit(BOOK3S_IRQPRIO_EXTERNAL, &v->arch.pending_exceptions);
}

/* Accept: the processor's priority becomes the interrupt's. */
static long h_xirr(struct kvm_vcpu *v, u64 *reg)
{
	struct rm_icp *icp = icp_of(v);
	union rm_icp_state old, new;
	int tries;

	line_down(v);
	for (tries = 0; tries < MAX_TRIES; tries++) {
		old.raw = new.raw = READ_ONCE(icp->state.raw);
		if (old.xisr) {
			new.cppr = old.pending;
			new.pending = XICS_LEAST_FAVOURED;
			new.xisr = 0;
			assert_line(&new);
			if (!icp_update(icp, old, new))
				continue;
		}
		reg[4] = old.xisr | (u32)old.cppr << 24;
		return H_SUCCESS;
	}
	return LEAVE;
}

/* A less favoured (or the same) priority: an IPI that waited may be pending now. */
static long relax_cppr(struct kvm_vcpu *v, u8 cppr)
{
	struct rm_icp *icp = icp_of(v);
	union rm_icp_state old, new;
	int tries;

	for (tries = 0; tries < MAX_TRIES; tries++) {
		old.raw = new.raw = READ_ONCE(icp->state.raw);
		if (old.need_resend)
			return LEAVE;
		new.cppr = cppr;
		if (new.mfrr < cppr && new.mfrr <= new.pending) {
			new.pending = new.mfrr;
			new.xisr = XICS_IPI;
		}
		assert_line(&new);
		if (icp_update(icp, old, new))
			return H_SUCCESS;
	}
	return LEAVE;
}

/* A more favoured priority: what is pending and no longer favoured enough is rejected. */
static long tighten_cppr(struct kvm_vcpu *v, u8 cppr)
{
	struct rm_icp *icp = icp_of(v);
	union rm_icp_state old, new;
	int tries;

	line_down(v);
	for (tries = 0; tries < MAX_TRIES; tries++) {
		old.raw = new.raw = READ_ONCE(icp->state.raw);
		new.cppr = cppr;
		if (cppr <= new.pending) {
			if (new.xisr && new.xisr != XICS_IPI)
				return LEAVE;
			new.xisr = 0;		/* MFRR keeps the IPI */
			new.pending = XICS_LEAST_FAVOURED;
		}
		assert_line(&new);
		if (icp_update(icp, old, new))
			return H_SUCCESS;
	}
	return LEAVE;
}

static long h_cppr(struct kvm_vcpu *v, u64 cppr)
{
	u8 now = READ_ONCE(icp_of(v)->state.cppr);	/* nobody else changes it */

	if (cppr > XICS_LEAST_FAVOURED)
		return LEAVE;
	if (cppr == now)
		return H_SUCCESS;
	return cppr > now ? relax_cppr(v, cppr) : tighten_cppr(v, cppr);
}

static long h_ipi(struct hv_rm_ctx *c, struct kvm_vcpu *v, u64 server, u64 mfrr)
{
	struct rm_icp *icp = find_server(v, server);
	union rm_icp_state old, new;
	int tries;

	if (!icp || mfrr > XICS_LEAST_FAVOURED)
		return LEAVE;
	for (tries = 0; tries < MAX_TRIES; tries++) {
		old.raw = new.raw = READ_ONCE(icp->state.raw);
		new.mfrr = mfrr;
		if (mfrr > old.mfrr && old.need_resend)
			return LEAVE;
		if (mfrr < new.cppr && mfrr <= new.pending) {
			if (new.xisr && new.xisr != XICS_IPI)
				return LEAVE;
			new.pending = mfrr;
			new.xisr = XICS_IPI;
		}
		assert_line(&new);
		if (new.asserted && icp->vcpu != v && READ_ONCE(icp->vcpu->arch.thread_cpu) < 0)
			return LEAVE;
		if (!icp_update(icp, old, new))
			continue;
		if (new.asserted && icp->vcpu != v)
			kick(c, icp->vcpu);
		return H_SUCCESS;
	}
	return LEAVE;
}

static long h_ipoll(struct kvm_vcpu *v, u64 server, u64 *reg)
{
	struct rm_icp *icp = find_server(v, server);
	union rm_icp_state s;

	if (!icp)
		return LEAVE;
	s.raw = READ_ONCE(icp->state.raw);
	reg[4] = s.xisr | (u32)s.cppr << 24;
	reg[5] = s.mfrr;
	return H_SUCCESS;
}

/* Would EOI of this source present it again? Then kvm.ko has to do it. */
static struct rm_xics_source *quiet_source(struct kvm_vcpu *v, u32 irq)
{
	struct rm_xics *xics = (struct rm_xics *)v->kvm->arch.xics;
	u32 i = irq / XICS_SOURCES;
	struct rm_xics_source *s;
	struct rm_ics *ics;

	if (i >= XICS_MAX_ICS)
		return NULL;
	ics = READ_ONCE(xics->ics[array_index_nospec(i, XICS_MAX_ICS)]);
	if (!ics || !hlist_empty(&v->kvm->irq_ack_notifier_list))
		return NULL;
	s = &ics->source[irq % XICS_SOURCES];
	if (READ_ONCE(s->host_irq) ||
	    READ_ONCE(s->pq_state) > (READ_ONCE(s->level) ? 0 : XICS_PRESENTED))
		return NULL;
	return s;
}

/*
 * CPPR first, then the source: if that was triggered again in between, all of
 * the call is done once more by kvm.ko, and setting CPPR twice is harmless.
 */
static long h_eoi(struct kvm_vcpu *v, u64 xirr)
{
	u32 irq = xirr & 0xffffff;
	struct rm_xics_source *s;

	if (xirr >> 32)
		return LEAVE;
	if (irq == XICS_IPI)
		return relax_cppr(v, xirr >> 24);
	s = quiet_source(v, irq);
	if (!s || relax_cppr(v, xirr >> 24) != H_SUCCESS)
		return LEAVE;
	if (s->level)
		return READ_ONCE(s->pq_state) ? LEAVE : H_SUCCESS;
	return cmpxchg(&s->pq_state, XICS_PRESENTED, 0) <= XICS_PRESENTED ? H_SUCCESS : LEAVE;
}

bool xics_line_up(struct kvm_vcpu *v)
{
	return test_bit(BOOK3S_IRQPRIO_EXTERNAL, &v->arch.pending_exceptions);
}

/*
 * True: answered, r3 is set. False: nothing has changed that
 * kvmppc_xics_hcall() would not redo, or, with c->kick set, all is done but for
 * waking that vCPU, and the module has to say H_SUCCESS.
 */
bool rm_xics(struct hv_rm_ctx *c, struct kvm_vcpu *v, unsigned long req)
{
	u64 *reg = (u64 *)v->arch.regs.gpr;
	long rc;

	if (!(c->flags & HV_RM_XICS))
		return false;
	switch (req) {
	case H_XIRR:
		rc = h_xirr(v, reg);
		break;
	case H_CPPR:
		rc = h_cppr(v, reg[4]);
		break;
	case H_EOI:
		rc = h_eoi(v, reg[4]);
		break;
	case H_IPI:
		rc = h_ipi(c, v, reg[4], reg[5]);
		break;
	case H_IPOLL:
		rc = h_ipoll(v, reg[4], reg);
		break;
	default:
		return false;
	}
	if (rc == LEAVE || c->kick)
		return false;
	reg[3] = rc;
	return true;
}
