/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Writes perf.data files. Until pd_finish() the file is FILE.part, empty or with a
 * header that says it holds no data: a recorder that is killed leaves nothing
 * that anybody could take for a whole recording.
 */
#ifndef HV_PERFDATA_WRITE_H
#define HV_PERFDATA_WRITE_H

#include "perfdata.h"
#include "session.h"

struct pd_writer;

/* All that can fail print an error message and return NULL or -1. */
struct pd_writer *pd_create(const char *path, const struct hv_session *s, const struct hv_tracepoints *t);
int pd_write(struct pd_writer *w, const void *record, size_t size);
/* The file could end here and would tell of all until now. */
void pd_mark(struct pd_writer *w);
uint64_t pd_written(const struct pd_writer *w);
/*
 * Adds what perf calls features, and gives the file its name; bytes: of records. After a failed pd_write() the
 * file ends at a mark; if there is none far enough before that (1 MB), it is removed, and this fails. Frees w.
 */
int pd_finish(struct pd_writer *w, char *const argv[], uint64_t *bytes);
/* Removes it. Frees w. */
void pd_abandon(struct pd_writer *w);

#endif
