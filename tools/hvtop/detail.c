// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../common/names.h"
#include "../common/util.h"
#include "top.h"

#define LINE 128
#define MAX_LINES 128
#define BAR 40
#define BEFORE_BAR 27

struct detail {
	char lines[MAX_LINES][LINE];
	int nr, width;
};

static void add_line(struct detail *d, const char *text)
{
	if (d->nr < MAX_LINES)
		snprintf(d->lines[d->nr++], LINE, "%s", text);
}

static void add_table(struct detail *d, const char *head, struct hv_table *t,
		      const char *(*name)(int64_t, char[HV_NAME_MAX]), uint64_t outside, size_t rows)
{
	int columns[] = { COL_NAME, COL_COUNT, COL_SHARE, COL_MEAN, COL_P50, COL_P99, COL_MAX, -1 };
	char line[LINE], buf[HV_NAME_MAX];

	hv_table_sort(t);
	hv_columns_that_fit(columns, d->width);
	hv_format_row(line, sizeof(line), columns, NULL);
	memcpy(line, head, strlen(head));
	add_line(d, line);
	for (size_t i = 0; i < t->nr_reasons && i < rows; i++) {
		const struct hv_reason *r = &t->reasons[i];
		struct hv_row row = { .name = name(r->nr, buf), .count = r->count, .hist = &r->hist,
				      .share = outside ? (double)r->hist.sum / outside : 0 };

		hv_format_row(line, sizeof(line), columns, &row);
		add_line(d, line);
	}
}

static uint64_t octaves(const struct hist *h, int from, int nr)
{
	uint64_t n = 0;

	for (int o = from; o < from + nr && o < HIST_OCTAVES; o++)
		n += hist_octave(h, o);
	return n;
}

/* A bar per power of two; per two, four, ... where they are more than there are rows. */
static void add_histogram(struct detail *d, const struct hist *h, int rows)
{
	int first = 0, last = HIST_OCTAVES - 1, step, room = d->width - BEFORE_BAR < BAR ? d->width - BEFORE_BAR : BAR;
	uint64_t most = 0;
	char line[LINE];

	while (first <= last && !hist_octave(h, first))
		first++;
	if (first > last)
		return;
	while (!hist_octave(h, last))
		last--;
	step = (last - first + rows) / rows;
	for (int o = first; o <= last; o += step)
		most = octaves(h, o, step) > most ? octaves(h, o, step) : most;
	add_line(d, "how long exits take");
	for (int o = first; o <= last; o += step) {
		uint64_t n = octaves(h, o, step);
		char bar[BAR + 1];
		int len = n ? 1 + (int)((room - 1) * n / most) : 0;

		memset(bar, '#', len);
		bar[len] = '\0';
		snprintf(line, sizeof(line), "%s%10.3f us %10" PRIu64 " %s", o ? ">=" : " <",
			 (16ull << (o ? o : step)) / 1e3, n, bar);
		add_line(d, line);
	}
}

struct detail *detail_new(const struct live_row *row, double seconds, int height, int width)
{
	struct detail *d = hv_alloc(sizeof(*d));
	struct hv_sums *s = (struct hv_sums *)&row->sums;	/* only sorted */
	uint64_t outside = row->hist.sum;
	size_t exits, hcalls, all = height > 6 ? height - 4 : 2;
	char line[LINE];

	d->width = width;
	if (row->is_vm)
		snprintf(line, sizeof(line), "VM of %s (%ld), %.1f s:", row->comm, row->row.pid, seconds);
	else
		snprintf(line, sizeof(line), "vCPU %ld of %s (%ld), %.1f s:", row->row.vcpu, row->comm,
			 row->row.pid, seconds);
	add_line(d, line);
	/* A third of the lines each for exits, hypercalls and the histogram; what one does not need the next gets. */
	exits = s->exits.nr_reasons < all / 3 ? s->exits.nr_reasons : all / 3;
	hcalls = s->hcalls.nr_reasons < (all - exits) / 2 ? s->hcalls.nr_reasons : (all - exits) / 2;
	add_table(d, "exits", &s->exits, hv_exit_name, outside, exits);
	add_table(d, "hypercalls", &s->hcalls, hv_hcall_name, outside, hcalls);
	add_histogram(d, &row->hist, all - exits - hcalls);
	return d;
}

const char *detail_line(const struct detail *d, int nr)
{
	return nr < d->nr ? d->lines[nr] : NULL;
}

void detail_free(struct detail *d)
{
	free(d);
}
