// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>
#include "../../tools/common/util.h"
#include "rows.h"
#include "view.h"

static bool in(const struct series *s, const struct place *p)
{
	return !strcmp(s->suite, p->suite) && !strcmp(s->machine, p->machine) && !strcmp(s->mitigations, p->mitigations);
}

struct place *places_of(const struct table *t, size_t *n)
{
	struct place *places = NULL;

	*n = 0;
	for (size_t i = 0; i < t->n; i++) {
		size_t k = 0;

		while (k < *n && !in(&t->series[i], &places[k]))
			k++;
		if (k < *n)
			continue;
		places = hv_grow(places, *n + 1, sizeof(*places));
		places[(*n)++] = (struct place){ t->series[i].suite, t->series[i].machine, t->series[i].mitigations };
	}
	return places;
}

static void add_once(const char ***list, size_t *n, const char *name)
{
	for (size_t i = 0; i < *n; i++)
		if (!strcmp((*list)[i], name))
			return;
	*list = hv_grow(*list, *n + 1, sizeof(**list));
	(*list)[(*n)++] = name;
}

static bool has_backend(const struct table *t, const char *name)
{
	for (size_t i = 0; i < t->n; i++)
		if (!strcmp(t->series[i].backend, name))
			return true;
	return false;
}

const char **backends_of(const struct table *t, size_t *n)
{
	static const char *const first[] = { "hv", "stock", "pr" };
	const char **list = NULL;

	*n = 0;
	for (size_t i = 0; i < ARRAY_SIZE(first); i++)
		if (has_backend(t, first[i]))
			add_once(&list, n, first[i]);
	for (size_t i = 0; i < t->n; i++)
		add_once(&list, n, t->series[i].backend);
	return list;
}

const char **rows_of(const struct table *t, const struct place *p, size_t *n)
{
	const char **list = NULL;

	*n = 0;
	for (size_t r = 0; r < nr_rows; r++)
		for (size_t i = 0; i < t->n; i++)
			if (in(&t->series[i], p) && !strcmp(t->series[i].row, bench_rows[r].name))
				add_once(&list, n, t->series[i].row);
	for (size_t i = 0; i < t->n; i++)	/* workloads, and what a newer hvbench measures */
		if (in(&t->series[i], p))
			add_once(&list, n, t->series[i].row);
	return list;
}
