// SPDX-License-Identifier: GPL-2.0
/*
 * Where there is no libFuzzer: mutates recordings made by perfgen for so many
 * seconds. Every run is repeatable from the seed that it prints; the input that
 * made a sanitizer stop is left in a file.
 */
#include <sanitizer/common_interface_defs.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "seeds.h"
#include "target.h"

#define MAX_INPUT (1 << 16)

static uint8_t input[MAX_INPUT];
static size_t input_size;
static uint64_t state;

/* xorshift64* */
static uint64_t next_random(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 0x2545f4914f6cdd1dull;
}

static size_t below(size_t n)
{
	return n ? next_random() % n : 0;
}

static void keep_input(void)
{
	FILE *f = fopen("fuzz-crash.data", "w");

	if (f && fwrite(input, 1, input_size, f) == input_size && !fclose(f))
		fprintf(stderr, "the input is in fuzz-crash.data\n");
}

/* A number as lengths, counts and offsets go wrong: small, huge, near a power of two, or near itself. */
static uint64_t odd_number(uint64_t now)
{
	switch (below(6)) {
	case 0: return below(16);
	case 1: return -below(16);
	case 2: return (1ull << below(64)) + below(3) - 1;
	case 3: return now + below(17) - 8;
	case 4: return __builtin_bswap64(below(65536));
	default: return next_random();
	}
}

static void mutate_number(void)
{
	size_t size = 1 << below(4), at;
	uint64_t v = 0;

	if (input_size < size)
		return;
	at = below(input_size - size + 1) / size * size;
	memcpy(&v, input + at, size);
	v = odd_number(v);
	memcpy(input + at, &v, size);
}

static void copy_block(void)
{
	size_t len = 1 + below(128), from, to;

	if (input_size < len)
		return;
	from = below(input_size - len + 1);
	to = below(input_size - len + 1);
	memmove(input + to, input + from, len);
}

static void mutate(const struct gen *seed)
{
	size_t times = 1 + below(8);

	input_size = seed->len;
	memcpy(input, seed->data, seed->len);
	for (size_t i = 0; i < times; i++) {
		switch (below(8)) {
		case 0: copy_block(); break;
		case 1: input[below(input_size)] ^= 1 << below(8); break;
		case 2: if (!below(8)) input_size = 1 + below(input_size); break;
		default: mutate_number(); break;
		}
	}
}

int main(int argc, char *argv[])
{
	double seconds = argc > 1 ? atof(argv[1]) : 5;
	struct timespec start, now;
	struct gen seeds[NR_SEEDS];
	unsigned long runs = 0;

	state = argc > 2 ? strtoull(argv[2], NULL, 0) | 1 : (uint64_t)time(NULL) << 1 | 1;
	fprintf(stderr, "seed %llu\n", (unsigned long long)state);
	__sanitizer_set_death_callback(keep_input);
	for (int i = 0; i < NR_SEEDS; i++)
		make_seed(&seeds[i], i);
	clock_gettime(CLOCK_MONOTONIC, &start);
	do {
		mutate(&seeds[below(NR_SEEDS)]);
		LLVMFuzzerTestOneInput(input, input_size);
		runs++;
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while (now.tv_sec - start.tv_sec + (now.tv_nsec - start.tv_nsec) / 1e9 < seconds);
	fprintf(stderr, "%lu inputs, nothing found\n", runs);
	for (int i = 0; i < NR_SEEDS; i++)
		gen_free(&seeds[i]);
	return 0;
}
