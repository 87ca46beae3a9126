// SPDX-License-Identifier: GPL-2.0
/* A vCPU: its thread, and the loop around KVM_RUN. */
#define _GNU_SOURCE	/* CPU_SET */
#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include "hvrun.h"

/* Power ISA Book III, MSR and LPCR */
#define MSR_SF		(1ull << 63)
#define MSR_ME		(1ull << 12)
#define MSR_LE		(1ull << 0)
#define LPCR_ILE	(1ull << 25)

/* Interrupts are taken in the byte order the payload starts in. A real PAPR
 * guest starts big endian and asks with H_SET_MODE, which ends up here too. */
static void set_interrupt_endian(struct vcpu *vcpu, uint64_t msr)
{
	const struct reg *reg = reg_find("lpcr");
	uint64_t lpcr;

	if (reg_get(vcpu, reg, &lpcr) < 0)
		die("cannot read the guest's LPCR: %s", strerror(errno));
	lpcr = msr & MSR_LE ? lpcr | LPCR_ILE : lpcr & ~LPCR_ILE;
	if (reg_set(vcpu, reg, lpcr) < 0)
		die("cannot set the guest's LPCR: %s", strerror(errno));
}

static void initial_regs(struct vcpu *vcpu)
{
	const struct options *opt = vcpu->vm->opt;
	struct kvm_regs regs = { 0 };

	/* The payload's entry contract: see bench/payload/crt.S. */
	regs.msr = MSR_SF | MSR_ME | MSR_LE;
	regs.gpr[3] = vcpu->index;
	regs.gpr[4] = opt->mem_size;
	regs.gpr[5] = opt->cpus;
	regs.gpr[11] = vcpu->vm->hpt_order;
	if (ioctl(vcpu->fd, KVM_SET_REGS, &regs) < 0)
		die("cannot set the registers of vCPU %u: %s", vcpu->index, strerror(errno));
	for (unsigned int i = 0; i < opt->nset; i++)
		if (reg_set(vcpu, opt->set[i].reg, opt->set[i].value) < 0)
			die("cannot set register %s: %s", opt->set[i].reg->name, strerror(errno));
	if (ioctl(vcpu->fd, KVM_GET_REGS, &regs) < 0)
		die("cannot read the registers of vCPU %u: %s", vcpu->index, strerror(errno));
	set_interrupt_endian(vcpu, regs.msr);
}

/* Problem-state KVM would start as an old Mac: processor, page table and
 * interrupt vectors are what we say. */
static void set_kind(struct vcpu *vcpu)
{
	struct kvm_enable_cap papr = { .cap = KVM_CAP_PPC_PAPR };
	uint64_t hior = 0;
	struct kvm_one_reg one = { .id = KVM_REG_PPC_HIOR, .addr = (uintptr_t)&hior };
	struct vm *vm = vcpu->vm;
	struct kvm_sregs sregs;
	uint32_t pvr;

	/* the kernel emulates mfpvr for us */
	asm("mfpvr %0" : "=r" (pvr));
	if (ioctl(vcpu->fd, KVM_GET_SREGS, &sregs) < 0)
		die("cannot read the processor version of vCPU %u: %s", vcpu->index, strerror(errno));
	sregs.pvr = pvr;
	if (vm->own_hpt)
		sregs.u.s.sdr1 = (uintptr_t)vm->own_hpt | (vm->hpt_order - 18);
	if (ioctl(vcpu->fd, KVM_SET_SREGS, &sregs) < 0)
		die("the backend refuses processor version %#x: %s", pvr, strerror(errno));
	if (ioctl(vcpu->fd, KVM_ENABLE_CAP, &papr) < 0)
		die("the backend has no PAPR guests: %s", strerror(errno));
	if (vm->own_hpt && ioctl(vcpu->fd, KVM_SET_ONE_REG, &one) < 0)
		die("cannot set where interrupts go: %s", strerror(errno));
}

void vcpu_create(struct vm *vm, unsigned int index)
{
	struct vcpu *vcpu = &vm->cpu[index];
	int stride = ioctl(vm->fd, KVM_CHECK_EXTENSION, KVM_CAP_PPC_SMT);
	int size;

	vcpu->vm = vm;
	vcpu->index = index;
	/* One vCPU per virtual core: on POWER8 ids within a stride are threads
	 * of one core (Documentation/virt/kvm/api.rst, 4.7). */
	if (vm->opt->threads)
		stride = 1;
	vcpu->fd = ioctl(vm->fd, KVM_CREATE_VCPU, index * (stride > 0 ? stride : 1));
	if (vcpu->fd < 0)
		die("cannot create vCPU %u: %s", index, strerror(errno));
	size = ioctl(vm->kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	vcpu->run = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu->fd, 0);
	if (vcpu->run == MAP_FAILED)
		die("cannot map vCPU %u: %s", index, strerror(errno));

	set_kind(vcpu);
	if (vcpu->vm->opt->xics)
		xics_connect(vcpu);
	initial_regs(vcpu);
}

void vm_finish(struct vm *vm, int status)
{
	/* The first one to say so decides. */
	if (!atomic_exchange(&vm->stop, true)) {
		vm->status = status;
		kill(getpid(), SIGUSR2);	/* wakes main */
	}
}

static const char *exit_name(unsigned int reason)
{
	static const char *const names[] = {
		[KVM_EXIT_UNKNOWN] = "unknown", [KVM_EXIT_EXCEPTION] = "exception",
		[KVM_EXIT_DEBUG] = "debug", [KVM_EXIT_HLT] = "halt",
		[KVM_EXIT_MMIO] = "MMIO", [KVM_EXIT_SHUTDOWN] = "shutdown",
		[KVM_EXIT_FAIL_ENTRY] = "failed entry", [KVM_EXIT_NMI] = "machine check",
		[KVM_EXIT_INTERNAL_ERROR] = "internal error", [KVM_EXIT_OSI] = "OSI",
		[KVM_EXIT_WATCHDOG] = "watchdog", [KVM_EXIT_EPR] = "EPR",
		[KVM_EXIT_SYSTEM_EVENT] = "system event",
	};

	if (reason < sizeof(names) / sizeof(names[0]) && names[reason])
		return names[reason];
	return "unheard-of";
}

/* Nobody here answers it: one line, registers if asked for, and the end. */
static void unanswered_exit(struct vcpu *vcpu)
{
	struct kvm_run *run = vcpu->run;
	struct kvm_regs regs = { 0 };

	if (vcpu->vm->stop)
		return;
	if (vcpu->vm->opt->stress && run->exit_reason == KVM_EXIT_MMIO) {
		memset(run->mmio.data, 0, sizeof(run->mmio.data));
		return;
	}
	ioctl(vcpu->fd, KVM_GET_REGS, &regs);
	if (run->exit_reason == KVM_EXIT_MMIO)
		fprintf(stderr, "hvrun: vCPU %u: %s of %u bytes at %#llx, where there is neither memory nor a device (pc %#llx)\n",
			vcpu->index, run->mmio.is_write ? "store" : "load", run->mmio.len,
			run->mmio.phys_addr, regs.pc);
	else
		fprintf(stderr, "hvrun: vCPU %u: %s exit (reason %u, detail %#llx), which hvrun does not handle (pc %#llx)\n",
			vcpu->index, exit_name(run->exit_reason), run->exit_reason,
			run->hw.hardware_exit_reason, regs.pc);
	if (vcpu->vm->opt->verbose)
		reg_dump(vcpu);
	vm_finish(vcpu->vm, STATUS_GUEST);
}

/* vCPU 0 runs at once, the others when the guest starts them. */
static bool wait_for_start(struct vcpu *vcpu)
{
	struct vm *vm = vcpu->vm;
	bool started;

	if (vcpu->index == 0)
		return true;
	pthread_mutex_lock(&vm->lock);
	while (!vcpu->started && !vm->stop)
		pthread_cond_wait(&vm->wake, &vm->lock);
	started = vcpu->started;
	pthread_mutex_unlock(&vm->lock);
	if (started && (reg_set(vcpu, reg_find("pc"), vcpu->start_pc) < 0 ||
			reg_set(vcpu, reg_find("r3"), vcpu->start_r3) < 0))
		die("cannot start vCPU %u: %s", vcpu->index, strerror(errno));
	return started;
}

/* On the n-th CPU that this process may use. */
static void pin(const struct vcpu *vcpu)
{
	cpu_set_t all, one;
	unsigned int n = 0;

	CPU_ZERO(&one);
	if (sched_getaffinity(0, sizeof(all), &all))
		die("cannot read which CPUs may be used: %s", strerror(errno));
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &all) && n++ == vcpu->index)
			CPU_SET(cpu, &one);
	if (!CPU_COUNT(&one) || sched_setaffinity(0, sizeof(one), &one))
		die("--pin: no CPU for vCPU %u: %u may be used", vcpu->index, n);
}

void *vcpu_thread(void *arg)
{
	struct vcpu *vcpu = arg;
	struct vm *vm = vcpu->vm;

	if (vm->opt->pin)
		pin(vcpu);
	if (!wait_for_start(vcpu))
		return NULL;
	while (!vm->stop) {
		if (ioctl(vcpu->fd, KVM_RUN, 0) < 0) {
			if (errno == EINTR || errno == EAGAIN)
				continue;
			if (errno == EFAULT && vm->opt->stress) {
				stress_give_rights(vm);
				continue;
			}
			fprintf(stderr, "hvrun: vCPU %u cannot run: %s\n",
				vcpu->index, strerror(errno));
			if (vm->opt->verbose)
				reg_dump(vcpu);
			vm_finish(vm, STATUS_ERROR);
			break;
		}
		vcpu->exits++;
		if (vcpu->run->exit_reason == KVM_EXIT_PAPR_HCALL)
			hcall(vcpu);
		else if (vcpu->run->exit_reason == KVM_EXIT_MMIO &&
			 (memory_mmio(vm, vcpu->run) || device_access(vm, vcpu->run)))
			continue;
		else if (vcpu->run->exit_reason != KVM_EXIT_INTR)
			unanswered_exit(vcpu);
	}
	return NULL;
}
