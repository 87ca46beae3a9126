// SPDX-License-Identifier: GPL-2.0
/* Rows: the interrupt presentation controller (LoPAR, XICS hypercalls), two vCPUs, two VMs. */
#include "suite.h"

#define IPI		2		/* XISR of an interprocessor interrupt */
#define IPI_PRIO	5
#define NONE		0xff
#define LONGEST		(TB_HZ / 2)

volatile u64 irq_count[MAX_CPUS], irq_time[MAX_CPUS], dec_count[MAX_CPUS], dec_time[MAX_CPUS];

static void external(struct regs *r)
{
	u64 now = mftb(), cpu = this_cpu(), args[9] = { 0 };

	(void)r;
	hcall_raw(H_XIRR, args);
	if (!(args[0] & 0xffffff))
		return;
	if ((args[0] & 0xffffff) == IPI)
		HCALL(H_IPI, cpu, NONE);
	HCALL(H_EOI, args[0]);
	irq_time[cpu] = now;
	irq_count[cpu]++;
}

static void decrementer(struct regs *r)
{
	u64 now = mftb(), cpu = this_cpu();

	(void)r;
	mtspr(22, DEC_FAR);
	dec_time[cpu] = now;
	dec_count[cpu]++;
}

void install_handlers(void)
{
	set_handler(0x500, external);
	set_handler(0x900, decrementer);
}

void ee_on(void)
{
	mtmsr(mfmsr() | MSR_EE);
}

void ee_off(void)
{
	mtmsr(mfmsr() & ~MSR_EE);
}

static u64 lost;

static const char *have_xics(u64 count)
{
	(void)count;
	lost = 0;
	return HCALL(H_CPPR, NONE) == H_SUCCESS ? NULL : "no XICS in this backend";
}

static const char *none_lost(u64 count)
{
	(void)count;
	return lost ? "interrupts were lost" : NULL;
}

static u64 poll(u64 *count)
{
	u64 start = mftb();

	for (u64 i = 0; i < *count && !lost; i++)
		lost += HCALL(H_IPOLL, 0) != H_SUCCESS;
	return mftb() - start;
}

const struct row row_h_ipoll = { 200, have_xics, poll, none_lost, WHOLE };

static u64 complete(u64 *count)
{
	u64 sum = 0;

	for (u64 i = 0; i < *count && !lost; i++) {
		u64 args[9] = { 0 }, start;

		HCALL(H_IPI, 0, IPI_PRIO);
		hcall_raw(H_XIRR, args);
		HCALL(H_IPI, 0, NONE);
		lost += (args[0] & 0xffffff) != IPI;
		start = mftb();
		HCALL(H_EOI, args[0]);
		sum += mftb() - start;
	}
	return sum;
}

const struct row row_h_eoi = { 200, have_xics, complete, none_lost, EACH };

static u64 interrupt_self(u64 *count)
{
	u64 sum = 0;

	for (u64 i = 0; i < *count && !lost; i++) {
		u64 before = irq_count[0], start;

		ee_on();
		start = mftb();
		HCALL(H_IPI, 0, IPI_PRIO);
		while (irq_count[0] == before && mftb() - start < LONGEST)
			;
		ee_off();
		lost += irq_count[0] != before + 1;
		sum += irq_time[0] - start;
	}
	return sum;
}

const struct row row_self_ipi = { 100, have_xics, interrupt_self, none_lost, EACH };

/* The other vCPU: told what to do, it says that it does it. */
static volatile enum { STOP, SPIN, ANSWER_IPI, ANSWER_PROD } wanted, doing;
static volatile u64 prods[2];
static bool started;

/* H_CEDE until something has changed; the decrementer is there in case of a lost wake-up. */
static bool cede_until(volatile u64 *p, u64 was)
{
	u64 start = mftb();

	while (*p == was && mftb() - start < LONGEST) {
		mtspr(22, LONGEST / 2);
		HCALL(H_CEDE);
		ee_off();
	}
	return *p != was;
}

static void answer(volatile u64 *p, bool prod)
{
	u64 was = *p;

	doing = wanted;
	while (wanted == doing)
		if (*p != was || cede_until(p, was)) {
			was = *p;
			if (wanted != doing)
				break;
			if (prod) {
				prods[0]++;
				HCALL(H_PROD, 0);
			} else {
				HCALL(H_IPI, 0, IPI_PRIO);
			}
		}
}

static void other(void *arg)
{
	(void)arg;
	HCALL(H_CPPR, NONE);
	for (;;) {
		if (wanted == SPIN) {
			doing = SPIN;
			ee_on();
			while (wanted == SPIN)
				;
			ee_off();
		}
		if (wanted == ANSWER_IPI)
			answer(&irq_count[1], false);
		if (wanted == ANSWER_PROD)
			answer(&prods[1], true);
		if (wanted == STOP) {
			doing = STOP;
			host_sleep(1);
		}
	}
}

static const char *let_other(u64 what)
{
	const char *why = have_xics(0);
	u64 start = mftb();

	if (why)
		return why;
	if (!started)
		start_cpu(1, other, NULL);
	started = true;
	wanted = what;
	while (doing != what && mftb() - start < 20 * TB_HZ)
		host_sleep(1);
	return doing == what ? NULL : "the other vCPU does not run";
}

static const char *stop_other(u64 count)
{
	wanted = STOP;
	HCALL(H_IPI, 1, IPI_PRIO);	/* it may be idle */
	for (u64 start = mftb(); doing != STOP && mftb() - start < 20 * TB_HZ; )
		host_sleep(1);
	return none_lost(count);
}

static const char *spin_other(u64 count)
{
	(void)count;
	return let_other(SPIN);
}

static u64 interrupt_other(u64 *count)
{
	u64 start = mftb();

	for (u64 i = 0; i < *count && !lost; i++) {
		u64 before = irq_count[1], sent = mftb();

		HCALL(H_IPI, 1, IPI_PRIO);
		while (irq_count[1] == before && mftb() - sent < LONGEST)
			;
		lost += irq_count[1] == before;
	}
	return mftb() - start;
}

const struct row row_virtual_ipi = { 50, spin_other, interrupt_other, stop_other, WHOLE };

static const char *idle_other(u64 count)
{
	(void)count;
	return let_other(ANSWER_IPI);
}

/* Two wake-ups a round. */
static u64 ping_pong(u64 *count)
{
	u64 start = mftb();

	for (u64 i = 0; i < *count / 2 && !lost; i++) {
		u64 before = irq_count[0], dec = dec_count[0] + dec_count[1];

		HCALL(H_IPI, 1, IPI_PRIO);
		cede_until(&irq_count[0], before);
		lost += irq_count[0] == before || dec_count[0] + dec_count[1] != dec;
	}
	start = mftb() - start;
	*count = *count / 2 * 2;
	return start;
}

const struct row row_ipi_wake = { 800, idle_other, ping_pong, stop_other, WHOLE };

static const char *idle_other_prod(u64 count)
{
	(void)count;
	if (HCALL(H_PROD, 1) != H_SUCCESS)
		return "no H_PROD in this backend";
	return let_other(ANSWER_PROD);
}

static u64 prod_pong(u64 *count)
{
	u64 start = mftb();

	for (u64 i = 0; i < *count / 2 && !lost; i++) {
		u64 before = prods[0], dec = dec_count[0] + dec_count[1];

		prods[1]++;
		HCALL(H_PROD, 1);
		cede_until(&prods[0], before);
		lost += prods[0] == before || dec_count[0] + dec_count[1] != dec;
	}
	start = mftb() - start;
	*count = *count / 2 * 2;
	return start;
}

const struct row row_prod_wake = { 800, idle_other_prod, prod_pong, stop_other, WHOLE };

static const char *have_peer(u64 count)
{
	(void)count;
	lost = 0;
	return HCALL(H_HVRUN_TURN, TURN_GIVE | TURN_WAIT) == H_SUCCESS ? NULL : "no other VM";
}

/* Each turn is a switch to the other VM and one back. */
static u64 take_turns(u64 *count)
{
	u64 start = mftb();

	for (u64 i = 0; i < *count / 2 && !lost; i++)
		lost += HCALL(H_HVRUN_TURN, TURN_GIVE | TURN_WAIT) != H_SUCCESS;
	start = mftb() - start;
	*count = *count / 2 * 2;
	return start;
}

const struct row row_vm_switch = { 512, have_peer, take_turns, none_lost, WHOLE };
