/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the odd programs here that run a guest of a few instructions have in common: one VM at a time with one vCPU, and TAP.
 * Each program is one file.
 */
#ifndef TINYVM_H
#define TINYVM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <linux/kvm.h>

#define HOST_PAGE	0x10000ul
#define H_NOBODYS	0x7000		/* what the backend does not know goes to the VMM */

static int kvm, vm, vcpu, tests, failed;
static struct kvm_run *run;
static uint8_t *mem;

static inline void ok(bool good, const char *what)
{
	printf("%sok %d - %s\n", good ? "" : "not ", ++tests, what);
	failed |= !good;
}

/* Of 64-bit HV, memory from 0, all zeros. Before the vCPU's first run; what it had before is left behind. */
static inline bool new_vm(size_t size)
{
	struct kvm_userspace_memory_region slot = { .memory_size = size };
	struct kvm_enable_cap papr = { .cap = KVM_CAP_PPC_PAPR };

	mem = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	madvise(mem, size, MADV_NOHUGEPAGE);
	slot.userspace_addr = (uintptr_t)mem;
	vm = ioctl(kvm, KVM_CREATE_VM, 1);
	vcpu = ioctl(vm, KVM_CREATE_VCPU, 0);
	run = mmap(NULL, ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0), PROT_READ | PROT_WRITE, MAP_SHARED, vcpu, 0);
	return run != MAP_FAILED && !ioctl(vm, KVM_SET_USER_MEMORY_REGION, &slot) && !ioctl(vcpu, KVM_ENABLE_CAP, &papr);
}

static inline bool enable_hcall(uint64_t nr)
{
	struct kvm_enable_cap cap = { .cap = KVM_CAP_PPC_ENABLE_HCALL, .args = { nr, 1 } };

	return !ioctl(vm, KVM_ENABLE_CAP, &cap);
}

/* After a hypercall: kvm.ko puts the VMM's answer into the guest's registers with the next KVM_RUN, which is this one. */
static inline void take_answer(void)
{
	run->immediate_exit = 1;
	ioctl(vcpu, KVM_RUN, 0);
	run->immediate_exit = 0;
}

#endif
