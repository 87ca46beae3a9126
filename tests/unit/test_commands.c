// SPDX-License-Identifier: GPL-2.0
/* hvtrace's other commands on recordings made here, and all of them on such as are not like others. */
#include <string.h>
#include "commands.h"

static void test_script(void **state)
{
	struct gen g;

	(void)state;
	make_two("two", false, true);
	shows("script -i two", "          hvrun     77/78     [000] 0.000000000 kvm_guest_enter: VCPU 0: pc=0x1000 ");
	shows("script -i two", "0.000007000 kvm_hcall_enter: VCPU 0: hcall=H_ENTER GPR4-7=0x4,0x5,0x6,0x7 lpid=3 tb=");
	shows("script -i two --fields time,event,trap,req,pid --pid 88 --time 0.000098,",
	      "0.000098000\tkvm_guest_enter\t-\t-\t88\n0.000100000\tkvm_guest_exit\tSYSCALL\t-\t88\n");
	shows("script --help", " hcall_rc");
	assert_int_equal(run("script -i two --fields time,nosuch"), 1);
	gen_start(&g, false, true);
	gen_time_conv(&g, 512000000);
	gen_hcalls(&g, 0, 8, 2);
	gen_lost(&g, 42);
	gen_hcalls(&g, 0, 8, 2);
	tool_save(&g, "lost");
	shows("script -i lost --time 0.00002,0.00003", "LOST 42 events on CPU 0\n");
	hides("script -i lost --time ,0.00002", "LOST");
	hides("export -i lost --to json --time 0.00003,", "lost");
	make_two("big", true, false);
	shows("script -i big", "0.000007000 kvm_hcall_enter: VCPU 0: hcall=H_ENTER GPR4-7=0x4,0x5,0x6,0x7 flags=0x4 ");
}

/* 30 hypercalls in exits that last so long, and one that only this one has. */
static void make_side(const char *name, uint64_t ns, uint64_t own)
{
	struct gen g;

	gen_start(&g, false, true);
	for (int i = 0; i < 30; i++) {
		gen_enter(&g, 0);
		gen_wait(&g, 2000 + i % 7);
		gen_exit(&g, 0, 0xc00);
		gen_hcall(&g, 0, 8);
		gen_wait(&g, ns + 100 * (i % 5));
	}
	gen_hcalls(&g, 0, own, 1);
	tool_save(&g, name);
}

/* 16 hypercalls, 8 times each. */
static void make_many(const char *name, uint64_t ns)
{
	struct gen g;

	gen_start(&g, false, true);
	for (int i = 0; i < 16 * 8; i++) {
		gen_enter(&g, 0);
		gen_wait(&g, 2000 + i % 7);
		gen_exit(&g, 0, 0xc00);
		gen_hcall(&g, 0, 4 + 4 * (i % 16));
		gen_wait(&g, ns + i % 5);
	}
	gen_enter(&g, 0);
	tool_save(&g, name);
}

static void test_diff(void **state)
{
	(void)state;
	make_side("a", 5000, 0x4);
	make_side("b", 9000, 0x18);
	make_side("c", 5000, 0x4);
	shows("diff a b", "A: a: ");
	shows("diff a b", "\nH_ENTER                       30        30    1.00      5.20      9.20    1.77 ");
	if (!strstr(tool_output, "+0.120  B slower\n") || !strstr(tool_output, "only in A\n") || !strstr(tool_output, "only in B\n"))
		fail_msg("%s", tool_output);
	/* what is not there has no durations, not such of 0 */
	shows("diff a b", "\nH_REMOVE                       1         0       -      5.00         -       -      5.00         - ");
	shows("diff b a", "-0.120  B faster\n");
	shows("diff a c", "+0.000  same\n");
	hides("diff a c", "slower\n");
	shows("diff a b --json", "\"significant\":true}");
	shows("diff a b --json", "\"verdict\":\"B slower\",");
	shows("diff b a --json", "\"verdict\":\"B faster\",");
	assert_int_equal(run("diff a b --json | python3 -c 'import json,sys; json.load(sys.stdin)'"), 0);
	/* all are longer, but among so many rows 8 can't tell; 128 can */
	make_many("a", 5000);
	make_many("b", 5400);
	shows("diff a b", "\nH_ENTER                        8         8    1.00      5.00      5.40    1.08 ");
	shows("diff a b | grep H_ENTER", "too few\n");
	shows("diff a b | grep SYSCALL", "B slower\n");
	assert_int_equal(run("diff a"), 1);
	assert_int_equal(run("diff a nosuch"), 1);
}

static void test_timeline(void **state)
{
	struct gen g;

	(void)state;
	gen_start(&g, false, true);
	gen_comm(&g, 77, "<vmm>");
	gen_enter(&g, 0);
	gen_wait(&g, 50000000);
	gen_exit(&g, 0, 0xc00);
	gen_wait(&g, 10000000);
	gen_hcall(&g, 0, 0xe0);
	gen_wait(&g, 30000000);
	gen_switch(&g, 0, true, 5120000);	/* the last 10 ms of it */
	gen_enter(&g, 0);
	gen_wait(&g, 10000000);
	gen_exit(&g, 0, 0x500);
	tool_save(&g, "line");
	shows("timeline -i line --width 10", "\n<vmm> 77 vCPU 0          GGGGGh--sG\n");
	shows("timeline -i line --time 0.049,0.101 --width 10", "\n<vmm> 77 vCPU 0          ");
	shows("timeline -i line --time 0.049,0.101 --width 10", " s from left to right, from 0.049000 s on, ");
	shows("timeline -i line --time 0.049,0.101 --svg", "\">0.049</text>");
	shows("timeline -i line --svg", ">&#60;vmm&#62; 77 vCPU 0</text>");
	assert_int_equal(run("timeline -i line --svg | python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.stdin)'"), 0);
	assert_int_equal(run("timeline -i line --width 5"), 1);
	gen_start(&g, false, true);
	for (int i = 0; i < 1025; i++)
		gen_hcalls(&g, i, 8, 1);
	tool_save(&g, "line");
	shows("timeline -i line --svg", "hvtrace: more than 1024 vCPUs: the picture shows the first");
	/* names of different lengths, and longer than usual: the pictures begin in one column */
	gen_start(&g, false, true);
	gen_comm(&g, g.pid = 1234567, "qemu-system-ppc");
	gen_hcalls(&g, 9, 8, 1);
	gen_hcalls(&g, 10, 8, 1);
	tool_save(&g, "line");
	shows("timeline -i line --width 26", "\nqemu-system 1234567 vCPU 9  GGGhh");
	shows("timeline -i line --width 26", "\nqemu-system 1234567 vCPU 10 ...........");
}

/* All commands on a recording of the batch event, of either endianness. */
static void test_batches(void **state)
{
	struct gen g;

	(void)state;
	make_times_py();
	for (int big = 0; big < 2; big++) {
		gen_round_trips(&g, big, 8);
		tool_save(&g, "batch");
		shows("report -i batch", "\nof it 0.012 ms in real mode, 0.041 ms switching partitions, 0.039 ms in the module,"
		      " 0.080 ms in the VMM\n");
		shows("report -i batch", "\nhcall 0xf7fc                    8   93.02    20.00 ");
		shows("report -i batch --json", "\"real_mode_ns\":12000,");
		shows("diff batch batch", "\nin the module                  8         8    1.00      5.00      5.00 ");
		shows("script -i batch --fields time,event,trap,where --time 0.000002,0.000003",
		      "0.000002000\tkvm_guest_exit\tSYSCALL\treal mode\n0.000002000\tkvm_hcall_enter\t-\t-\n"
		      "0.000002500\tkvm_hcall_exit\t-\treal mode\n0.000002500\tkvm_guest_enter\t-\treal mode\n");
		shows("timeline -i batch --width 27 --time 0,0.000027", "\nhvrun 77 vCPU 0          ");
		shows("export -i batch --to csv", ",hvrun,kvm_hcall_user,0,");
		shows("export -i batch --to folded", "hvrun-77;vCPU 0;SYSCALL;hcall 0xf7fc;user space 80000\n");
		assert_int_equal(run("export -i batch --to perf.data -o exact"), 0);
		/* other files of the recording say the same as before, and each record has its own time */
		if (run("script -i batch --fields time,pid,tid,event,vcpu_id,trap,req,ret,pc >a;"
			"\"$HVTRACE\" script -i exact --fields time,pid,tid,event,vcpu_id,trap,req,ret,pc >b; cmp a b"))
			fail_msg("%s", tool_output);
		if (run("export -i exact --to perf.data -o again; python3 times.py again >b; cut -f 1 a | cmp - b"))
			fail_msg("%s", tool_output);
		shows("report -i exact", "\nhcall 0xf7fc                    8 ");
	}
	assert_int_equal(run("export -i batch --to perf.data -o x --lpid 3"), 1);
}

static void make_unfinished(const char *name, bool big, bool batches, bool finish)
{
	struct gen g;

	if (batches)
		gen_start_batches(&g, big);
	else
		gen_start(&g, big, true);
	gen_features_first(&g);
	gen_time_conv(&g, 512000000);
	gen_comm(&g, 77, "hvrun");
	for (int i = 0; batches && i < 3; i++) {
		gen_round_trip(&g);
		gen_batch_end(&g, 0);
	}
	if (!batches)
		gen_hcalls(&g, 0, 0x8, 5);
	if (finish)
		gen_finish(&g);
	else
		gen_kill(&g);
	tool_write(name, g.data, finish ? g.len : g.len - 20);
	gen_free(&g);
}

/* What a recorder leaves that was killed in the middle of its last record: all commands say so, and show what there is. */
static void test_unfinished(void **state)
{
	static const char told[] = "hvtrace: cut: INCOMPLETE: its recorder was killed";

	(void)state;
	for (int kind = 0; kind < 4; kind++) {
		make_unfinished("cut", kind & 1, kind & 2, false);
		make_unfinished("whole", kind & 1, kind & 2, true);
		shows("report -i cut", " s\nINCOMPLETE: its recorder was killed, or still runs.");
		hides("report -i cut", told);
		hides("report -i whole", "INCOMPLETE");
		shows("report -i cut --json", "\"incomplete\":true,");
		shows("report -i cut --json", told);
		shows("report -i whole --json", "\"incomplete\":false,");
		shows("report -i cut --csv", told);
		shows("script -i cut", told);
		shows("timeline -i cut", told);
		shows("export -i cut --to folded", told);
		shows("diff cut whole", "\nA: INCOMPLETE: its recorder was killed");
		shows("diff --json whole cut", "\"incomplete\":true,");
		/* the export is a whole recording of what there is */
		assert_int_equal(run("export -i cut --to perf.data -o exact"), 0);
		hides("report -i exact", "INCOMPLETE");
		shows("report -i exact", "recorded on: powerhost\n");
		if (run("script -i cut --fields time,event,trap,req 2>/dev/null >a;"
			"\"$HVTRACE\" script -i exact --fields time,event,trap,req >b; cmp a b"))
			fail_msg("%s", tool_output);
	}
	make_unfinished("cut", false, false, false);
	shows("report -i cut", ": 20 events in ");	/* of 21 */
}

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_script),
		cmocka_unit_test(test_diff),
		cmocka_unit_test(test_timeline),
		cmocka_unit_test(test_batches),
		cmocka_unit_test(test_unfinished),
	};

	return commands_begin(argc, argv) ? 1 : cmocka_run_group_tests(tests, NULL, commands_end);
}
