// SPDX-License-Identifier: GPL-2.0
/*
 * The recording once more, with every sample's time set to when it happened:
 * what perf script, perf kvm stat and all that read perf.data then show is exact.
 * (One that has batches has to be written anew: export_single.c.)
 */
#include <errno.h>
#include <linux/perf_event.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include "../common/util.h"
#include "export.h"

static int copy_file(struct export *x, uint64_t left)
{
	static char buf[1 << 16];
	FILE *in = fopen(x->reader->path, "re");
	size_t n;

	if (!in)
		return hv_error("%s: cannot open: %s", x->reader->path, strerror(errno));
	for (; left && (n = fread(buf, 1, left < sizeof(buf) ? left : sizeof(buf), in)); left -= n)
		fwrite(buf, 1, n, x->out);
	if (ferror(in)) {
		fclose(in);
		return hv_error("%s: cannot read: %s", x->reader->path, strerror(errno));
	}
	fclose(in);
	return 0;
}

/* What the recorder did not come to: the list of sections behind the data, and a header that knows of the data. */
static int copy_unfinished(struct export *x)
{
	const struct pd_header *h = pd_file_header(x->reader->file);
	uint64_t data[2] = { h->data.offset, h->data.size }, end = data[0] + data[1], size = 0;
	struct pd_section list[PD_FEATURE_BITS];

	for (size_t i = 0; i < ARRAY_SIZE(h->features); i++)
		size += __builtin_popcountll(h->features[i]) * sizeof(list[0]);
	if (copy_file(x, end) || pd_read(x->reader->file, data[0] - size, list, size))
		return -1;
	for (int i = 0; pd_is_swapped(x->reader->file) && i < 2; i++)
		data[i] = __builtin_bswap64(data[i]);
	if (fwrite(list, 1, size, x->out) != size || fseeko(x->out, offsetof(struct pd_header, data), SEEK_SET) ||
	    fwrite(data, sizeof(data), 1, x->out) != 1)
		return hv_error("%s: cannot write: %s", x->path, strerror(errno));
	return 0;
}

static int nothing(struct hv_record *r, void *arg)
{
	(void)r, (void)arg;
	return 0;
}

static int set_time(struct export *x, const struct pd_record *rec)
{
	int at = hv_time_in_sample(rec->layout->sample_type), ret;
	struct hv_record r;
	uint64_t when;

	ret = hv_reader_sample(x->reader, rec, &r, nothing, NULL);
	if (ret <= 0 || at < 0)
		return ret;
	when = rec->layout->swap ? __builtin_bswap64(r.when) : r.when;
	if (fseeko(x->out, rec->offset + 8 * at, SEEK_SET) || fwrite(&when, sizeof(when), 1, x->out) != 1)
		return hv_error("%s: cannot write: %s", x->path, strerror(errno));
	return 0;
}

static int perf_whole(struct export *x)
{
	struct pd_record rec;
	int ret;

	if (hv_decoder_has_batches(x->reader->decoder))
		return export_single_events(x);
	if (pd_is_unfinished(x->reader->file) ? copy_unfinished(x) : copy_file(x, UINT64_MAX))
		return -1;
	pd_rewind(x->reader->file);
	while ((ret = pd_next(x->reader->file, &rec)) == 1)
		if (rec.type == PERF_RECORD_SAMPLE && set_time(x, &rec))
			return -1;
	return ret;
}

const struct export_format export_perf_data = {
	.name = "perf.data", .help = "one sample per record, its time when it happened: exact for perf script, perf kvm stat",
	.whole = perf_whole,
};
