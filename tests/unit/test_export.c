// SPDX-License-Identifier: GPL-2.0
/* hvtrace export: recordings made here, in the formats of others. */
#include <stdio.h>
#include <string.h>
#include "commands.h"

static void test_export_rows(void **state)
{
	(void)state;
	make_two("two", false, true);
	shows("export -i two --to csv", "\n1002000,0,77,78,hvrun,kvm_guest_exit,0,SYSCALL,,3,");
	shows("export -i two --to csv", ",\"qemu, \"\"x\"\"\",kvm_guest_enter,0,");
	shows("export -i two --to json", "\"event\":\"kvm_guest_exit\",\"vcpu_id\":0,\"trap\":\"SYSCALL\",\"lpid\":3,");
	assert_int_equal(run("export -i two --to json | python3 -c 'import json,sys; assert len(json.load(sys.stdin)) == 51'"), 0);
	assert_int_equal(run("export -i two --to nonsense"), 1);
	assert_int_equal(run("export -i two"), 1);
}

static void test_export_spans(void **state)
{
	(void)state;
	make_two("two", false, true);
	shows("export -i two --to chrome", "{\"ph\":\"X\",\"name\":\"H_ENTER\",\"cat\":\"kvm_hv\",\"pid\":77,\"tid\":0,"
	      "\"ts\":7.000,\"dur\":5.000}");
	shows("export -i two --to chrome", "{\"ph\":\"M\",\"name\":\"process_name\",\"pid\":88,\"tid\":2,\"args\":{\"name\":\"qemu, \\\"x\\\"\"}}");
	shows("export -i two --to chrome", "{\"ph\":\"M\",\"name\":\"thread_name\",\"pid\":77,\"tid\":1,\"args\":{\"name\":\"vCPU 1, LPID 3\"}}");
	assert_int_equal(run("export -i two --to chrome | python3 -c 'import json,sys; json.load(sys.stdin)'"), 0);
	shows("export -i two --to folded", "hvrun-77;vCPU 0;SYSCALL;H_ENTER 25000\n");
	shows("export -i two --to folded", "hvrun-77;vCPU 1;SYSCALL;H_CEDE;idle 15000\n");
	shows("export -i two --to folded", "qemu,_\"x\"-88;vCPU 0;guest 8000\n");
}

static void check_starts(const char *name)
{
	static const char check[] =
		"import json, sys\n"
		"ts = [e['ts'] for e in json.load(sys.stdin)['traceEvents'] if 'ts' in e]\n"
		"assert min(ts) == 0, min(ts)\n";
	char args[128];

	tool_write("starts.py", check, strlen(check));
	snprintf(args, sizeof(args), "export -i %s --to chrome | python3 starts.py", name);
	if (run(args))
		fail_msg("%s: %s", name, tool_output);
}

/* Before the first event that is told of, a partition switch has begun. */
static void test_export_starts_at_a_switch(void **state)
{
	struct gen g;

	(void)state;
	for (int big = 0; big < 2; big++) {
		gen_round_trips(&g, big, 3);
		tool_save(&g, "batch");
		check_starts("batch");
	}
	shows("export -i batch --to chrome", "\"name\":\"switch to the guest\",\"cat\":\"kvm_hv\",\"pid\":77,\"tid\":0,"
	      "\"ts\":0.000,\"dur\":1.000}");
	for (int tb = 0; tb < 2; tb++) {
		gen_start(&g, false, tb);
		gen_hcalls(&g, 0, 8, 1);
		tool_save(&g, "single");
		check_starts("single");
	}
	gen_start(&g, false, true);
	gen_switch(&g, 0, true, 1000);
	gen_hcalls(&g, 0, 8, 1);
	tool_save(&g, "single");
	check_starts("single");
}

/* A busy CPU's ring comes before that of another one, where the first event was. */
static void test_export_starts_on_another_cpu(void **state)
{
	struct gen g;

	(void)state;
	gen_start(&g, false, true);
	g.cpu = 1;
	gen_wait(&g, 5000);
	gen_hcalls(&g, 1, 8, 3000);
	g.cpu = 0;
	g.time = 1000000;
	g.tb_now = 512000000;
	gen_hcalls(&g, 0, 8, 1);
	gen_round(&g);
	tool_save(&g, "two-rings");
	check_starts("two-rings");
	shows("script -i two-rings --fields time,vcpu_id --time 0,", "0.000000000\t0\n");
}

/* Protobuf, by hand: the messages' fields end where the messages end, and the first slices are as they should be. */
static void test_export_perfetto(void **state)
{
	static const char check[] =
		"import sys\n"
		"def fields(b):\n"
		"    i, r = 0, []\n"
		"    def varint():\n"
		"        nonlocal i\n"
		"        v = s = 0\n"
		"        while True:\n"
		"            c = b[i]; i += 1; v |= (c & 127) << s; s += 7\n"
		"            if c < 128: return v\n"
		"    while i < len(b):\n"
		"        k = varint()\n"
		"        if k & 7 == 0: r.append((k >> 3, varint()))\n"
		"        else:\n"
		"            assert k & 7 == 2\n"
		"            n = varint(); assert i + n <= len(b); r.append((k >> 3, b[i:i+n])); i += n\n"
		"    return r\n"
		"tracks, open, slices = {}, {}, []\n"
		"for f, packet in fields(sys.stdin.buffer.read()):\n"
		"    assert f == 1\n"
		"    p = dict(fields(packet))\n"
		"    assert p[10] == 1\n"
		"    if 60 in p:\n"
		"        d = dict(fields(p[60])); tracks[d[1]] = d.get(2, b'process')\n"
		"    else:\n"
		"        e = dict(fields(p[11])); t = tracks[e[11]]\n"
		"        if e[9] == 1: assert e[11] not in open; open[e[11]] = (p[8], e[23])\n"
		"        else: s, n = open.pop(e[11]); slices.append((t, n, p[8] - s))\n"
		"assert not open and slices.count((b'LPID 3 vCPU 0 hypercall', b'H_ENTER', 5000)) == 5, slices\n"
		"assert slices.count((b'LPID 3 vCPU 1 waits', b'idle', 5000)) == 3, slices\n";

	(void)state;
	make_two("two", false, true);
	tool_write("check.py", check, strlen(check));
	if (run("export -i two --to perfetto | python3 check.py"))
		fail_msg("%s", tool_output);
}

/* Many vCPUs, all of which do something again and again: what each is in an export is found at once. */
static void test_export_many(void **state)
{
	struct gen g;

	(void)state;
	gen_start(&g, false, true);
	for (int turn = 0; turn < 8; turn++)
		for (int i = 0; i < 8000; i++)
			gen_hcalls(&g, i, 8, 1);
	tool_save(&g, "many");
	assert_int_equal(run("export -i many --to chrome | grep -c thread_name >n; read n <n; ulimit -t 8; [ $n = 8000 ] &&"
			     "\"$HVTRACE\" export -i many --to folded | grep -c 'SYSCALL;H_ENTER 40000$' >n;"
			     "read n <n; test $n = 8000"), 0);
}

/* The samples are late by 17 ns per wait; exported, they are not. */
static void test_export_perf_data(void **state)
{
	(void)state;
	make_times_py();
	for (int big = 0; big < 2; big++) {
		make_two("two", big, true);
		assert_int_equal(run("export -i two --to perf.data -o exact"), 0);
		if (run("script -i two --fields time >a; python3 times.py exact >b; cmp a b"))
			fail_msg("%s", tool_output);
		if (!run("script -i two --fields time >a; python3 times.py two >b; cmp a b"))
			fail_msg("the test's samples were not late");
	}
	assert_int_equal(run("export -i two --to perf.data"), 1);
	assert_int_equal(run("export -i two --to perf.data -o x --pid 88"), 1);
	assert_int_equal(run("export -i two --to csv -o /dev/null"), 1);
	shows("export -i two --to csv -o file.csv; tail -n 1 file.csv", ",kvm_guest_enter,");
}

/* What is there already stays as it was until the new file is whole, and nobody reads it who may not read the recording. */
static void test_export_file(void **state)
{
	(void)state;
	make_two("two", false, true);
	assert_int_equal(run("export -i two --to csv -o two"), 1);
	assert_non_null(strstr(tool_output, "two: is the recording itself"));
	assert_int_equal(run("--version; ln -s two link; $HVTRACE export -i two --to perf.data -o link"), 1);
	shows("report -i two", "two: 51 events in ");
	assert_int_equal(run("export -i two --to csv -o ''"), 1);
	shows("export -i two --to csv -o -", "time_ns,cpu,");
	assert_int_equal(run("export -i two --to perf.data -o -"), 1);
	assert_non_null(strstr(tool_output, "--to perf.data needs -o FILE"));
	assert_int_equal(run("--version; flock busy.part $HVTRACE export -i two --to csv -o busy"), 1);
	assert_non_null(strstr(tool_output, "busy.part: another program is writing it"));
	/* left by one that was killed, and a trap */
	shows("--version; chmod 644 busy.part; $HVTRACE export -i two --to csv -o busy; stat -c mode%a busy", "mode600");
	assert_int_equal(run("--version; touch aim; ln -s aim trap.part; $HVTRACE export -i two --to csv -o trap"), 1);
	shows("--version; wc -c <aim", "\n0\n");
	/* a file may not grow so far: said, not died of; the old one is there */
	assert_int_equal(run("--version; (ulimit -f 1; $HVTRACE export -i two --to json -o busy)"), 1);
	assert_non_null(strstr(tool_output, "busy.part: cannot write: File too large"));
	shows("--version; ls; head -n 1 busy", "time_ns");
	hides("--version; ls", "busy.part");
}

/*
 * A signal that ends it (not SIGINT: a shell's background has that ignored) takes half a file with it, and
 * leaves what was there. Big, so that it takes a while; once more if it was over before the signal came.
 */
static void test_export_interrupted(void **state)
{
	struct gen g;

	(void)state;
	gen_start(&g, false, true);
	gen_hcalls(&g, 0, 0x8, 100000);
	gen_round(&g);
	tool_save(&g, "big");
	shows("--version; for i in 1 2 3 4 5 6 7 8 9; do echo old >cut; $HVTRACE export -i big --to json -o cut & "
	      "until [ -s cut.part ] || [ \"$(head -c 3 cut)\" != old ]; do :; done; kill -TERM $!; wait $!; s=$?; "
	      "[ $s = 0 ] || break; done; echo status $s", "status 143");
	hides("--version; ls", "cut.part");
	shows("--version; cat cut", "old");
}

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_export_rows),
		cmocka_unit_test(test_export_spans),
		cmocka_unit_test(test_export_starts_at_a_switch),
		cmocka_unit_test(test_export_starts_on_another_cpu),
		cmocka_unit_test(test_export_perfetto),
		cmocka_unit_test(test_export_many),
		cmocka_unit_test(test_export_perf_data),
		cmocka_unit_test(test_export_file), cmocka_unit_test(test_export_interrupted),
	};

	return commands_begin(argc, argv) ? 1 : cmocka_run_group_tests(tests, NULL, commands_end);
}
