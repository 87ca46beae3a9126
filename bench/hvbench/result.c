// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
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
static bool is_text(const json_t *text, const char *without)
{
	const char *s = json_string_value(text);

	if (!s || !*s || strlen(s) != json_string_length(text) || strlen(s) >= 128 || strpbrk(s, without))
		return false;
	while ((unsigned char)*s >= ' ' && *s != 0x7f)
		s++;
	return !*s;
}

static int check_numbers(const char *path, const char *row, const json_t *array, size_t n, bool positive)
{
	const json_t *number;
	size_t i;

	if (!json_is_array(array) || json_array_size(array) != n)
		return bad_row(path, row, "as many counts as samples of each kind are needed");
	json_array_foreach(array, i, number)
		if (!json_is_number(number) || json_number_value(number) < 0 || (positive && json_number_value(number) <= 0))
			return bad_row(path, row, "a sample is not a number, or negative");
	return 0;
}

static int check_row(const char *path, const json_t *row)
{
	const char *name = json_string_value(json_object_get(row, "row"));
	const json_t *counts = json_object_get(row, "counts"), *skipped = json_object_get(row, "skipped");
	size_t kinds = 0;

	if (!is_text(json_object_get(row, "row"), ",\"") || !is_text(json_object_get(row, "unit"), ",\""))
		return hv_error("%s: a row has no name or no unit, or a strange one", path);
	if (skipped)
		return is_text(skipped, "\"") ? 0 : bad_row(path, name, "skipped without a reason, or with a strange one");
	if (!json_array_size(counts))
		return bad_row(path, name, "no samples");
	if (check_numbers(path, name, counts, json_array_size(counts), true))
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(arrays); i++) {
		const json_t *array = json_object_get(row, arrays[i]);

		if (array && check_numbers(path, name, array, json_array_size(counts), false))
			return -1;
		kinds += !!array;
	}
	return kinds ? 0 : bad_row(path, name, "no samples");
}

static int check_run(const char *path, const json_t *run)
{
	const json_t *rows = json_object_get(run, "rows"), *row, *per_tick = json_object_get(run, "instructions_per_tick");
	size_t i;

	for (i = 0; i < ARRAY_SIZE(run_strings); i++)
		if (!is_text(json_object_get(run, run_strings[i]), ",\""))
			return hv_error("%s: a run has no \"%s\", or a strange one", path, run_strings[i]);
	if (!json_is_integer(json_object_get(run, "run")) || !json_is_boolean(json_object_get(run, "emulated")) ||
	    !(json_number_value(json_object_get(run, "timebase_hz")) > 0) ||
	    !(json_is_null(per_tick) || json_number_value(per_tick) > 0) ||
	    !json_is_object(json_object_get(run, "environment")) || !json_is_array(rows))
		return hv_error("%s: a run is not as docs/bench.md says", path);
	json_array_foreach(rows, i, row)
		if (check_row(path, row))
			return -1;
	return 0;
}

json_t *result_load(const char *path)
{
	json_error_t error;
	json_t *result = json_load_file(path, JSON_REJECT_DUPLICATES, &error), *run;
	const char *schema = json_string_value(json_object_get(result, "schema"));
	json_int_t version = json_integer_value(json_object_get(result, "version"));
	size_t i;

	if (!result && error.line < 1) {
		hv_error("%s: %s", path, errno ? strerror(errno) : error.text);
		return NULL;
	}
	if (!result || !schema || strcmp(schema, SCHEMA)) {
		hv_error("%s: not a result file of hvbench%s%s", path, result ? "" : ": ", result ? "" : error.text);
	} else if (version != SCHEMA_VERSION) {
		hv_error("%s: version %lld of the format; this hvbench reads version %d", path, (long long)version, SCHEMA_VERSION);
	} else if (!json_is_array(json_object_get(result, "runs"))) {
		hv_error("%s: has no runs", path);
	} else {
		bool bad = false;

		json_array_foreach(json_object_get(result, "runs"), i, run)
			bad = bad || check_run(path, run);
		if (!bad)
			return result;
	}
	json_decref(result);
	return NULL;
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
		if (!strcmp(key, "rows"))
			continue;
		fprintf(out, "\"%s\": ", key);
		json_dumpf(value, out, JSON_ENCODE_ANY | JSON_REAL_PRECISION(10));
		fputs(",\n   ", out);
	}
	fputs("\"rows\": [", out);
	json_array_foreach(json_object_get(run, "rows"), i, value) {
		fputs(i ? ",\n    " : "\n    ", out);
		json_dumpf(value, out, JSON_COMPACT | JSON_REAL_PRECISION(10));
	}
	fprintf(out, "\n  ]}%s\n", last ? "" : ",");
}

int result_save(const json_t *result, const char *path)
{
	const json_t *runs = json_object_get(result, "runs"), *run;
	FILE *out = strcmp(path, "-") ? fopen(path, "w") : stdout;
	size_t i;

	if (!out)
		return hv_error("%s: %s", path, strerror(errno));
	fprintf(out, "{\"schema\": \"%s\", \"version\": %d, \"runs\": [\n", SCHEMA, SCHEMA_VERSION);
	json_array_foreach(runs, i, run)
		write_run(out, run, i + 1 == json_array_size(runs));
	fputs("]}\n", out);
	if (ferror(out) | (out == stdout ? fflush(out) : fclose(out)))
		return hv_error("%s: %s", path, strerror(errno));
	return 0;
}

int result_writable(const char *path)
{
	bool there = !access(path, F_OK);
	FILE *out = strcmp(path, "-") ? fopen(path, "a") : stdout;

	if (!out)
		return hv_error("%s: %s", path, strerror(errno));
	if (out == stdout)
		return 0;
	fclose(out);
	if (!there)
		remove(path);
	return 0;
}

void result_merge(json_t *result, json_t *other)
{
	json_array_extend(json_object_get(result, "runs"), json_object_get(other, "runs"));
	json_decref(other);
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

		key[equals - setting] = '\0';
		json_object_set_new(json_object_get(run, "environment"), key, json_string(equals + 1));
		free(key);
	}
	return 0;
}

const char *metric_name(enum metric m)
{
	static const char *const names[] = { "-", "instructions", "ns", "switches" };

	return names[m];
}
