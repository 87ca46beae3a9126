// SPDX-License-Identifier: GPL-2.0
/* Files whose writer was killed, or has not come to their end yet: perfdata_write.h says how they are laid out. */
#include "perfdata_file.h"
#include "util.h"

/* The list of sections where the data would end if there was none, all of which stand before it. */
static bool has_list(struct pd_file *f, uint64_t nr)
{
	uint64_t list = f->features_at, raw[2];

	if (!nr || nr * sizeof(raw) > f->size - list)
		return false;
	for (uint64_t i = 0; i < nr; i++) {
		if (pd_read(f, list + i * sizeof(raw), raw, sizeof(raw)))
			return false;
		if (pd_get64(f, &raw[0]) > list || pd_get64(f, &raw[1]) > list - pd_get64(f, &raw[0]))
			return false;
	}
	return true;
}

int pd_begin_unfinished(struct pd_file *f)
{
	uint64_t nr = 0, start;

	for (int i = 0; i < PD_FEATURE_BITS / 64; i++)
		nr += __builtin_popcountll(f->h.features[i]);
	if (!has_list(f, nr))
		return hv_error("%s: the recording was not finished, and lacks what it takes to read it: whatever wrote it was killed",
				f->path);
	start = f->features_at + nr * sizeof(struct pd_section);
	f->h.data = (struct pd_section){ start, f->size - start };
	f->is_unfinished = true;
	return 0;
}

/* What a machine leaves that stopped before all blocks of a file were written. */
static bool zeros_follow(struct pd_file *f, uint64_t pos)
{
	uint64_t word;

	return f->size - pos >= sizeof(word) && !pd_read(f, pos, &word, sizeof(word)) && !word;
}

int pd_find_end(struct pd_file *f, bool (*is_sound)(const struct pd_record *r, void *arg), void *arg)
{
	uint64_t last = f->pos, end = f->pos;	/* of the last record that is sound */
	struct pd_record r;
	int ret;

	while ((ret = pd_next(f, &r)) == 1 && is_sound(&r, arg)) {
		last = end;
		end = f->pos;
	}
	if (ret < 0)
		return -1;
	if (zeros_follow(f, end))	/* they may have begun in it */
		end = last;
	f->h.data.size = end - f->h.data.offset;
	pd_rewind(f);
	return 0;
}

bool pd_is_unfinished(const struct pd_file *f)
{
	return f->is_unfinished;
}
