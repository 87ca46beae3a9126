// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "part.h"
#include "perfdata_write.h"
#include "tracing_data.h"
#include "util.h"

/*
 * So much at once, past the page cache: what nobody reads soon would cost a copy and pages. A multiple of what
 * any disk wants to be written to in.
 */
#define BUFFER_BYTES (1 << 20)

struct pd_writer {
	struct hv_part file;
	FILE *out;		/* file's: nothing goes through it before pd_finish() */
	char *buffer;		/* the end of what was written */
	size_t filled;
	bool direct;		/* O_DIRECT */
	bool failed;		/* a write, as the user was told */
	struct pd_header h;
	uint64_t pos;
	/* Where it could end: the last such place, the last on the medium, and one with at least a buffer's size behind it */
	uint64_t marked, kept, safe;
	const struct hv_session *session;
	const struct hv_tracepoints *tracepoints;
};

static int cannot_write(struct pd_writer *w)
{
	w->failed = true;
	return hv_error("%s: cannot write: %s", w->file.part, strerror(errno));
}

static void set_direct(struct pd_writer *w, bool on)
{
	int flags = fcntl(fileno(w->out), F_GETFL);

	w->direct = !fcntl(fileno(w->out), F_SETFL, on ? flags | O_DIRECT : flags & ~O_DIRECT) && on;
}

static int empty_buffer(struct pd_writer *w)
{
	size_t done = 0;
	ssize_t n;

	while (done < w->filled) {
		n = write(fileno(w->out), w->buffer + done, w->filled - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && !(errno == EINVAL && w->direct))
			return cannot_write(w);
		if (n > 0)
			done += n;
		/* refused by the file system after all, or from here on the place in the file is an odd one */
		if (w->direct && done < w->filled)
			set_direct(w, false);
	}
	w->filled = 0;
	w->safe = w->kept;
	w->kept = w->marked;
	return 0;
}

static int put(struct pd_writer *w, const void *data, size_t len)
{
	size_t n;

	w->pos += len;
	for (; len; len -= n, data = (const char *)data + n) {
		n = BUFFER_BYTES - w->filled < len ? BUFFER_BYTES - w->filled : len;
		memcpy(w->buffer + w->filled, data, n);
		w->filled += n;
		if (w->filled == BUFFER_BYTES && empty_buffer(w))
			return -1;
	}
	return 0;
}

/* The ids of every event, then the events, each with the place of its ids. */
static int put_attrs(struct pd_writer *w)
{
	const struct hv_session *s = w->session;
	struct pd_section ids = { .offset = w->pos };

	for (size_t i = 0; i < s->nr_events; i++)
		for (size_t n = 0; n < s->events[i].nr_ids; n++)
			if (put(w, &s->events[i].ids[n].id, 8))
				return -1;
	w->h.attr_size = sizeof(struct perf_event_attr) + sizeof(ids);
	w->h.attrs = (struct pd_section){ w->pos, s->nr_events * w->h.attr_size };
	for (size_t i = 0; i < s->nr_events; i++) {
		ids.size = s->events[i].nr_ids * 8;
		if (put(w, &s->events[i].attr, sizeof(struct perf_event_attr)) || put(w, &ids, sizeof(ids)))
			return -1;
		ids.offset += ids.size;
	}
	return 0;
}

static int create(struct pd_writer *w, const char *path)
{
	if (hv_part_open(&w->file, path, HV_PART_PRIVATE))
		return -1;
	w->out = w->file.out;
	w->buffer = mmap(NULL, BUFFER_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (w->buffer == MAP_FAILED) {
		w->buffer = NULL;
		return hv_error("out of memory");
	}
	set_direct(w, true);
	w->h.magic = PD_MAGIC;
	w->h.size = sizeof(w->h);
	if (put(w, &w->h, sizeof(w->h)) || put_attrs(w))
		return -1;
	w->h.data.offset = w->pos;
	pd_mark(w);
	return 0;
}

struct pd_writer *pd_create(const char *path, const struct hv_session *s, const struct hv_tracepoints *t)
{
	struct pd_writer *w = hv_alloc(sizeof(*w));

	w->session = s;
	w->tracepoints = t;
	if (!create(w, path))
		return w;
	pd_abandon(w);
	return NULL;
}

int pd_write(struct pd_writer *w, const void *record, size_t size)
{
	return put(w, record, size);
}

void pd_mark(struct pd_writer *w)
{
	w->marked = w->pos;
}

uint64_t pd_written(const struct pd_writer *w)
{
	return w->pos - w->h.data.offset;
}

static void put32(FILE *out, uint32_t v)
{
	fwrite(&v, sizeof(v), 1, out);
}

static void put_string(FILE *out, const char *s)
{
	static const char zeros[PD_STRING_ALIGN];
	size_t len = strlen(s) + 1, padded = (len + PD_STRING_ALIGN - 1) & -PD_STRING_ALIGN;

	put32(out, padded);
	fwrite(s, 1, len, out);
	fwrite(zeros, 1, padded - len, out);
}

static int put_tracing_data(struct pd_writer *w, char *const argv[])
{
	(void)argv;
	return hv_tracing_data_write(w->out, w->tracepoints);
}

static int put_uname(struct pd_writer *w, size_t member)
{
	struct utsname u;

	uname(&u);
	put_string(w->out, (const char *)&u + member);
	return 0;
}

static int put_hostname(struct pd_writer *w, char *const argv[])
{
	(void)argv;
	return put_uname(w, offsetof(struct utsname, nodename));
}

static int put_osrelease(struct pd_writer *w, char *const argv[])
{
	(void)argv;
	return put_uname(w, offsetof(struct utsname, release));
}

static int put_version(struct pd_writer *w, char *const argv[])
{
	(void)argv;
	put_string(w->out, "kvm-hv " HV_VERSION);
	return 0;
}

static int put_arch(struct pd_writer *w, char *const argv[])
{
	(void)argv;
	return put_uname(w, offsetof(struct utsname, machine));
}

static int put_nrcpus(struct pd_writer *w, char *const argv[])
{
	(void)argv;
	put32(w->out, sysconf(_SC_NPROCESSORS_CONF));
	put32(w->out, sysconf(_SC_NPROCESSORS_ONLN));
	return 0;
}

static int put_cmdline(struct pd_writer *w, char *const argv[])
{
	uint32_t argc = 0;

	while (argv[argc])
		argc++;
	put32(w->out, argc);
	for (uint32_t i = 0; i < argc; i++)
		put_string(w->out, argv[i]);
	return 0;
}

static int put_event_desc(struct pd_writer *w, char *const argv[])
{
	const struct hv_session *s = w->session;

	(void)argv;
	put32(w->out, s->nr_events);
	put32(w->out, sizeof(struct perf_event_attr));
	for (size_t i = 0; i < s->nr_events; i++) {
		const struct hv_tracepoint *tp = &w->tracepoints->tp[i];
		char name[256];

		fwrite(&s->events[i].attr, sizeof(struct perf_event_attr), 1, w->out);
		put32(w->out, s->events[i].nr_ids);
		snprintf(name, sizeof(name), "%s:%s", tp->system, tp->name);
		put_string(w->out, name);
		for (size_t n = 0; n < s->events[i].nr_ids; n++)
			fwrite(&s->events[i].ids[n].id, 8, 1, w->out);
	}
	return 0;
}

/* In order of number: that is how readers find them. */
static const struct {
	enum pd_feature nr;
	int (*put)(struct pd_writer *w, char *const argv[]);
} features[] = {
	{ PD_TRACING_DATA, put_tracing_data },
	{ PD_HOSTNAME, put_hostname },
	{ PD_OSRELEASE, put_osrelease },
	{ PD_VERSION, put_version },
	{ PD_ARCH, put_arch },
	{ PD_NRCPUS, put_nrcpus },
	{ PD_CMDLINE, put_cmdline },
	{ PD_EVENT_DESC, put_event_desc },
};

static int put_features(struct pd_writer *w, char *const argv[])
{
	struct pd_section sections[ARRAY_SIZE(features)] = { 0 };
	off_t table = w->pos;

	fseeko(w->out, table, SEEK_SET);
	fwrite(sections, sizeof(sections), 1, w->out);
	for (size_t i = 0; i < ARRAY_SIZE(features); i++) {
		sections[i].offset = ftello(w->out);
		if (features[i].put(w, argv))
			return -1;
		sections[i].size = ftello(w->out) - sections[i].offset;
		w->h.features[features[i].nr / 64] |= 1ull << features[i].nr % 64;
	}
	fseeko(w->out, table, SEEK_SET);
	fwrite(sections, sizeof(sections), 1, w->out);
	return 0;
}

static void free_writer(struct pd_writer *w)
{
	if (w->buffer)
		munmap(w->buffer, BUFFER_BYTES);
	free(w);
}

/* The file ends before what could not be written, so far before that there is room for the features. */
static int cut(struct pd_writer *w)
{
	if (w->safe <= w->h.data.offset)
		return -1;
	__fpurge(w->out);
	clearerr(w->out);
	if (ftruncate(fileno(w->out), w->safe))
		return cannot_write(w);
	w->pos = w->safe;
	w->safe = 0;
	w->failed = false;
	return 0;
}

/* What follows the records; and the header last, when all that it promises is there. */
static int complete(struct pd_writer *w, char *const argv[])
{
	w->h.data.size = pd_written(w);
	if (put_features(w, argv))
		return -1;
	if (!fflush(w->out) && !fseeko(w->out, 0, SEEK_SET))
		fwrite(&w->h, sizeof(w->h), 1, w->out);
	return fflush(w->out) || ferror(w->out) ? cannot_write(w) : 0;
}

static int finish(struct pd_writer *w, char *const argv[])
{
	set_direct(w, false);
	if (!w->failed && !empty_buffer(w) && !complete(w, argv))
		return 0;
	return w->failed && !cut(w) ? complete(w, argv) : -1;
}

int pd_finish(struct pd_writer *w, char *const argv[], uint64_t *bytes)
{
	int ret = finish(w, argv);

	if (hv_part_close(&w->file, !ret))
		ret = -1;
	*bytes = w->h.data.size;
	free_writer(w);
	return ret;
}

void pd_abandon(struct pd_writer *w)
{
	hv_part_close(&w->file, false);
	free_writer(w);
}
