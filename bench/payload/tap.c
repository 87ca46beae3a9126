// SPDX-License-Identifier: GPL-2.0
#include "payload.h"

static unsigned int tests, failed;

bool ok(bool cond, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	printf("%sok %u - ", cond ? "" : "not ", ++tests);
	vprintf(fmt, ap);
	printf("\n");
	va_end(ap);
	failed += !cond;
	return cond;
}

void skip(const char *why, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	printf("ok %u - ", ++tests);
	vprintf(fmt, ap);
	printf(" # SKIP %s\n", why);
	va_end(ap);
}

int tap_done(void)
{
	printf("1..%u\n", tests);
	return failed ? 1 : 0;
}
