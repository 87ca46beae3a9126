// SPDX-License-Identifier: GPL-2.0
/* The VM: /dev/kvm, memory with the payload in it, hashed page table, vCPUs. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include "hvrun.h"

/* The largest page a hash host can map guest memory with. */
#define MEM_ALIGN (16ul << 20)

static void load_payload(struct vm *vm)
{
	const struct options *opt = vm->opt;
	int fd = open(opt->payload, O_RDONLY | O_CLOEXEC);
	uint64_t done = 0;
	struct stat st;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st) < 0)
		die("cannot read payload %s: %s", opt->payload, strerror(errno));
	if (!S_ISREG(st.st_mode))
		die("payload %s is not a regular file", opt->payload);
	if (!st.st_size)
		die("payload %s is empty", opt->payload);
	if ((uint64_t)st.st_size > opt->mem_size)
		die("payload %s (%lld bytes) is larger than guest memory (%llu bytes): give more with --mem",
		    opt->payload, (long long)st.st_size, (unsigned long long)opt->mem_size);
	while (done < (uint64_t)st.st_size) {
		n = read(fd, vm->mem + done, st.st_size - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			die("cannot read payload %s: %s", opt->payload,
			    n ? strerror(errno) : "it became shorter");
		done += n;
	}
	close(fd);
}

static void create_memory(struct vm *vm)
{
	uint64_t size = vm->opt->mem_size, huge = vm->opt->huge_size;
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
	uint8_t *p;

	if (vm->opt->huge)
		flags |= MAP_HUGETLB | (huge ? __builtin_ctzll(huge) << MAP_HUGE_SHIFT : 0);
	p = mmap(NULL, size + MEM_ALIGN, PROT_READ | PROT_WRITE, flags, -1, 0);
	if (p == MAP_FAILED)
		die("cannot get %llu bytes of guest memory: %s%s", (unsigned long long)size, strerror(errno),
		    vm->opt->huge ? " (huge pages: see /sys/kernel/mm/hugepages)" : "");
	vm->mem = (uint8_t *)(((uintptr_t)p + MEM_ALIGN - 1) & ~(MEM_ALIGN - 1));
	/* One host page per page touched: tests count faults and resident pages.
	 * Fails harmlessly on a kernel without transparent huge pages. */
	madvise(vm->mem, size, MADV_NOHUGEPAGE);
}

static void create_vm(struct vm *vm)
{
	static const char *const types[] = { "any", "HV", "PR" };
	unsigned long type = vm->opt->vm_type;

	vm->kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (vm->kvm < 0)
		die("cannot open /dev/kvm: %s%s", strerror(errno),
		    errno == EACCES ? " (be root, or in the group that owns it)" :
		    " (load a backend first: modprobe kvm-hv)");
	/* a signal that is pending ends it (mm_take_all_locks), be it that of a stop that is over */
	do
		vm->fd = ioctl(vm->kvm, KVM_CREATE_VM, type);
	while (vm->fd < 0 && errno == EINTR);
	if (vm->fd < 0)
		die("cannot create a VM of type %s: %s%s", types[type], strerror(errno),
		    errno == EINVAL ? " (no such backend is loaded)" : "");
}

static void enable_hcall(struct vm *vm, unsigned int number)
{
	struct kvm_enable_cap cap = { .cap = KVM_CAP_PPC_ENABLE_HCALL, .args = { number, 1 } };

	ioctl(vm->fd, KVM_ENABLE_CAP, &cap);	/* the backend may lack it */
}

/* What a new VM has not switched on by itself; QEMU asks for these two as well. A hostile guest gets all there are. */
static void enable_hcalls(struct vm *vm)
{
	static const unsigned int all[] = {
#define HV_HCALL(number, ...) number,
#include "hcalls.h"
	};

	enable_hcall(vm, H_CLEAR_REF);
	enable_hcall(vm, H_CLEAR_MOD);
	for (unsigned int i = 0; vm->opt->stress && i < sizeof(all) / sizeof(all[0]); i++)
		enable_hcall(vm, all[i]);
}

/* A hash page table entry group per smallest page, so that the whole memory
 * can be the Virtual Real Mode Area: 128 bytes for 4 KiB. */
static uint32_t default_order(uint64_t mem_size)
{
	uint32_t order = 18;	/* the smallest: 256 KiB (Power ISA, SDR1) */

	while ((1ull << order) < mem_size / 32)
		order++;
	return order;
}

/* Problem-state KVM walks a table that lies in our own memory, as the guest's
 * H_ENTER filled it: vcpu.c says where. It ORs an offset into the address. */
static void *own_hpt(uint32_t order)
{
	uint64_t size = 1ull << order;
	uint8_t *p = mmap(NULL, 2 * size, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		die("cannot get memory for a hashed page table of order %u: %s",
		    order, strerror(errno));
	return (void *)(((uintptr_t)p + size - 1) & ~(size - 1));
}

static void allocate_hpt(struct vm *vm)
{
	uint32_t wanted = vm->opt->hpt_order, order;

	order = wanted ? wanted : default_order(vm->opt->mem_size);
	if (ioctl(vm->fd, KVM_CHECK_EXTENSION, KVM_CAP_PPC_ALLOC_HTAB) <= 0)
		vm->own_hpt = own_hpt(order);
	else if (ioctl(vm->fd, KVM_PPC_ALLOCATE_HTAB, &order) < 0)
		die("cannot allocate a hashed page table of order %u: %s",
		    order, strerror(errno));
	if (wanted && order != wanted)
		die("the backend gave a hashed page table of order %u instead of %u", order, wanted);
	vm->hpt_order = order;
}

static void set_threads(struct vm *vm)
{
	struct kvm_enable_cap smt = { .cap = KVM_CAP_PPC_SMT, .args = { vm->opt->threads } };

	if (ioctl(vm->fd, KVM_ENABLE_CAP, &smt) < 0)
		die("the backend has no %u threads to a core: %s", vm->opt->threads, strerror(errno));
}

void vm_create(struct vm *vm, const struct options *opt)
{
	struct kvm_userspace_memory_region slot = {
		.memory_size = opt->stress ? opt->mem_size / 2 : opt->mem_size,
	};

	vm->opt = opt;
	pthread_mutex_init(&vm->lock, NULL);
	pthread_cond_init(&vm->wake, NULL);
	create_memory(vm);
	load_payload(vm);
	create_vm(vm);
	enable_hcalls(vm);
	slot.userspace_addr = (uintptr_t)vm->mem;
	if (ioctl(vm->fd, KVM_SET_USER_MEMORY_REGION, &slot) < 0)
		die("the backend refuses %llu bytes of guest memory: %s",
		    (unsigned long long)slot.memory_size, strerror(errno));
	if (opt->stress)
		stress_slots(vm);
	allocate_hpt(vm);
	if (opt->threads)
		set_threads(vm);
	if (opt->xics)
		xics_create(vm);
	for (unsigned int i = 0; i < opt->cpus; i++)
		vcpu_create(vm, i);
}
