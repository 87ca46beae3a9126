// SPDX-License-Identifier: GPL-2.0
/* hvtrace stat, by statistics that look like our backend's. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "commands.h"
#include "fakedev.h"

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

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stat),
		cmocka_unit_test(test_stat_intervals),
		cmocka_unit_test(test_stat_ends),
	};

	return commands_begin(argc, argv) ? 1 : cmocka_run_group_tests(tests, NULL, commands_end);
}
