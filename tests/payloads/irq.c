// SPDX-License-Identifier: GPL-2.0
/*
 * External interrupts, idle vCPUs and how they wake. r6 = 1: through an XICS
 * (hvrun --xics), 0: the vCPU's external line (KVM_INTERRUPT). r7 = rounds of
 * IPIs between two idle vCPUs. r6 = 2: only r7 IPIs to itself, four hypercalls each.
 */
#include <linux/kvm.h>
#include "payload.h"

#define MS		(TB_HZ / 1000)
#define LONG		(20 * TB_HZ)	/* an emulator on a busy machine */
#define IPI		2
#define MSI		0x1000
#define LEVEL		0x1001
#define PRIO(p)		((u64)(p) << KVM_XICS_PRIORITY_SHIFT)

static struct {
	volatile u64 external, spurious, decrementer;
	volatile u64 when;
	volatile u32 xirr;		/* of the last one */
} seen[MAX_CPUS];

static volatile u64 lower_after;	/* the level source, or line, goes down at this many interrupts */
static volatile bool stop;
static volatile u64 step[2];

static bool xics(void)
{
	return boot_args.arg[0];
}

/* The line is down before EOI: a level source asks for EOI after its cause is gone. */
static void external(struct regs *r)
{
	u64 cpu = this_cpu(), args[9] = { 0 }, n;
	u32 source;

	(void)r;
	n = seen[cpu].external + 1;
	if (!xics()) {
		seen[cpu].external = n;
		if (n >= lower_after)
			HCALL(H_HVRUN_INTERRUPT, cpu, 0);
		return;
	}
	hcall_raw(H_XIRR, args);
	source = args[0] & 0xffffff;
	if (!source) {
		seen[cpu].spurious++;
		return;
	}
	seen[cpu].external = n;
	seen[cpu].when = mftb();
	seen[cpu].xirr = args[0];
	if (source == IPI)
		HCALL(H_IPI, cpu, 0xff);
	if (source == LEVEL && n >= lower_after)
		HCALL(H_HVRUN_IRQ_LINE, LEVEL, 0);
	HCALL(H_EOI, args[0]);
}

static void decrementer(struct regs *r)
{
	(void)r;
	seen[this_cpu()].decrementer++;
	mtspr(22, 0x7fffffff);
}

static void enable(void)  { mtmsr(mfmsr() | MSR_EE); }
static void disable(void) { mtmsr(mfmsr() & ~MSR_EE); }

/* Interrupts on for so long, or until vCPU 0 has seen n; how many more came */
static u64 take(u64 n, u64 ticks)
{
	u64 before = seen[0].external, start = mftb();

	enable();
	while (seen[0].external - before < n && mftb() - start < ticks)
		;
	disable();
	return seen[0].external - before;
}

/* H_CEDE comes back with MSR[EE]=1 */
static void cede(void)
{
	HCALL(H_CEDE);
	disable();
}

static u64 ipoll(u64 server, u64 *mfrr)
{
	u64 args[9] = { server };
	long rc = hcall_raw(H_IPOLL, args);

	*mfrr = args[1];
	return rc ? (u64)rc : args[0];
}

/* kvm.ko's XICS on a XIVE host: H_IPOLL says nothing of MFRR, and CPPR takes no IPI back. */
static bool on_xive(void)
{
	return power_generation() >= 9;
}

static bool mfrr_is(u64 mfrr, u64 want)
{
	return on_xive() || mfrr == want;
}

static void presentation(void)
{
	u64 args[9] = { 0 }, mfrr, got, start;

	HCALL(H_CPPR, 0xff);
	ok(ipoll(0, &mfrr) == 0xff000000 && mfrr_is(mfrr, 0xff), "H_IPOLL: nothing pending");
	ok(ipoll(99, &mfrr) == (u64)H_PARAMETER, "H_IPOLL of a server that does not exist");
	ok(HCALL(H_IPI, 99, 5) == H_PARAMETER, "H_IPI to a server that does not exist");
	ok(HCALL(H_IPI, 0, 5) == H_SUCCESS && ipoll(0, &mfrr) == 0xff000002 && mfrr_is(mfrr, 5),
	   "an IPI to itself is pending");
	spin_tb(MS);
	ok(!seen[0].external, "and held back by MSR[EE]=0");
	start = mftb();
	ok(take(1, LONG) == 1 && seen[0].xirr == 0xff000002, "MSR[EE]=1 lets it in (XIRR %#x)", seen[0].xirr);
	printf("# after %lu us\n", (seen[0].when - start) / (MS / 1000));
	ok(take(1, 20 * MS) == 0, "once");
	enable();
	start = mftb();
	HCALL(H_IPI, 0, 5);
	got = seen[0].external;
	disable();
	ok(got == 2, "an IPI to itself with MSR[EE]=1 comes with the hypercall");

	HCALL(H_CPPR, 3);
	HCALL(H_IPI, 0, 5);
	ok(take(1, 20 * MS) == 0 && ipoll(0, &mfrr) == 0x03000000, "CPPR holds an IPI of lower priority back");
	HCALL(H_CPPR, 6);
	ok(take(1, LONG) == 1 && seen[0].xirr == 0x06000002, "and lets it in later (XIRR %#x)", seen[0].xirr);
	HCALL(H_CPPR, 0xff);
	HCALL(H_IPI, 0, 5);
	HCALL(H_CPPR, 4);
	ok(take(1, 20 * MS) == 0 && (on_xive() || ipoll(0, &mfrr) == 0x04000000), "a pending IPI is taken back by CPPR");
	HCALL(H_IPI, 0, 0xff);
	HCALL(H_CPPR, 0xff);
	ok(take(1, 20 * MS) == 0, "and gone when MFRR is");

	HCALL(H_IPI, 0, 5);
	start = mftb();
	ok(hcall_raw(H_XIRR_X, args) == H_SUCCESS && (u32)args[0] == (0xff000000 | IPI), "H_XIRR_X accepts it (XIRR %#x)", (u32)args[0]);
	ok(args[1] - start <= mftb() - start, "and says when, in the guest's timebase (%lu ticks)", args[1] - start);
	HCALL(H_IPI, 0, 0xff);
	HCALL(H_EOI, args[0]);
	ok(take(1, 20 * MS) == 0 && ipoll(0, &mfrr) == 0xff000000, "and does not come again");
}

static u32 accept(void)
{
	u64 args[9] = { 0 };

	hcall_raw(H_XIRR, args);
	return args[0];
}

static void sources(void)
{
	u64 mfrr;

	ok(!HCALL(H_HVRUN_SET_SOURCE, MSI, PRIO(5)) &&
	   !HCALL(H_HVRUN_SET_SOURCE, LEVEL, PRIO(5) | KVM_XICS_LEVEL_SENSITIVE),
	   "a message and a level source at priority 5");
	HCALL(H_HVRUN_IRQ_LINE, MSI, 1);
	ok(take(1, LONG) == 1 && seen[0].xirr == (0xff000000 | MSI), "a message (XIRR %#x)", seen[0].xirr);
	ok(take(1, 20 * MS) == 0, "comes once");

	HCALL(H_HVRUN_IRQ_LINE, MSI, 1);
	ok(accept() == (0xff000000 | MSI), "accepted with MSR[EE]=0");
	HCALL(H_HVRUN_IRQ_LINE, MSI, 1);
	HCALL(H_HVRUN_IRQ_LINE, MSI, 1);
	ok(accept() == 0x05000000, "more messages wait for EOI");
	HCALL(H_EOI, 0xff000000 | MSI);
	ok(accept() == (0xff000000 | MSI), "and are one then");
	HCALL(H_EOI, 0xff000000 | MSI);
	ok(accept() == 0xff000000, "and no more");

	lower_after = seen[0].external + 3;
	HCALL(H_HVRUN_IRQ_LINE, LEVEL, 1);
	ok(take(3, LONG) == 3 && take(1, 200 * MS) == 0 && (seen[0].xirr & 0xffffff) == LEVEL, "a level comes until it is lowered");

	HCALL(H_HVRUN_IRQ_LINE, MSI, 1);
	HCALL(H_IPI, 0, 4);
	ok(ipoll(0, &mfrr) == 0xff000002, "an IPI of higher priority displaces a pending message");
	ok(accept() == 0xff000002, "and is accepted first");
	HCALL(H_IPI, 0, 0xff);
	HCALL(H_EOI, 0xff000002);
	ok(take(1, LONG) == 1 && seen[0].xirr == (0xff000000 | MSI), "the message comes after it");

	HCALL(H_HVRUN_IRQ_LINE, MSI, 1);
	HCALL(H_CPPR, 2);
	ok(ipoll(0, &mfrr) == 0x02000000, "CPPR rejects a pending message");
	HCALL(H_CPPR, 0xff);
	ok(take(1, LONG) == 1, "which comes again when CPPR allows it");
}

static void line(void)
{
	HCALL(H_HVRUN_INTERRUPT, 0, 1);
	HCALL(H_HVRUN_INTERRUPT, 0, 0);
	ok(take(1, 20 * MS) == 0, "a line lowered before MSR[EE]=1 interrupts nobody");
	lower_after = 1;
	HCALL(H_HVRUN_INTERRUPT, 0, 1);
	spin_tb(MS);
	ok(!seen[0].external, "MSR[EE]=0 holds the line back");
	ok(take(1, LONG) == 1, "MSR[EE]=1 lets it in");
	ok(take(1, 20 * MS) == 0, "once, as the handler lowered it");
	lower_after = seen[0].external + 3;
	HCALL(H_HVRUN_INTERRUPT, 0, 1);
	ok(take(3, LONG) == 3 && take(1, 200 * MS) == 0, "a level comes until it is lowered");
}

/* Each wake-up by the decrementer must come after its time, and soon after. */
static void decrementer_wakes(void)
{
	long worst = 0, early = 0, too_late = 0;

	for (int i = 0; i < 20; i++) {
		u64 dec = (1 + i) * MS / 2, start = mftb(), before = seen[0].decrementer;
		long late;

		mtspr(22, dec);
		while (seen[0].decrementer == before && mftb() - start < LONG)
			cede();
		late = (long)(mftb() - start) - (long)dec;
		early += late < 0;
		too_late += late > 200 * (long)MS;
		if (late > worst)
			worst = late;
	}
	printf("# the latest of 20 was %ld us late\n", worst / (long)(MS / 1000));
	ok(!early, "the decrementer never wakes early");
	ok(too_late <= 3, "nor much too late, but where the machine stood still");
}

static void prod_self(void)
{
	u64 start = mftb(), before = seen[0].decrementer;

	mtspr(22, 4 * TB_HZ);
	ok(HCALL(H_PROD, 0) == H_SUCCESS, "H_PROD");
	cede();
	ok(mftb() - start < 3 * TB_HZ && seen[0].decrementer == before, "ends the H_CEDE that follows");
	start = mftb();
	mtspr(22, 300 * MS);
	cede();
	ok(mftb() - start > 200 * MS, "and not the next one");
}

static void send(u64 to)
{
	if (xics())
		HCALL(H_IPI, to, 5);
	else
		HCALL(H_HVRUN_INTERRUPT, to, 1);
}

/* The other vCPU: answers each interrupt with one, idle in between. */
static void echo(void *arg)
{
	u64 last = 0;

	(void)arg;
	mtspr(22, 0x7fffffff);
	if (xics())
		HCALL(H_CPPR, 0xff);
	step[1] = 1;
	while (!stop) {
		while (seen[1].external == last && !stop)
			cede();
		last = seen[1].external;
		mtspr(22, 0x7fffffff);
		step[1]++;
		send(0);
	}
	step[1] = ~0ul;
	for (;;)
		cede();
}

static void ping_pong(u64 rounds)
{
	u64 lost = 0, start;

	/* A wake-up that is lost comes when the decrementer does, and no later. */
	lower_after = 0;
	for (u64 i = 0; i < rounds && lost < 3; i++) {
		u64 before = seen[0].external, dec = seen[0].decrementer;

		start = mftb();
		mtspr(22, 4 * TB_HZ);
		send(1);
		while (seen[0].external == before && seen[0].decrementer == dec)
			cede();
		if (mftb() - start > 4 * TB_HZ + 100 * MS) {	/* the machine stood still */
			enable();
			while (seen[0].external == before && mftb() - start < LONG)
				;
			disable();
			seen[1].decrementer = 0;
		}
		lost += seen[0].external == before;
	}
	printf("# %lu lost, the other's decrementer %lu times, %lu and %lu spurious\n", lost,
	       seen[1].decrementer, seen[0].spurious, seen[1].spurious);
	ok(!lost && !seen[1].decrementer, "%lu rounds of interrupts between two idle vCPUs, no wake-up lost", rounds);
	/* Not idle: the interrupt has to get the vCPU out of the guest. */
	for (u64 i = 0; i < 20 && !lost; i++) {
		u64 before = seen[0].external;

		send(1);
		enable();
		for (start = mftb(); seen[0].external == before && mftb() - start < LONG; )
			;
		disable();
		lost += seen[0].external == before;
	}
	ok(!lost, "20 rounds to a vCPU that runs without a hypercall");
	stop = true;
	HCALL(H_PROD, 1);
	for (start = mftb(); step[1] != ~0ul && mftb() - start < LONG; )
		host_sleep(1);
	ok(step[1] == ~0ul, "H_PROD wakes an idle vCPU");
}

static int storm(u64 rounds)
{
	u64 i;

	HCALL(H_CPPR, 0xff);
	for (i = 0; i < rounds && seen[0].external == i; i++) {
		enable();
		HCALL(H_IPI, 0, 5);
		disable();
	}
	ok(i == rounds && !seen[0].spurious, "%lu of %lu IPIs, each at once", seen[0].external, rounds);
	return tap_done();
}

int main(void)
{
	set_handler(0x500, external);
	set_handler(0x900, decrementer);
	mtspr(22, 0x7fffffff);
	if (boot_args.arg[0] == 2)
		return storm(boot_args.arg[1]);
	if (xics()) {
		presentation();
		sources();
	} else {
		line();
	}
	decrementer_wakes();
	prod_self();
	if (boot_args.ncpus > 1) {
		start_cpu(1, echo, NULL);
		while (!step[1])
			host_sleep(1);
		ping_pong(boot_args.arg[1]);
	}
	return tap_done();
}
