// SPDX-License-Identifier: GPL-2.0
/* kvm-hv/siblings.c: QEMU has an LPIDR for each thread, so nothing of it shows in the lab. */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include "check.h"
#include <asm/cputhreads.h>
#include <asm/paca.h>
#include <linux/delay.h>
#include <linux/smp.h>
#include "../../kvm-hv/hv.h"

#define CPUS	24
#define CORE	8		/* the first thread of the core in the middle, which the test runs on */

u64 shim_cpu_features;
int threads_per_core, threads_per_subcore;
int shim_messages;

static struct paca_struct pacas[CPUS], *list[CPUS], before[CPUS];
struct paca_struct **paca_ptrs = list;
static int self;
static char log_line[400];
static long waited;			/* us */
static long sleeps_at[CPUS];		/* when a thread that is awake goes to sleep, -1: never */
static bool racing;

int smp_processor_id(void)
{
	return self;
}

void shim_log(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(log_line, sizeof(log_line), fmt, ap);
	va_end(ap);
}

void udelay(unsigned long us)
{
	if (racing) {
		sched_yield();
		return;
	}
	waited += us;
	for (int i = 0; i < CPUS; i++)
		if (sleeps_at[i] >= 0 && waited >= sleeps_at[i])
			pacas[i].kvm_hstate.hwthread_state = KVM_HWTHREAD_IN_IDLE;
}

/* All threads asleep, with what a thread may have left in its PACA */
static int fresh(void **state)
{
	(void)state;
	shim_cpu_features = 0;
	threads_per_core = threads_per_subcore = 8;
	shim_messages = 10;
	self = CORE;
	waited = 0;
	racing = false;
	log_line[0] = 0;
	memset(pacas, 0, sizeof(pacas));
	for (int i = 0; i < CPUS; i++) {
		list[i] = &pacas[i];
		sleeps_at[i] = -1;
		pacas[i].kvm_hstate.host_r1 = 0x1000 + i;
		pacas[i].kvm_hstate.kvm_vcpu = (void *)log_line;
		pacas[i].kvm_hstate.kvm_vcore = (void *)log_line;
		pacas[i].kvm_hstate.kvm_split_mode = (void *)log_line;
		pacas[i].kvm_hstate.napping = 1;
		pacas[i].kvm_hstate.hwthread_state = KVM_HWTHREAD_IN_IDLE;
	}
	memcpy(before, pacas, sizeof(pacas));
	return 0;
}

/* Threads first to last but for this one are held, or were, and no other is touched. */
static void check_held(int first, int last, bool held)
{
	for (int i = 0; i < CPUS; i++) {
		struct paca_struct want = before[i];

		if (i >= first && i <= last && i != self) {
			want.kvm_hstate.kvm_vcpu = NULL;
			want.kvm_hstate.kvm_vcore = NULL;
			want.kvm_hstate.kvm_split_mode = NULL;
			want.kvm_hstate.napping = 0;
			want.kvm_hstate.hwthread_req = held;
		}
		want.kvm_hstate.hwthread_state = pacas[i].kvm_hstate.hwthread_state;
		assert_memory_equal(&pacas[i], &want, sizeof(want));
	}
}

static void test_where(void **state)
{
	static const struct { u64 features; int threads; bool share; } c[] = {
		{ 0, 8, true }, { 0, 4, true }, { 0, 2, true }, { 0, 1, false },
		{ CPU_FTR_ARCH_300, 4, false }, { CPU_FTR_ARCH_300, 1, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(c); i++) {
		hv_siblings_share.on = false;
		shim_cpu_features = c[i].features;
		threads_per_core = threads_per_subcore = c[i].threads;
		hv_siblings_init();
		assert_int_equal(hv_siblings_share.on, c[i].share);
	}
	hv_siblings_share.on = false;
	threads_per_core = threads_per_subcore = 8;
	assert_int_equal(hv_siblings_hold(), 0);
	hv_siblings_release();
	assert_memory_equal(pacas, before, sizeof(pacas));
}

static void test_asleep(void **state)
{
	(void)state;
	hv_siblings_share.on = true;
	for (self = CORE; self < CORE + 8; self++) {
		int cpu = self;

		fresh(state);
		self = cpu;
		assert_int_equal(hv_siblings_hold(), 0);
		check_held(CORE, CORE + 7, true);
		hv_siblings_release();
		check_held(CORE, CORE + 7, false);
		assert_int_equal(waited, 0);
	}
}

/* A core that is split: the subcore's threads only; and another processor is another core's. */
static void test_subcores(void **state)
{
	(void)state;
	hv_siblings_share.on = true;
	for (int threads = 1; threads <= 8; threads *= 2)
		for (int first = 0; first < CPUS; first += threads) {
			fresh(state);
			threads_per_subcore = threads;
			self = first;
			assert_int_equal(hv_siblings_hold(), 0);
			check_held(first, first + threads - 1, true);
			hv_siblings_release();
			check_held(first, first + threads - 1, false);
		}
}

/* One that is in the loop already, as after a stay that was over quickly */
static void test_in_loop(void **state)
{
	(void)state;
	hv_siblings_share.on = true;
	pacas[CORE + 3].kvm_hstate.hwthread_state = KVM_HWTHREAD_IN_KVM;
	assert_int_equal(hv_siblings_hold(), 0);
	assert_int_equal(waited, 0);
	check_held(CORE, CORE + 7, true);
}

/* Awake for a while: 10 ms are for all of them, and are not exceeded. */
static void test_awake(void **state)
{
	static const long times[] = { 1, 2, 500, 9999, 10000, 10001 };

	hv_siblings_share.on = true;
	for (size_t k = 0; k < ARRAY_SIZE(times); k++)
		for (int who = CORE + 1; who < CORE + 8; who++) {
			long first = times[k] / 2;

			fresh(state);
			for (int i = who; i < CORE + 8; i += 2) {
				pacas[i].kvm_hstate.hwthread_state = KVM_HWTHREAD_IN_KERNEL;
				sleeps_at[i] = i == who ? times[k] : first;
			}
			assert_int_equal(hv_siblings_hold(), times[k] <= 10000 ? 0 : -EBUSY);
			assert_int_equal(waited, times[k] <= 10000 ? times[k] : 10000);
			check_held(CORE, CORE + 7, times[k] <= 10000);
			assert_int_equal(!log_line[0], times[k] <= 10000);
		}
}

/* Never asleep: the message names it, and not too often; a second try is like the first. */
static void test_never(void **state)
{
	(void)state;
	hv_siblings_share.on = true;
	shim_messages = 1;
	for (int try = 0; try < 2; try++) {
		pacas[CORE + 5].kvm_hstate.hwthread_state = KVM_HWTHREAD_IN_KERNEL;
		waited = 0;
		assert_int_equal(hv_siblings_hold(), -EBUSY);
		assert_int_equal(waited, 10000);
		check_held(CORE, CORE + 7, false);
	}
	assert_non_null(strstr(log_line, "CPU 13 "));
	/* and when it does sleep, a guest can run */
	pacas[CORE + 5].kvm_hstate.hwthread_state = KVM_HWTHREAD_IN_IDLE;
	assert_int_equal(hv_siblings_hold(), 0);
	check_held(CORE, CORE + 7, true);
}

/*
 * Three threads that do what Linux's do when they wake (power7_offline, and
 * kvm_no_guest), over and over: with a guest on the core none has its MMU on.
 */
#define ROUNDS	1000000
static int mmu_on[CORE + 4], guest, bad, over;
#define GET(x)		__atomic_load_n(&(x), __ATOMIC_RELAXED)
#define PUT(x, v)	__atomic_store_n(&(x), v, __ATOMIC_RELAXED)

static void in_kernel(int cpu, u32 n)
{
	__atomic_store_n(&mmu_on[cpu], 1, __ATOMIC_SEQ_CST);
	while (n--)
		if (GET(guest))
			PUT(bad, 1);
	__atomic_store_n(&mmu_on[cpu], 0, __ATOMIC_SEQ_CST);
}

static void *sibling(void *arg)
{
	int cpu = *(int *)arg;
	struct kvmppc_host_state *h = &pacas[cpu].kvm_hstate;
	u32 seed = cpu;

	while (!GET(over)) {
		seed = seed * 1103515245 + 12345;
		__atomic_store_n(&h->hwthread_state, KVM_HWTHREAD_IN_IDLE, __ATOMIC_RELEASE);
		for (u32 n = seed >> 24; n; n--)
			__asm__ __volatile__("" : : : "memory");
		PUT(h->hwthread_state, KVM_HWTHREAD_IN_KERNEL);
		smp_mb();
		while (GET(h->hwthread_req)) {
			PUT(h->hwthread_state, KVM_HWTHREAD_IN_KVM);
			while (GET(h->hwthread_req) && !GET(over))
				sched_yield();
			if (GET(over))
				return NULL;
			PUT(h->hwthread_state, KVM_HWTHREAD_IN_KERNEL);
			smp_mb();
		}
		in_kernel(cpu, seed >> 26);
		if (!(seed & 0xf00))
			sched_yield();
	}
	return NULL;
}

static void test_race(void **state)
{
	pthread_t t[3];
	int cpu[3], ran = 0, err;

	(void)state;
	hv_siblings_share.on = true;
	racing = true;
	threads_per_core = threads_per_subcore = 4;
	for (int i = 0; i < 3; i++) {
		cpu[i] = CORE + 1 + i;
		assert_int_equal(pthread_create(&t[i], NULL, sibling, &cpu[i]), 0);
	}
	for (int round = 0; round < ROUNDS && !GET(bad); round++) {
		err = hv_siblings_hold();
		if (err)
			continue;	/* this machine is slow: not what is tested */
		ran++;
		__atomic_store_n(&guest, 1, __ATOMIC_SEQ_CST);
		for (int n = round & 0xff; n >= 0; n--)
			for (int i = 0; i < 3; i++)
				if (GET(mmu_on[cpu[i]]))
					PUT(bad, 1);
		__atomic_store_n(&guest, 0, __ATOMIC_SEQ_CST);
		hv_siblings_release();
	}
	PUT(over, 1);
	for (int i = 0; i < 3; i++)
		pthread_join(t[i], NULL);
	assert_false(bad);
	assert_true(ran > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_where, fresh),
		cmocka_unit_test_setup(test_asleep, fresh),
		cmocka_unit_test_setup(test_subcores, fresh),
		cmocka_unit_test_setup(test_in_loop, fresh),
		cmocka_unit_test_setup(test_awake, fresh),
		cmocka_unit_test_setup(test_never, fresh),
		cmocka_unit_test_setup(test_race, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
