// SPDX-License-Identifier: GPL-2.0
/* What perf calls features: sections about the recording. */
#include <stdlib.h>
#include <string.h>
#include "perfdata_file.h"
#include "util.h"

/* No real file has more in one section; a damaged length must not eat the memory. */
#define MAX_FEATURE	(64u << 20)

/* The features' sections are listed in order of their bits. 0: the file lacks this one. */
static uint64_t feature_place(const struct pd_file *f, enum pd_feature feature)
{
	uint64_t at = f->features_at;

	if (!(f->h.features[feature / 64] >> feature % 64 & 1))
		return 0;
	for (int bit = 0; bit < (int)feature; bit++)
		at += (f->h.features[bit / 64] >> bit % 64 & 1) * sizeof(struct pd_section);
	return at;
}

static int feature_section(struct pd_file *f, enum pd_feature feature, struct pd_section *s)
{
	uint64_t at = feature_place(f, feature), raw[2];

	if (!at)
		return 0;
	if (pd_read(f, at, raw, sizeof(raw)))
		return -1;
	s->offset = pd_get64(f, &raw[0]);
	s->size = pd_get64(f, &raw[1]);
	return pd_check_section(f, s, "description") ? -1 : 1;
}

int pd_feature(struct pd_file *f, enum pd_feature feature, char **data, size_t *len)
{
	struct pd_section s;
	int ret = feature_section(f, feature, &s);

	if (ret <= 0)
		return ret;
	if (s.size > MAX_FEATURE)
		return pd_damaged(f, "a description is absurdly long");
	*data = hv_alloc(s.size + 1);
	*len = s.size;
	ret = pd_read(f, s.offset, *data, s.size);
	if (!ret)
		return 1;
	free(*data);
	return -1;
}

/* Appends the string at *at (32-bit padded length, then the string) to text. */
static char *append_string(const struct pd_file *f, const char *data, size_t len, size_t *at, char *text)
{
	size_t have = text ? strlen(text) : 0, n;
	uint32_t padded;

	if (len - *at < 4)
		return NULL;
	padded = hv_get32(data + *at, f->swap);
	*at += 4;
	if (padded > len - *at)
		return NULL;
	n = strnlen(data + *at, padded);
	text = hv_grow(text, have + n + 2, 1);
	if (have)
		text[have++] = ' ';
	memcpy(text + have, data + *at, n);
	text[have + n] = '\0';
	*at += padded;
	return text;
}

/* Names that are only shown are left out, without a word, where they are damaged. */
static bool is_whole(struct pd_file *f, enum pd_feature feature)
{
	uint64_t at = feature_place(f, feature), raw[2], offset, size;

	if (!at || at > f->size || f->size - at < sizeof(raw) || pd_read(f, at, raw, sizeof(raw)))
		return false;
	offset = pd_get64(f, &raw[0]);
	size = pd_get64(f, &raw[1]);
	return offset <= f->size && size <= f->size - offset && size <= MAX_FEATURE;
}

static char *strings(struct pd_file *f, enum pd_feature feature, bool many)
{
	char *text = NULL, *more;
	uint32_t nr = 1;
	size_t len, at = 0;
	char *data;

	if (!is_whole(f, feature) || pd_feature(f, feature, &data, &len) <= 0)
		return NULL;
	if (many && len >= 4) {
		nr = hv_get32(data, f->swap);
		at = 4;
	}
	for (uint32_t i = 0; i < nr; i++) {
		more = append_string(f, data, len, &at, text);
		if (!more)
			break;
		text = more;
	}
	free(data);
	return text;
}

char *pd_feature_string(struct pd_file *f, enum pd_feature feature)
{
	return strings(f, feature, false);
}

char *pd_feature_strings(struct pd_file *f, enum pd_feature feature)
{
	return strings(f, feature, true);
}
