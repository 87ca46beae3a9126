// SPDX-License-Identifier: GPL-2.0
/*
 * A pSeries guest as other projects write them: nothing of hvrun's, started by
 * QEMU as its firmware or by an Open Firmware as a kernel. Console, RTAS, a second
 * processor, a timer interrupt, a reboot, power-off. TAP on the console.
 * (LoPAR: "RTAS Call Interface", H_PUT_TERM_CHAR; IEEE 1275 client interface.)
 */
#include "pseries.h"

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long u64;

#define H_PUT_TERM_CHAR	0x58
#define H_RTAS		0xf000		/* QEMU's: what its RTAS blob does */
#define FDT_MAGIC	0xd00dfeed	/* Devicetree Specification, chapter 5 */
#define FDT_BEGIN_NODE	1
#define FDT_END_NODE	2
#define FDT_PROP	3
#define FDT_NOP		4
#define MSR_EE		0x8000ul
#define MAX_TOKENS	20000
#define LONG		(60 * 512000000ul)	/* a minute of the time base */

extern char secondary[], ticker[], ticker_end[];
void prom_call(u32 *args, u64 entry);

static u64 fdt, prom;
static int tests, failed;
static volatile u64 started, stopped;
/* The second processor has one of its own: it stops while the first one looks */
static struct { u32 token, nargs, nret, args[16]; } rtas_buf __attribute__((aligned(64))), stop_buf __attribute__((aligned(64)));
static u32 prom_args[10] __attribute__((aligned(64)));

static long hcall(u64 n, u64 a, u64 b, u64 c, u64 d)
{
	register u64 r3 asm("r3") = n;
	register u64 r4 asm("r4") = a;
	register u64 r5 asm("r5") = b;
	register u64 r6 asm("r6") = c;
	register u64 r7 asm("r7") = d;

	asm volatile("sc 1" : "+r" (r3), "+r" (r4), "+r" (r5), "+r" (r6), "+r" (r7)
		     : : "r0", "r8", "r9", "r10", "r11", "r12", "ctr", "xer", "cr0", "memory");
	return r3;
}

static void put(const char *s)
{
	u64 word[2];
	int n;

	while (*s) {
		word[0] = word[1] = 0;
		for (n = 0; n < 16 && *s; n++)
			word[n / 8] |= (u64)(u8)*s++ << (56 - 8 * (n % 8));
		while (hcall(H_PUT_TERM_CHAR, 0, n, word[0], word[1]) > 0)
			;		/* busy */
	}
}

static void put_number(u64 n)
{
	char buf[21], *p = buf + 20;

	*p = 0;
	do {
		*--p = '0' + n % 10;
	} while (n /= 10);
	put(p);
}

static void ok(int good, const char *what)
{
	if (!good)
		failed++;
	put(good ? "ok " : "not ok ");
	put_number(++tests);
	put(" - ");
	put(what);
	put("\n");
}

static int same(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

/* A cell that a flattened tree's node /rtas has as a property; 0: not there */
static u32 fdt_token(const char *name)
{
	const u32 *head = (const u32 *)fdt, *p = (const u32 *)(fdt + head[2]);
	const char *strings = (const char *)fdt + head[3];
	int i, in_rtas = 0;

	for (i = 0; i < MAX_TOKENS; i++) {
		switch (*p++) {
		case FDT_BEGIN_NODE:
			in_rtas = same((const char *)p, "rtas");
			while (*(const char *)p)
				p = (const u32 *)((const char *)p + 1);
			p = (const u32 *)(((u64)p + 4) & ~3ul);
			break;
		case FDT_PROP:
			if (in_rtas && same(strings + p[1], name))
				return p[2];
			p += 2 + (p[0] + 3) / 4;
			break;
		case FDT_END_NODE:
		case FDT_NOP:
			break;
		default:
			return 0;
		}
	}
	return 0;
}

static u32 of_call(const char *service, u32 nargs, u32 a, u32 b, u32 c, u32 d)
{
	prom_args[0] = (u32)(u64)service;
	prom_args[1] = nargs;
	prom_args[2] = 1;
	prom_args[3] = a;
	prom_args[4] = b;
	prom_args[5] = c;
	prom_args[6] = d;
	prom_args[3 + nargs] = -1;
	prom_call(prom_args, prom);
	return prom_args[3 + nargs];
}

static u32 of_token(const char *name)
{
	static u32 cell __attribute__((aligned(64)));
	u32 node = of_call("finddevice", 1, (u32)(u64)"/rtas", 0, 0, 0);

	cell = 0;
	if (node == (u32)-1 || of_call("getprop", 4, node, (u32)(u64)name, (u32)(u64)&cell, 4) != 4)
		return 0;
	return cell;
}

static u32 token(const char *name)
{
	return prom ? of_token(name) : fdt_token(name);
}

/* rtas_buf.args hold the arguments; returns the status, or -99 for a call that there is not */
static int rtas(const char *name, u32 nargs, u32 nret)
{
	rtas_buf.token = token(name);
	rtas_buf.nargs = nargs;
	rtas_buf.nret = nret;
	if (!rtas_buf.token || hcall(H_RTAS, (u64)&rtas_buf, 0, 0, 0))
		return -99;
	return rtas_buf.args[nargs];
}

static void test_console(void)
{
	const char *s = "# by display-character\n";
	int status = 0;

	for (; *s && !status; s++) {
		rtas_buf.args[0] = *s;
		status = rtas("display-character", 1, 1);
	}
	ok(!status, "display-character");
}

static void test_time(void)
{
	int status = rtas("get-time-of-day", 0, 8);

	ok(!status && rtas_buf.args[1] >= 2020 && rtas_buf.args[2] >= 1 && rtas_buf.args[2] <= 12,
	   "get-time-of-day: a year after 2020");
}

static u64 timebase(void)
{
	u64 tb;

	asm volatile("mftb %0" : "=r" (tb));
	return tb;
}

/* Some time for *p to become what is wanted */
static int becomes(volatile u64 *p, u64 want)
{
	u64 start = timebase();

	while (*p != want && timebase() - start < LONG)
		;
	return *p == want;
}

static void test_ticker(void)
{
	volatile u64 *ticks = (u64 *)TICKS;
	u64 i, msr;

	for (i = 0; i < (u64)(ticker_end - ticker); i += 4) {
		*(u32 *)(0x900 + i) = *(u32 *)(ticker + i);
		asm volatile("dcbst 0, %0; sync; icbi 0, %0; sync; isync" : : "r" (0x900 + i) : "memory");
	}
	*ticks = 0;
	asm volatile("mtdec %0" : : "r" (5120000));
	asm volatile("mfmsr %0" : "=r" (msr));
	asm volatile("mtmsrd %0, 1" : : "r" (msr | MSR_EE) : "memory");
	ok(becomes(ticks, 1), "a decrementer interrupt, taken big endian");
	asm volatile("mtmsrd %0, 1" : : "r" (msr & ~MSR_EE) : "memory");
}

void secondary_main(u64 arg)
{
	started = arg;
	while (!stopped)
		;
	hcall(H_RTAS, (u64)&stop_buf, 0, 0, 0);
	for (;;)
		;
}

static int cpu_state(u32 cpu)
{
	rtas_buf.args[0] = cpu;
	return rtas("query-cpu-stopped-state", 1, 2) ? -1 : (int)rtas_buf.args[2];
}

/* -smp 1: there is no processor 1 */
static void test_second(void)
{
	u64 start;

	if (cpu_state(1) != 0) {
		put("# one processor\n");
		return;
	}
	stop_buf.token = token("stop-self");
	stop_buf.nret = 1;
	rtas_buf.args[0] = 1;
	rtas_buf.args[1] = (u32)(u64)secondary;
	rtas_buf.args[2] = 4711;
	ok(!rtas("start-cpu", 3, 1), "start-cpu");
	ok(becomes(&started, 4711), "the second processor runs, with the argument it was given");
	ok(cpu_state(1) == 2, "query-cpu-stopped-state: not stopped");
	stopped = 1;
	start = timebase();
	while (cpu_state(1) != 0 && timebase() - start < LONG)
		;
	ok(cpu_state(1) == 0, "stop-self: stopped");
}

/* As Open Firmware and QEMU enter a kernel: r4 says nothing */
void pseries_main(u64 r3, u64 r4 __attribute__((unused)), u64 r5)
{
	volatile u64 *rebooted = (u64 *)REBOOTED;

	fdt = r3;
	prom = r3 && *(u32 *)r3 == FDT_MAGIC ? 0 : r5;
	if (*rebooted != 0x7265626f6f746564) {
		put("# started\n");
		*rebooted = 0x7265626f6f746564;
		ok(rtas("system-reboot", 0, 1) == 0, "system-reboot");
		put("not ok 0 - system-reboot returned\n");
		for (;;)
			;
	}
	*rebooted = 0;
	ok(1, prom ? "started again, by an Open Firmware" : "started again, as the firmware");
	test_console();
	test_time();
	test_ticker();
	test_second();
	put("1..");
	put_number(tests);
	put("\n");
	rtas_buf.args[0] = rtas_buf.args[1] = 0;
	rtas("power-off", 2, 1);
	put("not ok 0 - power-off returned\n");
	for (;;)
		;
}
