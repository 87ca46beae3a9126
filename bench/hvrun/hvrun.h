/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HVRUN_H
#define HVRUN_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <linux/kvm.h>

#define MAX_CPUS	64
#define MAX_REGS	64

/* What hvrun itself ends with; everything else is the guest's own status. */
enum {
	STATUS_ERROR = 2,	/* hvrun could not do what was asked */
	STATUS_GUEST = 3,	/* the guest did what nobody here answers */
	STATUS_TIME = 124,	/* time limit, as timeout(1) has it */
};

enum hcall_number {
#define HV_HCALL(number, name, ...) H_##name = number,
#include "hcalls.h"
};

enum hcall_rc {
#define HV_HCALL_RC(value, name) H_##name = value,
#include "hcall_rcs.h"
};

/* A register as the command line names it. */
struct reg {
	const char *name;
	uint64_t one_reg;	/* 0: in struct kvm_regs, at .offset */
	size_t offset;
};

struct reg_setting {
	const struct reg *reg;
	uint64_t value;
};

struct options {
	const char *payload;
	unsigned long vm_type;	/* argument of KVM_CREATE_VM */
	uint64_t mem_size;
	bool huge;		/* guest memory in hugetlbfs pages */
	uint64_t huge_size;	/* of that size, 0: the default */
	uint32_t hpt_order;	/* 0: chosen from mem_size */
	unsigned int cpus;
	unsigned int threads;	/* vCPUs to a core, as the guest sees it; 0: not said */
	unsigned int time_limit; /* seconds, 0: none */
	uint64_t stress;	/* seed, 0: none */
	bool verbose;
	bool xics;		/* an interrupt controller in the kernel */
	bool pin;		/* vCPU n on the n-th CPU that we may use */
	bool peer;		/* another VM takes turns with this one: event counters */
	int peer_in, peer_out;
	struct reg_setting set[MAX_REGS];
	unsigned int nset;
	const struct reg *show[MAX_REGS];
	unsigned int nshow;
};

struct vm;

struct vcpu {
	struct vm *vm;
	unsigned int index;
	int fd;
	struct kvm_run *run;
	uint64_t exits;
	pthread_t thread;
	struct perf_evsel *counter;	/* of this thread's cycles */
	bool counter_asked;
	bool started;		/* under vm->lock */
	uint64_t start_pc, start_r3;
};

struct vm {
	const struct options *opt;
	int kvm, fd, xics;
	uint8_t *mem;
	uint32_t hpt_order;
	void *own_hpt;		/* problem-state KVM: the table, else NULL */
	pthread_mutex_t lock;
	pthread_cond_t wake;	/* a vCPU was started, or stop was set */
	atomic_bool answer_mmio; /* loads outside memory give all ones, stores vanish */
	atomic_ulong mmio_loads, mmio_stores;
	atomic_ulong access_tb, raise_tb;	/* last access to the device, last interrupt raised */
	atomic_bool stop;
	atomic_int status;
	struct vcpu cpu[MAX_CPUS];
};

/* One line on stderr, then exit status STATUS_ERROR. */
_Noreturn void die(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* vm.c */
void vm_create(struct vm *vm, const struct options *opt);

/* vcpu.c */
void vcpu_create(struct vm *vm, unsigned int index);
void *vcpu_thread(void *vcpu);
void vm_finish(struct vm *vm, int status);

/* irq.c: interrupts; the H_ functions are hypercalls' arguments and return codes */
void xics_create(struct vm *vm);
void xics_connect(struct vcpu *vcpu);
long set_source(struct vm *vm, const uint64_t *args);
long irq_line(struct vm *vm, const uint64_t *args);
long interrupt(struct vm *vm, const uint64_t *args);

/* hcall.c: answers the hypercall in vcpu->run. */
void hcall(struct vcpu *vcpu);
bool in_memory(const struct vm *vm, uint64_t addr, uint64_t len);	/* whole host pages */

/* memory.c: what a guest asks the VMM to do with its memory and its HPT */
long memory_hcall(struct vm *vm, uint64_t nr, uint64_t *args);
bool memory_mmio(struct vm *vm, struct kvm_run *run);	/* false: not to be answered */

/* stress.c: the memory storm of --stress */
void stress_slots(struct vm *vm);
void stress_give_rights(struct vm *vm);
void *stress_thread(void *vm);

/* device.c: storage at a fixed guest real address, far behind any memory; false: no access to it */
#define DEVICE_ADDR	(1ull << 40)
#define DEVICE_SIZE	0x10000
bool device_access(struct vm *vm, struct kvm_run *run);
long device_get(uint64_t *args);
long device_set(const uint64_t *args);
long vm_ioctl(struct vcpu *vcpu, uint64_t *args);
long event_counter(uint64_t *args);

/* bench.c */
uint64_t timebase(void);
long stamps(const struct vm *vm, uint64_t *args);
long cycles(struct vcpu *vcpu, uint64_t *args);
long turn(const struct vm *vm, const uint64_t *args);

/* regs.c */
const struct reg *reg_find(const char *name);
int reg_set(struct vcpu *vcpu, const struct reg *reg, uint64_t value);
int reg_get(struct vcpu *vcpu, const struct reg *reg, uint64_t *value);
void reg_list(void);
void reg_dump(struct vcpu *vcpu);

#endif
