// SPDX-License-Identifier: GPL-2.0
/* The perf.data reader and the statistics, on files made here: good ones, cut ones, damaged ones. */
#include <fcntl.h>
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

static void write_file(const void *data, size_t len)
{
	assert_int_equal(ftruncate(fd, 0), 0);
	assert_true(pwrite(fd, data, len, 0) == (ssize_t)len);
}

static struct recording *read_gen(struct gen *g)
{
	gen_finish(g);
	write_file(g->data, g->len);
	gen_free(g);
	return recording_read(path, &HV_SELECT_ALL, NULL);
}

/* Reads the file and returns how many lines of error message came; none means it was taken for good. */
static int error_lines(void)
{
	int saved = dup(STDERR_FILENO), log = memfd_create("stderr", 0), lines = 0;
	struct recording *r;
	char text[4096];
	ssize_t n;

	dup2(log, STDERR_FILENO);
	r = recording_read(path, &HV_SELECT_ALL, NULL);
	dup2(saved, STDERR_FILENO);
	n = pread(log, text, sizeof(text), 0);
	for (ssize_t i = 0; i < n; i++)
		lines += text[i] == '\n';
	close(log);
	close(saved);
	if (r) {
		recording_free(r);
		assert_int_equal(lines, 0);
	} else {
		assert_true(lines > 0);
	}
	return lines;
}

static const struct hv_reason *reason(const struct hv_table *t, int64_t nr)
{
	for (size_t i = 0; i < t->nr_reasons; i++)
		if (t->reasons[i].nr == nr)
			return &t->reasons[i];
	fail_msg("%lld is not in the table", (long long)nr);
	return NULL;
}

static void check_counts(bool big, bool tb)
{
	const struct hv_vcpu *v;
	struct recording *r;
	struct gen g;

	gen_start(&g, big, tb);
	gen_time_conv(&g, 512000000);
	gen_comm(&g, 77, "hvrun");
	gen_hcall_exits(&g, 0, 0xe4, 10);
	gen_enter(&g, 0);
	gen_wait(&g, 3000);
	gen_exit(&g, 0, 0xe60);	/* and never enters again */
	gen_round(&g);
	r = read_gen(&g);
	assert_non_null(r);
	assert_int_equal(r->stats->nr_vcpus, 1);
	v = r->stats->vcpus[0];
	assert_int_equal(v->pid, 77);
	assert_int_equal(v->lpid, tb ? 3 : -1);
	assert_int_equal(v->enters, 11);
	assert_string_equal(hv_reader_comm(r->reader, 77), "hvrun");
	assert_int_equal(r->reader->clock.use_ticks, tb);
	assert_int_equal(reason(&v->exits, 0xc00)->count, 10);
	assert_int_equal(reason(&v->exits, 0xc00)->hist.count, 10);
	assert_in_range(reason(&v->exits, 0xc00)->hist.min, 9990, 10000);
	assert_in_range(reason(&v->exits, 0xc00)->hist.max, 9990, 10000);
	assert_int_equal(reason(&v->hcalls, 0xe4)->count, 10);
	assert_in_range(reason(&v->hcalls, 0xe4)->hist.min, 4990, 5000);
	assert_in_range(reason(&v->hcalls, 0xe4)->hist.max, 4990, 5000);
	assert_int_equal(reason(&v->exits, 0xe60)->count, 1);
	assert_int_equal(reason(&v->exits, 0xe60)->hist.count, 0);
	assert_in_range(v->spent[HV_SPAN_GUEST].sum, 22900, 23000);
	recording_free(r);
}

static void test_counts_and_durations(void **state)
{
	(void)state;
	check_counts(false, false);
	check_counts(false, true);
}

static void test_other_endianness(void **state)
{
	(void)state;
	check_counts(true, false);
	check_counts(true, true);
}

static void test_vms_and_vcpus(void **state)
{
	struct recording *r;
	struct gen g;

	(void)state;
	gen_start(&g, false, true);
	gen_hcall_exits(&g, 1, 8, 2);
	gen_hcall_exits(&g, 0, 8, 3);
	g.lpid = 4;	/* a second VM of the same process */
	gen_hcall_exits(&g, 0, 8, 4);
	g.pid = 50;
	g.lpid = 3;
	gen_hcall_exits(&g, 0, 8, 5);
	r = read_gen(&g);
	assert_non_null(r);
	assert_true(r->reader->clock.assumed);
	assert_int_equal(r->stats->nr_vcpus, 4);
	for (int i = 0; i < 4; i++)
		assert_int_equal(r->stats->vcpus[i]->enters, ((int[]){ 5, 3, 2, 4 })[i]);
	assert_true(hv_same_vm(r->stats->vcpus[1], r->stats->vcpus[2]));
	assert_false(hv_same_vm(r->stats->vcpus[2], r->stats->vcpus[3]));
	assert_false(hv_same_vm(r->stats->vcpus[0], r->stats->vcpus[1]));
	recording_free(r);
}

static void test_switches(void **state)
{
	const struct hv_vcpu *v;
	struct recording *r;
	struct gen g;

	(void)state;
	gen_start(&g, false, true);
	for (int i = 0; i < 7; i++) {
		gen_switch(&g, 2, true, 512);
		gen_wait(&g, 1000);
		gen_switch(&g, 2, false, 1024);
	}
	r = read_gen(&g);
	assert_non_null(r);
	assert_int_equal(r->stats->nr_vcpus, 1);
	v = r->stats->vcpus[0];
	assert_int_equal(v->lpid, 3);
	assert_int_equal(v->spent[HV_SPAN_SWITCH_IN].count, 7);
	assert_in_range(v->spent[HV_SPAN_SWITCH_IN].max, 999, 1000);
	assert_int_equal(v->spent[HV_SPAN_SWITCH_OUT].count, 7);
	assert_in_range(v->spent[HV_SPAN_SWITCH_OUT].min, 1999, 2000);
	recording_free(r);
}

/* A process' last name, of many processes. */
static void test_names(void **state)
{
	struct recording *r;
	struct gen g;

	(void)state;
	gen_start(&g, false, true);
	for (int i = 0; i < 3000; i++)
		gen_comm(&g, 100 + i, i % 2 ? "odd" : "even");
	gen_comm(&g, 200, "last");
	gen_comm(&g, 200 + HV_COMM_CHAINS, "other");
	r = read_gen(&g);
	assert_non_null(r);
	assert_string_equal(hv_reader_comm(r->reader, 200), "last");
	assert_string_equal(hv_reader_comm(r->reader, 200 + HV_COMM_CHAINS), "other");
	assert_string_equal(hv_reader_comm(r->reader, 3099), "odd");
	assert_null(hv_reader_comm(r->reader, 3100));
	assert_null(hv_reader_comm(r->reader, -1));
	recording_free(r);
}

/* Two CPUs' rings stand one after the other; the vCPU moved from one to the other and back. */
static void test_rings_are_merged(void **state)
{
	struct recording *r;
	struct gen g;

	(void)state;
	gen_start(&g, false, false);
	gen_exit(&g, 0, 0x500);
	gen_wait(&g, 9000);
	gen_exit(&g, 0, 0x980);
	g.cpu = 1;
	g.time -= 8000;
	gen_enter(&g, 0);
	g.time += 10000;
	gen_enter(&g, 0);
	r = read_gen(&g);
	assert_non_null(r);
	assert_int_equal(reason(&r->stats->vcpus[0]->exits, 0x500)->hist.sum, 1000);
	assert_int_equal(reason(&r->stats->vcpus[0]->exits, 0x980)->hist.sum, 2000);
	recording_free(r);
}

static void test_losses(void **state)
{
	const struct hv_vcpu *v;
	struct recording *r;
	struct gen g;

	(void)state;
	gen_start(&g, false, false);
	g.cpu = 5;
	gen_hcall_exits(&g, 0, 8, 1);
	gen_enter(&g, 0);
	gen_exit(&g, 0, 0x500);
	gen_wait(&g, 1000000);
	gen_lost(&g, 123);
	gen_enter(&g, 0);	/* of another exit: the 1 ms is nobody's */
	r = read_gen(&g);
	assert_non_null(r);
	v = r->stats->vcpus[0];
	assert_int_equal(r->reader->lost_records, 123);
	assert_int_equal(r->reader->lost[5], 123);
	assert_int_equal(reason(&v->exits, 0x500)->count, 1);
	assert_int_equal(reason(&v->exits, 0x500)->hist.count, 0);
	recording_free(r);
}

/* More addresses than are kept: all are counted, the last ones together. */
static void test_many_addresses(void **state)
{
	struct recording *r;
	uint64_t count = 0;
	struct gen g;

	(void)state;
	gen_start(&g, false, true);
	for (int i = 0; i < MAX_PCS + 100; i++) {
		gen_enter(&g, 0);
		g.pc += 4;
		gen_exit(&g, 0, 0x500);
		gen_wait(&g, 1000);
	}
	gen_enter(&g, 0);
	r = read_gen(&g);
	assert_non_null(r);
	assert_int_equal(r->nr_pcs, MAX_PCS + 1);
	for (size_t i = 0; i < r->nr_pcs; i++)
		count += r->pcs[i]->hist.count;
	assert_int_equal(count, MAX_PCS + 100);
	assert_string_equal(r->pcs[0]->name, "[others]");	/* the longest in all */
	assert_int_equal(r->pcs[0]->hist.count, 100);
	recording_free(r);
}

static void small_file(struct gen *g)
{
	gen_start(g, false, true);
	gen_time_conv(g, 512000000);
	gen_comm(g, 77, "hvrun");
	gen_switch(g, 0, true, 500);
	gen_hcall_exits(g, 0, 0xe4, 2);
	gen_lost(g, 1);
	gen_round(g);
	gen_finish(g);
}

/* Whatever is missing at the end is noticed; only what nobody reads may go. */
static void test_truncated(void **state)
{
	struct gen g;

	(void)state;
	small_file(&g);
	write_file(g.data, g.len);
	assert_int_equal(error_lines(), 0);
	for (size_t len = 0; len < g.len - 68 - 16; len++) {	/* the last feature, and the ends of the one before */
		write_file(g.data, len);
		if (error_lines() != 1)
			fail_msg("cut at %zu of %zu bytes: not one line of error message", len, g.len);
	}
	gen_free(&g);
}

/* Every byte of the file in turn takes other values. The sanitizers watch. */
static void test_corrupted(void **state)
{
	static const unsigned char flips[] = { 0x01, 0x80 };
	struct gen g;

	(void)state;
	small_file(&g);
	for (size_t at = 0; at < g.len; at++) {
		for (size_t i = 0; i < sizeof(flips); i++) {
			g.data[at] ^= flips[i];
			write_file(g.data, g.len);
			if (error_lines() > 1)
				fail_msg("byte %zu xor %#x: more than one line of error message", at, flips[i]);
			g.data[at] ^= flips[i];
		}
	}
	gen_free(&g);
}

static void test_not_perf_data(void **state)
{
	static const char pipe_header[16] = "PERFILE2\020";
	char zeros[4096] = { 0 };
	struct gen g;

	(void)state;
	write_file("", 0);
	assert_int_equal(error_lines(), 1);
	write_file(zeros, sizeof(zeros));
	assert_int_equal(error_lines(), 1);
	write_file(pipe_header, sizeof(pipe_header));
	assert_int_equal(error_lines(), 1);
	small_file(&g);
	memset(g.data + 48, 0, 8);	/* data.size as while recording */
	write_file(g.data, g.len);
	assert_int_equal(error_lines(), 1);
	gen_free(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts_and_durations),
		cmocka_unit_test(test_other_endianness),
		cmocka_unit_test(test_vms_and_vcpus),
		cmocka_unit_test(test_switches),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_rings_are_merged),
		cmocka_unit_test(test_losses),
		cmocka_unit_test(test_many_addresses),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_corrupted),
		cmocka_unit_test(test_not_perf_data),
	};

	fd = memfd_create("perf.data", 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
