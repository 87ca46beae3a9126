// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <math.h>
#include "json.h"

static void next(struct hv_json *j, const char *key)
{
	if (j->some)
		fputc(',', j->out);
	/* Lines for what people read; rows of tables on one each. */
	if (j->depth && j->depth < 6)
		fprintf(j->out, "\n%*s", (int)j->depth, "");
	j->some = true;
	if (key)
		fprintf(j->out, "\"%s\":", key);
}

void hv_json_open(struct hv_json *j, const char *key, char bracket)
{
	next(j, key);
	fputc(bracket, j->out);
	j->depth++;
	j->some = false;
}

void hv_json_close(struct hv_json *j, char bracket)
{
	j->depth--;
	fputc(bracket, j->out);
	j->some = true;
	if (!j->depth)
		fputc('\n', j->out);
}

void hv_json_string(struct hv_json *j, const char *key, const char *text)
{
	next(j, key);
	fputc('"', j->out);
	for (; *text; text++) {
		unsigned char c = *text;

		if (c == '"' || c == '\\')
			fprintf(j->out, "\\%c", c);
		else if (c < ' ' || c > '~')	/* bytes of no known encoding */
			fprintf(j->out, "\\u%04x", c);
		else
			fputc(c, j->out);
	}
	fputc('"', j->out);
}

void hv_json_int(struct hv_json *j, const char *key, int64_t value)
{
	next(j, key);
	fprintf(j->out, "%" PRId64, value);
}

void hv_json_uint(struct hv_json *j, const char *key, uint64_t value)
{
	next(j, key);
	fprintf(j->out, "%" PRIu64, value);
}

void hv_json_real(struct hv_json *j, const char *key, double value)
{
	next(j, key);
	if (isfinite(value))
		fprintf(j->out, "%.15g", value);
	else
		fputs("null", j->out);
}

void hv_json_bool(struct hv_json *j, const char *key, bool value)
{
	next(j, key);
	fputs(value ? "true" : "false", j->out);
}
