// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../common/dev.h"
#include "../common/util.h"
#include "filter.h"

static int parse_name(const char *text, const struct hv_name *names, size_t nr_names, int64_t *nr)
{
	char *end;

	for (size_t i = 0; i < nr_names; i++) {
		if (!strcasecmp(names[i].name, text)) {
			*nr = names[i].nr;
			return 0;
		}
	}
	errno = 0;
	*nr = strtoll(text, &end, 0);
	return errno || end == text || *end || *nr < 0 ? -1 : 0;
}

int parse_names(const char *option, const char *list, const struct hv_name *names, size_t nr_names,
		int64_t most, struct numbers *n)
{
	char *copy = hv_strdup(list), *at = copy, *text;
	int ret = 0;

	while (!ret && (text = strsep(&at, ","))) {
		if (n->count == MAX_FILTER_NUMBERS)
			ret = hv_error("record: %s: more than %d of them", option, MAX_FILTER_NUMBERS);
		else if (parse_name(text, names, nr_names, &n->nr[n->count]))
			ret = hv_error("record: %s: %s is neither a name that is known (hvtrace record --help) nor a number",
				       option, text);
		else if (n->nr[n->count] > most)
			ret = hv_error("record: %s: %s is more than 0x%" PRIx64 ", the last that there can be", option, text, most);
		else
			n->count++;
	}
	free(copy);
	return ret;
}

/* 500 is not 0x500, and never comes. 0x502 does. */
int parse_exits(const char *list, struct numbers *n)
{
	if (parse_names("--exits", list, hv_exit_names, hv_nr_exit_names, HV_LAST_VECTOR, n))
		return -1;
	for (size_t i = 0; i < n->count; i++)
		if (n->nr[i] % 0x20 > 2)
			return hv_error("record: --exits: %" PRId64 ", 0x%" PRIx64 ", is no interrupt's vector, as 0x500 is", n->nr[i], n->nr[i]);
	return 0;
}

/* In the event's format: "field:int vcpu_id;". */
static bool has_field(const struct hv_tracepoint *tp, const char *name)
{
	size_t len = strlen(name);

	for (const char *p = tp->format; (p = strstr(p, name)); p += len)
		if (p > tp->format && p[-1] == ' ' && p[len] == ';')
			return true;
	return false;
}

static void add_condition(FILE *out, bool *some, const struct hv_tracepoint *tp, const char *field,
			  const int64_t *nr, size_t count)
{
	if (!count || !has_field(tp, field))
		return;
	fputs(*some ? " && (" : "(", out);
	for (size_t i = 0; i < count; i++)
		fprintf(out, "%s%s == %" PRId64, i ? " || " : "", field, nr[i]);
	fputc(')', out);
	*some = true;
}

void filter_bits(const struct record_filter *f, struct hv_filter *bits)
{
	bool syscalls = !f->exits.count && !f->hcalls.count;

	hv_filter_all(bits);
	if (syscalls)
		return;
	*bits = (struct hv_filter){ .version = HV_DEV_VERSION };
	for (size_t i = 0; i < f->exits.count; i++) {
		hv_filter_exit(bits, f->exits.nr[i]);
		syscalls |= f->exits.nr[i] == 0xc00;
	}
	for (size_t i = 0; i < f->hcalls.count; i++)
		hv_filter_hcall(bits, f->hcalls.nr[i]);
	if (f->hcalls.count) {
		hv_filter_exit(bits, 0xc00);
	} else if (syscalls) {
		memset(bits->hcalls, 0xff, sizeof(bits->hcalls));
		memset(bits->own_hcalls, 0xff, sizeof(bits->own_hcalls));
		bits->other_hcalls = 1;
	}
}

char *filter_expression(const struct record_filter *f, const struct hv_tracepoint *tp)
{
	bool some = false;
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out) {
		hv_error("out of memory");
		exit(1);
	}
	add_condition(out, &some, tp, "vcpu_id", &f->vcpu, f->vcpu >= 0);
	add_condition(out, &some, tp, "lpid", &f->lpid, f->lpid >= 0);
	add_condition(out, &some, tp, "pid", &f->pid, f->pid >= 0);
	/* A switch names both partitions, and one of them is the host's. */
	if (f->lpid >= 0 && has_field(tp, "from_lpid") && has_field(tp, "to_lpid")) {
		fprintf(out, "%s(from_lpid == %" PRId64 " || to_lpid == %" PRId64 ")", some ? " && " : "",
			f->lpid, f->lpid);
		some = true;
	}
	add_condition(out, &some, tp, "trap", f->exits.nr, f->exits.count);
	add_condition(out, &some, tp, "req", f->hcalls.nr, f->hcalls.count);
	fclose(out);
	if (some)
		return text;
	free(text);
	return NULL;
}
