// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "util.h"

static bool later;
static char kept[512];

static void say(const char *fmt, va_list ap)
{
	if (later) {
		vsnprintf(kept, sizeof(kept), fmt, ap);
		return;
	}
	fflush(stdout);
	fprintf(stderr, "%s: ", program_invocation_short_name);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
}

void hv_messages_later(void)
{
	later = true;
}

void hv_messages_now(void)
{
	later = false;
	if (*kept)
		hv_warn("%s", kept);
	kept[0] = '\0';
}

int hv_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
	return -1;
}

void hv_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
}

void *hv_checked(void *p)
{
	if (!p) {
		hv_error("out of memory");
		exit(1);
	}
	return p;
}

void *hv_alloc(size_t size)
{
	return hv_checked(calloc(1, size));
}

void *hv_grow(void *p, size_t nr, size_t size)
{
	return hv_checked(reallocarray(p, nr, size));
}

char *hv_strdup(const char *s)
{
	return hv_checked(strdup(s));
}

void hv_printable(char *s)
{
	for (; *s; s++)
		if (*s < ' ' || *s > '~')
			*s = '?';
}

char *hv_read_file(const char *path, size_t *len)
{
	FILE *f = fopen(path, "re");
	size_t have = 0, room = 4096;
	char *buf;

	if (!f)
		return NULL;
	buf = hv_alloc(room);
	for (;;) {
		size_t n = fread(buf + have, 1, room - have - 1, f);

		if (!n)
			break;
		have += n;
		if (room - have == 1)
			buf = hv_grow(buf, room *= 2, 1);
	}
	if (ferror(f)) {
		int err = errno;

		free(buf);
		fclose(f);
		errno = err;
		return NULL;
	}
	fclose(f);
	buf[have] = '\0';
	if (len)
		*len = have;
	return buf;
}

int hv_print_version(void)
{
	printf("%s %s\n", program_invocation_short_name, HV_VERSION);
	return 0;
}
