// SPDX-License-Identifier: GPL-2.0
/*
 * oddhtab: what the HTAB descriptor (KVM_PPC_GET_HTAB_FD) must not be able to do to
 * the host, or to who waits for the table. Prints TAP.
 *  - read while the VM's first KVM_RUN makes the table;
 *  - written by a process that is held up in a page fault of its own: the VMM can be
 *    killed all the same.
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
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
#include <linux/kvm.h>
#include <linux/userfaultfd.h>

#define MEM_SIZE	(16ul << 20)
#define HOST_PAGE	0x10000ul
#define MSR_SF_ME_LE	0x8000000000001001ull
#define ROUNDS		20

static int kvm, tests, failed;

static void ok(bool good, const char *what)
{
	printf("%sok %d - %s\n", good ? "" : "not ", ++tests, what);
	failed |= !good;
}

struct vm {
	int fd, vcpu, htab;
	struct kvm_run *run;
	volatile bool stop;
};

/* A guest that loops, without a page table so far. */
static void new_vm(struct vm *v, uint64_t htab_flags)
{
	struct kvm_userspace_memory_region slot = { .memory_size = MEM_SIZE };
	struct kvm_enable_cap papr = { .cap = KVM_CAP_PPC_PAPR };
	struct kvm_get_htab_fd htab = { .flags = htab_flags };
	struct kvm_regs regs = { .msr = MSR_SF_ME_LE };
	uint32_t *mem = mmap(NULL, MEM_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	mem[0] = 0x48000000;	/* b . */
	slot.userspace_addr = (uintptr_t)mem;
	v->stop = false;
	v->fd = ioctl(kvm, KVM_CREATE_VM, 1);
	v->vcpu = ioctl(v->fd, KVM_CREATE_VCPU, 0);
	v->htab = ioctl(v->fd, KVM_PPC_GET_HTAB_FD, &htab);
	v->run = mmap(NULL, ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0), PROT_READ | PROT_WRITE, MAP_SHARED, v->vcpu, 0);
	if (v->htab < 0 || v->run == MAP_FAILED || ioctl(v->fd, KVM_SET_USER_MEMORY_REGION, &slot) ||
	    ioctl(v->vcpu, KVM_ENABLE_CAP, &papr) || ioctl(v->vcpu, KVM_SET_REGS, &regs)) {
		printf("Bail out! no VM: %s\n", strerror(errno));
		exit(2);
	}
}

static void close_vm(struct vm *v)
{
	close(v->htab);
	close(v->vcpu);
	close(v->fd);
}

static void *reader(void *arg)
{
	static char buf[0x10000];
	struct vm *v = arg;

	while (!v->stop)
		if (read(v->htab, buf, sizeof(buf)) < 0)
			break;
	return NULL;
}

/*
 * The table is made by the first KVM_RUN, which a signal ends: in how many rounds did it? Signal by signal, for the first
 * may come before KVM_RUN.
 */
static void read_while_made(void)
{
	int ran = 0;

	for (int i = 0; i < ROUNDS; i++) {
		pthread_t thread;
		struct vm v;

		new_vm(&v, 0);
		pthread_create(&thread, NULL, reader, &v);
		setitimer(ITIMER_REAL, &(struct itimerval){ { 0, 100000 }, { 1, 0 } }, NULL);
		ran += ioctl(v.vcpu, KVM_RUN, 0) < 0 && errno == EINTR;
		setitimer(ITIMER_REAL, &(struct itimerval){ 0 }, NULL);
		v.stop = true;
		pthread_join(thread, NULL);
		close_vm(&v);
	}
	ok(ran == ROUNDS, "the table is read while it is made");
}

/* A page that nobody will ever provide. */
static void *held_up(void)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC);
	void *p = mmap(NULL, HOST_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	reg.range.start = (uintptr_t)p;
	reg.range.len = HOST_PAGE;
	if (fd < 0 || ioctl(fd, UFFDIO_API, &api) || ioctl(fd, UFFDIO_REGISTER, &reg))
		return NULL;
	return p;
}

static bool ends_in(pid_t pid, int tenths)
{
	for (int i = 0; i < tenths; i++) {
		if (waitpid(pid, NULL, WNOHANG) == pid)
			return true;
		usleep(100000);
	}
	return false;
}

static void killed_while_written(void)
{
	pid_t writer, vmm = fork();
	void *page;
	struct vm v;

	if (!vmm) {
		new_vm(&v, KVM_GET_HTAB_WRITE);
		writer = fork();
		if (!writer) {
			page = held_up();
			if (!page)
				_exit(3);
			if (write(v.htab, page, HOST_PAGE) < 0)
				_exit(1);
			_exit(0);
		}
		usleep(300000);
		ioctl(v.vcpu, KVM_RUN, 0);
		_exit(0);
	}
	sleep(1);
	kill(vmm, SIGKILL);
	ok(ends_in(vmm, 600), "a VMM is killed while another process is held up writing the table");
}

static void alarmed(int sig)
{
	(void)sig;
}

int main(void)
{
	struct sigaction sa = { .sa_handler = alarmed };

	setvbuf(stdout, NULL, _IOLBF, 0);
	sigaction(SIGALRM, &sa, NULL);
	kvm = open("/dev/kvm", O_RDWR);
	if (kvm < 0) {
		printf("Bail out! /dev/kvm: %s\n", strerror(errno));
		return 2;
	}
	read_while_made();
	killed_while_written();
	printf("1..%d\n", tests);
	return failed;
}
