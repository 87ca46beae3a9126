// SPDX-License-Identifier: GPL-2.0
/* Registers by name: KVM_GET/SET_REGS for the base set, ONE_REG for the rest. */
#include <stdio.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include "hvrun.h"

/* Newer than the headers of Debian 12's C library (Linux 6.1). */
#ifndef KVM_REG_PPC_DEXCR
#define KVM_REG_PPC_DEXCR	(KVM_REG_PPC | KVM_REG_SIZE_U64 | 0xc6)
#define KVM_REG_PPC_HASHKEYR	(KVM_REG_PPC | KVM_REG_SIZE_U64 | 0xc7)
#define KVM_REG_PPC_HASHPKEYR	(KVM_REG_PPC | KVM_REG_SIZE_U64 | 0xc8)
#endif

static const struct reg regs[] = {
#define REG(n, member) { .name = #n, .offset = offsetof(struct kvm_regs, member) },
#define ONE(n, id) { .name = #n, .one_reg = KVM_REG_PPC_##id },
#include "regs.h"
#define SPR(n, number, cpus, who, place, id) { .name = #n, .one_reg = id },
#define HV_SPR SPR
#define HV_SPR_PMU SPR
#define HV_SPR_HELD SPR
#include "sprs.h"
};

#define NREGS (sizeof(regs) / sizeof(regs[0]))

static struct reg gprs[32];
static char gpr_names[32][4];

/* A row of sprs.h without a ONE_REG id is in struct kvm_regs, or out of reach. */
static bool known(const struct reg *reg)
{
	return reg->one_reg || reg->offset || !strcmp(reg->name, "pc");
}

const struct reg *reg_find(const char *name)
{
	char *end;

	if (name[0] == 'r' && name[1] >= '0' && name[1] <= '9') {
		unsigned long n = strtoul(name + 1, &end, 10);

		if (*end || n > 31)
			return NULL;
		snprintf(gpr_names[n], sizeof(gpr_names[n]), "r%lu", n);
		gprs[n].name = gpr_names[n];
		gprs[n].offset = offsetof(struct kvm_regs, gpr) + n * 8;
		return &gprs[n];
	}
	for (size_t i = 0; i < NREGS; i++)
		if (known(&regs[i]) && !strcasecmp(name, regs[i].name))
			return &regs[i];
	return NULL;
}

void reg_list(void)
{
	printf("r0..r31");
	for (size_t i = 0; i < NREGS; i++)
		if (known(&regs[i]))
			printf(" %s", regs[i].name);
	printf("\n");
}

static size_t one_reg_size(uint64_t id)
{
	return 1ul << ((id & KVM_REG_SIZE_MASK) >> KVM_REG_SIZE_SHIFT);
}

int reg_set(struct vcpu *vcpu, const struct reg *reg, uint64_t value)
{
	uint32_t word = value;
	struct kvm_regs kr;

	if (reg->one_reg) {
		struct kvm_one_reg one = { .id = reg->one_reg };

		one.addr = one_reg_size(one.id) == 4 ? (uintptr_t)&word : (uintptr_t)&value;
		return ioctl(vcpu->fd, KVM_SET_ONE_REG, &one);
	}
	if (ioctl(vcpu->fd, KVM_GET_REGS, &kr) < 0)
		return -1;
	memcpy((char *)&kr + reg->offset, &value, sizeof(value));
	return ioctl(vcpu->fd, KVM_SET_REGS, &kr);
}

int reg_get(struct vcpu *vcpu, const struct reg *reg, uint64_t *value)
{
	uint32_t word = 0;
	struct kvm_regs kr;

	if (reg->one_reg) {
		struct kvm_one_reg one = { .id = reg->one_reg };
		bool narrow = one_reg_size(one.id) == 4;

		one.addr = narrow ? (uintptr_t)&word : (uintptr_t)value;
		if (ioctl(vcpu->fd, KVM_GET_ONE_REG, &one) < 0)
			return -1;
		if (narrow)
			*value = word;
		return 0;
	}
	if (ioctl(vcpu->fd, KVM_GET_REGS, &kr) < 0)
		return -1;
	memcpy(value, (char *)&kr + reg->offset, sizeof(*value));
	return 0;
}

void reg_dump(struct vcpu *vcpu)
{
	uint64_t dar = 0, dsisr = 0;
	struct kvm_regs r;

	if (ioctl(vcpu->fd, KVM_GET_REGS, &r) < 0)
		return;
	reg_get(vcpu, reg_find("dar"), &dar);
	reg_get(vcpu, reg_find("dsisr"), &dsisr);
	fprintf(stderr, "  pc %016llx msr %016llx lr %016llx ctr %016llx\n",
		r.pc, r.msr, r.lr, r.ctr);
	fprintf(stderr, "  srr0 %016llx srr1 %016llx dar %016llx dsisr %08llx cr %08llx xer %08llx\n",
		r.srr0, r.srr1, (unsigned long long)dar, (unsigned long long)dsisr,
		r.cr, r.xer);
	for (int i = 0; i < 32; i++)
		fprintf(stderr, "%s r%-2d %016llx%s", i % 4 ? "" : " ", i, r.gpr[i],
			i % 4 == 3 ? "\n" : "");
}
