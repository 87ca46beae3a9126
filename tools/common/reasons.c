// SPDX-License-Identifier: GPL-2.0
/* Tables of reasons: how often, how long. */
#include <stdlib.h>
#include "stats.h"
#include "util.h"

void hv_table_free(struct hv_table *t)
{
	for (size_t i = 0; i < t->nr_reasons; i++)
		hist_free(&t->reasons[i].hist);
	free(t->reasons);
	*t = (struct hv_table){ 0 };
}

struct hv_reason *hv_table_row(struct hv_table *t, int64_t nr)
{
	for (size_t i = 0; i < t->nr_reasons; i++)
		if (t->reasons[i].nr == nr)
			return &t->reasons[i];
	if (t->nr_reasons == HV_MAX_REASONS)
		return NULL;
	t->reasons = hv_grow(t->reasons, t->nr_reasons + 1, sizeof(*t->reasons));
	t->reasons[t->nr_reasons] = (struct hv_reason){ .nr = nr };
	return &t->reasons[t->nr_reasons++];
}

int hv_table_merge(struct hv_table *into, const struct hv_table *from)
{
	for (size_t i = 0; i < from->nr_reasons; i++) {
		struct hv_reason *r = hv_table_row(into, from->reasons[i].nr);

		if (!r)
			return -1;
		r->count += from->reasons[i].count;
		hist_merge(&r->hist, &from->reasons[i].hist);
	}
	return 0;
}

static int by_weight(const void *pa, const void *pb)
{
	const struct hv_reason *a = pa, *b = pb;

	if (a->hist.sum != b->hist.sum)
		return a->hist.sum < b->hist.sum ? 1 : -1;
	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	return (a->nr > b->nr) - (a->nr < b->nr);
}

void hv_table_sort(struct hv_table *t)
{
	if (t->nr_reasons)
		qsort(t->reasons, t->nr_reasons, sizeof(*t->reasons), by_weight);
}

uint64_t hv_table_count(const struct hv_table *t)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < t->nr_reasons; i++)
		sum += t->reasons[i].count;
	return sum;
}

uint64_t hv_table_time(const struct hv_table *t)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < t->nr_reasons; i++)
		sum += t->reasons[i].hist.sum;
	return sum;
}

const struct hv_reason *hv_table_find(const struct hv_table *t, int64_t nr)
{
	for (size_t i = 0; i < t->nr_reasons; i++)
		if (t->reasons[i].nr == nr)
			return &t->reasons[i];
	return NULL;
}
