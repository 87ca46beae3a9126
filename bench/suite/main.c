// SPDX-License-Identifier: GPL-2.0
/*
 * The benchmark's guest side. r6 = samples of each row, r7 = percent of the
 * rows' counts, r8 = mask of rows (../rows.h, in order), r9 = role, r10 = count
 * cycles as well. Prints
 *
 *   sample ROW COUNT TICKS CYCLES	ticks of the timebase; cycles of the host's
 *					thread, 0 if they are not counted
 *   skip ROW WHY
 *   done
 */
#include "suite.h"

static const struct {
	const char *name;
	const struct row *row;
} rows[] = {
#define HV_BENCH_ROW(id, name, ...) { name, &row_##id },
#include "rows.h"
};

#define MORE_SAMPLES 4
#define NROWS (sizeof(rows) / sizeof(rows[0]))
_Static_assert(NROWS <= 64, "the mask of rows has 64 bits");

static u64 cycles(void)
{
	u64 args[9] = { 0 };

	return !boot_args.arg[4] || hcall_raw(H_HVRUN_CYCLES, args) ? 0 : args[0];
}

/* One sample; false: the row can't be run here. The first one is for warming up. */
static bool measure(const char *name, const struct row *row, u64 count, bool print)
{
	const char *why = row->prepare(count);
	u64 before, ticks, n = count;

	if (why) {
		printf("skip %s %s\n", name, why);
		return false;
	}
	mtspr(22, DEC_FAR);
	before = cycles();
	ticks = row->execute(&n);
	before = cycles() - before;
	why = row->finish(count);
	if (why) {
		printf("skip %s %s\n", name, why);
		return false;
	}
	if (!n) {
		printf("skip %s nothing happened\n", name);
		return false;
	}
	if (print)
		printf("sample %s %lu %lu %lu\n", name, n, ticks, row->timed == WHOLE ? before : 0);
	return true;
}

static void run_row(const char *name, const struct row *row, u64 samples, u64 percent)
{
	u64 count = row->count * percent / 100 ? : 1;

	if (count > LARGEST_COUNT)
		count = LARGEST_COUNT;
	for (u64 s = 0; s <= samples * (row->timed == ONE ? MORE_SAMPLES : 1); s++)
		if (!measure(name, row, count, s))
			break;
}

/* The other VM of vm-switch: gives the turn back, until the first one ends. */
static int peer(void)
{
	long rc = HCALL(H_HVRUN_TURN, TURN_WAIT);

	while (rc == H_SUCCESS)
		rc = HCALL(H_HVRUN_TURN, TURN_GIVE | TURN_WAIT);
	return 1;
}

int main(void)
{
	install_handlers();
	mtspr(22, DEC_FAR);
	if (boot_args.arg[3] == ROLE_PEER)
		return peer();
	find_free_entries();
	for (u64 i = 0; i < NROWS; i++)
		if (boot_args.arg[2] >> i & 1)
			run_row(rows[i].name, rows[i].row, boot_args.arg[0], boot_args.arg[1]);
	printf("done\n");
	return 0;
}
