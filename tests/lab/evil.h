/* SPDX-License-Identifier: GPL-2.0 */
/* evilvmm's ioctls and their arguments; see evilvmm.c. */
#ifndef EVIL_H
#define EVIL_H

#include <stdint.h>
#include <linux/kvm.h>

#define MEM_SIZE	(16ul << 20)
#define HOST_PAGE	0x10000ul
#define MSR_SF_ME_LE	0x8000000000001001ull
#define MSR_EE		0x8000ull
#define MAX_FDS		24		/* of each kind */
#define LARGEST		8192		/* bytes an ioctl of ours reads or writes */

enum kind { SYSTEM, VM, VCPU, DEVICE, OTHER, KINDS };

extern int fds[KINDS][MAX_FDS];
extern uint8_t *mem;			/* the guest's memory */

typedef uint64_t __attribute__((may_alias)) word;

struct worker {
	uint64_t state;
	int vcpu;
	word arg[LARGEST / 8];		/* the second half: what arguments point to */
};

/* What the ioctl is called on, and what it makes (KINDS: no descriptor). */
struct call {
	const char *name;
	unsigned long number;
	enum kind on, makes;
	void (*fix)(struct worker *w);
};

extern const struct call calls[];
extern const int ncalls;		/* KVM_RUN, the last one, not among them */

void fix_number(struct worker *w);	/* of a call whose argument is a number, no address */

/* xorshift64: the same seed, the same calls */
static inline uint64_t rnd(struct worker *w)
{
	w->state ^= w->state << 13;
	w->state ^= w->state >> 7;
	w->state ^= w->state << 17;
	return w->state;
}

uint64_t value(struct worker *w);
uint64_t buffer(struct worker *w);

#endif
