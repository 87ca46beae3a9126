// SPDX-License-Identifier: GPL-2.0
/* kvm-pr's trace events, which say neither which vCPU nor which hypercall: from their formats to statistics. */
#include <stdio.h>
#include <string.h>
#include "check.h"
#include "../../tools/common/columns.h"
#include "../../tools/common/names.h"
#include "../../tools/common/source.h"
#include "../../tools/common/stats.h"

#define HEAD(name, id) "name: " name "\nID: " id "\nformat:\n" \
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n" \
	"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n" \
	"\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n" \
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"

/* As Linux 6.12 has them */
static const char exit_format[] = HEAD("kvm_exit", "646")
	"\tfield:unsigned int exit_nr;\toffset:8;\tsize:4;\tsigned:0;\n"
	"\tfield:unsigned long pc;\toffset:16;\tsize:8;\tsigned:0;\n"
	"\tfield:unsigned long msr;\toffset:24;\tsize:8;\tsigned:0;\n"
	"\tfield:unsigned long dar;\toffset:32;\tsize:8;\tsigned:0;\n"
	"\tfield:unsigned long srr1;\toffset:40;\tsize:8;\tsigned:0;\n"
	"\tfield:unsigned long last_inst;\toffset:48;\tsize:8;\tsigned:0;\n"
	"\nprint fmt: \"exit=%u\", REC->exit_nr\n";
static const char reenter_format[] = HEAD("kvm_book3s_reenter", "647")
	"\tfield:unsigned int r;\toffset:8;\tsize:4;\tsigned:0;\n"
	"\tfield:unsigned long pc;\toffset:16;\tsize:8;\tsigned:0;\n"
	"\nprint fmt: \"reentry r=%d\", REC->r\n";
static const char wakeup_format[] = HEAD("kvm_vcpu_wakeup", "631")
	"\tfield:__u64 ns;\toffset:8;\tsize:8;\tsigned:0;\n"
	"\nprint fmt: \"%lld\", REC->ns\n";

static struct hv_decoder *d;
static struct hv_stats *s;
static uint64_t now;
static int pid, tid;

static int add(struct hv_record *r, void *arg)
{
	(void)arg;
	r->when = r->time;
	return hv_stats_add(s, r);
}

static void event(uint16_t id, uint64_t at_8, uint64_t msr, uint64_t last_inst)
{
	uint64_t raw[7] = { id, at_8, 0x1000, msr, 0, 0, last_inst };
	struct hv_record r = { .time = now, .pid = pid, .tid = tid, .cpu = 0 };

	assert_int_equal(hv_decode(d, raw, sizeof(raw), &r, add, NULL), 1);
}

static void leave(uint64_t ns, unsigned int trap, uint64_t msr, uint32_t inst)
{
	now += ns;
	event(646, trap, msr, inst);
}

static void reenter(uint64_t ns, int r)
{
	now += ns;
	event(647, (uint32_t)r, 0, 0);
}

static void wakeup(uint64_t ns, uint64_t slept)
{
	now += ns;
	event(631, slept, 0, 0);
}

static int setup(void **state)
{
	(void)state;
	d = hv_decoder_new(__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__, 8);
	assert_int_equal(hv_decoder_add(d, "kvm", wakeup_format, strlen(wakeup_format)), 0);
	assert_int_equal(hv_decoder_add(d, "kvm_pr", exit_format, strlen(exit_format)), 0);
	assert_int_equal(hv_decoder_add(d, "kvm_pr", reenter_format, strlen(reenter_format)), 0);
	s = hv_stats_new();
	hv_stats_setup(s, d, &HV_CLOCK_POWER);
	now = 1000;
	pid = 70;
	tid = 75;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	hv_stats_free(s);
	hv_decoder_free(d);
	return 0;
}

static void test_exits_and_times(void **state)
{
	const struct hv_reason *r;
	struct hv_sums sums = { 0 };
	struct hv_row row = { 0 };
	struct hv_vcpu *v;

	(void)state;
	assert_string_equal(hv_backend_name(d), "kvm-pr");
	reenter(0, 0);
	leave(2000, 0x700, 0x1000, 0x7db143a6);	/* 2 us in the guest, 3 us for its instruction */
	reenter(3000, 1);
	leave(1000, 0xc00, 0x1000, 0x44000022);	/* a hypercall that sleeps: 100 us, and 4 around them */
	wakeup(103000, 100000);
	reenter(1000, 0);
	leave(1000, 0xc00, 0x5000, 0x44000022);	/* a hypercall is none in problem state */
	reenter(1000, 0);
	leave(1000, 0xc00, 0x1000, 0x44000002);	/* a system call of the guest's own */
	reenter(1000, 0);
	leave(1000, 0xc00, 0x1000, 0x44000022);	/* to user space: how long it took is not known */
	reenter(5000, 2);
	leave(900000, 0x900, 0x1000, 0);
	reenter(2000, -4);			/* a signal */
	leave(800000, 0x900, 0x1000, 0);
	reenter(2000, 0);
	assert_int_equal(s->nr_vcpus, 1);
	v = s->vcpus[0];
	assert_int_equal(v->id, 0);
	assert_int_equal(v->lpid, -1);
	r = hv_table_find(&v->exits, 0xc00);
	assert_int_equal(r->count, 4);
	assert_int_equal(r->hist.count, 3);
	assert_int_equal(r->hist.sum, 104000 + 1000 + 1000);
	assert_int_equal(hv_table_find(&v->exits, 0x700)->hist.sum, 3000);
	assert_int_equal(hv_table_find(&v->exits, 0x900)->count, 2);
	assert_int_equal(hv_table_find(&v->exits, 0x900)->hist.sum, 2000);
	r = hv_table_find(&v->hcalls, HV_OTHERS);
	assert_int_equal(r->count, 2);
	assert_int_equal(r->hist.sum, 104000);
	assert_int_equal(v->hcalls.nr_reasons, 1);
	assert_int_equal(v->spent[HV_SPAN_GUEST].sum, 6000);
	assert_int_equal(v->spent[HV_SPAN_IDLE].sum, 100000);
	hv_sums_add(&sums, v);
	hv_fill_shares(&row, &sums);
	assert_true(row.user < 0);
	assert_true(row.idle > 0.85 && row.idle < 0.86);
	hv_sums_free(&sums);
}

/* Threads get their vCPU's number in order of appearance, in each process. */
static void test_numbers(void **state)
{
	(void)state;
	for (int round = 0; round < 2; round++) {
		for (pid = 70; pid < 72; pid++) {
			for (tid = 90; tid > 87; tid--) {
				leave(10, 0x500, 0, 0);
				reenter(10, 0);
			}
		}
	}
	assert_int_equal(s->nr_vcpus, 6);
	hv_stats_sort(s);
	for (int i = 0; i < 6; i++) {
		assert_int_equal(s->vcpus[i]->pid, 70 + i / 3);
		assert_int_equal(s->vcpus[i]->id, i % 3);
		assert_int_equal(s->vcpus[i]->key, 90 - i % 3);
		assert_int_equal(s->vcpus[i]->enters, 2);
	}
}

/* Any backend's threads sleep. */
static void test_wakeup_alone_makes_no_vcpu(void **state)
{
	(void)state;
	wakeup(10, 5);
	assert_int_equal(s->nr_vcpus, 0);
}

/* x86 has a kvm_exit as well, in another system, and events of the same system that say nothing here. */
static void test_others_are_ignored(void **state)
{
	static const char other[] = HEAD("kvm_exit", "700") "print fmt: \"\"\n", fpu[] = HEAD("kvm_fpu", "701") "print fmt: \"\"\n";

	(void)state;
	assert_int_equal(hv_decoder_add(d, "kvm", other, strlen(other)), 0);
	assert_int_equal(hv_decoder_add(d, "kvm", fpu, strlen(fpu)), 0);
	assert_int_equal(hv_decoder_id(d, HV_kvm_exit), 646);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_exits_and_times, setup, teardown),
		cmocka_unit_test_setup_teardown(test_numbers, setup, teardown),
		cmocka_unit_test_setup_teardown(test_wakeup_alone_makes_no_vcpu, setup, teardown),
		cmocka_unit_test_setup_teardown(test_others_are_ignored, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
