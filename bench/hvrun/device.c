// SPDX-License-Identifier: GPL-2.0
/*
 * What tests of devices and of VM ioctls need: a device that is storage, VM
 * ioctls in the guest's own words, event counters.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include "hvrun.h"

#define IOCTL_ROOM	4096	/* more than any argument of a VM ioctl has */

static uint8_t storage[DEVICE_SIZE];

bool device_access(struct vm *vm, struct kvm_run *run)
{
	uint64_t offset = run->mmio.phys_addr - DEVICE_ADDR;

	vm->access_tb = timebase();
	if (offset > DEVICE_SIZE - run->mmio.len)
		return false;
	if (run->mmio.is_write)
		memcpy(storage + offset, run->mmio.data, run->mmio.len);
	else
		memcpy(run->mmio.data, storage + offset, run->mmio.len);
	return true;
}

/* args: offset; r4 and r5 get the 16 bytes there */
long device_get(uint64_t *args)
{
	uint64_t offset = args[0];

	if (offset > DEVICE_SIZE - 16)
		return H_PARAMETER;
	memcpy(args, storage + offset, 16);
	return H_SUCCESS;
}

/* args: offset, 16 bytes in two registers */
long device_set(const uint64_t *args)
{
	if (args[0] > DEVICE_SIZE - 16)
		return H_PARAMETER;
	memcpy(storage + args[0], args + 1, 16);
	return H_SUCCESS;
}

/*
 * args: request, guest real address of its argument, or the argument, 1: on this vCPU rather
 * than the VM; r4 gets the result or -errno
 */
long vm_ioctl(struct vcpu *vcpu, uint64_t *args)
{
	struct vm *vm = vcpu->vm;
	int r, fd = args[2] ? vcpu->fd : vm->fd;

	if (_IOC_SIZE(args[0]) && args[1] > vm->opt->mem_size - IOCTL_ROOM)
		return H_PARAMETER;
	/* what has no structure takes a number */
	r = _IOC_SIZE(args[0]) ? ioctl(fd, args[0], vm->mem + args[1]) : ioctl(fd, args[0], args[1]);
	args[0] = r < 0 ? -errno : r;
	return H_SUCCESS;
}

/* args: an event counter, or -1 for a new one; r4 gets its descriptor, or how often it was signalled */
long event_counter(uint64_t *args)
{
	uint64_t count = 0;

	if (args[0] == ~0ull) {
		args[0] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		return H_SUCCESS;
	}
	if (read(args[0], &count, sizeof(count)) < 0 && errno != EAGAIN)
		return H_PARAMETER;
	args[0] = count;
	return H_SUCCESS;
}
