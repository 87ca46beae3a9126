// SPDX-License-Identifier: GPL-2.0
/*
 * A sample's parts, in every order that the kernel's headers promise (enum perf_event_sample_format): the way
 * that knows where they are and the one that looks for them find the same.
 */
#include <string.h>
#include "check.h"
#include "../../tools/common/sample.h"

static char body[512];
static size_t len;

static void put32(uint32_t v)
{
	memcpy(body + len, &v, sizeof(v));
	len += sizeof(v);
}

static void put64(uint64_t v)
{
	memcpy(body + len, &v, sizeof(v));
	len += sizeof(v);
}

/* As perf_output_sample() writes it; what nobody reads here is ~0. */
static void make_sample(uint64_t type)
{
	static const struct { uint64_t bit; uint32_t low, high; } parts[] = {
		{ PERF_SAMPLE_IDENTIFIER, 71, 0 }, { PERF_SAMPLE_IP, ~0u, ~0u }, { PERF_SAMPLE_TID, 11, 12 },
		{ PERF_SAMPLE_TIME, 21, 22 }, { PERF_SAMPLE_ADDR, ~0u, ~0u }, { PERF_SAMPLE_ID, 71, 0 },
		{ PERF_SAMPLE_STREAM_ID, ~0u, ~0u }, { PERF_SAMPLE_CPU, 5, ~0u }, { PERF_SAMPLE_PERIOD, ~0u, ~0u },
	};

	len = 0;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (type & parts[i].bit) {
			put32(parts[i].low);
			put32(parts[i].high);
		}
	}
	if (type & PERF_SAMPLE_READ)
		put64(~0ull);	/* read_format 0: a value */
	if (type & PERF_SAMPLE_CALLCHAIN) {
		put64(2);
		put64(~0ull);
		put64(~0ull);
	}
	if (type & PERF_SAMPLE_RAW) {
		put32(12);
		put32(0xaaaaaaaa);
		put64(~0ull);
	}
	if (type & PERF_SAMPLE_WEIGHT)
		put64(~0ull);
}

static void check_one(const struct hv_layout *l)
{
	uint64_t type = l->sample_type;
	struct hv_sample s;

	assert_int_equal(hv_parse_sample(l, body, len, &s), 0);
	assert_int_equal(s.pid, type & PERF_SAMPLE_TID ? 11 : -1);
	assert_int_equal(s.tid, type & PERF_SAMPLE_TID ? 12 : -1);
	assert_int_equal(s.time, type & PERF_SAMPLE_TIME ? 22ull << 32 | 21 : 0);
	assert_int_equal(s.cpu, type & PERF_SAMPLE_CPU ? 5 : -1);
	if (type & PERF_SAMPLE_RAW) {
		assert_int_equal(s.raw_size, 12);
		assert_int_equal(*(const char *)s.raw, (char)0xaa);
		/* without the weight behind it, every byte counts */
		assert_int_equal(hv_parse_sample(l, body, len - (type & PERF_SAMPLE_WEIGHT ? 9 : 1), &s), -1);
		assert_int_equal(hv_parse_sample(l, body, 3, &s), -1);
	} else {
		assert_null(s.raw);
	}
}

static void test_all_orders(void **state)
{
	static const uint64_t bits[] = {
		PERF_SAMPLE_IDENTIFIER, PERF_SAMPLE_IP, PERF_SAMPLE_TID, PERF_SAMPLE_TIME, PERF_SAMPLE_ADDR, PERF_SAMPLE_ID,
		PERF_SAMPLE_STREAM_ID, PERF_SAMPLE_CPU, PERF_SAMPLE_PERIOD, PERF_SAMPLE_READ, PERF_SAMPLE_CALLCHAIN,
		PERF_SAMPLE_RAW, PERF_SAMPLE_WEIGHT,
	};
	const size_t nr = sizeof(bits) / sizeof(bits[0]);
	unsigned int known = 0;

	(void)state;
	for (unsigned int set = 0; set < 1u << nr; set++) {
		struct hv_layout l = { 0 };

		for (size_t i = 0; i < nr; i++)
			if (set >> i & 1)
				l.sample_type |= bits[i];
		make_sample(l.sample_type);
		check_one(&l);
		hv_layout_places(&l);
		check_one(&l);
		known += !!l.raw;
	}
	/* of 13 bits four have to be there, and two may not */
	assert_int_equal(known, 1 << 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_orders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
