// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupts: the kernel's XICS and its sources, or, without one, the external
 * interrupt line of a vCPU (Documentation/virt/kvm/api.rst, KVM_INTERRUPT,
 * devices/xics.rst).
 */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include "hvrun.h"

void xics_create(struct vm *vm)
{
	struct kvm_create_device dev = { .type = KVM_DEV_TYPE_XICS };

	if (ioctl(vm->fd, KVM_CREATE_DEVICE, &dev) < 0)
		die("the kernel has no XICS for this VM: %s", strerror(errno));
	vm->xics = dev.fd;
}

void xics_connect(struct vcpu *vcpu)
{
	struct kvm_enable_cap cap = {
		.cap = KVM_CAP_IRQ_XICS, .args = { vcpu->vm->xics, vcpu->index },
	};

	if (ioctl(vcpu->fd, KVM_ENABLE_CAP, &cap) < 0)
		die("cannot connect vCPU %u to the XICS: %s", vcpu->index, strerror(errno));
}

/* args: source, its state as KVM_DEV_XICS_GRP_SOURCES has it */
long set_source(struct vm *vm, const uint64_t *args)
{
	struct kvm_device_attr attr = {
		.group = KVM_DEV_XICS_GRP_SOURCES, .attr = args[0], .addr = (uintptr_t)&args[1],
	};

	if (!vm->opt->xics)
		return H_FUNCTION;
	return ioctl(vm->xics, KVM_SET_DEVICE_ATTR, &attr) < 0 ? H_PARAMETER : H_SUCCESS;
}

/* args: source, level */
long irq_line(struct vm *vm, const uint64_t *args)
{
	struct kvm_irq_level line = { .irq = args[0], .level = args[1] };

	if (!vm->opt->xics)
		return H_FUNCTION;
	vm->raise_tb = timebase();
	return ioctl(vm->fd, KVM_IRQ_LINE, &line) < 0 ? H_PARAMETER : H_SUCCESS;
}

/* args: vCPU number, level of its external interrupt line */
long interrupt(struct vm *vm, const uint64_t *args)
{
	struct kvm_interrupt irq = {
		.irq = args[1] ? KVM_INTERRUPT_SET_LEVEL : KVM_INTERRUPT_UNSET,
	};

	if (args[0] >= vm->opt->cpus)
		return H_PARAMETER;
	return ioctl(vm->cpu[args[0]].fd, KVM_INTERRUPT, &irq) < 0 ? H_HARDWARE : H_SUCCESS;
}
