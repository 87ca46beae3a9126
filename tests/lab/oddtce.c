// SPDX-License-Identifier: GPL-2.0
/*
 * oddtce: TCE tables that the VMM closes, and makes anew in another size, in the
 * midst of a guest's hypercall on them. What the host had in their place must be as
 * it was; with slub_debug the kernel says itself when it is not. Prints TAP.
 */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/userfaultfd.h>
#include "tinyvm.h"

#define MEM_SIZE	(16ul << 20)
#define MSR_SF_ME_LE	0x8000000000001001ull
#define LIST		(8ul << 20)	/* guest address of the list of TCEs */
#define LIOBN		0x80000001ul
#define PER_PAGE	(HOST_PAGE / 8)	/* TCEs */
#define RACE_SECONDS	5

#define H_SUCCESS	0
#define H_PARAMETER	-4
#define H_STUFF_TCE	0x138
#define H_PUT_TCE_INDIRECT	0x13c

static int table = -1;

static bool guest_vm(void)
{
	static const uint32_t code[] = {
		0x44000022,		/* sc 1 */
		0x7c641b78,		/* mr r4, r3 */
		0x38600000 | H_NOBODYS,	/* li r3, H_NOBODYS: tells the VMM what came of the one before */
		0x44000022,		/* sc 1 */
		0x48000000,		/* b . */
	};

	if (!new_vm(MEM_SIZE))
		return false;
	memcpy(mem, code, sizeof(code));
	return enable_hcall(H_PUT_TCE_INDIRECT) && enable_hcall(H_STUFF_TCE);
}

static void open_table(uint64_t size)
{
	struct kvm_create_spapr_tce_64 t = { .liobn = LIOBN, .page_shift = 12, .size = size };

	table = ioctl(vm, KVM_CREATE_SPAPR_TCE_64, &t);
}

/* What the hypercall answers; LONG_MAX: it was the VMM's, LONG_MIN: KVM_RUN failed */
static long hcall(uint64_t nr, uint64_t bus_page, uint64_t value, uint64_t pages)
{
	struct kvm_regs regs = {
		.msr = MSR_SF_ME_LE, .gpr = { [3] = nr, LIOBN, bus_page << 12, value, pages },
	};
	long rc;

	if (ioctl(vcpu, KVM_SET_REGS, &regs) || ioctl(vcpu, KVM_RUN, 0) || run->exit_reason != KVM_EXIT_PAPR_HCALL)
		return INT64_MIN;
	rc = run->papr_hcall.nr == H_NOBODYS ? (long)run->papr_hcall.args[0] : INT64_MAX;
	take_answer();
	return rc;
}

static long answer;
static uint64_t pages;

static void *put_list(void *arg)
{
	answer = hcall(H_PUT_TCE_INDIRECT, 0, LIST, pages);
	return arg;
}

/* The list's page, which comes only when the VMM provides it */
static int hold_up(void)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = {
		.mode = UFFDIO_REGISTER_MODE_MISSING, .range = { (uintptr_t)mem + LIST, HOST_PAGE },
	};
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC);

	madvise(mem + LIST, HOST_PAGE, MADV_DONTNEED);
	return fd < 0 || ioctl(fd, UFFDIO_API, &api) || ioctl(fd, UFFDIO_REGISTER, &reg) ? -1 : fd;
}

static void let_go(int uffd)
{
	static uint64_t list[HOST_PAGE / 8] __attribute__((aligned(HOST_PAGE)));
	struct uffdio_copy copy = {
		.dst = (uintptr_t)mem + LIST, .src = (uintptr_t)list, .len = HOST_PAGE,
	};

	for (uint64_t i = 0; i < 512; i++)
		list[i] = htobe64(i % 64 << 12 | 3);
	ioctl(uffd, UFFDIO_COPY, &copy);
	close(uffd);
}

/* With the table closed, and (size) another one in its place, while H_PUT_TCE_INDIRECT waits for its list. */
static void closed_meanwhile(uint64_t size, const char *what)
{
	int uffd = hold_up();
	struct pollfd p = { .fd = uffd, .events = POLLIN };
	pthread_t thread;

	open_table(512);
	pages = 512;
	pthread_create(&thread, NULL, put_list, NULL);
	if (uffd < 0 || poll(&p, 1, 10000) != 1)
		printf("# the hypercall is not held up\n");
	close(table);
	if (size)
		open_table(size);
	usleep(500000);		/* what is freed is freed by now, RCU and all */
	let_go(uffd);
	pthread_join(thread, NULL);
	printf("# answer %ld\n", answer);
	ok(answer != H_SUCCESS && answer != INT64_MIN, what);
	if (size)
		close(table);
}

static volatile bool stop;

/* Two tables in turn: what fits in the first ends, at a page's border, behind the second. */
static void *open_and_close(void *arg)
{
	while (!stop) {
		open_table(PER_PAGE * 40);
		usleep(200);
		close(table);
		open_table(PER_PAGE * 9);
		usleep(200);
		close(table);
	}
	return arg;
}

static void race(void)
{
	time_t end = time(NULL) + RACE_SECONDS;
	uint64_t calls = 0, odd = 0;
	pthread_t thread;
	long rc;

	pthread_create(&thread, NULL, open_and_close, NULL);
	for (; time(NULL) < end; calls++) {
		rc = hcall(H_STUFF_TCE, PER_PAGE - 2, 0x100, PER_PAGE * 20);
		odd += rc != H_SUCCESS && rc != H_PARAMETER && rc != INT64_MAX;
	}
	stop = true;
	pthread_join(thread, NULL);
	printf("# %lu calls\n", (unsigned long)calls);
	ok(!odd, "H_STUFF_TCE while tables come and go");
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	kvm = open("/dev/kvm", O_RDWR);
	if (kvm < 0 || !guest_vm()) {
		printf("Bail out! no VM: %s\n", strerror(errno));
		return 2;
	}
	open_table(512);
	memset(mem + LIST, 0, HOST_PAGE);
	ok(hcall(H_PUT_TCE_INDIRECT, 0, LIST, 512) == H_SUCCESS, "H_PUT_TCE_INDIRECT");
	ok(hcall(H_STUFF_TCE, 0, 0x100, 512) == H_SUCCESS, "H_STUFF_TCE");
	close(table);
	ok(hcall(H_STUFF_TCE, 0, 0, 1) == INT64_MAX, "a table that is closed is nobody's");
	closed_meanwhile(0, "a table is closed while H_PUT_TCE_INDIRECT waits");
	closed_meanwhile(1, "... and a smaller one opened");
	race();
	printf("1..%d\n", tests);
	return failed;
}
