// SPDX-License-Identifier: GPL-2.0
/* hvtrace's commands on recordings made here: what they print, as people and programs read it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "check.h"
#include "fakedev.h"
#include "tool.h"

static char *hvtrace;

static int run(const char *args)
{
	return tool_run(hvtrace, args);
}

static void shows(const char *args, const char *text)
{
	if (run(args))
		fail_msg("hvtrace %s: %s", args, tool_output);
	if (!strstr(tool_output, text))
		fail_msg("hvtrace %s: no \"%s\" in: %s", args, text, tool_output);
}

static void hides(const char *args, const char *text)
{
	if (run(args))
		fail_msg("hvtrace %s: %s", args, tool_output);
	if (strstr(tool_output, text))
		fail_msg("hvtrace %s: \"%s\" in: %s", args, text, tool_output);
}

/* Two VMs; the first has two vCPUs. 5 + 3 hcalls, then 4 in the other. */
static void make_two(const char *name, bool big, bool tb)
{
	struct gen g;

	gen_start(&g, big, tb);
	gen_time_conv(&g, 512000000);
	gen_comm(&g, 77, "hvrun");
	gen_comm(&g, 88, "qemu, \"x\"");
	gen_hcalls(&g, 0, 0x8, 5);
	gen_hcalls(&g, 1, 0xe0, 3);
	g.pid = 88;
	g.lpid = 4;
	gen_hcalls(&g, 0, 0xf7fc, 4);
	gen_round(&g);
	tool_save(&g, name);
}

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

static void test_script(void **state)
{
	(void)state;
	make_two("two", false, true);
	shows("script -i two", "          hvrun     77/78     [000] 0.000000000 kvm_guest_enter: VCPU 0: pc=0x1000 ");
	shows("script -i two", "0.000007000 kvm_hcall_enter: VCPU 0: hcall=H_ENTER GPR4-7=0x4,0x5,0x6,0x7 lpid=3 tb=");
	shows("script -i two --fields time,event,trap,req,pid --pid 88 --time 0.000098,",
	      "0.000098000\tkvm_guest_enter\t-\t-\t88\n0.000100000\tkvm_guest_exit\tSYSCALL\t-\t88\n");
	shows("script --help", " hcall_rc");
	assert_int_equal(run("script -i two --fields time,nosuch"), 1);
	make_two("big", true, false);
	shows("script -i big", "0.000007000 kvm_hcall_enter: VCPU 0: hcall=H_ENTER GPR4-7=0x4,0x5,0x6,0x7 flags=0x4 ");
}

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

/* The samples are late by 17 ns per wait; exported, they are not. */
static void test_export_perf_data(void **state)
{
	static const char times[] =
		"import struct, sys\n"
		"b = open(sys.argv[1], 'rb').read()\n"
		"e = '<' if b[:8] == b'PERFILE2' else '>'\n"
		"at, size = struct.unpack_from(e + '2Q', b, 40)\n"
		"end, first = at + size, None\n"
		"while at < end:\n"
		"    kind, misc, n = struct.unpack_from(e + 'IHH', b, at)\n"
		"    if kind == 9:\n"
		"        t = struct.unpack_from(e + 'Q', b, at + 24)[0]\n"
		"        first = first or t\n"
		"        print('%d.%09d' % divmod(t - first, 10 ** 9))\n"
		"    at += n\n";

	(void)state;
	tool_write("times.py", times, strlen(times));
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

/* A vCPU that has slept for ten seconds wakes in one of them: that sleep is all of the time of its exits, not ten times that. */
static void test_stat(void **state)
{
	struct fake_dev f = { .tb = 1000 * FAKE_HZ };
	struct fake_vcpu *v;

	(void)state;
	assert_int_equal(chdir(tool_dir), 0);
	v = fake_add(&f, 5000001, 1, 0);
	v->v.state = HV_STATE_IDLE;
	f.tb += 9 * FAKE_HZ;
	fake_write(&f);
	assert_int_equal(run("--version; cp kvm-hv.fake before"), 0);
	f.tb += FAKE_HZ;
	v->v.idle += 10 * FAKE_HZ;
	v->v.since = f.tb;
	fake_count(v, HV_ROW_HCALL, 0xe0, 1, 10 * FAKE_HZ, 0);
	fake_write(&f);
	assert_int_equal(run("--version; mv kvm-hv.fake after; mv before kvm-hv.fake"), 0);
	shows("stat -a -- cp after kvm-hv.fake", "kvm-hv of this project, 1 vCPU, by statistics\n1 guest entries, 0.000 ms in the guest, 1000.000 ms outside");
	if (!strstr(tool_output, "\nSYSCALL                         1  100.00 ") ||
	    !strstr(tool_output, "\nH_CEDE                          1  100.00        - 10000000 "))
		fail_msg("%s", tool_output);
	unlink(FAKE_DEV);
}

/* Files that kvm-hv.fake reads as, one after the other: 3 hypercalls come, then 5 others, each of 1 ms. */
static void make_fakes(void)
{
	struct fake_dev f = { .tb = 1000 * FAKE_HZ };
	struct fake_vcpu *v;

	assert_int_equal(chdir(tool_dir), 0);
	v = fake_add(&f, 5000001, 1, 0);
	v->v.rows = 2;	/* all files have one size: one write() changes all that a reader sees */
	v->rows[0].kind = v->rows[1].kind = HV_ROW_HCALL;
	v->rows[0].number = 0x8;
	v->rows[1].number = 0xe0;
	fake_write(&f);
	assert_int_equal(rename(FAKE_DEV, "fake0"), 0);
	f.tb += FAKE_HZ;
	fake_count(v, HV_ROW_HCALL, 0x8, 3, FAKE_HZ / 1000, 0);
	fake_write(&f);
	assert_int_equal(rename(FAKE_DEV, "fake3"), 0);
	f.tb += FAKE_HZ;
	fake_count(v, HV_ROW_HCALL, 0xe0, 5, FAKE_HZ / 1000, 0);
	fake_write(&f);
	assert_int_equal(rename(FAKE_DEV, "fake8"), 0);
}

/* Runs it with those, each put there when an interval with what was before has been printed; that goes to the file "out". */
static void stat_fakes(const char *options)
{
	static const char script[] =
		"seen() { i=0; until grep -q \"$1\" out; do i=$((i + 1)); [ $i -lt 1000 ] || exit 1; sleep 0.02; done; }\n"
		"become() { dd if=$1 of=kvm-hv.fake bs=64k conv=notrunc status=none; }\n"
		"seen \"$1 *0[, ]\"; become fake3; seen \"$1 *3[, ]\"; become fake8; seen \"$1 *5[, ]\"\n";
	char args[256];

	make_fakes();
	tool_write("guest.sh", script, strlen(script));
	snprintf(args, sizeof(args), "--version; cp fake0 kvm-hv.fake; \"$HVTRACE\" stat -a -I 30 %s", options);
	if (run(args))
		fail_msg("%s: %s", args, tool_output);
	unlink(FAKE_DEV);
}

/* Each interval has what happened in it, and is told of when it is over; the total has all. */
static void test_stat_intervals(void **state)
{
	static const char check[] =
		"import json\n"
		"*parts, total = map(json.loads, open('out'))\n"
		"assert [p['entries'] for p in parts if p['entries']] == [3, 5] and total['entries'] == 8\n"
		"assert [h['count'] for h in total['hcalls']] == [5, 3] and 'hcalls' not in parts[0]\n"
		"end = 0\n"
		"for p in parts: assert abs(p['from'] - end) < 1e-6; end = p['from'] + p['seconds']\n"
		"assert abs(total['seconds'] - end) < 1e-6 and 'from' not in total\n";

	(void)state;
	tool_write("check.py", check, strlen(check));
	stat_fakes("-- sh guest.sh ' s:' >out");
	shows("--version; cat out", "\n-- 0.000 to 0.");
	shows("--version; grep -c 's: 3 guest entries, .* outside' out", "\n1\n");
	shows("--version; sed -n '/ s: 5 guest/,/ by statistics/p' out | grep ^H_ | head -n 1", "\nH_CEDE                          5  100.00 ");
	shows("--version; tail -n 30 out", " s, kvm-hv of this project, 1 vCPU, by statistics\n8 guest entries, ");
	shows("--version; grep -c 'how long exits take' out", "\n1\n");
	stat_fakes("--json -- sh guest.sh 'entries.:' >out");
	if (run("--version; python3 check.py"))
		fail_msg("%s", tool_output);
}

/* The last interval is as long as what is left, whatever ends it. */
static void test_stat_ends(void **state)
{
	static const char check[] =
		"/ to / { if ($2 != end) exit; end = $4; n++ }\n"
		"/ by statistics/ { ends = $1 == end && n }\n"
		"END { exit !ends }\n";

	(void)state;
	tool_write("check.awk", check, strlen(check));
	make_fakes();
	if (run("--version; cp fake0 kvm-hv.fake; \"$HVTRACE\" stat -I 80 -d 0.2 >out && awk -v end=0.000 -f check.awk out"))
		fail_msg("%s", tool_output);
	if (run("--version; \"$HVTRACE\" stat -I 30 >int & until grep -q ' to ' int; do sleep 0.02; done; kill -INT $!;"
		"wait $! && awk -v end=0.000 -f check.awk int"))
		fail_msg("%s", tool_output);
	unlink(FAKE_DEV);
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

/* All commands on a recording of the batch event, of either endianness. */
static void test_batches(void **state)
{
	struct gen g;

	(void)state;
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
		cmocka_unit_test(test_report_text),
		cmocka_unit_test(test_report_select),
		cmocka_unit_test(test_report_data),
		cmocka_unit_test(test_report_symbols),
		cmocka_unit_test(test_report_losses),
		cmocka_unit_test(test_stat),
		cmocka_unit_test(test_stat_intervals),
		cmocka_unit_test(test_stat_ends),
		cmocka_unit_test(test_diff),
		cmocka_unit_test(test_timeline),
		cmocka_unit_test(test_script),
		cmocka_unit_test(test_export_rows),
		cmocka_unit_test(test_export_spans),
		cmocka_unit_test(test_export_starts_at_a_switch),
		cmocka_unit_test(test_export_starts_on_another_cpu),
		cmocka_unit_test(test_export_perfetto),
		cmocka_unit_test(test_export_many),
		cmocka_unit_test(test_export_perf_data),
		cmocka_unit_test(test_export_file),
		cmocka_unit_test(test_batches),
		cmocka_unit_test(test_unfinished),
	};
	int ret;

	hvtrace = argc == 2 ? realpath(argv[1], NULL) : NULL;
	if (!hvtrace || tool_begin()) {
		fprintf(stderr, "usage: test_commands HVTRACE\n");
		return 1;
	}
	setenv("HVTRACE", hvtrace, 1);
	ret = cmocka_run_group_tests(tests, NULL, NULL);
	if (tool_end())
		ret = 1;
	free(hvtrace);
	return ret;
}
