// SPDX-License-Identifier: GPL-2.0
/* What evilvmm calls, with what. */
#include <stddef.h>
#include <sys/ioctl.h>
#include "evil.h"

/* Values that break things: none, all, one bit, all below it, any, few bits, small, a guest address, a host address. */
uint64_t value(struct worker *w)
{
	uint64_t r = rnd(w);

	switch (rnd(w) % 9) {
	case 0: return 0;
	case 1: return ~0ull;
	case 2: return 1ull << (r & 63);
	case 3: return (1ull << (r & 63)) - 1;
	case 4: return r;
	case 5: return r & rnd(w) & rnd(w);
	case 6: return r & 7;
	case 7: return (r % 0x400) * HOST_PAGE;
	default: return (uintptr_t)mem + r % MEM_SIZE;
	}
}

uint64_t buffer(struct worker *w)
{
	return rnd(w) % 8 ? (uintptr_t)&w->arg[LARGEST / 16] : value(w);
}

/* Each puts sense in an argument that is otherwise rejected at the door; with none it is all random. */
static void fix_slot(struct worker *w)
{
	struct kvm_userspace_memory_region *r = (void *)w->arg;

	r->slot = rnd(w) % 16 ? rnd(w) % 5 : value(w);
	r->flags = rnd(w) % 4 ? 0 : rnd(w) % 8;
	if (rnd(w) % 2) {
		r->guest_phys_addr = rnd(w) % 64 * (MEM_SIZE / 32);
		r->memory_size = rnd(w) % 3 ? rnd(w) % 64 * HOST_PAGE : 0;
		r->userspace_addr = (uintptr_t)mem + rnd(w) % 64 * HOST_PAGE;
	}
	if (r->slot == 0 && rnd(w) % 4)		/* the guest's code: leave it there, mostly */
		*r = (struct kvm_userspace_memory_region){
			.flags = r->flags, .memory_size = MEM_SIZE, .userspace_addr = (uintptr_t)mem };
}

static void fix_dirty_log(struct worker *w)
{
	struct kvm_dirty_log *log = (void *)w->arg;

	log->slot = rnd(w) % 4;
	log->dirty_bitmap = (void *)buffer(w);
}

static void fix_order(struct worker *w)
{
	if (rnd(w) % 2)
		w->arg[0] = 17 + rnd(w) % 8;
}

static void fix_resize(struct worker *w)
{
	struct kvm_ppc_resize_hpt *r = (void *)w->arg;

	r->flags = rnd(w) % 8 ? 0 : value(w);
	r->shift = rnd(w) % 8 ? rnd(w) % 10 + 16 : value(w);
}

static void fix_one_reg(struct worker *w)
{
	struct kvm_one_reg *r = (void *)w->arg;
	static const uint64_t sizes[] = { KVM_REG_SIZE_U32, KVM_REG_SIZE_U64, KVM_REG_SIZE_U64, KVM_REG_SIZE_U128 };

	if (rnd(w) % 16)
		r->id = KVM_REG_PPC | sizes[rnd(w) % 4] | rnd(w) % 0x100;
	r->addr = buffer(w);
}

static void fix_cap(struct worker *w)
{
	struct kvm_enable_cap *c = (void *)w->arg;

	c->cap = rnd(w) % 240;
	c->flags = rnd(w) % 8 ? 0 : value(w);
}

static void fix_device(struct worker *w)
{
	struct kvm_create_device *d = (void *)w->arg;

	d->type = rnd(w) % 12;
	d->flags = rnd(w) % 4 ? 0 : value(w);
}

static void fix_attr(struct worker *w)
{
	struct kvm_device_attr *a = (void *)w->arg;

	a->flags = 0;
	a->group = rnd(w) % 8;
	a->attr = rnd(w) % 4 ? rnd(w) % 0x1100 : value(w);
	a->addr = buffer(w);
}

static void fix_htab_fd(struct worker *w)
{
	struct kvm_get_htab_fd *h = (void *)w->arg;

	h->flags = rnd(w) % 4;
	h->start_index = rnd(w) % 2 ? 0 : value(w);
}

static void fix_tce(struct worker *w)
{
	struct kvm_create_spapr_tce_64 *t = (void *)w->arg;

	t->page_shift = rnd(w) % 4 ? 12 + rnd(w) % 14 : value(w);
	t->offset = rnd(w) % 2 ? 0 : value(w);
	t->size = rnd(w) % 4 ? rnd(w) % 0x1000 : value(w);
	t->flags = 0;
}

static void fix_irqfd(struct worker *w)
{
	struct kvm_irqfd *i = (void *)w->arg;

	i->fd = fds[OTHER][rnd(w) % MAX_FDS];
	i->gsi = rnd(w) % 0x1100;
	i->flags = rnd(w) % 4;
}

static void fix_ioeventfd(struct worker *w)
{
	struct kvm_ioeventfd *i = (void *)w->arg;

	i->fd = fds[OTHER][rnd(w) % MAX_FDS];
	i->len = 1u << rnd(w) % 4;
	i->flags = rnd(w) % 8;
}

static void fix_routing(struct worker *w)
{
	struct kvm_irq_routing *r = (void *)w->arg;

	r->nr = rnd(w) % 16;
	r->flags = 0;
	for (uint32_t i = 0; i < r->nr; i++)
		r->entries[i].type = rnd(w) % 6;
}

/* The id of a vCPU, a capability's number and the like: the argument itself. */
void fix_number(struct worker *w)
{
	w->arg[0] = rnd(w) % 4 ? rnd(w) % 300 : value(w);
}

static void fix_regs(struct worker *w)
{
	struct kvm_regs *r = (void *)w->arg;

	r->pc = rnd(w) % 8 ? 0x100 : r->pc;
	if (rnd(w) % 4)
		r->msr = MSR_SF_ME_LE | (rnd(w) % 2 ? MSR_EE : 0);
}

static void fix_sregs(struct worker *w)
{
	struct kvm_sregs *s = (void *)w->arg;

	asm volatile("mfpvr %0" : "=r" (s->pvr));
	for (int i = 0; i < 32; i++) {	/* what slbmte takes, mostly */
		uint64_t llp = rnd(w) % 5;

		s->u.s.ppc64.slb[i].slbe = (value(w) & ~0xfffffffull) | (rnd(w) % 8 << 24 & 0x8000000) | i;
		if (rnd(w) % 64)
			s->u.s.ppc64.slb[i].slbv = (value(w) & 0x7ffffffffffffe80ull) |
				(llp == 4 ? 0 : 0x100 | (llp & 1) << 4);
	}
}

static void fix_interrupt(struct worker *w)
{
	static const uint32_t irqs[] = { KVM_INTERRUPT_SET, KVM_INTERRUPT_UNSET, KVM_INTERRUPT_SET_LEVEL };

	if (rnd(w) % 8)
		w->arg[0] = irqs[rnd(w) % 3];
}

/* KVM_SET_USER_MEMORY_REGION2, which Debian 12's headers lack: Linux 6.12, include/uapi/linux/kvm.h */
#define REGION2	_IOW(KVMIO, 0x49, uint8_t[160])

/*
 * CALL(name, descriptor, what its argument is, and what the result is when it
 * is a descriptor). A number is passed as it is, all else by address.
 */
#define CALL(name, on, fix, makes) { #name, name, on, makes, fix },
const struct call calls[] = {
	CALL(KVM_CREATE_VM,		SYSTEM, fix_number, OTHER)
	CALL(KVM_CHECK_EXTENSION,	SYSTEM, fix_number, KINDS)
	CALL(KVM_CHECK_EXTENSION,	VM,	fix_number, KINDS)
	CALL(KVM_CREATE_VCPU,		VM,	fix_number, VCPU)
	CALL(KVM_SET_USER_MEMORY_REGION, VM,	fix_slot, KINDS)
	CALL(REGION2,			VM,	fix_slot, KINDS)
	CALL(KVM_GET_DIRTY_LOG,		VM,	fix_dirty_log, KINDS)
	CALL(KVM_CLEAR_DIRTY_LOG,	VM,	fix_dirty_log, KINDS)
	CALL(KVM_ENABLE_CAP,		VM,	fix_cap, KINDS)
	CALL(KVM_PPC_ALLOCATE_HTAB,	VM,	fix_order, KINDS)
	CALL(KVM_PPC_RESIZE_HPT_PREPARE, VM,	fix_resize, KINDS)
	CALL(KVM_PPC_RESIZE_HPT_COMMIT,	VM,	fix_resize, KINDS)
	CALL(KVM_PPC_GET_HTAB_FD,	VM,	fix_htab_fd, OTHER)
	CALL(KVM_PPC_GET_SMMU_INFO,	VM,	NULL, KINDS)
	CALL(KVM_PPC_CONFIGURE_V3_MMU,	VM,	NULL, KINDS)
	CALL(KVM_PPC_GET_RMMU_INFO,	VM,	NULL, KINDS)
	CALL(KVM_PPC_GET_CPU_CHAR,	VM,	NULL, KINDS)
	CALL(KVM_PPC_GET_PVINFO,	VM,	NULL, KINDS)
	CALL(KVM_PPC_RTAS_DEFINE_TOKEN,	VM,	NULL, KINDS)
	CALL(KVM_PPC_SVM_OFF,		VM,	fix_number, KINDS)
	CALL(KVM_CREATE_SPAPR_TCE,	VM,	NULL, OTHER)
	CALL(KVM_CREATE_SPAPR_TCE_64,	VM,	fix_tce, OTHER)
	CALL(KVM_CREATE_DEVICE,		VM,	fix_device, KINDS)
	CALL(KVM_IRQFD,			VM,	fix_irqfd, KINDS)
	CALL(KVM_IOEVENTFD,		VM,	fix_ioeventfd, KINDS)
	CALL(KVM_SET_GSI_ROUTING,	VM,	fix_routing, KINDS)
	CALL(KVM_IRQ_LINE,		VM,	NULL, KINDS)
	CALL(KVM_SIGNAL_MSI,		VM,	NULL, KINDS)
	CALL(KVM_REGISTER_COALESCED_MMIO, VM,	NULL, KINDS)
	CALL(KVM_UNREGISTER_COALESCED_MMIO, VM,	NULL, KINDS)
	CALL(KVM_RESET_DIRTY_RINGS,	VM,	fix_number, KINDS)
	CALL(KVM_GET_STATS_FD,		VM,	fix_number, OTHER)
	CALL(KVM_GET_REGS,		VCPU,	NULL, KINDS)
	CALL(KVM_SET_REGS,		VCPU,	fix_regs, KINDS)
	CALL(KVM_GET_SREGS,		VCPU,	NULL, KINDS)
	CALL(KVM_SET_SREGS,		VCPU,	fix_sregs, KINDS)
	CALL(KVM_GET_FPU,		VCPU,	NULL, KINDS)
	CALL(KVM_SET_FPU,		VCPU,	NULL, KINDS)
	CALL(KVM_GET_ONE_REG,		VCPU,	fix_one_reg, KINDS)
	CALL(KVM_SET_ONE_REG,		VCPU,	fix_one_reg, KINDS)
	CALL(KVM_SET_ONE_REG,		VCPU,	fix_one_reg, KINDS)
	CALL(KVM_ENABLE_CAP,		VCPU,	fix_cap, KINDS)
	CALL(KVM_INTERRUPT,		VCPU,	fix_interrupt, KINDS)
	CALL(KVM_TRANSLATE,		VCPU,	NULL, KINDS)
	CALL(KVM_SET_GUEST_DEBUG,	VCPU,	NULL, KINDS)
	CALL(KVM_SET_SIGNAL_MASK,	VCPU,	NULL, KINDS)
	CALL(KVM_GET_MP_STATE,		VCPU,	NULL, KINDS)
	CALL(KVM_SET_MP_STATE,		VCPU,	NULL, KINDS)
	CALL(KVM_DIRTY_TLB,		VCPU,	NULL, KINDS)
	CALL(KVM_GET_STATS_FD,		VCPU,	fix_number, OTHER)
	CALL(KVM_SET_DEVICE_ATTR,	DEVICE, fix_attr, KINDS)
	CALL(KVM_GET_DEVICE_ATTR,	DEVICE, fix_attr, KINDS)
	CALL(KVM_HAS_DEVICE_ATTR,	DEVICE, fix_attr, KINDS)
	CALL(KVM_RUN,			VCPU,	fix_number, KINDS)
};
const int ncalls = sizeof(calls) / sizeof(calls[0]) - 1;
