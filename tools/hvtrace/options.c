// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../common/util.h"
#include "options.h"

int parse_number(const struct command *c, const char *option, const char *value, long long min, long long max,
		 long long *result)
{
	char *end;

	errno = 0;
	*result = strtoll(value, &end, 0);
	if (errno || end == value || *end || *result < min || *result > max)
		return hv_error("%s: %s %s: not a number from %lld to %lld", c->name, option, value, min, max);
	return 0;
}

/* Seconds; nothing at all leaves *ns as it is. */
static int parse_seconds(const char *text, size_t len, int64_t *ns)
{
	char *end;
	double v;

	if (!len)
		return 0;
	v = strtod(text, &end);
	if (end != text + len || !isfinite(v) || v < 0 || v > 1e9)
		return -1;
	*ns = v * 1e9;
	return 0;
}

static int parse_time(const struct command *c, const char *value, struct hv_select *s)
{
	const char *comma = strchr(value, ',');

	if (comma && !parse_seconds(value, comma - value, &s->from) &&
	    !parse_seconds(comma + 1, strlen(comma + 1), &s->to) && (s->to < 0 || s->from <= s->to))
		return 1;
	return hv_error("%s: --time %s: needs FROM,TO in seconds after the first event", c->name, value);
}

int reading_option(const struct command *c, struct reading *r, int opt, const char *value)
{
	long long n;

	switch (opt) {
	case 'i':
		r->path = value;
		return 1;
	case OPT_PID:
		if (parse_number(c, "--pid", value, 1, INT32_MAX, &n))
			return -1;
		r->select.pid = n;
		return 1;
	case OPT_LPID:
		if (parse_number(c, "--lpid", value, 0, UINT32_MAX, &n))
			return -1;
		r->select.lpid = n;
		return 1;
	case OPT_VCPU:
		if (parse_number(c, "--vcpu", value, 0, INT32_MAX, &n))
			return -1;
		r->select.vcpu = n;
		return 1;
	case OPT_TIME:
		return parse_time(c, value, &r->select);
	}
	return 0;
}

int unexpected(const struct command *c, const char *argument)
{
	hv_error("%s: unexpected argument %s (hvtrace %s --help)", c->name, argument, c->name);
	return 1;
}

int print_word(int at, const char *word)
{
	if (at + strlen(word) > 90)
		at = printf("\n ");
	return at + printf(" %s", word);
}

int finish_output(void)
{
	if (!fflush(stdout) && !ferror(stdout))
		return 0;
	hv_error("cannot write the output");
	return 1;
}
