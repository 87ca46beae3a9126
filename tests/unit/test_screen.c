// SPDX-License-Identifier: GPL-2.0
/*
 * What hvtop shows, and what keys do: on a recording that it steps through, and on statistics that look like our
 * backend's. In both, two VMs appear and die.
 */
#include <stdio.h>
#include <unistd.h>
#include "fakedev.h"
#include "screen.h"

static void test_vms_appear_and_die(void **state)
{
	char head[128];

	(void)state;
	start(24, 80, "vt100");
	see("F10Quit");
	see("hvtop 60.000 s");
	snprintf(head, sizeof(head), "hvtop 60.000 s, kvm-hv of this project, by %s, 1 VM", recording);
	check_line(0, head);
	check_line(1, "2 vCPUs: 15 exits/s, 15 hcalls/s; guest 20% real 0% hv 65% user 0% idle 15%");
	check_line(2, "VMM        PID vCPU exits/s hcall/s   sw/s gu% rm% hv% us% id%   p50 us   p99 us");
	check_line(3, "hvrun       77    -      15      15      0  20   0  70   0  10     8.00     8.00");
	check_line(4, " `-         77    0      10      10      0  20   0  80   0   0     8.00     8.00");
	check_line(5, " `-         77    1       5       5      0  20   0  50   0  30     8.00     8.00");
	check_line(6, "");
	check_line(23, "F1Help  F2DetailF3SearchF4FilterF5Tree  F6Sort> F7ReversF8Pause F9Delay F10Quit");
	vt_type(&vt, "n");
	see("hvtop 120.000 s");
	check_line(3, "qemu-sy     88    -     100     100      0  20   0  80   0   0     8.00     8.00");
	check_line(5, "hvrun       77    -       1       1      0  20   0  80   0   0     8.00     8.00");
	vt_type(&vt, "n");
	see("hvtop 180.000 s");
	check_line(3, "qemu-sy     88    -       2       2      0  20   0  80   0   0     8.00     8.00");
	vt_type(&vt, "n");
	see("hvtop 240.000 s");
	check_line(3, "qemu-sy     88    -       3       3      0  20   0  80   0   0     8.00     8.00");
	check_line(4, " `-         88    2       3       3      0  20   0  80   0   0     8.00     8.00");
	check_line(5, " `-         88    1       0       0      0   0   0   0   0   0        -        -");
	check_line(6, "");
	quit();
}

static void test_keys(void **state)
{
	(void)state;
	start(24, 80, "vt100");
	see("hvtop 60.000 s");
	vt_type(&vt, "?");
	see("sort by the column to the left");
	vt_type(&vt, "\033OP");	/* F1 */
	see("  15      15 ");
	vt_type(&vt, "R");
	see("     8.00\n `-         77    1 ");
	vt_type(&vt, "Rt");	/* largest first again; no tree: the VM's row goes */
	see("p99 us\nhvrun       77    0 ");
	vt_type(&vt, "t\\vCPU 1\r");
	see("filter: vCPU 1");
	check_line(3, "hvrun       77    1       5       5      0  20   0  50   0  30     8.00     8.00");
	check_line(4, "");
	vt_type(&vt, "\\\b\b\b\b\b\bnothing\r");
	see("nothing matches the filter");
	vt_type(&vt, "\\\177\177\177\177\177\177\177\r");
	see("hvrun       77    - ");
	vt_type(&vt, "d5\r/vCPU 1\r");
	see("\nF1Help");	/* the prompt has gone */
	assert_true(vt.reverse[5][0]);
	vt_type(&vt, "p");
	see("PAUSED");
	quit();
}

static void test_detail(void **state)
{
	(void)state;
	start(24, 80, "vt100");
	see("hvtop 60.000 s");
	vt_type(&vt, "\r");
	see("VM of hvrun (77), 60.0 s:");
	see("SYSCALL ");
	see("H_ENTER  ");
	see("how long exits take");
	see(">=     4.096 us        900 ####") ;
	/* right below the rows, which need no more */
	check_line(6, "VM of hvrun (77), 60.0 s:");
	quit();
}

/* Half a number would be another one. */
static void test_detail_cuts_no_number(void **state)
{
	(void)state;
	start(24, 65, "vt100");
	see("hvtop 60.000 s");
	vt_type(&vt, "\r");
	see("VM of hvrun (77), 60.0 s:");
	see(">=     4.096 us        900 ######################################");
	check_line(7, "exits                       count  time %  mean us   p50 us");
	check_line(8, "SYSCALL                       900  100.00     8.00     8.00");
	quit();
}

/* Durations of ten powers of two, and fewer lines for them: two of them together on each, and none is left out. */
static void test_detail_has_all_durations(void **state)
{
	struct gen g;

	(void)state;
	gen_start(&g, false, true);
	for (uint64_t ns = 1100, n = 512; n; ns *= 2, n /= 2) {
		for (uint64_t i = 0; i < n; i++) {
			gen_enter(&g, 0);
			gen_wait(&g, 2000);
			gen_exit(&g, 0, 0xc00);
			gen_wait(&g, ns);
		}
	}
	gen_enter(&g, 0);
	tool_save(&g, "wide.data");
	vt_start(&vt, 18, 80, "vt100", (char *[]){ hvtop, "--replay", "wide.data", "-d", "60", NULL });
	see("hvtop 0.008 s");
	vt_type(&vt, "\r");
	see("how long exits take");
	see(">=     1.024 us        768 ########################################");
	see(">=     4.096 us        192 ##########");
	see(">=    16.384 us         48 ###");
	see(">=    65.536 us         12 #");
	see(">=   262.144 us          3 #");
	quit();
}

static void test_answers_that_will_not_do(void **state)
{
	(void)state;
	start(24, 80, "vt100");
	see("hvtop 60.000 s");
	vt_type(&vt, "dsoon\r");
	see("Delay in seconds, 0.1 to 86400: soon_");
	vt_type(&vt, "\177\177\177\1770.05\r");
	see("Delay in seconds, 0.1 to 86400: 0.05_");
	vt_type(&vt, "\033");
	see("\nF1Help");
	vt_type(&vt, "/nobody\r");
	see("Search: nobody_");
	vt_type(&vt, "\033");
	see("\nF1Help");
	quit();
}

static void test_reset(void **state)
{
	(void)state;
	start(24, 80, "vt100");
	see("hvtop 60.000 s");
	vt_type(&vt, "<tR\\vCPU 1\r");	/* by vCPU, flat, smallest first */
	see("filter: vCPU 1;");
	check_line(3, "hvrun       77    1       5       5      0  20   0  50   0  30     8.00     8.00");
	vt_type(&vt, "z");
	see("hvtop 120.000 s");
	check_line(3, "qemu-sy     88    -     100     100      0  20   0  80   0   0     8.00     8.00");
	check_line(5, "hvrun       77    -       1       1      0  20   0  80   0   0     8.00     8.00");
	quit();
}

static void test_help_and_back(void **state)
{
	(void)state;
	start(24, 80, "vt100");
	see("hvtop 60.000 s");
	vt_type(&vt, "h");
	see("PID      the VMM's process");
	/* nothing is cut off: a column's help ends before the line does */
	for (int y = 2; y < 23; y++)
		assert_int_equal(vt.cell[y][79], ' ');
	vt_type(&vt, "q");
	see("  15      15 ");
	vt_type(&vt, "h");
	see("PID      the VMM's process");
	vt_type(&vt, "\033");
	see("  15      15 ");
	quit();
}

/* On the smallest screen all of the help can be read. */
static void test_help_scrolls(void **state)
{
	(void)state;
	start(12, 60, "vt100");
	see("hvtop 60.000 s");
	vt_type(&vt, "h");
	see("Up and Down: more of this");
	check_line(2, "  h ? F1   this help, and back");
	vt_type(&vt, "jj");
	see("/ F3     search in name, PID and vCPU");
	check_line(2, "  / F3     search in name, PID and vCPU");
	for (int i = 0; i < 50; i++)
		vt_type(&vt, "j");
	see("mean us  mean duration");
	check_line(9, "  mean us  mean duration");
	vt_type(&vt, "hh");
	see("  h ? F1   this help, and back");
	vt_resize(&vt, 24, 80);
	see("mean us  mean duration");
	check_line(22, "");
	vt_type(&vt, "h");
	quit();
}

static void test_end_of_recording(void **state)
{
	(void)state;
	start(24, 80, "vt100");
	see("hvtop 60.000 s");
	vt_type(&vt, "nnnn");
	see("hvtop 240.000 s, THE END, kvm-hv");
	check_line(3, "qemu-sy     88    -       3       3      0  20   0  80   0   0     8.00     8.00");
	quit();
}

/* What it has of the last interval is shorter than the others. */
static void test_last_interval(void **state)
{
	(void)state;
	vt_start(&vt, 24, 80, "vt100", (char *[]){ hvtop, "--replay", recording, "-d", "170", NULL });
	see("hvtop 170.000 s");
	vt_type(&vt, "n");
	see("hvtop 240.000 s, ");
	check_line(3, "qemu-sy     88    -       3       3      0  20   0  80   0   0     8.00     8.00");
	quit();
}

/* A minute of a vCPU: 10 s in the guest, 20 in real mode, 3 switching, 6 in user space, 15 asleep; 6 are left. */
static void one_minute(struct fake_vcpu *v, unsigned int hcalls)
{
	fake_count(v, HV_ROW_HCALL, 4, hcalls, 20 * FAKE_HZ / hcalls, 1);
	fake_count(v, HV_ROW_EXIT, 0x980, 600, FAKE_HZ / 100, 0);
	v->v.guest += 30 * FAKE_HZ;
	v->v.switches += 3 * FAKE_HZ;
	v->v.user += 6 * FAKE_HZ;
	v->v.idle += 15 * FAKE_HZ;
}

static void after_a_minute(struct fake_dev *f)
{
	f->tb += 60 * FAKE_HZ;
	fake_write(f);
	vt_type(&vt, "n");
}

static void test_statistics(void **state)
{
	struct fake_dev f = { .tb = 1000 * FAKE_HZ };
	struct fake_vcpu *a, *b;

	(void)state;
	/* no process can have these numbers: /proc/sys/kernel/pid_max is 4194304 at most */
	a = fake_add(&f, 5000001, 1, 0);
	fake_add(&f, 0, 1, 1);	/* a vCPU that has not run yet */
	fake_write(&f);
	vt_start(&vt, 24, 80, "vt100", (char *[]){ hvtop, "-d", "3600", NULL });
	see("first numbers in 3600 s");
	one_minute(a, 6000);
	b = fake_add(&f, 5000002, 2, 3);
	b->v.created = b->v.since = f.tb + 60 * FAKE_HZ;	/* it has just come */
	after_a_minute(&f);
	see("by statistics, 2 VMs");
	check_line(1, "2 vCPUs: 110 exits/s, 100 hcalls/s; guest 17% real 33% hv 15% user 10% idle 25%");
	check_line(2, "VMM        PID vCPU exits/s hcall/s   sw/s gu% rm% hv% us% id%   p50 us   p99 us");
	check_line(3, "-       5000001   -     110     100     20  17  33  15  10  25  3178.49  15597.6");
	one_minute(a, 600);
	one_minute(b, 60000);
	after_a_minute(&f);
	see("5000002   3");
	check_line(3, "-       5000002   -    1010    1000     20  17  33  15  10  25   389.12   512.00");
	check_line(4, " `-     5000002   3    1010    1000     20  17  33  15  10  25   389.12   512.00");
	vt_type(&vt, "j");
	/* gone: it is shown no more, whatever its last numbers are */
	a->v.state = HV_STATE_GONE;
	a->v.since = f.tb;
	one_minute(b, 600);
	after_a_minute(&f);
	see("by statistics, 1 VM");
	vt_type(&vt, "\r");
	see("vCPU 3 of - (5000002), 60.0 s:");
	see("H_REMOVE ");
	see("how long exits take");
	b->v.state = HV_STATE_GONE;
	after_a_minute(&f);
	see("no guest has run yet");
	quit();
	unlink(FAKE_DEV);
}

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vms_appear_and_die),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_detail),
		cmocka_unit_test(test_detail_cuts_no_number),
		cmocka_unit_test(test_detail_has_all_durations),
		cmocka_unit_test(test_answers_that_will_not_do),
		cmocka_unit_test(test_reset),
		cmocka_unit_test(test_help_and_back),
		cmocka_unit_test(test_help_scrolls),
		cmocka_unit_test(test_end_of_recording),
		cmocka_unit_test(test_last_interval),
		cmocka_unit_test(test_statistics),
	};

	return screen_begin(argc, argv) ? 1 : cmocka_run_group_tests(tests, NULL, screen_end);
}
