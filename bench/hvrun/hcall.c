// SPDX-License-Identifier: GPL-2.0
/* Answers to the hypercalls that the backend hands to user space. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <endian.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include "hvrun.h"

#define TERM_CHARS 16	/* LoPAR, H_PUT_TERM_CHAR: at most 16, in two registers */

/* args: terminal, length, characters 0-7, characters 8-15 (first one on top) */
static long put_term_char(uint64_t *args)
{
	uint64_t chars[2] = { htobe64(args[2]), htobe64(args[3]) };

	if (args[1] > TERM_CHARS)
		return H_PARAMETER;
	fwrite(chars, 1, args[1], stdout);
	return H_SUCCESS;
}

/* Returns length and characters in r4..r6; length 0 when nothing was typed. */
static long get_term_char(uint64_t *args)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	uint64_t chars[2] = { 0, 0 };
	ssize_t n = 0;

	if (poll(&in, 1, 0) > 0 && (in.revents & POLLIN))
		n = read(STDIN_FILENO, chars, TERM_CHARS);
	args[0] = n > 0 ? n : 0;
	args[1] = be64toh(chars[0]);
	args[2] = be64toh(chars[1]);
	return H_SUCCESS;
}

/* args: vCPU number, pc, r3 */
static long start_cpu(struct vm *vm, const uint64_t *args)
{
	struct vcpu *cpu;
	long rc = H_PARAMETER;

	if (args[0] >= vm->opt->cpus)
		return rc;
	cpu = &vm->cpu[args[0]];
	pthread_mutex_lock(&vm->lock);
	if (!cpu->started) {
		cpu->start_pc = args[1];
		cpu->start_r3 = args[2];
		cpu->started = true;
		pthread_cond_broadcast(&vm->wake);
		rc = H_SUCCESS;
	}
	pthread_mutex_unlock(&vm->lock);
	return rc;
}

bool in_memory(const struct vm *vm, uint64_t addr, uint64_t len)
{
	uint64_t page = sysconf(_SC_PAGESIZE);

	return addr < vm->opt->mem_size && len && len <= vm->opt->mem_size - addr &&
		!(addr % page) && !(len % page);
}

/* args: guest real address, length. The pages' contents are gone: they read as
 * zeros, and the backend has to notice (MMU notifier). */
static long discard(struct vm *vm, const uint64_t *args)
{
	if (!in_memory(vm, args[0], args[1]))
		return H_PARAMETER;
	return madvise(vm->mem + args[0], args[1], MADV_DONTNEED) ? H_HARDWARE : H_SUCCESS;
}

/* args: guest real address, length; r4 gets how many bytes the host has there */
static long resident(struct vm *vm, uint64_t *args)
{
	uint64_t page = sysconf(_SC_PAGESIZE), bytes = 0;
	unsigned char *map;

	if (!in_memory(vm, args[0], args[1]))
		return H_PARAMETER;
	map = malloc(args[1] / page);
	if (!map || mincore(vm->mem + args[0], args[1], map)) {
		free(map);
		return H_HARDWARE;
	}
	for (uint64_t i = 0; i < args[1] / page; i++)
		bytes += (map[i] & 1) * page;
	free(map);
	args[0] = bytes;
	return H_SUCCESS;
}

/* args: milliseconds of host time during which this vCPU does not run */
static long sleep_ms(struct vm *vm, const uint64_t *args)
{
	struct timespec left = { args[0] / 1000, args[0] % 1000 * 1000000 };

	while (!vm->stop && nanosleep(&left, &left) && errno == EINTR)
		;
	return H_SUCCESS;
}

union one_reg_value {
	uint32_t word;
	uint64_t dword[2];
};

/* args: ONE_REG id; r4 and r5 get the value, as doublewords in memory order */
static long get_reg(struct vcpu *vcpu, uint64_t *args)
{
	union one_reg_value value = { .dword = { 0, 0 } };
	struct kvm_one_reg one = { .id = args[0], .addr = (uintptr_t)&value };

	if ((one.id & KVM_REG_SIZE_MASK) > KVM_REG_SIZE_U128)
		return H_PARAMETER;
	if (ioctl(vcpu->fd, KVM_GET_ONE_REG, &one) < 0)
		return H_NOT_FOUND;
	if ((one.id & KVM_REG_SIZE_MASK) == KVM_REG_SIZE_U32)
		value.dword[0] = value.word;
	args[0] = value.dword[0];
	args[1] = value.dword[1];
	return H_SUCCESS;
}

/* args: ONE_REG id, value (two doublewords) */
static long set_reg(struct vcpu *vcpu, uint64_t *args)
{
	union one_reg_value value = { .dword = { args[1], args[2] } };
	struct kvm_one_reg one = { .id = args[0], .addr = (uintptr_t)&value };

	if ((one.id & KVM_REG_SIZE_MASK) > KVM_REG_SIZE_U128)
		return H_PARAMETER;
	if ((one.id & KVM_REG_SIZE_MASK) == KVM_REG_SIZE_U32)
		value.word = args[1];
	return ioctl(vcpu->fd, KVM_SET_ONE_REG, &one) < 0 ? H_NOT_FOUND : H_SUCCESS;
}

void hcall(struct vcpu *vcpu)
{
	uint64_t *args = (uint64_t *)vcpu->run->papr_hcall.args;
	struct vm *vm = vcpu->vm;
	long rc = H_FUNCTION;

	switch (vcpu->run->papr_hcall.nr) {
	case H_PUT_TERM_CHAR:
		rc = put_term_char(args);
		break;
	case H_GET_TERM_CHAR:
		rc = get_term_char(args);
		break;
	case H_HVRUN_EXIT:
		vm_finish(vm, args[0] & 0xff);
		rc = H_SUCCESS;
		break;
	case H_HVRUN_START_CPU:
		rc = start_cpu(vm, args);
		break;
	case H_HVRUN_DISCARD:
		rc = discard(vm, args);
		break;
	case H_HVRUN_SLEEP:
		rc = sleep_ms(vm, args);
		break;
	case H_HVRUN_RESIDENT:
		rc = resident(vm, args);
		break;
	case H_HVRUN_GET_REG:
		rc = get_reg(vcpu, args);
		break;
	case H_HVRUN_SET_REG:
		rc = set_reg(vcpu, args);
		break;
	case H_HVRUN_SET_SOURCE:
		rc = set_source(vm, args);
		break;
	case H_HVRUN_IRQ_LINE:
		rc = irq_line(vm, args);
		break;
	case H_HVRUN_INTERRUPT:
		rc = interrupt(vm, args);
		break;
	case H_HVRUN_VM_IOCTL:
		rc = vm_ioctl(vcpu, args);
		break;
	case H_HVRUN_EVENT_COUNTER:
		rc = event_counter(args);
		break;
	case H_HVRUN_DEVICE_GET:
		rc = device_get(args);
		break;
	case H_HVRUN_DEVICE_SET:
		rc = device_set(args);
		break;
	case H_HVRUN_STAMPS:
		rc = stamps(vm, args);
		break;
	case H_HVRUN_CYCLES:
		rc = cycles(vcpu, args);
		break;
	case H_HVRUN_TURN:
		rc = turn(vm, args);
		break;
	default:
		rc = memory_hcall(vm, vcpu->run->papr_hcall.nr, args);
	}
	vcpu->run->papr_hcall.ret = rc;
}
