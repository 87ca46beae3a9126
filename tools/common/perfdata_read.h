/* SPDX-License-Identifier: GPL-2.0 */
/* Reads perf.data files, whoever wrote them, on whatever machine. Trusts nothing in them. */
#ifndef HV_PERFDATA_READ_H
#define HV_PERFDATA_READ_H

#include "perfdata.h"
#include "sample.h"

struct pd_file;

struct pd_record {
	uint32_t type;
	const char *body;	/* after the header, valid until the next call */
	size_t size;
	uint64_t offset;	/* of the body in the file */
	const struct hv_layout *layout;	/* of the event it belongs to */
};

/* All that can fail print one line that names the file and what is wrong. */
struct pd_file *pd_open(const char *path);
void pd_close(struct pd_file *f);
/* The ids of the trace events that were recorded. */
const uint64_t *pd_tracepoints(const struct pd_file *f, size_t *nr);
/* The next record is the first again. */
void pd_rewind(struct pd_file *f);
/* 1: a record, 0: no more, -1: error */
int pd_next(struct pd_file *f, struct pd_record *r);
/*
 * Whatever wrote it was killed, or still writes: all records that are there can be read. Where they end is told by
 * pd_find_end(), to be called first: before the first record that is not sound. -1 after an error message.
 */
bool pd_is_unfinished(const struct pd_file *f);
int pd_find_end(struct pd_file *f, bool (*is_sound)(const struct pd_record *r, void *arg), void *arg);
/* A feature section's bytes, for the caller to free. 1: there, 0: the file lacks it, -1: error */
int pd_feature(struct pd_file *f, enum pd_feature feature, char **data, size_t *len);
/* A feature that is one string, or NULL. For the caller to free. */
char *pd_feature_string(struct pd_file *f, enum pd_feature feature);
/* A feature that is a number of strings, joined with blanks, or NULL. For the caller to free. */
char *pd_feature_strings(struct pd_file *f, enum pd_feature feature);
/* In the host's order, and any part of the file as it is. 0, or -1 after an error message. */
const struct pd_header *pd_file_header(const struct pd_file *f);
int pd_read(struct pd_file *f, uint64_t offset, void *to, size_t len);
bool pd_is_swapped(const struct pd_file *f);
/* The message for damage that the caller found in a record; returns -1. */
int pd_damaged(const struct pd_file *f, const char *what);

#endif
