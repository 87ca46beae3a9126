// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <perf/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "perfdata_file.h"
#include "util.h"

/* The shortest perf_event_attr that ever was (PERF_ATTR_SIZE_VER0), and a generous end. */
#define MIN_ATTR_SIZE	64
#define MAX_ATTR_SIZE	4096
#define MAX_ATTRS	4096
/* No real file has more in one section; a damaged length must not eat the memory. */
#define MAX_IDS		(1u << 22)

int pd_damaged(const struct pd_file *f, const char *what)
{
	return hv_error("%s: damaged or truncated: %s", f->path, what);
}

static int fill(struct pd_file *f, uint64_t offset, size_t len)
{
	f->window = offset;
	f->in_window = 0;
	while (f->in_window < len) {
		ssize_t n = pread(f->in, f->buf + f->in_window, PD_WINDOW - f->in_window, offset + f->in_window);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return hv_error("%s: cannot read: %s", f->path, n ? strerror(errno) : "it got shorter");
		f->in_window += n;
	}
	return 0;
}

static const char *other_bytes_at(struct pd_file *f, uint64_t offset, size_t len)
{
	if (offset > f->size || len > f->size - offset) {
		pd_damaged(f, "it is shorter than its header says");
		return NULL;
	}
	return fill(f, offset, len) ? NULL : f->buf;
}

/* These bytes, of which there may be as many as the window holds, until the next call; NULL after an error message. */
static inline const char *bytes_at(struct pd_file *f, uint64_t offset, size_t len)
{
	uint64_t in = offset - f->window;	/* below the window it is huge */

	if (in <= f->in_window && len <= f->in_window - in)
		return f->buf + in;
	return other_bytes_at(f, offset, len);
}

static int read_at(struct pd_file *f, uint64_t offset, void *to, size_t len)
{
	while (len) {
		size_t n = len < PD_WINDOW ? len : PD_WINDOW;
		const char *from = bytes_at(f, offset, n);

		if (!from)
			return -1;
		memcpy(to, from, n);
		to = (char *)to + n;
		offset += n;
		len -= n;
	}
	return 0;
}

int pd_check_section(const struct pd_file *f, const struct pd_section *s, const char *what)
{
	if (s->offset <= f->size && s->size <= f->size - s->offset)
		return 0;
	return hv_error("%s: truncated: its %s should end at byte %" PRIu64 " and it has %" PRIu64,
			f->path, what, s->offset + s->size, f->size);
}

static int read_header(struct pd_file *f)
{
	uint64_t *word = (uint64_t *)&f->h;

	if (f->size < 16)
		return hv_error("%s: not a perf.data file: only %" PRIu64 " bytes long", f->path, f->size);
	if (read_at(f, 0, word, 16))
		return -1;
	f->swap = word[0] == __builtin_bswap64(PD_MAGIC);
	if (!f->swap && word[0] != PD_MAGIC)
		return hv_error("%s: not a perf.data file", f->path);
	if (pd_get64(f, &word[1]) == 16)
		return hv_error("%s: written to a pipe, which is not read here: record with -o FILE", f->path);
	if (pd_get64(f, &word[1]) != sizeof(f->h))
		return pd_damaged(f, "its header's size is wrong");
	if (read_at(f, 0, word, sizeof(f->h)))
		return -1;
	if (f->swap)
		for (size_t i = 0; i < sizeof(f->h) / 8; i++)
			word[i] = __builtin_bswap64(word[i]);
	f->features_at = f->h.data.offset + f->h.data.size;
	if (pd_check_section(f, &f->h.attrs, "list of events") || pd_check_section(f, &f->h.data, "data"))
		return -1;
	return f->h.data.size ? 0 : pd_begin_unfinished(f);
}

static int read_ids(struct pd_file *f, const struct pd_section *s, uint32_t attr)
{
	size_t nr = s->size / 8;
	uint64_t id;

	if (pd_check_section(f, s, "list of ids"))
		return -1;
	if (s->size % 8 || s->size / 8 > MAX_IDS - f->nr_ids)
		return pd_damaged(f, "the size of its list of ids is wrong");
	f->ids = hv_grow(f->ids, f->nr_ids + nr + 1, sizeof(*f->ids));
	for (size_t i = 0; i < nr; i++) {
		if (read_at(f, s->offset + 8 * i, &id, 8))
			return -1;
		f->ids[f->nr_ids++] = (struct pd_id){ pd_get64(f, &id), attr };
	}
	return 0;
}

/* The flags are a bit field, laid out from the other end on the other endianness. */
static bool attr_flag_sample_id_all(const struct pd_file *f, const char *attr)
{
	const unsigned char byte = attr[offsetof(struct perf_event_attr, read_format) + 8 + 2];
	bool file_big = f->swap != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);

	/* bit 18 of the flags: byte 2 bit 2 from the low end, or byte 2 bit 5 */
	return byte & (file_big ? 0x20 : 0x04);
}

static int read_attrs(struct pd_file *f)
{
	uint64_t each = f->h.attr_size;
	char buf[MAX_ATTR_SIZE];

	if (each < MIN_ATTR_SIZE + sizeof(struct pd_section) || each > sizeof(buf) ||
	    f->h.attrs.size % each || !f->h.attrs.size || f->h.attrs.size / each > MAX_ATTRS)
		return pd_damaged(f, "the size of its list of events is wrong");
	f->nr_attrs = f->h.attrs.size / each;
	f->layouts = hv_alloc(f->nr_attrs * sizeof(*f->layouts));
	f->tracepoints = hv_alloc(f->nr_attrs * sizeof(*f->tracepoints));
	for (size_t i = 0; i < f->nr_attrs; i++) {
		struct pd_section ids;

		if (read_at(f, f->h.attrs.offset + i * each, buf, each))
			return -1;
		f->layouts[i] = (struct hv_layout){
			.sample_type = pd_get64(f, buf + offsetof(struct perf_event_attr, sample_type)),
			.read_format = pd_get64(f, buf + offsetof(struct perf_event_attr, read_format)),
			.sample_id_all = attr_flag_sample_id_all(f, buf),
			.swap = f->swap,
		};
		hv_layout_places(&f->layouts[i]);
		if (hv_get32(buf, f->swap) == PERF_TYPE_TRACEPOINT)
			f->tracepoints[f->nr_tracepoints++] = pd_get64(f, buf + offsetof(struct perf_event_attr, config));
		ids.offset = pd_get64(f, buf + each - 16);
		ids.size = pd_get64(f, buf + each - 8);
		if (read_ids(f, &ids, i))
			return -1;
	}
	/* Ids can only be found if they stand in the same place for all events, as perf sees to. */
	for (size_t i = 1; i < f->nr_attrs; i++)
		if (hv_id_in_sample(f->layouts[i].sample_type) != hv_id_in_sample(f->layouts[0].sample_type) ||
		    hv_id_in_trailer(f->layouts[i].sample_type) != hv_id_in_trailer(f->layouts[0].sample_type))
			return pd_damaged(f, "its events do not agree on where the id is");
	f->id_in_sample = hv_id_in_sample(f->layouts[0].sample_type);
	f->id_in_trailer = hv_id_in_trailer(f->layouts[0].sample_type);
	return 0;
}

static int by_id(const void *pa, const void *pb)
{
	const struct pd_id *a = pa, *b = pb;

	return (a->id > b->id) - (a->id < b->id);
}

struct pd_file *pd_open(const char *path)
{
	struct pd_file *f = hv_alloc(sizeof(*f));
	struct stat st;

	f->path = hv_strdup(path);
	f->in = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);	/* not to wait for a FIFO's writer */
	if (f->in < 0 || fstat(f->in, &st)) {
		hv_error("%s: cannot open: %s", path, strerror(errno));
		goto fail;
	}
	if (!S_ISREG(st.st_mode)) {
		hv_error("%s: not a regular file", path);
		goto fail;
	}
	f->size = st.st_size;
	if (read_header(f) || read_attrs(f))
		goto fail;
	if (f->nr_ids)
		qsort(f->ids, f->nr_ids, sizeof(*f->ids), by_id);
	f->pos = f->h.data.offset;
	return f;
fail:
	pd_close(f);
	return NULL;
}

void pd_close(struct pd_file *f)
{
	if (f->in >= 0)
		close(f->in);
	free(f->path);
	free(f->layouts);
	free(f->tracepoints);
	free(f->ids);
	free(f);
}

const struct pd_header *pd_file_header(const struct pd_file *f)
{
	return &f->h;
}

int pd_read(struct pd_file *f, uint64_t offset, void *to, size_t len)
{
	return read_at(f, offset, to, len);
}

bool pd_is_swapped(const struct pd_file *f)
{
	return f->swap;
}

const uint64_t *pd_tracepoints(const struct pd_file *f, size_t *nr)
{
	*nr = f->nr_tracepoints;
	return f->tracepoints;
}

void pd_rewind(struct pd_file *f)
{
	f->pos = f->h.data.offset;
}

static const struct hv_layout *layout_of(struct pd_file *f, const struct pd_record *r)
{
	int words = r->size / 8;
	int at = r->type == PERF_RECORD_SAMPLE ? f->id_in_sample : f->id_in_trailer;
	struct pd_id key = { 0 }, *found, *last;

	if (r->type != PERF_RECORD_SAMPLE && at > 0)
		at = words - at;
	if (at < 0 || at >= words || !f->nr_ids)
		return &f->layouts[0];
	key.id = pd_get64(f, r->body + 8 * at);
	last = &f->last[key.id % PD_LAST_IDS];
	if (last->id == key.id && key.id)
		return &f->layouts[last->attr];
	found = bsearch(&key, f->ids, f->nr_ids, sizeof(key), by_id);
	if (!found)
		return &f->layouts[0];
	*last = *found;
	return &f->layouts[found->attr];
}

/* AUXTRACE is followed by data of its own that its header does not count. */
static uint64_t extra_bytes(const struct pd_file *f, const struct pd_record *r)
{
	return r->type == PERF_RECORD_AUXTRACE && r->size >= 8 ? pd_get64(f, r->body) : 0;
}

/* What is rare: compressed records, which can't be read, and data that a record's header does not count. */
static int pass_other(struct pd_file *f, const struct pd_record *r, uint64_t end)
{
	uint64_t extra = extra_bytes(f, r);

	if (r->type == PERF_RECORD_COMPRESSED)
		return hv_error("%s: compressed (perf record -z), which is not read here", f->path);
	if (extra > end - f->pos)
		return pd_damaged(f, "an AUX area is cut off");
	f->pos += extra;
	return 0;
}

int pd_next(struct pd_file *f, struct pd_record *r)
{
	uint64_t end = f->h.data.offset + f->h.data.size, left = end - f->pos;
	struct perf_event_header h;
	const char *bytes;

	if (!left)
		return 0;
	if (left < sizeof(h))
		return f->is_unfinished ? 0 : pd_damaged(f, "the last record is cut off");
	bytes = bytes_at(f, f->pos, sizeof(h));
	if (!bytes)
		return -1;
	memcpy(&h, bytes, sizeof(h));
	if (f->swap) {
		h.type = __builtin_bswap32(h.type);
		h.size = __builtin_bswap16(h.size);
	}
	if (f->is_unfinished && (!h.type || h.size < sizeof(h) || h.size > left))
		return 0;
	if (h.size < sizeof(h) || h.size > left)
		return hv_error("%s: damaged: the record at byte %" PRIu64 " has a wrong size", f->path, f->pos);
	bytes = bytes_at(f, f->pos, h.size);
	if (!bytes)
		return -1;
	r->type = h.type;
	r->size = h.size - sizeof(h);
	r->offset = f->pos + sizeof(h);
	r->body = bytes + sizeof(h);
	f->pos += h.size;
	if (r->type != PERF_RECORD_SAMPLE && pass_other(f, r, end))
		return -1;
	r->layout = layout_of(f, r);
	return 1;
}
