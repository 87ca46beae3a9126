// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "perfdata.h"
#include "sample.h"
#include "tracing_data.h"
#include "util.h"

#define HEADER_PAGE	"header_page"
#define HEADER_EVENT	"header_event"
#define VERSION		"0.6"

static const bool big_endian_host = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;

struct cursor {
	const char *at;
	size_t left;
	bool swap;
};

static const char *take(struct cursor *c, uint64_t n)
{
	const char *p = c->at;

	if (n > c->left)
		return NULL;
	c->at += n;
	c->left -= n;
	return p;
}

static const char *take_string(struct cursor *c)
{
	const char *end = memchr(c->at, '\0', c->left);

	return end ? take(c, end - c->at + 1) : NULL;
}

static int take32(struct cursor *c, uint32_t *v)
{
	const char *p = take(c, 4);

	if (!p)
		return -1;
	*v = hv_get32(p, c->swap);
	return 0;
}

/* A 64-bit length and that many bytes. */
static const char *take_block(struct cursor *c, uint64_t *len)
{
	const char *p = take(c, 8);

	if (!p)
		return NULL;
	*len = hv_get64(p, c->swap);
	return take(c, *len);
}

static int skip_named_block(struct cursor *c, const char *name)
{
	const char *have = take_string(c);
	uint64_t len;

	return have && !strcmp(have, name) && take_block(c, &len) ? 0 : -1;
}

static int take_systems(struct cursor *c, struct hv_decoder *d)
{
	uint32_t systems, events;
	uint64_t len;

	if (take32(c, &systems))
		return -1;
	for (uint32_t i = 0; i < systems; i++) {
		const char *system = take_string(c);

		if (!system || take32(c, &events))
			return -1;
		for (uint32_t j = 0; j < events; j++) {
			const char *format = take_block(c, &len);

			if (!format || hv_decoder_add(d, system, format, len))
				return -1;
		}
	}
	return 0;
}

static int take_all(struct cursor *c, struct hv_decoder *d)
{
	uint32_t ftrace;
	uint64_t len;

	if (skip_named_block(c, HEADER_PAGE) || skip_named_block(c, HEADER_EVENT) || take32(c, &ftrace))
		return -1;
	for (uint32_t i = 0; i < ftrace; i++)
		if (!take_block(c, &len))
			return -1;
	/* What follows (kallsyms, printk formats, command names) is of no use here. */
	return take_systems(c, d);
}

struct hv_decoder *hv_tracing_data_parse(const void *data, size_t len)
{
	struct cursor c = { data, len, false };
	const char *magic = take(&c, strlen(PD_TRACING_MAGIC));
	const char *info;
	struct hv_decoder *d;

	if (!magic || memcmp(magic, PD_TRACING_MAGIC, strlen(PD_TRACING_MAGIC)))
		return NULL;
	/* endianness, size of long, page size */
	if (!take_string(&c) || !(info = take(&c, 1 + 1 + 4)))
		return NULL;
	if ((info[0] != 0 && info[0] != 1) || (info[1] != 4 && info[1] != 8))
		return NULL;
	c.swap = info[0] != big_endian_host;
	d = hv_decoder_new(info[0], info[1]);
	if (!take_all(&c, d))
		return d;
	hv_decoder_free(d);
	return NULL;
}

static void put32(FILE *out, uint32_t v)
{
	fwrite(&v, sizeof(v), 1, out);
}

static void put_block(FILE *out, const char *data, uint64_t len)
{
	fwrite(&len, sizeof(len), 1, out);
	fwrite(data, 1, len, out);
}

static int put_header(FILE *out, const char *name)
{
	char path[256], *text;
	size_t len;

	snprintf(path, sizeof(path), "%s/events/%s", hv_tracefs(), name);
	text = hv_read_file(path, &len);
	if (!text)
		return hv_error("cannot read %s: %s", path, strerror(errno));
	fwrite(name, 1, strlen(name) + 1, out);
	put_block(out, text, len);
	free(text);
	return 0;
}

static bool first_of_system(const struct hv_tracepoints *t, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (!strcmp(t->tp[j].system, t->tp[i].system))
			return false;
	return true;
}

static void put_system(FILE *out, const struct hv_tracepoints *t, const char *system)
{
	uint32_t nr = 0;

	for (size_t i = 0; i < t->nr + t->nr_described; i++)
		nr += !strcmp(t->tp[i].system, system);
	fwrite(system, 1, strlen(system) + 1, out);
	put32(out, nr);
	for (size_t i = 0; i < t->nr + t->nr_described; i++)
		if (!strcmp(t->tp[i].system, system))
			put_block(out, t->tp[i].format, t->tp[i].format_len);
}

int hv_tracing_data_write(FILE *out, const struct hv_tracepoints *t)
{
	uint32_t systems = 0;

	fwrite(PD_TRACING_MAGIC VERSION, 1, sizeof(PD_TRACING_MAGIC VERSION), out);
	fputc(big_endian_host, out);
	fputc(sizeof(long), out);
	put32(out, sysconf(_SC_PAGESIZE));
	if (put_header(out, HEADER_PAGE) || put_header(out, HEADER_EVENT))
		return -1;
	put32(out, 0);	/* ftrace's own events */
	for (size_t i = 0; i < t->nr + t->nr_described; i++)
		systems += first_of_system(t, i);
	put32(out, systems);
	for (size_t i = 0; i < t->nr + t->nr_described; i++)
		if (first_of_system(t, i))
			put_system(out, t, t->tp[i].system);
	put32(out, 0);	/* kallsyms */
	put32(out, 0);	/* printk formats */
	put_block(out, "", 0);	/* command names */
	return 0;
}
