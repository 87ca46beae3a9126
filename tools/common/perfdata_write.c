// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
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

/* What stands before the records is made from this. */
struct head {
	FILE *out;
	const struct hv_session *session;
	const struct hv_tracepoints *tracepoints;
	char *const *argv;
};

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

static int put_tracing_data(const struct head *d)
{
	return hv_tracing_data_write(d->out, d->tracepoints);
}

static int put_uname(const struct head *d, size_t member)
{
	struct utsname u;

	uname(&u);
	put_string(d->out, (const char *)&u + member);
	return 0;
}

static int put_hostname(const struct head *d)
{
	return put_uname(d, offsetof(struct utsname, nodename));
}

static int put_osrelease(const struct head *d)
{
	return put_uname(d, offsetof(struct utsname, release));
}

static int put_version(const struct head *d)
{
	put_string(d->out, "kvm-hv " HV_VERSION);
	return 0;
}

static int put_arch(const struct head *d)
{
	return put_uname(d, offsetof(struct utsname, machine));
}

static int put_nrcpus(const struct head *d)
{
	put32(d->out, sysconf(_SC_NPROCESSORS_CONF));
	put32(d->out, sysconf(_SC_NPROCESSORS_ONLN));
	return 0;
}

static int put_cmdline(const struct head *d)
{
	uint32_t argc = 0;

	while (d->argv[argc])
		argc++;
	put32(d->out, argc);
	for (uint32_t i = 0; i < argc; i++)
		put_string(d->out, d->argv[i]);
	return 0;
}

static int put_event_desc(const struct head *d)
{
	const struct hv_session *s = d->session;

	put32(d->out, s->nr_events);
	put32(d->out, sizeof(struct perf_event_attr));
	for (size_t i = 0; i < s->nr_events; i++) {
		const struct hv_tracepoint *tp = &d->tracepoints->tp[i];
		char name[256];

		fwrite(&s->events[i].attr, sizeof(struct perf_event_attr), 1, d->out);
		put32(d->out, s->events[i].nr_ids);
		snprintf(name, sizeof(name), "%s:%s", tp->system, tp->name);
		put_string(d->out, name);
		for (size_t n = 0; n < s->events[i].nr_ids; n++)
			fwrite(&s->events[i].ids[n].id, 8, 1, d->out);
	}
	return 0;
}

/* In order of number: that is how readers find them. */
static const struct {
	enum pd_feature nr;
	int (*put)(const struct head *d);
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

struct pd_writer {
	struct hv_part file;
	int fd;			/* file's */
	char *buffer;		/* the end of what was written */
	size_t filled;
	uint64_t base;		/* where it goes in the file */
	bool direct;		/* O_DIRECT */
	bool failed;		/* a write, as the user was told */
	struct pd_header h;	/* as in a file that is not finished */
	struct pd_section sections[ARRAY_SIZE(features)];
	uint64_t start, pos;	/* of the records; of the next one */
	uint64_t flushed;	/* until there it is in the file, though it may be in the buffer as well */
	/* Where it could end: the last such place, the last on the medium, and one with at least a buffer's size behind it */
	uint64_t marked, kept, safe;
};

static int cannot_write(struct pd_writer *w)
{
	w->failed = true;
	return hv_error("%s: cannot write: %s", w->file.part, strerror(errno));
}

static void set_direct(struct pd_writer *w, bool on)
{
	int flags = fcntl(w->fd, F_GETFL);

	w->direct = !fcntl(w->fd, F_SETFL, on ? flags | O_DIRECT : flags & ~O_DIRECT) && on;
}

static int write_buffer(struct pd_writer *w)
{
	size_t done = 0;
	ssize_t n;

	while (done < w->filled) {
		n = pwrite(w->fd, w->buffer + done, w->filled - done, w->base + done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && !(errno == EINVAL && w->direct))
			return cannot_write(w);
		if (n > 0)
			done += n;
		if (w->base + done > w->flushed)
			w->flushed = w->base + done;
		/* refused by the file system after all, or from here on the place in the file is an odd one */
		if (w->direct && done < w->filled)
			set_direct(w, false);
	}
	return 0;
}

static int empty_buffer(struct pd_writer *w)
{
	if (write_buffer(w))
		return -1;
	w->base += w->filled;
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
static void put_attrs(const struct head *d, struct pd_header *h)
{
	const struct hv_session *s = d->session;
	struct pd_section ids = { .offset = ftello(d->out) };

	for (size_t i = 0; i < s->nr_events; i++)
		for (size_t n = 0; n < s->events[i].nr_ids; n++)
			fwrite(&s->events[i].ids[n].id, 8, 1, d->out);
	h->attr_size = sizeof(struct perf_event_attr) + sizeof(ids);
	h->attrs = (struct pd_section){ ftello(d->out), s->nr_events * h->attr_size };
	for (size_t i = 0; i < s->nr_events; i++) {
		ids.size = s->events[i].nr_ids * 8;
		fwrite(&s->events[i].attr, sizeof(struct perf_event_attr), 1, d->out);
		fwrite(&ids, sizeof(ids), 1, d->out);
		ids.offset += ids.size;
	}
}

/* The features, then the list of their sections: where the data of a file without data would end. */
static int put_features(struct pd_writer *w, const struct head *d)
{
	for (size_t i = 0; i < ARRAY_SIZE(features); i++) {
		w->sections[i].offset = ftello(d->out);
		if (features[i].put(d))
			return -1;
		w->sections[i].size = ftello(d->out) - w->sections[i].offset;
		w->h.features[features[i].nr / 64] |= 1ull << features[i].nr % 64;
	}
	while (ftello(d->out) % 8)	/* records, which follow, are whole words */
		fputc(0, d->out);
	w->h.data.offset = ftello(d->out);
	fwrite(w->sections, sizeof(w->sections), 1, d->out);
	return 0;
}

static int put_head(struct pd_writer *w, struct head *d)
{
	char *text = NULL;
	size_t len;
	int ret;

	d->out = open_memstream(&text, &len);
	if (!d->out)
		return hv_error("out of memory");
	w->h.magic = PD_MAGIC;
	w->h.size = sizeof(w->h);
	fwrite(&w->h, sizeof(w->h), 1, d->out);
	put_attrs(d, &w->h);
	ret = put_features(w, d);
	if (fclose(d->out) && !ret)
		ret = hv_error("out of memory");
	if (!ret) {
		memcpy(text, &w->h, sizeof(w->h));
		ret = put(w, text, len);
	}
	free(text);
	w->start = w->pos;
	return ret;
}

static int create(struct pd_writer *w, const char *path, struct head *d)
{
	if (hv_part_open(&w->file, path, HV_PART_PRIVATE))
		return -1;
	w->fd = fileno(w->file.out);
	w->buffer = mmap(NULL, BUFFER_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (w->buffer == MAP_FAILED) {
		w->buffer = NULL;
		return hv_error("out of memory");
	}
	set_direct(w, true);
	if (put_head(w, d))
		return -1;
	pd_mark(w);
	return 0;
}

struct pd_writer *pd_create(const char *path, const struct hv_session *s, const struct hv_tracepoints *t, char *const argv[])
{
	struct pd_writer *w = hv_alloc(sizeof(*w));

	if (!create(w, path, &(struct head){ .session = s, .tracepoints = t, .argv = argv }))
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
	return w->pos - w->start;
}

int pd_flush(struct pd_writer *w)
{
	bool direct = w->direct;
	int ret;

	if (w->flushed == w->pos)
		return 0;
	if (direct)	/* that would take whole blocks only */
		set_direct(w, false);
	ret = write_buffer(w);
	if (direct)
		set_direct(w, true);
	return ret;
}

static void free_writer(struct pd_writer *w)
{
	if (w->buffer)
		munmap(w->buffer, BUFFER_BYTES);
	free(w);
}

/* The file ends before what could not be written, so far before that there is room for what finishes it. */
static int cut(struct pd_writer *w)
{
	if (w->safe <= w->start)
		return -1;
	if (ftruncate(w->fd, w->safe))
		return cannot_write(w);
	w->base = w->pos = w->safe;
	w->filled = 0;
	w->safe = 0;
	w->failed = false;
	return 0;
}

/* The list of sections where it belongs, behind the records; and the header last, when all that it promises is there. */
static int complete(struct pd_writer *w)
{
	struct pd_header h = w->h;

	h.data = (struct pd_section){ w->start, pd_written(w) };
	if (put(w, w->sections, sizeof(w->sections)) || empty_buffer(w))
		return -1;
	if (pwrite(w->fd, &h, sizeof(h), 0) != sizeof(h))
		return cannot_write(w);
	w->h = h;
	return 0;
}

static int finish(struct pd_writer *w)
{
	set_direct(w, false);
	if (!w->failed && !complete(w))
		return 0;
	return w->failed && !cut(w) ? complete(w) : -1;
}

int pd_finish(struct pd_writer *w, uint64_t *bytes)
{
	int ret = finish(w);

	*bytes = w->h.data.size;
	if (!ret) {
		ret = hv_part_close(&w->file, true);
	} else if (w->flushed > w->start) {
		hv_error("what could be written before that is in %s: hvtrace report -i", w->file.part);
		hv_part_leave(&w->file);
	} else {
		hv_part_close(&w->file, false);
	}
	free_writer(w);
	return ret;
}

void pd_abandon(struct pd_writer *w)
{
	hv_part_close(&w->file, false);
	free_writer(w);
}
