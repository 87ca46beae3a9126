// SPDX-License-Identifier: GPL-2.0
/*
 * oddmath: the floating-point and vector registers of a guest stay in the processor between its exits. Here others want
 * them meanwhile: programs on the same CPU, the kernel, which copies a page for H_PAGE_INIT with vectors, and this VMM, which
 * has values of its own in all of them when it calls KVM_RUN. Prints TAP.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "tinyvm.h"

#define MEM_SIZE	(64ul << 20)
#define MSR_GUEST	0x8000000002803001ull	/* SF, VEC, VSX, FP, ME, LE */
#define IN		0x10000			/* guest addresses */
#define OUT		0x20000
#define COPY		0x30000
#define PAGES		(16ul << 20)
#define ROUNDS		200
#define REGISTERS	64
#define H_PAGE_INIT	0x2c
#define H_COPY_PAGE	0x4000
#define HOGS		2

struct vsrs {
	uint64_t word[REGISTERS][2];
};

/*
 * int with_vsrs(int fd, unsigned long request, const struct vsrs *in, struct vsrs *out): ioctl(fd, request, 0) with the
 * 64 registers loaded from in, and stored to out when it returns. -errno
 */
int with_vsrs(int fd, unsigned long request, const struct vsrs *in, struct vsrs *out);
asm(".machine power8\n"
    ".macro each_vsr insn, base\n"
    "	li	12, 0\n"
    "	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,"
    "32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51,52,53,54,55,56,57,58,59,60,61,62,63\n"
    "	\\insn	\\n, \\base, 12\n"
    "	addi	12, 12, 16\n"
    "	.endr\n"
    ".endm\n"
    "	.text\n"
    "	.globl	with_vsrs\n"
    "	.type	with_vsrs, @function\n"
    "with_vsrs:\n"
    "	stdu	1, -1088(1)\n"
    "	std	6, 1064(1)\n"
    "	addi	11, 1, 32\n"
    "	each_vsr stxvd2x, 11\n"
    "	each_vsr lxvd2x, 5\n"
    "	li	0, 54\n"		/* ioctl */
    "	li	5, 0\n"
    "	sc\n"
    "	bns	1f\n"
    "	neg	3, 3\n"
    "1:	ld	6, 1064(1)\n"
    "	each_vsr stxvd2x, 6\n"
    "	addi	11, 1, 32\n"
    "	each_vsr lxvd2x, 11\n"
    "	addi	1, 1, 1088\n"
    "	blr\n");

static uint32_t vsx(uint32_t xo, uint32_t reg)		/* XT, r3, r4 */
{
	return 31u << 26 | (reg & 31) << 21 | 3 << 16 | 4 << 11 | xo << 1 | reg >> 5;
}

static uint32_t mr(uint32_t to, uint32_t from)
{
	return 31u << 26 | from << 21 | to << 16 | from << 11 | 444 << 1;
}

/*
 * All registers from r3, some time, a store of r6 to r5's place, H_PAGE_INIT, which copies a page, a hypercall of the VMM's,
 * all registers to r8, another one of the VMM's.
 */
static void write_guest(uint32_t *code)
{
	*code++ = 0x38800000;			/* li r4, 0 */
	for (uint32_t i = 0; i < REGISTERS; i++) {
		*code++ = vsx(844, i);		/* lxvd2x */
		*code++ = 0x38840010;		/* addi r4, r4, 16 */
	}
	*code++ = 0x7d2903a6;			/* mtctr r9 */
	*code++ = 0x42000000;			/* bdnz . */
	*code++ = 0xf8c50000;			/* std r6, 0(r5) */
	*code++ = 0x38600000 | H_PAGE_INIT;	/* li r3, H_PAGE_INIT */
	*code++ = mr(4, 10);
	*code++ = mr(5, 11);
	*code++ = mr(6, 12);
	*code++ = 0x44000022;			/* sc 1 */
	*code++ = mr(7, 3);
	*code++ = 0x38600000 | H_NOBODYS;	/* li r3, H_NOBODYS */
	*code++ = 0x44000022;			/* sc 1 */
	*code++ = mr(3, 8);
	*code++ = 0x38800000;
	for (uint32_t i = 0; i < REGISTERS; i++) {
		*code++ = vsx(972, i);		/* stxvd2x */
		*code++ = 0x38840010;
	}
	*code++ = 0x38600000 | H_NOBODYS;
	*code++ = 0x44000022;
}

static bool guest_vm(void)
{
	if (!new_vm(MEM_SIZE) || !enable_hcall(H_PAGE_INIT))
		return false;
	write_guest((uint32_t *)mem);
	return true;
}

static void fill(struct vsrs *v, uint64_t seed)
{
	for (int i = 0; i < REGISTERS; i++) {
		v->word[i][0] = seed << 32 | 0x1000 | i;
		v->word[i][1] = seed << 32 | 0x2000 | i;
	}
}

static bool run_on(struct vsrs *host, struct vsrs *after)
{
	int rc;

	do
		rc = with_vsrs(vcpu, KVM_RUN, host, after);
	while (rc == -EINTR && !memcmp(host, after, sizeof(*host)));
	return !rc && run->exit_reason == KVM_EXIT_PAPR_HCALL && run->papr_hcall.nr == H_NOBODYS;
}

static bool kept(const char *whose, const struct vsrs *in, const struct vsrs *out)
{
	static int told;

	for (int i = 0; i < REGISTERS && told < 5; i++)
		for (int j = 0; j < 2; j++) {
			if (in->word[i][j] == out->word[i][j])
				continue;
			told++;
			printf("# %s VSR %d, doubleword %d: %016lx, was %016lx\n", whose, i, j, (unsigned long)out->word[i][j],
			       (unsigned long)in->word[i][j]);
		}
	return !memcmp(in, out, sizeof(*in));
}

/* Bits: 1 the guest lost a value, 2 the VMM did, 4 something else went wrong */
static int one_round(uint64_t round, uint64_t spins)
{
	struct kvm_regs regs = {
		.msr = MSR_GUEST,
		.gpr = { [3] = IN, [5] = PAGES + round * HOST_PAGE, ~round, [8] = OUT, spins, H_COPY_PAGE, COPY, IN },
	};
	struct vsrs host, after;
	int wrong = 0;

	fill((void *)(mem + IN), 2 * round + 1);
	fill(&host, 2 * round + 2);
	if (ioctl(vcpu, KVM_SET_REGS, &regs))
		return 4;
	for (int half = 0; half < 2; half++) {
		wrong |= run_on(&host, &after) ? 0 : 4;
		wrong |= kept("VMM", &host, &after) ? 0 : 2;
	}
	take_answer();
	wrong |= kept("guest", (void *)(mem + IN), (void *)(mem + OUT)) ? 0 : 1;
	wrong |= memcmp(mem + IN, mem + COPY, 4096) ? 4 : 0;
	wrong |= *(uint64_t *)(mem + PAGES + round * HOST_PAGE) != ~round ? 4 : 0;
	return wrong;
}

/* Each store is the first one to its page. */
static void rounds(const char *what, uint64_t spins)
{
	char line[200];
	int wrong = madvise(mem + PAGES, ROUNDS * HOST_PAGE, MADV_DONTNEED) ? 4 : 0;

	for (uint64_t i = 0; i < ROUNDS; i++)
		wrong |= one_round(i, spins);
	snprintf(line, sizeof(line), "%s: the guest keeps its registers", what);
	ok(!(wrong & 1), line);
	snprintf(line, sizeof(line), "%s: so does the VMM", what);
	ok(!(wrong & 2), line);
	snprintf(line, sizeof(line), "%s: and the guest did what it was to do", what);
	ok(!(wrong & 4), line);
}

/* A program with values of its own; status 1 if it loses them */
static void hog(uint64_t n)
{
	struct vsrs in, out;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	fill(&in, 0xfff00 + n);
	do
		with_vsrs(-1, 0, &in, &out);
	while (!memcmp(&in, &out, sizeof(in)) && !sched_yield());
	_exit(1);
}

static void among_others(void)
{
	pid_t pid[HOGS];
	int kept = 0;

	for (int i = 0; i < HOGS; i++) {
		pid[i] = fork();
		if (!pid[i])
			hog(i);
	}
	rounds("among other programs", 300000);
	for (int i = 0; i < HOGS; i++) {
		if (pid[i] < 0)
			continue;
		kept += !waitpid(pid[i], NULL, WNOHANG);
		kill(pid[i], SIGKILL);
		waitpid(pid[i], NULL, 0);
	}
	ok(kept == HOGS, "and so do those");
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	kvm = open("/dev/kvm", O_RDWR);
	if (kvm < 0 || !guest_vm()) {
		printf("Bail out! no VM: %s\n", strerror(errno));
		return 2;
	}
	rounds("alone", 1);
	among_others();
	printf("1..%d\n", tests);
	return failed;
}
