// SPDX-License-Identifier: GPL-2.0
/* hvtrace report: what it prints of recordings made here, as people and programs read it. */
#include <stdio.h>
#include <string.h>
#include "commands.h"

static void test_report_text(void **state)
{
	(void)state;
	make_two("two", false, true);
	shows("report -i two", "two: 51 events in 0.000 s\nlost: 0 events\nrecorded on: powerhost\n");
	shows("report -i two", "\n== all VMs ==\n");
	shows("report -i two", "\nhvrun       77    3          8 ");
	shows("report -i two", "== VM of process 77 (hvrun), LPID 3 ==\n\n-- 2 vCPUs: 10 guest entries, ");
	shows("report -i two", "\n-- vCPU 1: 4 guest entries, ");
	shows("report -i two", "\nH_ENTER                         5   50.00     5.00     5.00     5.00 ");
	shows("report -i two", "\nhcall 0xf7fc                    4 ");
	/* H_CEDE's time is the vCPU's sleep */
	shows("report -i two", "\nof it 0.105 ms in the module, 0.015 ms idle\n");
	shows("report -i two", "\nwhere in the guest, by time:\n");
	shows("report -i two", "\n0x1000                          8  100.00 ");
}

static void test_report_select(void **state)
{
	(void)state;
	make_two("two", false, true);
	hides("report -i two --pid 88", "VM of process 77");
	shows("report -i two --pid 88", ": 17 events in");
	shows("report -i two --lpid 4", ": 17 events in");
	shows("report -i two --vcpu 1", ": 13 events in");
	shows("report -i two --time 0,0", ": 1 events in");
	shows("report -i two --time ,0.000012", ": 5 events in");
	assert_int_equal(run("report -i two --time 2,1"), 1);
	assert_int_equal(run("report -i two --vcpu x"), 1);
	shows("report -i two --pid 99", "\nno guest ran in it, or none that is selected\n");
	shows("timeline -i two --pid 99", "\nno guest ran in it, or none that is selected\n");
	hides("report -i two --pid 88", "no guest ran");
	assert_int_equal(run("report -i two --json --csv"), 1);
	assert_non_null(strstr(tool_output, "exclude each other"));
}

static void test_report_data(void **state)
{
	(void)state;
	make_two("two", false, true);
	shows("report -i two --json", "\"vmm\":\"qemu, \\\"x\\\"\"");
	shows("report -i two --json", "{\"number\":8,\"name\":\"H_ENTER\",\"count\":5,\"share\":0.5,\"min_ns\":5000,");
	shows("report -i two --csv", "\n88,4,\"qemu, \"\"x\"\"\",0,exits,0xc00,SYSCALL,4,1,10000,");
	shows("report -i two --csv", "\n77,3,hvrun,,pcs,0x1000,0x1000,8,1,10000,");
	assert_int_equal(run("report -i two --json | python3 -c 'import json,sys; json.load(sys.stdin)'"), 0);
	make_two("big", true, false);
	shows("report -i big --json", "{\"number\":8,\"name\":\"H_ENTER\",\"count\":5,\"share\":0.5,\"min_ns\":5000,");
	hides("report -i big --json", "lpid");
}

static void test_report_symbols(void **state)
{
	static const char map[] = "c000000000000f00 T before\nc000000000001000 T first\n"
				  "c000000000001004 t second\nc000000000009000 T last\n";
	char args[512];

	(void)state;
	make_two("two", false, true);
	tool_write("System.map", map, strlen(map));
	shows("report -i two --symbols System.map", "\nfirst                           8 ");
	assert_int_equal(run("report -i two --symbols /"), 1);
	assert_non_null(strstr(tool_output, "/: cannot read: Is a directory"));
	assert_int_equal(run("report -i two --symbols two"), 1);
	assert_non_null(strstr(tool_output, "neither a System.map nor an ELF file"));
	/* An ELF file with a symbol table, none of whose functions is there: hvtrace itself. */
	snprintf(args, sizeof(args), "report -i two --symbols %s", hvtrace);
	shows(args, "\n[unknown]                       8 ");
}

static void test_report_losses(void **state)
{
	struct gen g;

	(void)state;
	gen_start(&g, false, true);
	gen_hcalls(&g, 0, 8, 2);
	g.cpu = 3;
	gen_lost(&g, 42);
	gen_hcalls(&g, 0, 8, 2);
	tool_save(&g, "lost");
	shows("report -i lost", "\nLOST: 42 events. Counts are too low, and durations around the gaps are left out.\n"
				"  CPU 3: 42\n");
	shows("report -i lost --json", "\"lost\":42,\n \"lost_by_cpu\":{\n  \"3\":42}");
	shows("report -i lost --csv", "hvtrace: LOST: 42 events.");
	shows("export -i lost --to csv -o lost.csv; grep lost lost.csv", ",3,,,,lost 42,,,");
	shows("--version; python3 -c 'import csv; print(len({len(row) for row in csv.reader(open(\"lost.csv\"))}), \"width\")'", "1 width");
}

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_report_text),
		cmocka_unit_test(test_report_select),
		cmocka_unit_test(test_report_data),
		cmocka_unit_test(test_report_symbols),
		cmocka_unit_test(test_report_losses),
	};

	return commands_begin(argc, argv) ? 1 : cmocka_run_group_tests(tests, NULL, commands_end);
}
