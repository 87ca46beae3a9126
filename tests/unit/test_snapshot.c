// SPDX-License-Identifier: GPL-2.0
/* The backend's statistics as the tools read them, from a file that looks like /dev/kvm-hv. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include "check.h"
#include "fakedev.h"
#include "tool.h"
#include "../../tools/common/names.h"
#include "../../tools/common/snapshot.h"

#define SECOND FAKE_HZ
#define PID 5000001

static struct hv_snapshot take(void)
{
	struct hv_snapshot s;
	int fd = hv_dev_open(false);

	assert_true(fd >= 0);
	assert_int_equal(hv_snapshot_read(fd, &s), 0);
	close(fd);
	return s;
}

/* Ten seconds, of which a vCPU has 4 in the guest (1 of them the image's), 1 switching, 2 in user space, 2 asleep. */
static void ten_seconds(struct fake_dev *f, struct fake_vcpu *v)
{
	f->tb += 10 * SECOND;
	fake_count(v, HV_ROW_HCALL, 4, 1000, SECOND / 1000, 1);
	fake_count(v, HV_ROW_HCALL, 0xf7fc, 50, SECOND / 100, 0);
	fake_count(v, HV_ROW_EXIT, 0x980, 200, SECOND / 400, 0);
	fake_count(v, HV_ROW_HCALL, ~0ull, 7, 100, 0);
	v->v.guest += 3 * SECOND;
	v->v.switches += SECOND;
	v->v.user += 2 * SECOND;
	v->v.idle += SECOND;
	/* the last second of both has not been added yet */
	v->v.state = HV_STATE_GUEST;
	v->v.since = f->tb - SECOND;
}

static void check(struct hv_stats *s, unsigned int times)
{
	struct hv_sums sums = { 0 };
	const struct hv_reason *r;

	assert_int_equal(s->nr_vcpus, 1);
	hv_sums_add(&sums, s->vcpus[0]);
	assert_int_equal(sums.enters, times * 1257);
	r = hv_table_find(&sums.hcalls, 4);
	assert_int_equal(r->count, times * 1000);
	assert_in_range(r->hist.sum, times * 999999000ull, times * 1000000000ull);
	/* 512,000 ticks are in the bucket from 2^18 = 262,144 (0.512 ms) up to 1.024 ms */
	assert_in_range(hist_percentile(&r->hist, 0.5), 512000, 1024000);
	assert_int_equal(hv_table_find(&sums.hcalls, HV_OTHERS)->count, times * 7);
	assert_int_equal(hv_table_find(&sums.exits, 0xc00)->count, times * 1057);
	assert_int_equal(hv_table_find(&sums.exits, 0x980)->count, times * 200);
	assert_in_range(sums.spent[HV_SPAN_GUEST].sum, times * 2999990000ull, times * 3000010000ull);
	assert_in_range(sums.spent[HV_SPAN_REAL].sum, times * 999990000ull, times * 1000010000ull);
	assert_int_equal(sums.spent[HV_SPAN_USER].sum, times * 2000000000ull);
	assert_int_equal(sums.spent[HV_SPAN_SWITCH_IN].count, times * 2 * 257);
	assert_in_range(hv_sums_outside(&sums), times * 6999990000ull, times * 7000010000ull);
	/* 10 - 4 - 1 - 2 - 1 */
	assert_in_range(hv_sums_module(&sums), times * 1999990000ull, times * 2000010000ull);
	hv_sums_free(&sums);
	hv_stats_free(s);
}

static void check_interval(unsigned int more)
{
	struct fake_dev f = { .tb = 1000 * SECOND, .more = more };
	struct fake_vcpu *v = fake_add(&f, PID, 1, 0);
	struct hv_snapshot zero = { 0 }, was, is;
	struct hv_stats *s;

	ten_seconds(&f, v);
	v->v.guest += SECOND;
	v->v.state = HV_STATE_MODULE;
	v->v.since = f.tb;
	fake_write(&f);
	was = take();
	check(hv_snapshot_stats(&zero, &was, NULL, NULL), 1);
	ten_seconds(&f, v);
	fake_write(&f);
	is = take();
	check(hv_snapshot_stats(&was, &is, NULL, NULL), 1);
	hv_snapshot_free(&was);
	/* It has gone, and tells its last values, but once */
	v->v.guest += SECOND;
	v->v.state = HV_STATE_GONE;
	v->v.since = f.tb;
	f.tb += 5 * SECOND;
	fake_write(&f);
	was = take();
	check(hv_snapshot_stats(&zero, &was, NULL, NULL), 2);
	hv_snapshot_free(&is);
	is = take();
	s = hv_snapshot_stats(&was, &is, NULL, NULL);
	assert_int_equal(s->nr_vcpus, 0);
	hv_stats_free(s);
	hv_snapshot_free(&was);
	hv_snapshot_free(&is);
}

static void test_interval(void **state)
{
	(void)state;
	check_interval(0);
	check_interval(16);	/* structures of a newer backend */
}

static struct hv_stats *count_once(unsigned int kind, __u64 number, __u64 n, __u64 ticks)
{
	struct fake_dev f = { .tb = 1000 * SECOND };
	struct hv_snapshot zero = { 0 }, is;
	struct hv_stats *s;

	fake_count(fake_add(&f, PID, 1, 0), kind, number, n, ticks, 0);
	fake_write(&f);
	is = take();
	s = hv_snapshot_stats(&zero, &is, NULL, NULL);
	hv_snapshot_free(&is);
	return s;
}

/* Few in a bucket are as likely in its lower half as in its upper one; the last bucket has no upper end. */
static void test_percentiles(void **state)
{
	const struct hist *h;
	struct hv_stats *s;

	(void)state;
	s = count_once(HV_ROW_EXIT, 0x500, 1, 700);	/* 512 to 1024 ticks */
	h = &hv_table_find(&s->vcpus[0]->exits, 0x500)->hist;
	assert_in_range(hist_percentile(h, 0.5), 1470, 1530);
	hv_stats_free(s);
	for (unsigned int n = 1; n < 100; n += 33) {
		s = count_once(HV_ROW_HCALL, 0xe0, n, 5 * SECOND);
		h = &hv_table_find(&s->vcpus[0]->hcalls, 0xe0)->hist;
		assert_int_equal(h->count, n);
		assert_in_range(hist_percentile(h, 0.5), 4900000000ull, 5100000000ull);
		assert_in_range(hist_percentile(h, 0.99), 4900000000ull, 5100000000ull);
		hv_stats_free(s);
	}
}

/* Any byte that is changed or missing: an error, or numbers, but nothing that AddressSanitizer would see. */
static void test_damage(void **state)
{
	struct fake_dev f = { .tb = SECOND };
	int fd, refused = 0, saved = dup(STDERR_FILENO), null = open("/dev/null", O_WRONLY);
	const off_t size = sizeof(struct hv_stats_head) + 2 * sizeof(struct hv_stats_vcpu) + 2 * sizeof(struct hv_stats_row);
	char byte;

	(void)state;
	fake_count(fake_add(&f, PID, 1, 0), HV_ROW_EXIT, 0x500, 3, 100, 0);
	fake_count(fake_add(&f, PID, 1, 1), HV_ROW_EXIT, 0x500, 3, 100, 0);
	dup2(null, STDERR_FILENO);
	for (off_t at = 0; at < size; at++) {
		struct hv_snapshot s, zero = { 0 };

		fake_write(&f);
		fd = open(FAKE_DEV, O_RDWR);
		if (at % 3) {
			assert_int_equal(pread(fd, &byte, 1, at), 1);
			byte ^= at % 3 == 1 ? 0x81 : 0xff;
			assert_int_equal(pwrite(fd, &byte, 1, at), 1);
		} else {
			assert_int_equal(ftruncate(fd, at), 0);
		}
		if (hv_snapshot_read(fd, &s))
			refused++;
		else
			hv_stats_free(hv_snapshot_stats(&zero, &s, NULL, NULL));
		hv_snapshot_free(&s);
		close(fd);
	}
	dup2(saved, STDERR_FILENO);
	assert_true(refused > 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_interval),
		cmocka_unit_test(test_percentiles),
		cmocka_unit_test(test_damage),
	};
	int ret = tool_begin() || chdir(tool_dir) || cmocka_run_group_tests(tests, NULL, NULL);

	return tool_end() || ret;
}
