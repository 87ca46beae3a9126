// SPDX-License-Identifier: GPL-2.0
/* hvtop without a terminal: its table's order and width, its keys, its help. */
#include <ncurses.h>
#include <stdlib.h>
#include <string.h>
#include "check.h"
#include "../../tools/hvtop/top.h"

static struct live_row rows[8];
static struct live_table table;

static void add_row(long pid, long vcpu, double exits, double hcalls)
{
	struct live_row *r = &rows[table.nr++];

	*r = (struct live_row){ .is_vm = vcpu < 0, .comm = "a-long-command" };
	r->row = (struct hv_row){ .pid = pid, .lpid = 1, .vcpu = vcpu, .exits_rate = exits,
				  .hcalls_rate = hcalls, .hist = &r->hist, .comm = r->comm };
	table.nr_vms += vcpu < 0;
}

static void make_table(void)
{
	table = (struct live_table){ .rows = rows };
	add_row(1, -1, 30, 9);
	add_row(1, 0, 10, 5);
	add_row(1, 1, 20, 4);
	add_row(2, -1, 90, 1);
	add_row(2, 0, 90, 1);
	add_row(3, -1, 60, 2);
	add_row(3, 0, 5, 1);
	add_row(3, 1, 55, 1);
}

static void check_order(const char *want)
{
	char got[64] = "";

	for (size_t i = 0; i < table.nr; i++)
		snprintf(got + strlen(got), sizeof(got) - strlen(got), rows[i].is_vm ? " %ld:" : "%ld",
			 rows[i].is_vm ? rows[i].row.pid : rows[i].row.vcpu);
	assert_string_equal(got, want);
	for (size_t i = 0; i < table.nr; i++)
		assert_true(rows[i].row.hist == &rows[i].hist && rows[i].row.comm == rows[i].comm);
}

static void test_sort(void **state)
{
	(void)state;
	make_table();
	live_sort(&table, COL_EXITS, false);
	check_order(" 2:0 3:10 1:10");
	live_sort(&table, COL_EXITS, true);
	check_order(" 1:01 3:01 2:0");
	live_sort(&table, COL_HCALLS, false);
	check_order(" 1:01 3:01 2:0");
	live_sort(&table, COL_SWITCHES, false);	/* all equal: by number */
	check_order(" 1:01 2:0 3:01");
	table.nr = table.nr_vms = 0;
	live_sort(&table, COL_EXITS, false);
}

static void test_width(void **state)
{
	char line[256];
	int columns[HV_NR_COLUMNS], n = 0;

	(void)state;
	make_table();
	/* Those up to p99 fit the smallest terminal; names too long are cut, not pushed aside. */
	do
		columns[n] = top_columns[n];
	while (top_columns[n++] != COL_P99);
	columns[n] = -1;
	hv_format_row(line, sizeof(line), columns, NULL);
	assert_int_equal(strlen(line), 80);
	hv_format_row(line, sizeof(line), columns, &rows[0].row);
	assert_int_equal(strlen(line), 80);
	hv_format_row(line, 10, top_columns, &rows[0].row);
	assert_int_equal(strlen(line), 9);
}

/* A PID of seven digits, or minutes of sleep, push nothing off the screen. */
static void test_wide_cells(void **state)
{
	static const int two[] = { COL_PID, COL_P99, -1 };
	char line[256];

	(void)state;
	make_table();
	rows[0].row.pid = 1234567;
	hv_format_row(line, sizeof(line), (const int[]){ COL_PID, COL_VCPU, COL_EXITS, -1 }, &rows[0].row);
	assert_string_equal(line, "1234567   -      30");
	rows[0].row.pid = 1;
	hist_add(&rows[0].hist, 99999999000);
	hv_format_row(line, sizeof(line), two, &rows[0].row);
	assert_string_equal(line, "     1 99999999");
	hist_add(&rows[0].hist, 123456000000);
	hv_format_row(line, sizeof(line), two, &rows[0].row);
	assert_string_equal(line, "     1 1.23e+08");
	hist_free(&rows[0].hist);
}

static void test_keys(void **state)
{
	struct top t = { .table = &table };
	int sorts = 0;

	(void)state;
	make_table();
	top_key(&t, 'h');
	assert_true(t.help);
	top_key(&t, '?');
	assert_false(t.help);
	top_key(&t, 'R');
	assert_true(t.reverse);
	top_key(&t, 'x');
	top_key(&t, 0);
	for (int i = 0; i < 50; i++) {
		int before = t.sort;

		top_key(&t, '>');
		if (t.sort != before) {
			sorts++;
			assert_non_null(hv_columns[top_columns[t.sort]].value);
		}
	}
	assert_true(sorts >= 6);
	for (int i = 0; i < 50; i++)
		top_key(&t, '<');
	assert_int_equal(top_columns[t.sort], COL_PID);
	t.page = 3;
	top_arrange(&t);
	top_key(&t, KEY_UP);
	assert_int_equal(t.selected, 0);
	for (int i = 0; i < 50; i++)
		top_key(&t, KEY_DOWN);
	assert_int_equal(t.selected, table.nr - 1);
	assert_int_equal(t.first_row, table.nr - 3);
	top_key(&t, KEY_HOME);
	assert_int_equal(t.first_row, 0);
	top_key(&t, 't');
	top_arrange(&t);
	assert_int_equal(t.nr_shown, table.nr - table.nr_vms);
	free(t.shown);
	assert_false(t.quit);
	top_key(&t, 'q');
	assert_true(t.quit);
}

/* While nobody has picked a row the first one is selected, and the view stays at the top. */
static void test_selection(void **state)
{
	struct top t = { .table = &table, .page = 3 };

	(void)state;
	while (top_columns[t.sort] != COL_EXITS)
		t.sort++;
	make_table();
	top_arrange(&t);
	assert_int_equal(table.rows[t.shown[t.selected]].row.pid, 2);
	rows[0].row.exits_rate = 1;	/* the first VM becomes the last one */
	top_arrange(&t);
	assert_int_equal(table.rows[t.shown[t.selected]].row.pid, 3);
	assert_int_equal(t.first_row, 0);
	/* the one picked stays so, wherever it goes */
	top_key(&t, KEY_DOWN);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(table.rows[t.shown[t.selected]].row.pid, 3);
		assert_int_equal(table.rows[t.shown[t.selected]].row.vcpu, 1);
		assert_in_range(t.selected, t.first_row, t.first_row + t.page - 1);
		top_key(&t, 'R');
		top_arrange(&t);
	}
	/* Home: the first one again, whichever */
	top_key(&t, KEY_HOME);
	top_key(&t, 'R');
	top_arrange(&t);
	assert_int_equal(t.selected, 0);
	/* rows go: no empty lines while there are rows above */
	top_key(&t, KEY_END);
	table.nr -= 2;
	table.nr_vms = 2;
	t.flat = true;
	top_arrange(&t);
	assert_int_equal(t.selected, t.nr_shown - 1);
	assert_int_equal(t.first_row, t.nr_shown - 3);
	free(t.shown);
}

static void test_help_names_every_column(void **state)
{
	char line[256];
	size_t n = 0;
	int found = 0, columns = 0;

	(void)state;
	while (top_help_line(n, line, sizeof(line))) {
		for (int i = 0; top_columns[i] >= 0; i++)
			found += !strncmp(line + 2, hv_columns[top_columns[i]].head,
					  strlen(hv_columns[top_columns[i]].head)) && strlen(line) > 3;
		n++;
	}
	while (top_columns[columns] >= 0)
		columns++;
	assert_int_equal(found, columns);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sort),
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_wide_cells),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_selection),
		cmocka_unit_test(test_help_names_every_column),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
