// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../tools/common/util.h"
#include "limits.h"
#include "rows.h"

/* bench/limits: ROW MITIGATIONS INSTRUCTIONS, what the first backend, ours, may cost, or ROW MITIGATIONS stock/N */
struct limit {
	char row[32], mitigations[16];
	double most;
	double part;	/* of stock's: 5 is a fifth; 0: most is given */
};

static struct limit limits[64];
size_t nr_limits;

/* A limit that nobody understands, or of nothing that there is, would be kept by all. */
static bool take_limit(struct limit *l, const char *line)
{
	char end;

	*l = (struct limit){ 0 };
	if (sscanf(line, "%31s %15s stock/%lf %c", l->row, l->mitigations, &l->part, &end) == 3)
		return l->part > 0 && isfinite(l->part);
	return sscanf(line, "%31s %15s %lf %c", l->row, l->mitigations, &l->most, &end) == 3 && l->most >= 0 && isfinite(l->most);
}

static bool is_row(const char *name)
{
	return row_find(name) || workload_find(name) || !strcmp(name, BOOT_SWITCHES);
}

/* Mitigations, or what tests/lab/tracecosts.sh looks at */
static bool is_kind(const char *name)
{
	static const char *const kinds[] = { "off", "auto", "statistics", "records" };

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(name, kinds[i]))
			return true;
	return false;
}

static int read_limit(struct limit *l, const char *path, char *line)
{
	bool understood = take_limit(l, line);

	hv_printable(line);
	hv_printable(l->row);
	hv_printable(l->mitigations);
	if (!understood)
		return hv_error("%s: '%s' is no limit: ROW MITIGATIONS INSTRUCTIONS|stock/N", path, line);
	if (!is_row(l->row))
		return hv_error("%s: no row '%s': hvbench rows names them", path, l->row);
	return is_kind(l->mitigations) ? 0 : hv_error("%s: %s '%s': off, auto, statistics or records", path, l->row, l->mitigations);
}

int limits_read(const char *path)
{
	char *text = hv_read_file(path, &(size_t){ 0 }), *save = NULL;
	int ret = 0;

	if (!text)
		return hv_error("%s: %s", path, strerror(errno));
	for (char *line = strtok_r(text, "\n", &save); line && !ret; line = strtok_r(NULL, "\n", &save)) {
		if (*line == '#')
			continue;
		if (nr_limits == ARRAY_SIZE(limits))
			ret = hv_error("%s: more than %zu limits", path, nr_limits);
		else
			ret = read_limit(&limits[nr_limits++], path, line);
	}
	free(text);
	return ret || nr_limits ? ret : hv_error("%s: no limit in it: ROW MITIGATIONS INSTRUCTIONS|stock/N", path);
}

/* Tells what a part of stock's figure is; false if there is none. */
static bool limit_by_stock(const struct table *t, const struct place *p, const struct limit *l, double ours, double *most)
{
	const struct series *s = table_find(t, p->suite, p->machine, p->mitigations, "stock", l->row);
	struct summary u;

	if (!s || !s->n)
		return false;
	series_summary(&u, s, 0.95);
	*most = u.median / l->part;
	printf("limit: %s at most 1/%g of stock's %.0f: %.0f, 1/%.1f", l->row, l->part, u.median, ours, u.median / ours);
	return true;
}

size_t limits_check(const struct table *t, const struct place *p, size_t *checked)
{
	size_t bad = 0;

	for (size_t i = 0; i < nr_limits; i++) {
		const struct series *s = table_find(t, p->suite, p->machine, p->mitigations, "hv", limits[i].row);
		double most = limits[i].most;
		struct summary u;

		if (!s || strcmp(limits[i].mitigations, p->mitigations) || s->metric == METRIC_NS)
			continue;
		if (!s->n) {
			printf("limit: %s: NO FIGURE\n", s->row);
			(*checked)++;
			bad++;
			continue;
		}
		series_summary(&u, s, 0.95);
		if (limits[i].part > 0 && !limit_by_stock(t, p, &limits[i], u.median, &most))
			continue;
		if (!limits[i].part)
			printf("limit: %s at most %.0f: %.1f", s->row, most, u.median);
		puts(u.median <= most ? " ok" : " EXCEEDED");
		(*checked)++;
		bad += u.median > most;
	}
	return bad;
}
