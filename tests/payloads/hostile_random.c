// SPDX-License-Identifier: GPL-2.0
/*
 * Hypercalls with random numbers and arguments. Only what would break the
 * payload itself is kept out: arguments are bent so that neither its own page
 * table entries nor its own memory is hit, and calls that end it are left out.
 */
#include "hostile.h"

/* none, all, one bit, all below it, any, few bits, small, an index, an address in memory or behind it */
static u64 value(struct foe *f)
{
	u64 r = rnd(f);

	switch (rnd(f) % 10) {
	case 0: return 0;
	case 1: return ~0ul;
	case 2: return 1ul << (r & 63);
	case 3: return (1ul << (r & 63)) - 1;
	case 4: return r;
	case 5: return r & rnd(f) & rnd(f);
	case 6: return r & 15;
	case 7: return r % (nptes + 8);
	default: return r % (4 * half);
	}
}

static const u16 on_table[] = {
	H_REMOVE, H_ENTER, H_READ, H_CLEAR_MOD, H_CLEAR_REF, H_PROTECT, H_BULK_REMOVE,
};

static const u16 others[] = {
	H_GET_TCE, H_PUT_TCE, H_PUT_TCE_INDIRECT, H_STUFF_TCE, H_SET_DABR, H_SET_XDABR, H_PAGE_INIT,
	H_LOGICAL_CI_LOAD, H_LOGICAL_CI_STORE, H_LOGICAL_CACHE_LOAD, H_LOGICAL_CACHE_STORE,
	H_LOGICAL_ICBI, H_LOGICAL_DCBF, H_REGISTER_VPA, H_PROD, H_CONFER, H_RANDOM, H_SET_MODE,
	H_EOI, H_CPPR, H_IPI, H_IPOLL, H_XIRR, H_XIRR_X, H_SET_SPRG0, H_RTAS, H_CEDE,
};

static u64 pick_number(struct foe *f)
{
	u64 dice = rnd(f) % 64;

	/* most by far are those that the image answers: the others cost ten to a hundred times as much */
	if (dice < 60)
		return on_table[rnd(f) % (sizeof(on_table) / sizeof(on_table[0]))];
	if (dice < 63)
		return others[rnd(f) % (sizeof(others) / sizeof(others[0]))];
	return rnd(f) % 2 ? rnd(f) & 0xffff : value(f);
}

static u64 spare(u64 index)
{
	return index < nptes && is_protected(index) ? index | nptes : index;
}

/* False: leave it out. */
static bool bend(struct foe *f, u64 number, u64 *args)
{
	switch (number) {
	case H_PUT_TERM_CHAR:		/* the test's own voice */
		return false;
	case H_REMOVE:
	case H_PROTECT:
	case H_CLEAR_MOD:
	case H_CLEAR_REF:
		args[1] = spare(args[1]);
		return true;
	case H_BULK_REMOVE:
		for (int i = 0; i < 8; i += 2)
			args[i] = (args[i] & ~0xfffffffffffffful) | spare(args[i] & 0xfffffffffffffful);
		return true;
	case H_SET_MODE:		/* byte order, interrupt location and debug matches are the payload's own */
		return args[1] > 5;
	case H_SET_DABR:
	case H_SET_XDABR:		/* a match on what the payload touches is an interrupt for it */
		args[0] |= 1ul << 50;
		return true;
	case H_CEDE:			/* its decrementer ends it */
		mtspr(22, rnd(f) % 50000);
		return true;
	}
	/* anything that may write to a guest address: the payload's half is none of it */
	for (int i = 0; i < 9; i++)
		if (number != H_PROD && number != H_CONFER && number != H_ENTER && number != H_READ &&
		    (args[i] & 0xfffffffffffffful) < half)
			args[i] |= half;
	return number < H_HVRUN_EXIT || number > H_HVRUN_EXIT + 0xff;	/* not those of hvrun */
}

void random_hcalls(struct foe *f, u64 count)
{
	u64 sprg0 = mfspr(272), end = f->calls + count, args[9], index;
	long rc;

	while (f->calls < end) {
		u64 number = pick_number(f);

		for (int i = 0; i < 9; i++)
			args[i] = value(f);
		if (!bend(f, number, args))
			continue;
		index = args[1];
		rc = foe_hcall(f, number, args);
		mtspr(272, sprg0);
		mtspr(22, 0x7fffffff);
		mtmsr(mfmsr() & ~MSR_EE);	/* H_CEDE sets it */
		if ((number == H_REMOVE || number == H_PROTECT || number == H_READ || number == H_ENTER ||
		     number == H_CLEAR_REF || number == H_CLEAR_MOD) &&
		    index >= nptes && rc != H_PARAMETER)
			complain(f, "an entry behind the table is not H_PARAMETER", index);
		if (number == H_ENTER && rc == H_SUCCESS && args[0] >= nptes)
			complain(f, "H_ENTER used an entry behind the table", args[0]);
	}
}
