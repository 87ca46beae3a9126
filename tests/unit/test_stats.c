// SPDX-License-Identifier: GPL-2.0
/* kvm-hv/stats.c: what follows from the rows and the stamps that the image leaves, and from nothing else. */
#include "check.h"
#include "../../kvm-hv/hv.h"

static u64 now = 1000;
static struct hv_counts *n;
static struct hv_rm_ctx c;
/* What is to come out */
static u64 guest, switches, stays, stayed;

u64 mftb(void)
{
	return now;
}

/* What to_guest() in rm/switch.c does */
static void enter(u64 ticks)
{
	c.to_guest.tb_start = now;
	now += ticks;
	c.to_guest.tb_end = now;
	if (!(c.watch & HV_WATCH_STATS))
		return;
	c.switch_ticks += now - c.to_host.tb_start - (c.to_guest.tb_start - c.to_host.tb_end);
	hv_stat_add(c.row, &c.row->left_ticks, now - c.to_host.tb_start);
	stays++;
	switches += ticks;
}

/* One that the image acts on itself, within the stay */
static void answer(u32 row, u64 ticks)
{
	now += ticks;
	c.answered++;
	if (!(c.watch & HV_WATCH_STATS))
		return;
	hv_stat_add(&n->rows[row], &n->rows[row].stayed_ticks, ticks);
	stayed++;
	guest += ticks;
}

static void leave(u32 row, u64 in_guest, u64 ticks)
{
	now += in_guest;
	c.to_host.tb_start = now;
	now += ticks;
	c.to_host.tb_end = now;
	if (!(c.watch & HV_WATCH_STATS))
		return;
	c.row = &n->rows[row];
	guest += in_guest;
}

static void check_sums(void)
{
	hv_counts_sum(n);
	assert_int_equal(n->sum.guest, guest);
	assert_int_equal(n->sum.stays, stays);
	assert_int_equal(n->sum.stayed, stayed);
}

static int setup(void **state)
{
	(void)state;
	memset(&c, 0, sizeof(c));
	guest = switches = stays = stayed = 0;
	n = hv_counts_alloc();
	n->rm = &c;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	hv_counts_free(n);
	return 0;
}

static void sums_are_those_of_the_stays(void **state)
{
	(void)state;
	check_sums();
	hv_stats_switch(n, &c);
	check_sums();
	for (u32 i = 0; i < 50; i++) {
		now += 100 + i;
		enter(7);
		check_sums();		/* in the guest: what is over counts */
		answer(1, 20);
		answer(2, 3);
		leave(i % 3, 500 + i, 11);
		check_sums();
	}
	/* the last exit's switch to the host shows with the next entry */
	switches += 11 * 49;
	assert_int_equal(n->sum.switches, switches);
}

/* While they are off nothing counts, and the time before the first entry after that is no exit's. */
static void off_for_a_while(void **state)
{
	(void)state;
	hv_stats_switch(n, &c);
	enter(5);
	leave(4, 1000, 5);
	hv_stats_switch(n, &c);
	assert_null(c.rows);
	assert_int_equal(c.watch, 0);
	for (int i = 0; i < 3; i++) {
		enter(5);
		answer(3, 60);
		leave(4, 100000, 5);
		check_sums();
	}
	hv_stats_switch(n, &c);
	check_sums();
	enter(5);
	answer(3, 60);
	leave(4, 77, 5);
	check_sums();
	assert_int_equal(n->rows[4].left_ticks, 0);	/* the exit before they went off, and the last one so far */
	hv_stats_switch(n, &c);
	check_sums();
}

/* A reader that sees the half of something tells no less than it told before. */
static void sums_never_go_back(void **state)
{
	u64 told;

	(void)state;
	hv_stats_switch(n, &c);
	enter(5);
	leave(4, 1000, 5);
	hv_counts_sum(n);
	told = n->sum.guest;
	n->rows[4].left_ticks += 400;	/* entered again, stamps still old */
	hv_counts_sum(n);
	assert_int_equal(n->sum.guest, told);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(sums_are_those_of_the_stays, setup, teardown),
		cmocka_unit_test_setup_teardown(off_for_a_while, setup, teardown),
		cmocka_unit_test_setup_teardown(sums_never_go_back, setup, teardown),
	};

	assert_int_equal(hv_tables_init(), 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
