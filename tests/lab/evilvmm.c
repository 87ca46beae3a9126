// SPDX-License-Identifier: GPL-2.0
/*
 * evilvmm SECONDS [SEED]: VMMs that issue random ioctls. Each is a process with
 * threads that call every ioctl of a VM, its vCPUs, devices and other
 * descriptors with random and boundary arguments in random order, while one
 * pulls its memory about; after a moment it is killed, or ends by itself.
 * The host must live, and every process must die when told to. Prints TAP and
 * the seed; with that, every thread makes the same calls in the same order.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <linux/kvm.h>

#include "evil.h"

#define VCPUS		2		/* that run all the time */

int fds[KINDS][MAX_FDS];
uint8_t *mem;
static struct kvm_run *runs[VCPUS];
static size_t run_size;
static pthread_t threads[8];
static int nthreads;
static volatile bool stop;

/* What all processes did, for the parent. */
static struct { uint64_t calls, worked, entered, per_call[64]; } *sum;

static void nap(long us)
{
	struct timespec t = { us / 1000000, us % 1000000 * 1000 };

	nanosleep(&t, NULL);
}

/* A new descriptor takes a random place; what was there is closed under everybody's hands. */
static void keep(struct worker *w, enum kind kind, int fd)
{
	int i = rnd(w) % MAX_FDS, old;

	if (kind == VCPU)	/* the first ones are the runners' */
		i = VCPUS + i % (MAX_FDS - VCPUS);
	old = __atomic_exchange_n(&fds[kind][i], fd, __ATOMIC_RELAXED);
	if (old > 0)
		close(old);
}

static void one_call(struct worker *w, const struct call *c)
{
	const struct kvm_create_device *device = (void *)w->arg;
	int fd = fds[c->on][rnd(w) % MAX_FDS], rc;
	uint64_t size = _IOC_SIZE(c->number) + 1024;

	if (c->on == SYSTEM || c->on == VM || (c->on == VCPU && rnd(w) % 2))
		fd = fds[c->on][c->on == VCPU ? rnd(w) % VCPUS : 0];
	for (uint64_t i = 0; i < size / 8; i++)
		w->arg[i] = value(w);
	if (c->fix)
		c->fix(w);
	rc = ioctl(fd, c->number, c->fix == fix_number ? (void *)w->arg[0] :
		   rnd(w) % 32 ? (void *)w->arg : (void *)value(w));
	__atomic_add_fetch(&sum->calls, 1, __ATOMIC_RELAXED);
	if (rc < 0)
		return;
	__atomic_add_fetch(&sum->worked, 1, __ATOMIC_RELAXED);
	__atomic_add_fetch(&sum->per_call[c - calls], 1, __ATOMIC_RELAXED);
	if (c->makes != KINDS)
		keep(w, c->makes, rc);
	else if (c->number == KVM_CREATE_DEVICE && !(device->flags & KVM_CREATE_DEVICE_TEST))
		keep(w, DEVICE, device->fd);
}

/* Hashed page tables, statistics, TCE tables and events can be read, written or mapped. */
static void other_descriptor(struct worker *w)
{
	int fd = fds[OTHER][rnd(w) % MAX_FDS];
	void *p;

	if (fd <= 0)
		return;
	switch (rnd(w) % 4) {
	case 0:
		if (read(fd, (void *)buffer(w), rnd(w) % (LARGEST / 2)) < 0)
			break;
		break;
	case 1:
		for (int i = 0; i < 64; i++)
			w->arg[LARGEST / 16 + i] = rnd(w) % 2 ? value(w) : rnd(w) % 0x4000 | 4ull << 32;
		if (write(fd, (void *)buffer(w), rnd(w) % 512) < 0)
			break;
		break;
	case 2:
		p = mmap(NULL, HOST_PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, rnd(w) % 4 * HOST_PAGE);
		if (p != MAP_FAILED) {
			*(volatile uint8_t *)p = 1;
			munmap(p, HOST_PAGE);
		}
		break;
	default:
		keep(w, OTHER, eventfd(0, EFD_NONBLOCK));
	}
}

static void *caller(void *arg)
{
	struct worker *w = arg;

	while (!stop) {
		if (rnd(w) % 8)
			one_call(w, &calls[rnd(w) % ncalls]);
		else
			other_descriptor(w);
		if (rnd(w) % 512 == 0)
			for (int i = 0; i < nthreads; i++)
				pthread_kill(threads[i], SIGUSR1);
	}
	return NULL;
}

static const struct call *vcpu_call(struct worker *w)
{
	const struct call *c;

	do
		c = &calls[rnd(w) % ncalls];
	while (c->on != VCPU);
	return c;
}

/* Registers set at random, some runs of the vCPU, its shared page scribbled on. */
static void *runner(void *arg)
{
	struct worker *w = arg;
	volatile uint64_t *run = (uint64_t *)runs[w->vcpu];

	while (!stop) {
		for (int i = rnd(w) % 4; i > 0; i--)
			one_call(w, vcpu_call(w));
		for (int i = rnd(w) % 8; i >= 0 && !stop; i--) {
			/* EINTR: a signal ended it */
			if (!ioctl(fds[VCPU][w->vcpu], KVM_RUN, 0) || errno == EINTR)
				__atomic_add_fetch(&sum->entered, 1, __ATOMIC_RELAXED);
			if (rnd(w) % 4 == 0)
				for (int k = 0; k < 4; k++)
					run[rnd(w) % (rnd(w) % 2 ? 64 : run_size / 8)] = value(w);
			((struct kvm_run *)run)->immediate_exit = rnd(w) % 32 == 0;
		}
	}
	return NULL;
}

/* The host's side of memory: gone, read-only, huge, shared with a child. */
static void *storm(void *arg)
{
	struct worker *w = arg;

	while (!stop) {
		size_t at = rnd(w) % (MEM_SIZE / HOST_PAGE) * HOST_PAGE;
		size_t len = (rnd(w) % 32 + 1) * HOST_PAGE;
		pid_t child;

		if (len > MEM_SIZE - at)
			len = MEM_SIZE - at;
		switch (rnd(w) % 8) {
		case 0: mprotect(mem + at, len, PROT_READ); break;
		case 1: mprotect(mem + at, len, PROT_NONE); break;
		case 2:
		case 3: mprotect(mem, MEM_SIZE, PROT_READ | PROT_WRITE); break;
		case 4: madvise(mem + at, len, rnd(w) % 2 ? MADV_HUGEPAGE : MADV_NOHUGEPAGE); break;
		case 5:
			child = fork();
			if (!child) {
				for (int i = 0; i < 20; i++)
					one_call(w, &calls[rnd(w) % (ncalls + 1)]);
				_exit(0);
			}
			if (child > 0)
				waitpid(child, NULL, 0);
			break;
		default: if (at) madvise(mem + at, len, MADV_DONTNEED);
		}
		for (int i = 0; i < VCPUS; i++)
			pthread_kill(threads[i], SIGUSR1);
		nap(500);
	}
	return NULL;
}

static void ignore(int sig)
{
	(void)sig;
}

/* stw; addis; mr r3,r14; sc 1; addi r14,r14,4; lwz; b: walks through memory and hypercall numbers */
static const uint32_t guest_code[] = {
	0x90040000, 0x3c840001, 0x7dc37378, 0x44000022, 0x39ce0004, 0x80a40000, 0x4bffffe8,
};

static bool make_vm(void)
{
	struct kvm_userspace_memory_region slot = { .memory_size = MEM_SIZE };
	struct kvm_enable_cap papr = { .cap = KVM_CAP_PPC_PAPR };
	struct kvm_regs regs = { .pc = 0x100, .msr = MSR_SF_ME_LE };

	fds[SYSTEM][0] = open("/dev/kvm", O_RDWR);
	fds[VM][0] = ioctl(fds[SYSTEM][0], KVM_CREATE_VM, 1);
	mem = mmap(NULL, MEM_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memcpy(mem + 0x100, guest_code, sizeof(guest_code));
	slot.userspace_addr = (uintptr_t)mem;
	if (ioctl(fds[VM][0], KVM_SET_USER_MEMORY_REGION, &slot))
		return false;
	run_size = ioctl(fds[SYSTEM][0], KVM_GET_VCPU_MMAP_SIZE, 0);
	for (int i = 0; i < VCPUS; i++) {
		fds[VCPU][i] = ioctl(fds[VM][0], KVM_CREATE_VCPU, i * 8);
		runs[i] = mmap(NULL, run_size, PROT_READ | PROT_WRITE, MAP_SHARED, fds[VCPU][i], 0);
		if (runs[i] == MAP_FAILED || ioctl(fds[VCPU][i], KVM_ENABLE_CAP, &papr) ||
		    ioctl(fds[VCPU][i], KVM_SET_REGS, &regs))
			return false;
	}
	return true;
}

/* One VMM. The parent kills it, or it ends by itself, with what it had open. */
static void vmm(uint64_t seed, long us)
{
	static void *(*const jobs[])(void *) = { runner, runner, caller, caller, caller, storm };
	static struct worker workers[sizeof(jobs) / sizeof(jobs[0])];
	struct sigaction sa = { .sa_handler = ignore };

	sigaction(SIGUSR1, &sa, NULL);
	if (!make_vm()) {
		printf("# no VM: %s\n", strerror(errno));
		_exit(2);
	}
	for (size_t i = 0; i < sizeof(jobs) / sizeof(jobs[0]); i++) {
		workers[i].state = (seed + i) * 0x9e3779b97f4a7c15ull | 1;
		workers[i].vcpu = i % VCPUS;
		if (!pthread_create(&threads[i], NULL, jobs[i], &workers[i]))
			nthreads++;
	}
	nap(us);
	stop = true;
	nap(us / 8);
	_exit(0);	/* with every descriptor open and some thread in KVM_RUN */
}

static bool ended_in(pid_t child, int seconds, int *status)
{
	for (int i = 0; i < seconds * 100; i++) {
		if (waitpid(child, status, WNOHANG) == child)
			return true;
		nap(10000);
	}
	return false;
}

static int report(unsigned int vmms, unsigned int stuck, unsigned int failed)
{
	printf("# %u VMMs, %llu calls, %llu of them succeeded, %llu runs of a vCPU; never:", vmms,
	       (unsigned long long)sum->calls, (unsigned long long)sum->worked,
	       (unsigned long long)sum->entered);
	for (int i = 0; i < ncalls; i++)
		if (!sum->per_call[i])
			printf(" %s", calls[i].name);
	puts("");
	printf("%sok 1 - %u VMMs with random ioctls\n", vmms && !failed ? "" : "not ", vmms);
	printf("%sok 2 - each of them ended when it was told to\n", stuck ? "not " : "");
	printf("%sok 3 - calls succeed, vCPUs run\n",
	       sum->worked > vmms * 5 && sum->entered > vmms ? "" : "not ");
	printf("1..3\n");
	return stuck || failed;
}

int main(int argc, char **argv)
{
	time_t end = time(NULL) + (argc > 1 ? atoi(argv[1]) : 10);
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : (uint64_t)time(NULL);
	unsigned int vmms = 0, stuck = 0, failed = 0;
	struct worker dice = { .state = seed | 1 };

	if (argc > 1 && !strcmp(argv[1], "--help")) {
		puts("usage: evilvmm [SECONDS [SEED]]: VMMs with random ioctls, for so long (default 10)");
		return 0;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	sum = mmap(NULL, sizeof(*sum), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	printf("# seed %llu\n", (unsigned long long)seed);
	for (; time(NULL) < end && !stuck; vmms++) {
		long us = 100000 + rnd(&dice) % 500000;
		bool killed = rnd(&dice) % 2;
		int status = 0;
		pid_t child = fork();

		if (!child)
			vmm(seed + vmms * 0x1000, killed ? 3600l * 1000000 : us);
		nap(us);
		if (killed)
			kill(child, SIGKILL);
		if (!ended_in(child, 60, &status)) {
			printf("# VMM %u (process %d) does not end\n", vmms, child);
			stuck++;
		}
		failed += WIFEXITED(status) && WEXITSTATUS(status);
	}
	return report(vmms, stuck, failed);
}
