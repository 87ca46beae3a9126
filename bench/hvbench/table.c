// SPDX-License-Identifier: GPL-2.0
/* From runs to series: every row's samples of one place together. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "../../tools/common/util.h"
#include "result.h"

static const char *text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

const struct series *table_find(const struct table *t, const char *suite, const char *machine, const char *mitigations,
				const char *backend, const char *row)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct series *s = &t->series[i];

		if (!strcmp(s->row, row) && !strcmp(s->backend, backend) && !strcmp(s->machine, machine) &&
		    !strcmp(s->mitigations, mitigations) && !strcmp(s->suite, suite))
			return s;
	}
	return NULL;
}

static struct series *find_or_add(struct table *t, const json_t *run, const json_t *row)
{
	struct series *s = (struct series *)table_find(t, text(run, "suite"), text(run, "machine"), text(run, "mitigations"),
						       text(run, "backend"), text(row, "row"));

	if (s)
		return s;
	t->series = hv_grow(t->series, t->n + 1, sizeof(*t->series));
	s = &t->series[t->n++];
	*s = (struct series){
		.suite = text(run, "suite"), .machine = text(run, "machine"), .mitigations = text(run, "mitigations"),
		.backend = text(run, "backend"), .row = text(row, "row"), .unit = text(row, "unit"),
		.ticks = NAN, .cycles = NAN,
	};
	return s;
}

/* What the run's samples can be told in. Never in an emulator's time. */
static enum metric run_metric(const json_t *run, const json_t *row)
{
	if (json_object_get(row, "switches"))
		return METRIC_SWITCHES;
	if (json_object_get(row, "instructions"))
		return METRIC_INSTRUCTIONS;
	if (!json_object_get(row, "ticks"))
		return METRIC_NONE;
	if (json_number_value(json_object_get(run, "instructions_per_tick")) > 0)
		return METRIC_INSTRUCTIONS;
	return json_is_true(json_object_get(run, "emulated")) ? METRIC_NONE : METRIC_NS;
}

static double number(const json_t *array, size_t i)
{
	return json_number_value(json_array_get(array, i));
}

static void append(double **array, size_t *n, double v)
{
	*array = hv_grow(*array, *n + 1, sizeof(**array));
	(*array)[(*n)++] = v;
}

static void add_samples(struct series *s, const json_t *run, const json_t *row, unsigned int boot)
{
	const json_t *counts = json_object_get(row, "counts"), *ticks = json_object_get(row, "ticks"),
		     *cycles = json_object_get(row, "cycles"), *exact = json_object_get(row, "instructions"),
		     *switches = json_object_get(row, "switches");
	double hz = json_number_value(json_object_get(run, "timebase_hz"));
	double per_tick = json_number_value(json_object_get(run, "instructions_per_tick"));
	enum metric metric = run_metric(run, row);

	/* one machine is not measured in two units */
	if (s->n && metric != s->metric)
		metric = METRIC_NONE;
	else
		s->metric = metric;
	s->left_out = s->left_out || metric == METRIC_NONE;
	if (!s->count)
		s->count = number(counts, 0);
	for (size_t i = 0; i < json_array_size(counts); i++) {
		double count = number(counts, i), v = number(ticks, i) / count;

		if (ticks)
			append(&s->ticks_all, &s->nticks, v);
		if (cycles)
			append(&s->cycles_all, &s->ncycles, number(cycles, i) / count);
		if (metric == METRIC_NONE)
			continue;
		if (switches)
			v = number(switches, i) / count;
		else if (exact)
			v = number(exact, i) / count;
		else
			v = metric == METRIC_NS ? v / hz * 1e9 : v * per_tick;
		s->values = hv_grow(s->values, s->n + 1, sizeof(*s->values));
		s->values[s->n++] = (struct value){ v, boot, json_integer_value(json_object_get(run, "run")) };
	}
}

static int by_boot_and_run(const void *pa, const void *pb)
{
	const struct value *a = pa, *b = pb;

	if (a->boot != b->boot)
		return (a->boot > b->boot) - (a->boot < b->boot);
	return (a->run > b->run) - (a->run < b->run);
}

static void finish(struct series *s)
{
	if (s->n)
		qsort(s->values, s->n, sizeof(*s->values), by_boot_and_run);
	for (size_t i = 0; i < s->n; i++) {
		bool boot = !i || s->values[i].boot != s->values[i - 1].boot;

		s->boots += boot;
		s->runs += boot || s->values[i].run != s->values[i - 1].run;
	}
	s->ticks = median(s->ticks_all, s->nticks);
	s->cycles = median(s->cycles_all, s->ncycles);
}

/* A boot's number: that of the first run of it. */
static unsigned int boot_number(const json_t *runs, const char *boot)
{
	const json_t *run;
	size_t i;

	json_array_foreach(runs, i, run)
		if (!strcmp(text(run, "boot"), boot))
			break;
	return i;
}

void table_make(struct table *t, const json_t *result)
{
	const json_t *runs = json_object_get(result, "runs"), *run, *row;
	size_t i, k;

	*t = (struct table){ 0 };
	json_array_foreach(runs, i, run)
		json_array_foreach(json_object_get(run, "rows"), k, row) {
			struct series *s = find_or_add(t, run, row);

			if (text(row, "skipped"))
				s->skipped = text(row, "skipped");
			else
				add_samples(s, run, row, boot_number(runs, text(run, "boot")));
		}
	for (i = 0; i < t->n; i++)
		finish(&t->series[i]);
}

void table_free(struct table *t)
{
	for (size_t i = 0; i < t->n; i++) {
		free(t->series[i].values);
		free(t->series[i].ticks_all);
		free(t->series[i].cycles_all);
	}
	free(t->series);
}

void series_summary(struct summary *s, const struct series *series, double confidence)
{
	double *v = hv_grow(NULL, series->n + 1, sizeof(*v));

	for (size_t i = 0; i < series->n; i++)
		v[i] = series->values[i].v;
	s->median = median(v, series->n);
	s->min = quantile(v, series->n, 0);
	s->q1 = quantile(v, series->n, 0.25);
	s->q3 = quantile(v, series->n, 0.75);
	s->max = quantile(v, series->n, 1);
	s->outliers = outliers(v, series->n);
	s->interval = bootstrap_median(series->values, series->n, confidence);
	free(v);
}
