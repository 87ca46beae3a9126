// SPDX-License-Identifier: GPL-2.0
/*
 * --stress: what a busy or hostile host does to a running guest's memory. The
 * upper half of guest memory is a slot of its own: it goes, comes back, moves,
 * becomes read-only and dirty-logged; its pages vanish, lose their rights, are
 * shared with a child. The lower half, where the payload lies, only has its
 * pages shared.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include "hvrun.h"

#define PAGE	0x10000ul	/* the largest small page of a host */

static uint64_t state;

static uint64_t rnd(void)
{
	state ^= state << 13;	/* xorshift64 */
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static int set_slot(struct vm *vm, uint64_t gpa, uint64_t size, uint32_t flags)
{
	uint64_t half = vm->opt->mem_size / 2;
	struct kvm_userspace_memory_region slot = {
		.slot = 1, .flags = flags, .guest_phys_addr = gpa, .memory_size = size,
		.userspace_addr = (uintptr_t)vm->mem + half,
	};

	return ioctl(vm->fd, KVM_SET_USER_MEMORY_REGION, &slot);
}

void stress_slots(struct vm *vm)
{
	uint64_t half = vm->opt->mem_size / 2;

	if (set_slot(vm, half, half, 0) < 0)
		die("the backend refuses a second memory slot: %s", strerror(errno));
}

static void share_with_child(void)
{
	pid_t child = fork();

	if (!child)
		_exit(0);
	if (child > 0)
		waitpid(child, NULL, 0);
}

static void change_slot(struct vm *vm)
{
	uint64_t half = vm->opt->mem_size / 2, gpa = half + rnd() % 16 * PAGE;

	switch (rnd() % 4) {
	case 0:		/* moves, and back */
		set_slot(vm, gpa, half, 0);
		set_slot(vm, half, half, 0);
		break;
	case 1:
		set_slot(vm, half, half, KVM_MEM_LOG_DIRTY_PAGES);
		set_slot(vm, half, half, 0);
		break;
	case 2:		/* a slot can't change between read-only and not */
		set_slot(vm, half, 0, 0);
		set_slot(vm, half, half, KVM_MEM_READONLY);
		set_slot(vm, half, 0, 0);
		set_slot(vm, half, half, 0);
		break;
	default:
		set_slot(vm, half, 0, 0);
		set_slot(vm, half, half, 0);
	}
}

static void change_pages(struct vm *vm)
{
	uint64_t half = vm->opt->mem_size / 2, at = rnd() % (half / PAGE) * PAGE;
	uint64_t len = (1 + rnd() % 64) * PAGE;
	uint8_t *p = vm->mem + half + at;

	if (len > half - at)
		len = half - at;
	switch (rnd() % 8) {
	case 0:
		mprotect(p, len, PROT_READ);
		break;
	case 1:
		mprotect(p, len, PROT_NONE);
		break;
	case 2:
	case 3:
		mprotect(vm->mem + half, half, PROT_READ | PROT_WRITE);
		break;
	case 4:
		madvise(p, len, rnd() % 2 ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
		break;
	default:
		madvise(p, len, MADV_DONTNEED);
	}
}

/* A vCPU met a page without rights: it would do so again and again. */
void stress_give_rights(struct vm *vm)
{
	uint64_t half = vm->opt->mem_size / 2;

	mprotect(vm->mem + half, half, PROT_READ | PROT_WRITE);
}

/* Every access has memory again, or it would be an error that ends the guest. */
static void calm(struct vm *vm)
{
	uint64_t half = vm->opt->mem_size / 2;

	stress_give_rights(vm);
	set_slot(vm, half, half, 0);
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

/* A storm, then a calm nine times as long: else an emulated host does little but storms. */
void *stress_thread(void *arg)
{
	struct vm *vm = arg;

	unsigned long storms = 0;

	state = vm->opt->stress | 1;
	while (!vm->stop) {
		uint64_t dice = rnd() % 16, start = now_ns(), calm_ns;

		if (!dice)
			change_slot(vm);
		else if (dice == 1)
			share_with_child();
		else
			change_pages(vm);
		storms++;
		calm_ns = 9 * (now_ns() - start);
		if (calm_ns > 100000000)
			calm_ns = 100000000;
		nanosleep(&(struct timespec){ 0, calm_ns }, NULL);
	}
	calm(vm);
	fprintf(stderr, "hvrun: %lu storms over guest memory\n", storms);
	return NULL;
}
