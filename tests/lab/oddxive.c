// SPDX-License-Identifier: GPL-2.0
/*
 * oddxive: what a VMM reads and writes of a vCPU's interrupt controller when it saves a guest and when it loads one. An
 * interrupt that was pending then must be so afterwards, and priorities that were masked must be masked. Prints TAP.
 * "oddxive stock" leaves out what the kernel's own backend warns of.
 */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>
#include "tinyvm.h"

#define MEM_SIZE	(16ul << 20)
#define MSR_GUEST	0x8000000000009000ull	/* SF, EE, ME */
#define LOOPING		0x2000			/* guest addresses */
#define CEDING		0x2010
#define H_XIRR		0x74
#define H_CEDE		0xe0
#define TAKEN		H_NOBODYS		/* the guest's external interrupt */
#define AWAKE		(H_NOBODYS + 4)		/* H_CEDE came back */
#define PRIORITY	6
#define SOURCE		0x1000

/* Words 0 and 1 of a thread's OS ring, as KVM_REG_PPC_VP_STATE has them */
struct vp {
	uint8_t nsr, cppr, ipb, lsmfb, ack, inc, age, pipr, unused[8];
};

static bool stock;

static void put_code(uint64_t where, const uint32_t *code, int n)
{
	for (int i = 0; i < n; i++)
		((uint32_t *)(mem + where))[i] = htobe32(code[i]);
}

/* An XICS' guest takes its interrupt from there; with XIVE that is the VMM's hypercall. */
static bool guest_vm(void)
{
	static const uint32_t external[] = { 0x38600000 | H_XIRR, 0x44000022, 0x38600000 | TAKEN, 0x44000022 };	/* li r3, ...; sc 1 */
	static const uint32_t looping[] = { 0x48000000 };				/* b . */
	static const uint32_t ceding[] = { 0x38600000 | H_CEDE, 0x44000022, 0x38600000 | AWAKE, 0x44000022 };

	if (!new_vm(MEM_SIZE))
		return false;
	put_code(0x500, external, 4);
	put_code(LOOPING, looping, 1);
	put_code(CEDING, ceding, 4);
	return true;
}

static bool connect(uint32_t type, uint32_t cap_nr, int *device)
{
	struct kvm_create_device dev = { .type = type };
	struct kvm_enable_cap cap = { .cap = cap_nr };

	if (!guest_vm() || ioctl(vm, KVM_CREATE_DEVICE, &dev))
		return false;
	*device = dev.fd;
	cap.args[0] = dev.fd;
	return !ioctl(vcpu, KVM_ENABLE_CAP, &cap);
}

static void alarmed(int sig)
{
	(void)sig;
}

/* Which hypercall of the VMM's it came to; 0: none in that time */
static unsigned int goes_to(uint64_t pc, int ms)
{
	/* again and again: the first may come before KVM_RUN */
	struct itimerval timer = { { 0, 100000 }, { ms / 1000, ms % 1000 * 1000 } }, none = { 0 };
	struct kvm_regs regs = { .pc = pc, .msr = MSR_GUEST };
	int rc;

	ioctl(vcpu, KVM_SET_REGS, &regs);
	setitimer(ITIMER_REAL, &timer, NULL);
	rc = ioctl(vcpu, KVM_RUN, 0);
	setitimer(ITIMER_REAL, &none, NULL);
	if (rc)
		return 0;
	take_answer();
	return run->exit_reason != KVM_EXIT_PAPR_HCALL ? ~0u : run->papr_hcall.nr == H_XIRR ? TAKEN : run->papr_hcall.nr;
}

static int one_reg(unsigned long request, uint64_t id, void *value)
{
	struct kvm_one_reg reg = { .id = id, .addr = (uintptr_t)value };

	return ioctl(vcpu, request, &reg);
}

/* PIPR follows from IPB: no VMM has to know it. */
static bool load_vp(uint8_t cppr, uint8_t ipb)
{
	struct vp vp = { .cppr = cppr, .ipb = ipb, .ack = 0xff, .pipr = 0xff };

	return !one_reg(KVM_SET_ONE_REG, KVM_REG_PPC_VP_STATE, &vp);
}

static bool saved_vp(uint8_t cppr, uint8_t ipb)
{
	struct vp vp = { 0 };
	int rc = one_reg(KVM_GET_ONE_REG, KVM_REG_PPC_VP_STATE, &vp);

	if (rc || vp.cppr != cppr || vp.ipb != ipb)
		printf("# %d: CPPR %02x, IPB %02x, PIPR %02x, NSR %02x\n", rc, vp.cppr, vp.ipb, vp.pipr, vp.nsr);
	return !rc && vp.cppr == cppr && vp.ipb == ipb;
}

static bool load_icp(uint64_t cppr)
{
	uint64_t icp = cppr << KVM_REG_PPC_ICP_CPPR_SHIFT | 0xffull << KVM_REG_PPC_ICP_MFRR_SHIFT |
		       0xffull << KVM_REG_PPC_ICP_PPRI_SHIFT;

	return !one_reg(KVM_SET_ONE_REG, KVM_REG_PPC_ICP_STATE, &icp);
}

static void native(void)
{
	uint8_t pending = 0x80 >> PRIORITY;
	int device;

	ok(connect(KVM_DEV_TYPE_XIVE, KVM_CAP_PPC_IRQ_XIVE, &device), "XIVE");
	ok(load_vp(0xff, 0) && !goes_to(CEDING, 500), "H_CEDE sleeps with no interrupt pending");
	ok(connect(KVM_DEV_TYPE_XIVE, KVM_CAP_PPC_IRQ_XIVE, &device), "another one");
	ok(load_vp(0xff, pending) && saved_vp(0xff, pending), "what is loaded can be saved");
	ok(goes_to(LOOPING, 60000) == TAKEN, "an interrupt that was pending comes");
	ok(saved_vp(0xff, pending), "it is pending until the guest takes it from its XIVE");
	ok(load_vp(1, pending) && !goes_to(LOOPING, 300), "CPPR masks it");
	ok(saved_vp(1, pending), "which is saved");
	ok(load_vp(0xff, pending) && goes_to(LOOPING, 60000) == TAKEN, "with another CPPR it comes");
	ok(load_vp(0xff, pending) && goes_to(CEDING, 60000) == TAKEN, "H_CEDE does not sleep over it");
	if (!stock)
		ok(!load_icp(0xff) && errno == EPERM, "an XICS' state is refused");
}

static bool raise_source(int device)
{
	uint64_t state = (uint64_t)PRIORITY << KVM_XICS_PRIORITY_SHIFT | KVM_XICS_PENDING;
	struct kvm_device_attr attr = {
		.group = KVM_DEV_XICS_GRP_SOURCES, .attr = SOURCE, .addr = (uintptr_t)&state,
	};

	return !ioctl(device, KVM_SET_DEVICE_ATTR, &attr);
}

/* QEMU's POWER10 leaves pending priorities of one context to the next one on the thread. An XICS' guest takes them all. */
static void take_leftovers(void)
{
	int device, n = 8;

	if (!connect(KVM_DEV_TYPE_XICS, KVM_CAP_IRQ_XICS, &device))
		return;
	do
		load_icp(0xff);
	while (goes_to(LOOPING, 2000) && --n);
}

static void xics(void)
{
	int device;

	ok(connect(KVM_DEV_TYPE_XICS, KVM_CAP_IRQ_XICS, &device), "XICS");
	ok(load_icp(0) && raise_source(device) && !goes_to(LOOPING, 300), "CPPR masks an interrupt");
	/* on POWER8 a source that was turned down comes again when it is loaded, not with CPPR */
	ok(load_icp(0xff) && raise_source(device) && goes_to(LOOPING, 60000) == TAKEN, "with another CPPR it comes");
	goes_to(LOOPING, 2000);	/* one more on POWER9, where kvm.ko's copy has no PIPR before the first pull */
	ok(!goes_to(CEDING, 500), "H_CEDE sleeps");
}

/* Values that no VMM saved, at a controller of either kind, at the wrong one, and at one that is gone */
static void garbage(void)
{
	static const uint32_t type[] = { KVM_DEV_TYPE_XICS, KVM_DEV_TYPE_XIVE };
	static const uint32_t cap[] = { KVM_CAP_IRQ_XICS, KVM_CAP_PPC_IRQ_XIVE };
	int device, kinds = ioctl(vm, KVM_CHECK_EXTENSION, KVM_CAP_PPC_IRQ_XIVE) > 0 ? 2 : 1;
	uint64_t words[2];
	bool good = true;

	srandom(1);
	for (int kind = 0; kind < kinds; kind++) {
		good = connect(type[kind], cap[kind], &device) && good;
		for (int i = 0; i < 500; i++) {
			words[0] = (uint64_t)random() << 40 ^ (uint64_t)random() << 20 ^ random();
			words[1] = ~words[0];
			one_reg(KVM_SET_ONE_REG, i % 2 ? KVM_REG_PPC_VP_STATE : KVM_REG_PPC_ICP_STATE, words);
			one_reg(KVM_GET_ONE_REG, i % 3 ? KVM_REG_PPC_VP_STATE : KVM_REG_PPC_ICP_STATE, words);
			if (i % 50 == 0)
				goes_to(LOOPING, 20);
		}
		close(device);
		good = load_vp(0xff, 0x80) ? false : good;
	}
	ok(good, "any values, by turns to the wrong controller: the host lives; one that is gone takes none");
}

int main(int argc, char *argv[])
{
	struct sigaction act = { .sa_handler = alarmed };

	setvbuf(stdout, NULL, _IOLBF, 0);
	sigaction(SIGALRM, &act, NULL);
	kvm = open("/dev/kvm", O_RDWR);
	if (kvm < 0 || !guest_vm()) {
		printf("Bail out! no VM: %s\n", strerror(errno));
		return 2;
	}
	stock = argc > 1 && !strcmp(argv[1], "stock");
	take_leftovers();
	if (ioctl(vm, KVM_CHECK_EXTENSION, KVM_CAP_PPC_IRQ_XIVE) > 0)
		native();
	xics();
	if (!stock)
		garbage();
	printf("1..%d\n", tests);
	return failed;
}
