// SPDX-License-Identifier: GPL-2.0
/* What a test guest has the VMM do with its memory and its hashed page table. Most give a value or -errno in r4. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include "hvrun.h"

static long result(uint64_t *args, long rc)
{
	args[0] = rc < 0 ? -errno : rc;
	return H_SUCCESS;
}

/* Where a guest buffer is, byte-wise; NULL: not all of it is memory. */
static void *buffer(const struct vm *vm, uint64_t addr, uint64_t len)
{
	if (addr >= vm->opt->mem_size || len > vm->opt->mem_size - addr)
		return NULL;
	return vm->mem + addr;
}

/* args: flags, start index; r4: the descriptor */
static long htab_open(struct vm *vm, uint64_t *args)
{
	struct kvm_get_htab_fd arg = { .flags = args[0], .start_index = args[1] };

	return result(args, ioctl(vm->fd, KVM_PPC_GET_HTAB_FD, &arg));
}

/* args: descriptor, guest address, length; r4: bytes */
static long htab_io(struct vm *vm, uint64_t *args, bool write_it)
{
	void *at = buffer(vm, args[1], args[2]);

	if (!at)
		return H_PARAMETER;
	if (write_it)
		return result(args, write(args[0], at, args[2]));
	return result(args, read(args[0], at, args[2]));
}

/* args: 0 to prepare or 1 to commit, order; r4: what the ioctl says */
static long resize(struct vm *vm, uint64_t *args)
{
	struct kvm_ppc_resize_hpt arg = { .shift = args[1] };

	return result(args, ioctl(vm->fd, args[0] ? KVM_PPC_RESIZE_HPT_COMMIT :
				  KVM_PPC_RESIZE_HPT_PREPARE, &arg));
}

/* args: slot, flags, guest real address, length (0: away with it), address in the memory it stands for */
static long set_memory(struct vm *vm, uint64_t *args)
{
	struct kvm_userspace_memory_region slot = {
		.slot = args[0], .flags = args[1],
		.guest_phys_addr = args[2], .memory_size = args[3],
	};

	if (args[3] && !in_memory(vm, args[4], args[3]))
		return H_PARAMETER;
	slot.userspace_addr = (uintptr_t)vm->mem + args[4];
	return result(args, ioctl(vm->fd, KVM_SET_USER_MEMORY_REGION, &slot));
}

/* args: slot, guest real address, host real address: a slot of 64 KiB that stands for what /dev/mem has there */
static long map_physical(struct vm *vm, uint64_t *args)
{
	struct kvm_userspace_memory_region slot = {
		.slot = args[0], .guest_phys_addr = args[1], .memory_size = 0x10000,
	};
	int fd = open("/dev/mem", O_RDWR | O_SYNC | O_CLOEXEC);
	void *p = mmap(NULL, slot.memory_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, args[2]);

	slot.userspace_addr = (uintptr_t)p;
	return result(args, p == MAP_FAILED ? -1 : ioctl(vm->fd, KVM_SET_USER_MEMORY_REGION, &slot));
}

/* args: slot, guest address for the bitmap, its length */
static long dirty_log(struct vm *vm, uint64_t *args)
{
	struct kvm_dirty_log log = {
		.slot = args[0],
		.dirty_bitmap = buffer(vm, args[1], args[2]),
	};

	return log.dirty_bitmap ? result(args, ioctl(vm->fd, KVM_GET_DIRTY_LOG, &log)) : H_PARAMETER;
}

/* args: guest address, length, what madvise() or mprotect() takes third */
static long advise(struct vm *vm, uint64_t *args, int (*fn)(void *, size_t, int))
{
	if (!in_memory(vm, args[0], args[1]))
		return H_PARAMETER;
	return result(args, fn(vm->mem + args[0], args[1], args[2]));
}

/* args: 1 to answer accesses outside memory from now on, 0 not to; r4, r5: loads and stores so far */
static long mmio(struct vm *vm, uint64_t *args)
{
	vm->answer_mmio = args[0];
	args[0] = vm->mmio_loads;
	args[1] = vm->mmio_stores;
	return H_SUCCESS;
}

bool memory_mmio(struct vm *vm, struct kvm_run *run)
{
	if (!vm->answer_mmio)
		return false;
	if (run->mmio.is_write) {
		vm->mmio_stores++;
	} else {
		vm->mmio_loads++;
		memset(run->mmio.data, 0xff, sizeof(run->mmio.data));
	}
	return true;
}

long memory_hcall(struct vm *vm, uint64_t nr, uint64_t *args)
{
	switch (nr) {
	case H_HVRUN_HTAB_OPEN:		return htab_open(vm, args);
	case H_HVRUN_HTAB_READ:		return htab_io(vm, args, false);
	case H_HVRUN_HTAB_WRITE:	return htab_io(vm, args, true);
	case H_HVRUN_HTAB_CLOSE:	return result(args, close(args[0]));
	case H_HVRUN_RESIZE_HPT:	return resize(vm, args);
	case H_HVRUN_SET_MEMORY:	return set_memory(vm, args);
	case H_HVRUN_MAP_PHYSICAL:	return map_physical(vm, args);
	case H_HVRUN_DIRTY_LOG:		return dirty_log(vm, args);
	case H_HVRUN_MADVISE:		return advise(vm, args, madvise);
	case H_HVRUN_MPROTECT:		return advise(vm, args, mprotect);
	case H_HVRUN_MMIO:		return mmio(vm, args);
	case H_HVRUN_PAGE_SIZE:		return result(args, sysconf(_SC_PAGESIZE));
	default:			return H_FUNCTION;
	}
}
