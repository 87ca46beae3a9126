// SPDX-License-Identifier: GPL-2.0
/*
 * A VMM that does things in the wrong order: the backend must answer with an
 * error or do it, and the host must live. Prints TAP. "oddvmm stock" leaves out
 * what the kernel's own backend does not survive.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <linux/kvm.h>

#define MEM_SIZE (16ul << 20)
#define MSR_SF_ME_LE 0x8000000000001001ull
#define SAME_TIME 100		/* VMs alive at once */

static int kvm, tests, failed, stock;

static void ok(int good, const char *what)
{
	printf("%sok %d - %s\n", good ? "" : "not ", ++tests, what);
	failed |= !good;
}

/* The call failed, and with an error that says so. */
static void refused(int rc, int error, const char *what)
{
	if (rc >= 0 || errno != error)
		printf("# returned %d, errno %d (%s)\n", rc, errno, strerror(errno));
	ok(rc < 0 && errno == error, what);
}

static int new_vm(void)
{
	return ioctl(kvm, KVM_CREATE_VM, 1);
}

static uint32_t *add_memory(int vm, uint32_t slot, uint64_t where)
{
	struct kvm_userspace_memory_region region = {
		.slot = slot, .guest_phys_addr = where, .memory_size = MEM_SIZE,
	};
	void *mem = mmap(NULL, MEM_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	/* One page each: a hundred huge ones would be 1.6 GB on a hash host. */
	madvise(mem, MEM_SIZE, MADV_NOHUGEPAGE);
	region.userspace_addr = (uintptr_t)mem;
	return ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region) ? NULL : mem;
}

static int new_vcpu(int vm, struct kvm_run **run)
{
	struct kvm_enable_cap papr = { .cap = KVM_CAP_PPC_PAPR };
	struct kvm_regs regs = { .msr = MSR_SF_ME_LE };
	int fd = ioctl(vm, KVM_CREATE_VCPU, 0);

	if (fd < 0)
		return fd;
	*run = mmap(NULL, ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0), PROT_READ | PROT_WRITE,
		    MAP_SHARED, fd, 0);
	ioctl(fd, KVM_ENABLE_CAP, &papr);
	ioctl(fd, KVM_SET_REGS, &regs);
	return fd;
}

static void alarmed(int sig)
{
	(void)sig;
}

/* KVM_RUN, for at most a moment */
static int run_briefly(int vcpu)
{
	struct itimerval soon = { .it_interval = { 0, 50000 }, .it_value = { 0, 50000 } };
	struct itimerval never = { 0 };
	int rc;

	setitimer(ITIMER_REAL, &soon, NULL);
	rc = ioctl(vcpu, KVM_RUN, 0);
	setitimer(ITIMER_REAL, &never, NULL);
	return rc;
}

static void run_without(void)
{
	struct kvm_run *run;
	uint32_t order = 18;
	int vm = new_vm(), vcpu = new_vcpu(vm, &run);

	run_briefly(vcpu);
	ok(1, "KVM_RUN without page table and memory comes back");
	ioctl(vm, KVM_PPC_ALLOCATE_HTAB, &order);
	run_briefly(vcpu);
	ok(1, "KVM_RUN without memory comes back");
	add_memory(vm, 0, 0);
	run_briefly(vcpu);
	ok(1, "KVM_RUN with memory that came later comes back");
	close(vcpu);
	close(vm);
}

/* b . */
static int looping_guest(int *vm, struct kvm_run **run)
{
	uint32_t order = 18, *mem;

	*vm = new_vm();
	mem = add_memory(*vm, 0, 0);
	if (!mem || ioctl(*vm, KVM_PPC_ALLOCATE_HTAB, &order))
		return -1;
	mem[0] = 0x48000000;
	return new_vcpu(*vm, run);
}

static void closing_order(void)
{
	struct kvm_run *run;
	int vm, vcpu = looping_guest(&vm, &run);

	close(vm);
	ok(run_briefly(vcpu) < 0 && errno == EINTR, "a vCPU runs on after its VM's descriptor is closed");
	close(vcpu);
}

static void memory_goes_away(void)
{
	struct kvm_userspace_memory_region gone = { .slot = 0 };
	struct kvm_run *run;
	int vm, vcpu = looping_guest(&vm, &run);

	ok(run_briefly(vcpu) < 0 && errno == EINTR, "a loop is interrupted by a signal");
	ok(!ioctl(vm, KVM_SET_USER_MEMORY_REGION, &gone), "its memory can be taken away");
	run_briefly(vcpu);
	ok(1, "and KVM_RUN comes back without it");
	close(vcpu);
	close(vm);
}

static void *other_runner(void *vcpu)
{
	ioctl(*(int *)vcpu, KVM_RUN, 0);
	return NULL;
}

static void two_runners(void)
{
	struct kvm_run *run;
	int vm, vcpu = looping_guest(&vm, &run);
	pthread_t other;

	run->immediate_exit = 0;
	pthread_create(&other, NULL, other_runner, &vcpu);
	usleep(50000);
	run->immediate_exit = 1;
	pthread_kill(other, SIGALRM);
	run_briefly(vcpu);
	pthread_join(other, NULL);
	ok(1, "two threads in KVM_RUN of one vCPU both come back");
	close(vcpu);
	close(vm);
}

static void after_fork(void)
{
	struct kvm_run *run;
	int vm, vcpu = looping_guest(&vm, &run), status = 0;
	pid_t child = fork();

	if (!child)
		_exit(ioctl(vcpu, KVM_RUN, 0) < 0 && errno == EIO ? 0 : 1);
	waitpid(child, &status, 0);
	ok(status == 0, "a forked child can't run its parent's vCPU");
	close(vcpu);
	close(vm);
}

static void bad_arguments(void)
{
	struct kvm_one_reg reg = { .id = KVM_REG_PPC | KVM_REG_SIZE_U64 | 0xffff };
	struct kvm_enable_cap cap = { .cap = 0xffff };
	uint64_t value = 0;
	struct kvm_run *run;
	int vm = new_vm(), vcpu = new_vcpu(vm, &run);
	static const uint32_t orders[] = { 0, 1, 17, 47, 63, 64, 0xffffffff };
	int accepted = 0;

	reg.addr = (uintptr_t)&value;
	refused(ioctl(vcpu, KVM_GET_ONE_REG, &reg), EINVAL, "unknown register: KVM_GET_ONE_REG");
	refused(ioctl(vcpu, KVM_SET_ONE_REG, &reg), EINVAL, "unknown register: KVM_SET_ONE_REG");
	reg.id = KVM_REG_PPC_DSCR;
	reg.addr = 8;
	refused(ioctl(vcpu, KVM_GET_ONE_REG, &reg), EFAULT, "bad address: KVM_GET_ONE_REG");
	refused(ioctl(vcpu, KVM_ENABLE_CAP, &cap), EINVAL, "unknown capability");
	ok(ioctl(vm, KVM_CREATE_VCPU, 0) < 0, "the same vCPU twice");
	ok(ioctl(vm, KVM_CREATE_VCPU, 1 << 20) < 0, "a vCPU number out of range");
	/* The kernel's own backend oopses at order 0 (Linux 6.12.95). */
	for (unsigned int i = stock; i < sizeof(orders) / sizeof(orders[0]); i++) {
		uint32_t order = orders[i];

		accepted += !ioctl(vm, KVM_PPC_ALLOCATE_HTAB, &order) && order == orders[i];
	}
	ok(!accepted, "impossible orders of the page table");
	add_memory(vm, 0, 0);
	ok(!add_memory(vm, 1, MEM_SIZE / 2), "memory slots that overlap");
	close(vcpu);
	close(vm);
}

static void page_table_after_run(void)
{
	struct kvm_run *run;
	int vm, vcpu = looping_guest(&vm, &run), rc;
	uint32_t order = 19;

	run_briefly(vcpu);
	rc = ioctl(vm, KVM_PPC_ALLOCATE_HTAB, &order);
	ok(!rc || errno == EBUSY || errno == EINVAL, "a page table of another size after the first run");
	run_briefly(vcpu);
	ok(1, "and KVM_RUN comes back");
	close(vcpu);
	close(vm);
}

static void many_at_once(void)
{
	static int vm[SAME_TIME], vcpu[SAME_TIME];
	struct kvm_run *run;
	int ran = 0;

	for (int i = 0; i < SAME_TIME; i++)
		vcpu[i] = looping_guest(&vm[i], &run);
	for (int i = 0; i < SAME_TIME; i++)
		ran += vcpu[i] >= 0;
	ok(ran == SAME_TIME, "a hundred VMs at the same time");
	ran = 0;
	for (int i = 0; i < SAME_TIME; i += 10)
		ran += run_briefly(vcpu[i]) < 0 && errno == EINTR;
	ok(ran == SAME_TIME / 10, "and every tenth of them runs");
	for (int i = 0; i < SAME_TIME; i++) {
		close(vm[i]);
		close(vcpu[i]);
	}
}

int main(int argc, char **argv)
{
	struct sigaction sa = { .sa_handler = alarmed };

	stock = argc > 1 && !strcmp(argv[1], "stock");
	setvbuf(stdout, NULL, _IOLBF, 0);
	sigaction(SIGALRM, &sa, NULL);
	kvm = open("/dev/kvm", O_RDWR);
	if (kvm < 0 || ioctl(kvm, KVM_GET_API_VERSION, 0) != 12) {
		printf("Bail out! /dev/kvm: %s\n", strerror(errno));
		return 2;
	}
	run_without();
	closing_order();
	memory_goes_away();
	two_runners();
	after_fork();
	bad_arguments();
	page_table_after_run();
	many_at_once();
	printf("1..%d\n", tests);
	return failed;
}
