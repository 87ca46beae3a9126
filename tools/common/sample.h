/* SPDX-License-Identifier: GPL-2.0 */
/* The parts of perf records whose layout depends on the event's perf_event_attr. */
#ifndef HV_SAMPLE_H
#define HV_SAMPLE_H

#include <linux/perf_event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hv_layout {
	uint64_t sample_type, read_format;
	bool sample_id_all;
	bool swap;		/* the file is of the other endianness */
	/* set by hv_layout_places(), of tracepoints' usual samples: bytes from the start; raw 0: it has to be looked for */
	uint8_t tid, time, cpu, raw;
};

struct hv_sample {
	uint64_t id, time;
	int32_t cpu, pid, tid;	/* -1 if not there */
	const void *raw;	/* of a tracepoint; not swapped */
	uint32_t raw_size;
};

/* So that hv_parse_sample() need not go through all that a sample may have, once more for each. */
void hv_layout_places(struct hv_layout *l);

/* Both: 0, or -1 if the record is too short for what its layout promises. body and size are without the header. */
int hv_parse_sample(const struct hv_layout *l, const void *body, size_t size, struct hv_sample *s);
/* The trailer that every other record carries where sample_id_all is set. */
int hv_parse_trailer(const struct hv_layout *l, const void *body, size_t size, struct hv_sample *s);

/* Where the event's id is in a sample (u64s from the start) and a trailer (u64s from the end); -1: nowhere. */
int hv_id_in_sample(uint64_t sample_type);
int hv_id_in_trailer(uint64_t sample_type);
/* Where its time is in a sample (u64s from the start); -1: nowhere. */
int hv_time_in_sample(uint64_t sample_type);

static inline uint64_t hv_get64(const void *p, bool swap)
{
	uint64_t v;

	__builtin_memcpy(&v, p, sizeof(v));
	return swap ? __builtin_bswap64(v) : v;
}

static inline uint32_t hv_get32(const void *p, bool swap)
{
	uint32_t v;

	__builtin_memcpy(&v, p, sizeof(v));
	return swap ? __builtin_bswap32(v) : v;
}

#endif
