// SPDX-License-Identifier: GPL-2.0
/* Recordings whose recorder was killed: all that is there is read, and no word of what is not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "check.h"
#include "tool.h"
#include "../../tools/hvtrace/recording.h"

/* libtraceevent (1.7) itself forgets a few strings of an event format that it cannot parse. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libtraceevent";
}

static char path[64];
static int fd;

/* How many records are in it; -1: refused. lines: of error message. */
static int records_in(const void *data, size_t len, int *lines)
{
	int saved = dup(STDERR_FILENO), log = memfd_create("stderr", 0), records = -1;
	struct recording *r;
	char text[4096];
	ssize_t n;

	assert_int_equal(ftruncate(fd, 0), 0);
	assert_true(pwrite(fd, data, len, 0) == (ssize_t)len);
	dup2(log, STDERR_FILENO);
	r = recording_read(path, &HV_SELECT_ALL, NULL);
	dup2(saved, STDERR_FILENO);
	n = pread(log, text, sizeof(text), 0);
	*lines = 0;
	for (ssize_t i = 0; i < n; i++)
		*lines += text[i] == '\n';
	close(log);
	close(saved);
	if (r) {
		records = r->reader->records + r->reader->others;
		recording_free(r);
	}
	return records;
}

static int good_records_in(const void *data, size_t len)
{
	int lines, records = records_in(data, len, &lines);

	if (records < 0 || lines)
		fail_msg("%zu bytes: %d records, %d lines of message", len, records, lines);
	return records;
}

#define MAX_ENDS 64

/* Where each record ends, and how many of ours there are until then. */
struct ends {
	size_t at[MAX_ENDS];
	int records[MAX_ENDS], nr;
};

static void end_here(struct ends *e, const struct gen *g, int records)
{
	assert_true(e->nr < MAX_ENDS);
	e->at[e->nr] = g->len;
	e->records[e->nr] = (e->nr ? e->records[e->nr - 1] : 0) + records;
	e->nr++;
}

/* Single events: of these every field that is 0 would pass for a record. */
static void make_singles(struct gen *g, bool big, bool tb, struct ends *e)
{
	gen_start(g, big, tb);
	gen_features_first(g);
	gen_time_conv(g, 512000000);
	end_here(e, g, 0);
	gen_comm(g, 77, "hvrun");
	end_here(e, g, 0);
	for (int i = 0; i < 5; i++) {
		gen_enter(g, 0);
		end_here(e, g, 1);
		gen_wait(g, 2000);
		gen_exit(g, 0, 0xc00);
		end_here(e, g, 1);
		gen_hcall(g, 0, 0xe4);
		end_here(e, g, 1);
		gen_wait(g, 1000);
	}
	gen_round(g);
	end_here(e, g, 0);
	gen_lost(g, 3);
	end_here(e, g, 0);
}

static void make_batches(struct gen *g, bool big, struct ends *e)
{
	gen_start_batches(g, big);
	gen_features_first(g);
	gen_time_conv(g, 512000000);
	end_here(e, g, 0);
	for (int i = 0; i < 4; i++) {
		gen_wait(g, 1000);
		gen_round_trip(g);
		gen_batch_end(g, 0);
		end_here(e, g, 0);
		/* what a batch holds is not for this test to count */
		gen_kill(g);
		e->records[e->nr - 1] = good_records_in(g->data, g->len);
		assert_true(e->records[e->nr - 1] > e->records[e->nr - 2]);
		gen_round(g);
		end_here(e, g, 0);
	}
}

static void make(struct gen *g, int kind, struct ends *e)
{
	memset(e, 0, sizeof(*e));
	if (kind >= 4)
		make_batches(g, kind & 1, e);
	else
		make_singles(g, kind & 1, kind & 2, e);
}

#define NR_KINDS 6

/* Which of the ends is the last that is no later. */
static int records_until(const struct ends *e, size_t len)
{
	int records = 0;

	for (int i = 0; i < e->nr && e->at[i] <= len; i++)
		records = e->records[i];
	return records;
}

/* Cut anywhere: every whole record is there. Before the first one could be, one line says that nothing is. */
static void test_cut_anywhere(void **state)
{
	struct ends e;
	struct gen g;
	int lines;

	(void)state;
	for (int kind = 0; kind < NR_KINDS; kind++) {
		make(&g, kind, &e);
		gen_kill(&g);
		for (size_t len = 0; len < g.data_start; len += 61)
			if (records_in(g.data, len, &lines) >= 0 || lines != 1)
				fail_msg("kind %d, cut at %zu before the records: %d lines", kind, len, lines);
		for (size_t len = g.data_start; len <= g.len; len += 3)
			if (good_records_in(g.data, len) != records_until(&e, len))
				fail_msg("kind %d, cut at %zu of %zu: not %d records", kind, len, g.len, records_until(&e, len));
		gen_free(&g);
	}
}

/* Blocks of the file that were never written: what is before them is there, but for the record they begin in or after. */
static void test_zeros_anywhere(void **state)
{
	struct ends e;
	struct gen g;
	char *copy;
	int got, last;

	(void)state;
	for (int kind = 0; kind < NR_KINDS; kind++) {
		make(&g, kind, &e);
		gen_kill(&g);
		copy = malloc(g.len + 4096);
		for (size_t at = g.data_start; at <= g.len; at += 8) {
			memcpy(copy, g.data, at);
			memset(copy + at, 0, g.len + 4096 - at);
			/* the timebase's speed, in the first record, is not made up */
			if (at < e.at[0])
				continue;
			got = good_records_in(copy, g.len + 4096);
			last = records_until(&e, at);
			for (int i = 0; i < e.nr; i++)
				if (e.at[i] <= at && (i + 1 == e.nr || e.at[i + 1] > at) && i)
					assert_true(got >= e.records[i - 1]);
			if (got > last)
				fail_msg("kind %d, zeros from %zu: %d records, not %d", kind, at, got, last);
		}
		free(copy);
		gen_free(&g);
	}
}

/* Read to its end, like any other; and what follows it in its list of sections is no record. */
static void test_finished(void **state)
{
	struct ends e;
	struct gen g;

	(void)state;
	for (int kind = 0; kind < NR_KINDS; kind++) {
		struct recording *r;
		int records;

		make(&g, kind, &e);
		records = e.records[e.nr - 1];
		gen_finish(&g);
		assert_int_equal(good_records_in(g.data, g.len), records);
		r = recording_read(path, &HV_SELECT_ALL, NULL);
		assert_false(pd_is_unfinished(r->reader->file));
		recording_free(r);
		gen_kill(&g);	/* between the list and the header */
		assert_int_equal(good_records_in(g.data, g.len), records);
		r = recording_read(path, &HV_SELECT_ALL, NULL);
		assert_true(pd_is_unfinished(r->reader->file));
		recording_free(r);
		gen_free(&g);
	}
}

/* Bytes take other values: one line of message at most. (test_recording.c changes each of them.) */
static void test_corrupted(void **state)
{
	struct ends e;
	struct gen g;
	int lines;

	(void)state;
	make(&g, 2, &e);
	gen_kill(&g);
	for (size_t at = 0; at < g.len; at += 11) {
		g.data[at] ^= at & 1 ? 0x01 : 0x80;
		records_in(g.data, g.len, &lines);
		if (lines > 1)
			fail_msg("byte %zu changed: %d lines of error message", at, lines);
		g.data[at] ^= at & 1 ? 0x01 : 0x80;
	}
	gen_free(&g);
}

/* perf's, of a perf that was killed: there is no list where ours would be, or nothing that it could tell of. */
static void test_of_others(void **state)
{
	struct gen g;
	int lines;

	(void)state;
	for (int big = 0; big < 2; big++) {
		gen_start(&g, big, true);
		gen_hcall_exits(&g, 0, 0xe4, 10);
		gen_kill(&g);
		memset(g.data + 48, 0, 8);
		for (int i = 0; i < 8; i++)	/* data.offset */
			g.data[40 + i] = g.data_start >> 8 * (big ? 7 - i : i);
		assert_int_equal(records_in(g.data, g.len, &lines), -1);
		assert_int_equal(lines, 1);
		memset(g.data + 72, 0, 32);	/* no features */
		assert_int_equal(records_in(g.data, g.len, &lines), -1);
		assert_int_equal(lines, 1);
		gen_free(&g);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cut_anywhere),
		cmocka_unit_test(test_zeros_anywhere),
		cmocka_unit_test(test_finished),
		cmocka_unit_test(test_corrupted),
		cmocka_unit_test(test_of_others),
	};

	fd = memfd_create("perf.data", 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
