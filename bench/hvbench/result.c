// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../tools/common/part.h"
#include "../../tools/common/util.h"
#include "result.h"

/* What each run has to have, as strings. */
static const char *const run_strings[] = { "suite", "date", "machine", "backend", "mitigations", "boot" };

/* Arrays of a row, each as long as "counts" */
static const char *const arrays[] = { "ticks", "cycles", "instructions", "switches" };

static int bad_row(const char *path, const char *row, const char *what)
{
	return hv_error("%s: row %s: %s (docs/bench.md has the format)", path, row, what);
}

/* A name is a word in tables, in CSV and on a terminal; what is in quotes there may have commas. */
static bool is_text(const char *s, const char *without)
{
	if (!s || !*s || strlen(s) >= 128 || strpbrk(s, without))
		return false;
	while (*s >= ' ' && *s <= '~')
		s++;
	return !*s;
}

bool result_is_name(const char *s)
{
	return is_text(s, ",\"");
}

static bool is_name(const json_t *object, const char *key)
{
	return result_is_name(json_string_value(json_object_get(object, key)));
}

/* Less than 2^64: far more than anything counts to, and what is made of two such numbers is finite. */
static bool in_range(const json_t *number, double least)
{
	return json_is_number(number) && json_number_value(number) >= least && json_number_value(number) < 0x1p64;
}

static int check_numbers(const char *path, const char *row, const json_t *array, size_t n, double least)
{
	const json_t *number;
	size_t i;

	if (!json_is_array(array) || json_array_size(array) != n)
		return bad_row(path, row, "as many counts as samples of each kind are needed");
	json_array_foreach(array, i, number)
		if (!in_range(number, least))
			return bad_row(path, row, "a sample is not a number, or negative, of nothing, or far too large");
	return 0;
}

static int check_row(const char *path, const json_t *row)
{
	const char *name = json_string_value(json_object_get(row, "row"));
	const json_t *counts = json_object_get(row, "counts"), *skipped = json_object_get(row, "skipped");
	size_t kinds = 0;

	if (!is_name(row, "row") || !is_name(row, "unit"))
		return hv_error("%s: a row has no name or no unit, or a strange one", path);
	if (skipped)
		return is_text(json_string_value(skipped), "\"") ? 0 : bad_row(path, name, "skipped without a reason, or with a strange one");
	if (!json_array_size(counts))
		return bad_row(path, name, "no samples");
	if (check_numbers(path, name, counts, json_array_size(counts), 1))
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(arrays); i++) {
		const json_t *array = json_object_get(row, arrays[i]);

		if (array && check_numbers(path, name, array, json_array_size(counts), 0))
			return -1;
		kinds += !!array;
	}
	return kinds ? 0 : bad_row(path, name, "no samples");
}

static int check_run(const char *path, const json_t *run)
{
	const json_t *rows = json_object_get(run, "rows"), *row, *per_tick = json_object_get(run, "instructions_per_tick"),
		     *nr = json_object_get(run, "run");
	size_t i;

	for (i = 0; i < ARRAY_SIZE(run_strings); i++)
		if (!is_name(run, run_strings[i]))
			return hv_error("%s: a run has no \"%s\", or a strange one", path, run_strings[i]);
	if (!json_is_integer(nr) || !in_range(nr, 1) || json_integer_value(nr) > UINT32_MAX ||
	    !json_is_boolean(json_object_get(run, "emulated")) || !in_range(json_object_get(run, "timebase_hz"), 1) ||
	    !(json_is_null(per_tick) || (in_range(per_tick, 0) && json_number_value(per_tick) > 0)) ||
	    !json_is_object(json_object_get(run, "environment")) || !json_is_array(rows))
		return hv_error("%s: a run is not as docs/bench.md says", path);
	json_array_foreach(rows, i, row)
		if (check_row(path, row))
			return -1;
	return 0;
}

/* NULL after a message. */
static json_t *read_json(const char *path)
{
	json_error_t error;
	json_t *json;
	size_t len;
	char *text = hv_read_file(path, &len);

	if (!text) {
		hv_error("%s: %s", path, strerror(errno));
		return NULL;
	}
	json = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
	free(text);
	if (!json) {
		hv_printable(error.text);	/* has some of the file */
		hv_error("%s: not a result file of hvbench: %s", path, error.text);
	}
	return json;
}

static int check_result(const char *path, const json_t *result)
{
	const char *schema = json_string_value(json_object_get(result, "schema"));
	const json_t *runs = json_object_get(result, "runs"), *run;
	json_int_t version = json_integer_value(json_object_get(result, "version"));
	size_t i;

	if (!schema || strcmp(schema, SCHEMA))
		return hv_error("%s: not a result file of hvbench", path);
	if (version != SCHEMA_VERSION)
		return hv_error("%s: version %lld of the format; this hvbench reads version %d", path, (long long)version, SCHEMA_VERSION);
	if (!json_is_array(runs))
		return hv_error("%s: has no runs", path);
	json_array_foreach(runs, i, run)
		if (check_run(path, run))
			return -1;
	return 0;
}

json_t *result_load(const char *path)
{
	json_t *result = read_json(path);

	if (result && check_result(path, result)) {
		json_decref(result);
		return NULL;
	}
	return result;
}

json_t *result_new(void)
{
	return json_pack("{s:s, s:i, s:[]}", "schema", SCHEMA, "version", SCHEMA_VERSION, "runs");
}

/* A row to a line: small, and a diff shows which row changed. */
static void write_run(FILE *out, const json_t *run, bool last)
{
	const json_t *value;
	const char *key;
	size_t i;

	fputs("  {", out);
	json_object_foreach((json_t *)run, key, value) {
		json_t *name = json_string(key);

		if (strcmp(key, "rows")) {
			json_dumpf(name, out, JSON_ENCODE_ANY);
			fputs(": ", out);
			json_dumpf(value, out, JSON_ENCODE_ANY);
			fputs(",\n   ", out);
		}
		json_decref(name);
	}
	fputs("\"rows\": [", out);
	json_array_foreach(json_object_get(run, "rows"), i, value) {
		fputs(i ? ",\n    " : "\n    ", out);
		json_dumpf(value, out, JSON_COMPACT);
	}
	fprintf(out, "\n  ]}%s\n", last ? "" : ",");
}

static void write_result(const json_t *result, FILE *out)
{
	const json_t *runs = json_object_get(result, "runs"), *run;
	size_t i;

	fprintf(out, "{\"schema\": \"%s\", \"version\": %d, \"runs\": [\n", SCHEMA, SCHEMA_VERSION);
	json_array_foreach(runs, i, run)
		write_run(out, run, i + 1 == json_array_size(runs));
	fputs("]}\n", out);
}

/* NULL: none, only tries. A signal that ends us waits, and leaves no FILE.part. */
static int write_file(const json_t *result, const char *path)
{
	struct hv_part file;
	sigset_t all, old;
	int ret;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &old);
	ret = hv_part_open(&file, path, 0644);
	if (!ret && result)
		write_result(result, file.out);
	if (!ret)
		ret = hv_part_close(&file, result);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return ret;
}

int result_save(const json_t *result, const char *path)
{
	if (strcmp(path, "-"))
		return write_file(result, path);
	write_result(result, stdout);
	return 0;	/* main() sees whether it could be written */
}

int result_writable(const char *path)
{
	return strcmp(path, "-") ? write_file(NULL, path) : 0;
}

/* All that makes a start of a guest another one */
static bool same_start(const json_t *a, const json_t *b)
{
	bool same = json_equal(json_object_get(a, "run"), json_object_get(b, "run"));

	for (size_t i = 0; i < ARRAY_SIZE(run_strings) && same; i++)
		same = json_equal(json_object_get(a, run_strings[i]), json_object_get(b, run_strings[i]));
	return same;
}

static bool has_start(const json_t *result, const json_t *start)
{
	const json_t *run;
	size_t i;

	json_array_foreach(json_object_get(result, "runs"), i, run)
		if (same_start(run, start))
			return true;
	return false;
}

int result_merge(json_t *result, json_t *other, const char *path)
{
	json_t *run;
	size_t i;

	json_array_foreach(json_object_get(other, "runs"), i, run) {
		if (has_start(result, run))
			return hv_error("%s: the run of %s, %s, %s, is there twice: its samples would count twice", path,
					json_string_value(json_object_get(run, "machine")),
					json_string_value(json_object_get(run, "backend")),
					json_string_value(json_object_get(run, "date")));
		json_array_append(json_object_get(result, "runs"), run);
	}
	return 0;
}

int result_about(json_t *result, const char *setting)
{
	const char *equals = strchr(setting, '=');
	json_t *run;
	size_t i;

	if (!equals || equals == setting)
		return hv_error("bad --about '%s': give KEY=TEXT", setting);
	json_array_foreach(json_object_get(result, "runs"), i, run) {
		char *key = hv_strdup(setting);
		int bad;

		key[equals - setting] = '\0';
		bad = json_object_set_new(json_object_get(run, "environment"), key, json_string(equals + 1));
		free(key);
		if (bad)
			return hv_error("bad --about '%s': not UTF-8", setting);
	}
	return 0;
}

const char *metric_name(enum metric m)
{
	static const char *const names[] = { "-", "instructions", "ns", "switches" };

	return names[m];
}
