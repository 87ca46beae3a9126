// SPDX-License-Identifier: GPL-2.0
/* hvbench: result files, made, shown and held to limits. argv[1] is hvbench, argv[2] bench/limits. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "bench_rig.h"
#include "../../bench/hvbench/rows.h"

/* A list of rows with each name once, in at most 64 bits of the payload's mask */
static void row_list(void **state)
{
	(void)state;
	assert_true(nr_rows <= 64);
	for (size_t i = 0; i < nr_rows; i++) {
		assert_ptr_equal(row_find(bench_rows[i].name), &bench_rows[i]);
		assert_null(strpbrk(bench_rows[i].name, " \t,\""));
	}
	assert_null(row_find("no-such-row"));
}

/* All of them are shown, however many. */
static void many_backends(void **state)
{
	(void)state;
	put("ten.sh", "for b in 0 1 2 3 4 5 6 7 8 9; do sed \"s/\\\"hv\\\"/\\\"hv-$b\\\"/g\" a.json >b$b.json; done");
	write_result("a.json", 300, "aaaa", "1.953125", "true");
	assert_int_equal(system("sh ten.sh"), 0);
	assert_int_equal(run("merge -o ten.json b0.json b1.json b2.json b3.json b4.json b5.json b6.json b7.json b8.json b9.json"), 0);
	assert_int_equal(run("show ten.json"), 0);
	assert_non_null(strstr(output, " hv-9 "));
}

/* One line that says what is wrong, and status 2 */
static void refused(const char *row, const char *rest, const char *why)
{
	char *newline;

	write_row("strange.json", row, rest);
	assert_int_equal(run("show strange.json"), 2);
	assert_non_null(strstr(output, why));
	newline = strchr(output, '\n');
	assert_non_null(newline);
	assert_string_equal(newline, "\n");
	assert_int_equal(run("compare ran.json strange.json"), 2);
}

static void strange_rows(void **state)
{
	(void)state;
	write_row("ran.json", "ipi-wake", SAMPLES(100, 100));
	refused("H_ENTER", SAMPLES(1, -1), "not a number, or negative");
	refused("H_ENTER", SAMPLES(1, "x"), "not a number, or negative");
	refused("H_ENTER", SAMPLES(1, null), "not a number, or negative");
	refused("H_ENTER", SAMPLES(1, NaN), "not a result file");
	refused("H_ENTER", SAMPLES(1, 1e999), "not a result file");
	refused("H_ENTER", "\"counts\": [0], \"ticks\": [1]", "not a number, or negative");
	/* what is made of these would be infinite, and compare would call that better */
	refused("H_ENTER", SAMPLES(1, 1e300), "far too large");
	refused("H_ENTER", "\"counts\": [1e-320], \"ticks\": [1]", "far too large");
	refused("H_ENTER", "\"counts\": [1], \"ticks\": []", "as many counts as samples");
	refused("H_ENTER", "\"counts\": {}, \"ticks\": []", "no samples");
	refused("H_ENTER", "\"skipped\": 1", "without a reason");
	refused("H_\\u001b[31mENTER", SAMPLES(1, 1), "a strange one");
	refused("H_\\u009b31mENTER", SAMPLES(1, 1), "a strange one");	/* the same in one character */
	refused("H,ENTER", SAMPLES(1, 1), "a strange one");
	refused("", SAMPLES(1, 1), "no name");
	/* nothing that a terminal obeys */
	write_row("b.json", "ipi-wake", SAMPLES(1, 1));
	write_result("a.json", 300, "aaaa", "1.953125", "true");
	run("compare a.json b.json");
	assert_non_null(strstr(output, "6.12?[31m"));
	assert_null(strchr(output, '\x1b'));
}

/* An emulator's time is not shown as a time. */
static void emulators_time(void **state)
{
	(void)state;
	write_result("ticks.json", 300, "aaaa", "null", "true");
	assert_int_equal(run("show ticks.json"), 0);
	assert_null(strstr(output, " ns each"));
	assert_non_null(strstr(output, "without --icount mean nothing"));
	assert_int_equal(run("show -f csv ticks.json"), 0);
	assert_non_null(strstr(output, ",\"an emulator's ticks without --icount mean nothing\"\n"));
	write_result("metal.json", 300, "aaaa", "null", "false");
	assert_int_equal(run("show metal.json"), 0);
	assert_non_null(strstr(output, " ns each"));
	assert_null(strstr(output, "emulator"));
	assert_int_equal(run("compare ticks.json metal.json"), 2);
	/* nothing was compared: that is not "nothing became worse" */
	assert_int_equal(run("compare ticks.json ticks.json"), 2);
	assert_non_null(strstr(output, "no row in common"));
}

/* One table, two units: each is told, and no ratio made of them. */
static void two_units(void **state)
{
	(void)state;
	write_result("a.json", 300, "aaaa", "1.953125", "true");
	write_row("b.json", "H_ENTER", SAMPLES(512, 512));
	assert_int_equal(system("sed -i 's/\"hv\"/\"stock\"/; s/1.953125/null/; s/: true/: false/' b.json"), 0);
	assert_int_equal(run("merge -o both.json a.json b.json"), 0);
	assert_int_equal(run("show both.json"), 0);
	assert_non_null(strstr(output, "instructions each"));
	assert_non_null(strstr(output, "1000 [1000, 1000] ns       -\n"));
	/* one row in two units */
	assert_int_equal(system("sed -i 's/\"stock\"/\"hv\"/' b.json"), 0);
	assert_int_equal(run("merge -o both.json a.json b.json"), 0);
	assert_int_equal(run("show both.json"), 0);
	assert_non_null(strstr(output, "  H_ENTER, hv, in some runs: in another unit"));
}

static void bad_files(void **state)
{
	(void)state;
	assert_int_equal(run("show no-such-file.json"), 2);
	assert_non_null(strstr(output, "no-such-file.json"));
	put("bad.json", "{\"schema\": \"kvm-hv-bench\", \"version\": 1, \"runs\": [");
	assert_int_equal(run("show bad.json"), 2);
	put("bad.json", "{\"schema\": \"something\"}");
	assert_int_equal(run("show bad.json"), 2);
	assert_non_null(strstr(output, "not a result file"));
	put("bad.json", "{\"schema\": \"kvm-hv-bench\", \"version\": 2, \"runs\": []}");
	assert_int_equal(run("show bad.json"), 2);
	assert_non_null(strstr(output, "version 2"));
	put("bad.json", "{\"schema\": \"kvm-hv-bench\", \"version\": 1, \"runs\": []}");
	assert_int_equal(run("show bad.json"), 2);
	assert_string_equal(output, "hvbench: bad.json: no rows in it\n");
	put("bad.json", "{\"schema\": \"kvm-hv-bench\", \"version\": 1, \"runs\": [{\"suite\": \"exits\"}]}");
	assert_int_equal(run("show bad.json"), 2);
	put("bad.json", "{\"schema\": \x1b[31m");
	assert_int_equal(run("show bad.json"), 2);
	assert_null(strchr(output, '\x1b'));
	assert_int_equal(run("show ."), 2);
	assert_string_equal(output, "hvbench: .: Is a directory\n");
	assert_int_equal(run("compare a.json"), 2);
	assert_int_equal(run("frobnicate"), 2);
	assert_int_equal(run("show --frob"), 2);
	assert_int_equal(run("run --rows no-such-row"), 2);
	assert_non_null(strstr(output, "no-such-row"));
	assert_int_equal(run("run -o /no/such/folder/x.json --payload /no/payload"), 2);
	assert_string_equal(output, "hvbench: /no/such/folder/x.json.part: cannot create: No such file or directory\n");
	/* nor workloads, which take longer still */
	assert_int_equal(run("workloads -o /no/such/folder/x.json -- true"), 2);
	assert_string_equal(output, "hvbench: /no/such/folder/x.json.part: cannot create: No such file or directory\n");
	assert_int_equal(run("run --rows ''"), 2);
	assert_string_equal(output, "hvbench: run: no row '': hvbench rows names them\n");
	/* a name that no hvbench would read again */
	assert_int_equal(run("run --machine a,b"), 2);
	assert_string_equal(output, "hvbench: bad --machine 'a,b': give a word\n");
	assert_int_equal(run("workloads --backend '' -- true"), 2);
	assert_string_equal(output, "hvbench: bad --backend '': give a word\n");
	/* what would be ignored */
	assert_int_equal(run("workloads --runs 2 --switches -- true"), 2);
	assert_string_equal(output, "hvbench: workloads: --runs is not for --switches, which counts one boot (hvbench workloads --help)\n");
	assert_int_equal(run("workloads --switches --samples 5 -- true"), 2);
	assert_string_equal(output, "hvbench: workloads: --samples is not for --switches, which counts one boot (hvbench workloads --help)\n");
	/* any name of a file will do */
	put("it's a payload", "x");
	assert_int_equal(run("run --payload \"it's a payload\""), 2);
	assert_non_null(strstr(output, "no KVM backend"));
}

/* Where nothing can be written, that is said; what was there before is still there. */
static void full_disk(void **state)
{
	(void)state;
	write_result("a.json", 300, "aaaa", "1.953125", "true");
	assert_int_equal(run_to("show a.json", ">/dev/full"), 2);
	assert_string_equal(output, "hvbench: cannot write the output\n");
	assert_int_equal(run_to("compare a.json a.json", ">/dev/full"), 2);
	assert_int_equal(run_to("merge a.json", ">/dev/full"), 2);
	assert_string_equal(output, "hvbench: cannot write the output\n");
	assert_int_equal(run_to("show a.json", ">&-"), 2);
	assert_int_equal(run("merge a.json -o b.json"), 0);
	assert_int_equal(system("cp b.json before.json; (ulimit -f 1; $HVBENCH merge a.json -o b.json 2>/dev/null) && exit 1; cmp b.json before.json"), 0);
	assert_int_equal(access("b.json.part", F_OK), -1);
}

/* What an emulator's plug-in counted between its marks, as many as there are samples */
static void marks(void **state)
{
	(void)state;
	write_row("r.json", "fork", "\"counts\": [1, 4], \"ticks\": [5, 5]");
	put("marks", "begin 1000\nend 3500\nbegin 4000\nend 10000\n");
	assert_int_equal(run("marks -o exact.json r.json marks"), 0);
	assert_int_equal(run("show -f csv exact.json"), 0);
	assert_non_null(strstr(output, ",fork,call,instructions,2,1,1,2000,"));	/* of 2500 and 6000 / 4 */
	write_row("second.json", "fork", "\"counts\": [1, 4], \"ticks\": [5, 5]");
	assert_int_equal(run("merge r.json second.json -o both.json"), 0);
	put("marks", "begin 1000\nend 3500\nbegin 4000\nend 10000\nbegin 20000\nend 20700\nbegin 30000\nend 32800\n");
	assert_int_equal(run("marks -o exact.json both.json marks"), 0);
	assert_int_equal(run("show -f csv exact.json"), 0);
	assert_non_null(strstr(output, ",fork,call,instructions,4,1,2,1100,"));	/* and of 700 and 2800 / 4 */
	put("marks", "begin 1000\nend 3500\nbegin 4000\n");
	assert_int_equal(run("marks r.json marks"), 2);
	assert_string_equal(output, "hvbench: marks: fewer marks than samples\n");
	put("marks", "begin 1\nend 2\nbegin 3\nend 4\nbegin 5\nend 6\n");
	assert_int_equal(run("marks r.json marks"), 2);
	assert_string_equal(output, "hvbench: marks: more marks than samples\n");
	put("marks", "begin 2\nend 1\nbegin 3\nend 4\n");
	assert_int_equal(run("marks r.json marks"), 2);
	assert_int_equal(run("marks r.json no-such-file"), 2);
	assert_string_equal(output, "hvbench: no-such-file: No such file or directory\n");
}

static void limits(void **state)
{
	(void)state;
	write_result("a.json", 300, "aaaa", "1.953125", "true");
	put("limits", "# a comment\n\nH_ENTER\toff\t586\nH_ENTER auto 1\n");
	assert_int_equal(run("show --limits limits a.json"), 0);
	assert_non_null(strstr(output, "limit: H_ENTER at most 586: 585.9 ok"));
	put("limits", "H_ENTER off 585\n");
	assert_int_equal(run("show --limits limits a.json"), 1);
	assert_non_null(strstr(output, "limit: H_ENTER at most 585: 585.9 EXCEEDED"));
	assert_int_equal(run("show --limits no-such-file a.json"), 2);
	/* a limit that nobody understands, or looks at */
	put("limits", "H_ENTER off 586\nH_ENTER off 58O\n");
	assert_int_equal(run("show --limits limits a.json"), 2);
	assert_string_equal(output, "hvbench: limits: 'H_ENTER off 58O' is no limit: ROW MITIGATIONS INSTRUCTIONS|stock/N\n");
	put("limits", "H_ENTER off nan\n");
	assert_int_equal(run("show --limits limits a.json"), 2);
	put("limits", "H_ENTER off\n");
	assert_int_equal(run("show --limits limits a.json"), 2);
	put("limits", "H_ENTER off 586\nH_ENTRE off 586\n");
	assert_int_equal(run("show --limits limits a.json"), 2);
	assert_string_equal(output, "hvbench: limits: no row 'H_ENTRE': hvbench rows names them\n");
	assert_int_equal(run("rows"), 0);
	assert_non_null(strstr(output, "\n  " BOOT_SWITCHES " "));
	put("limits", "H_ENTER of 586\n");
	assert_int_equal(run("show --limits limits a.json"), 2);
	assert_string_equal(output, "hvbench: limits: H_ENTER 'of': off, auto, statistics or records\n");
	assert_int_equal(run("show --limits \"$LIMITS\" a.json"), 0);
	put("limits", "H_ENTER off 1\n");
	assert_int_equal(run("show -f csv --limits limits a.json"), 2);
	write_row("lost.json", "H_ENTER", "\"skipped\": \"it hangs\"");
	assert_int_equal(run("show --limits limits lost.json"), 1);
	assert_non_null(strstr(output, "limit: H_ENTER: NO FIGURE\n"));
	/* a part of stock's */
	write_switches("a.json", "hv", 20000);
	write_switches("b.json", "stock", 150000);
	assert_int_equal(run("merge -o both.json a.json b.json"), 0);
	put("limits", "boot-switches auto stock/5\n");
	assert_int_equal(run("show --limits limits both.json"), 0);
	assert_non_null(strstr(output, "limit: boot-switches at most 1/5 of stock's 150000: 20000, 1/7.5 ok"));
	assert_non_null(strstr(output, "switches each"));
	put("limits", "boot-switches auto stock/8\n");
	assert_int_equal(run("show --limits limits both.json"), 1);
	assert_non_null(strstr(output, "of stock's 150000: 20000, 1/7.5 EXCEEDED"));
	assert_null(strstr(output, "limits:"));
	assert_int_equal(run("show --limits limits a.json"), 0);
	assert_null(strstr(output, "limit:"));
	assert_non_null(strstr(output, "\nlimits: NONE CHECKED: "));
	/* results in ns, which no limit is for */
	write_result("a.json", 300, "aaaa", "null", "false");
	put("limits", "H_ENTER off 1\n");
	assert_int_equal(run("show --limits limits a.json"), 0);
	assert_non_null(strstr(output, "\nlimits: NONE CHECKED: "));
}

static void merges(void **state)
{
	(void)state;
	write_result("a.json", 300, "aaaa", "1.953125", "true");
	/* the same boots on another day, with keys that nobody knows and a number of all digits */
	assert_int_equal(system("sed 's/2026-01-01/2026-01-02/g; s/\"run\"/\"a\\\\\\\"b\": 1, \"run\"/; s/6.12/6.13/; s/30000,/30000.0001220703,/' a.json >b.json"), 0);
	assert_int_equal(run("merge --about commit=1234 -o merged.json a.json b.json"), 0);
	assert_int_equal(run("show -f csv merged.json"), 0);
	assert_non_null(strstr(output, "exits,power9,off,hv,hashed page table,H_ENTER,call,instructions,32,2,2,585.9375,"));
	assert_int_equal(run("show merged.json"), 0);
	assert_non_null(strstr(output, "\nhv: runs of DIFFERENT kernel: 6.12, 6.13\n"));
	assert_int_equal(run("show a.json"), 0);
	assert_null(strstr(output, "DIFFERENT"));
	assert_int_equal(system("grep -q 30000.0001220703 merged.json"), 0);
	assert_int_equal(run("compare merged.json a.json"), 0);
	assert_non_null(strstr(output, "commit 1234"));
	/* a run that is there twice would make intervals smaller than they are */
	assert_int_equal(run("merge -o twice.json merged.json a.json"), 2);
	assert_string_equal(output, "hvbench: a.json: the run of power9, hv, 2026-01-01T00:00:00Z, is there twice: its samples would count twice\n");
	assert_int_equal(access("twice.json", F_OK), -1);
	assert_int_equal(run("merge --about \"$(printf 'k=\\377')\" a.json"), 2);
	assert_non_null(strstr(output, "not UTF-8"));
}

int main(int argc, char *argv[])
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(row_list), cmocka_unit_test(many_backends), cmocka_unit_test(strange_rows),
		cmocka_unit_test(emulators_time), cmocka_unit_test(two_units), cmocka_unit_test(bad_files), cmocka_unit_test(full_disk),
		cmocka_unit_test(marks), cmocka_unit_test(limits), cmocka_unit_test(merges),
	};

	if (argc != 3 || bench_begin(argv[1]) || setenv("LIMITS", argv[2], 1))
		return 1;
	return cmocka_run_group_tests(tests, NULL, bench_end);
}
