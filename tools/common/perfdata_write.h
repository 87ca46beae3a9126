/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Writes perf.data files. Until pd_finish() the file is FILE.part, and its header says that it has no data: the
 * recording of a recorder that was killed, which pd_open() reads as far as it goes. For that, all that perf calls
 * features stands before the records, and last of it the list of their sections. A file without data has that list there
 * by perf's own rule; in a finished one it stands behind the data once more.
 */
#ifndef HV_PERFDATA_WRITE_H
#define HV_PERFDATA_WRITE_H

#include "perfdata.h"
#include "session.h"

struct pd_writer;

/* All that can fail print an error message and return NULL or -1. */
struct pd_writer *pd_create(const char *path, const struct hv_session *s, const struct hv_tracepoints *t, char *const argv[]);
int pd_write(struct pd_writer *w, const void *record, size_t size);
/* The file could end here and would tell of all until now. */
void pd_mark(struct pd_writer *w);
uint64_t pd_written(const struct pd_writer *w);
/* What has been written until now is in the file, if somebody kills us. (Else that is so after every 1 MB.) */
int pd_flush(struct pd_writer *w);
/*
 * Finishes the file and gives it its name; bytes: of records. After a failed pd_write() the file ends at a mark; if there
 * is none far enough before that (1 MB), it stays FILE.part, or goes if nothing is in it, and this fails. Frees w.
 */
int pd_finish(struct pd_writer *w, uint64_t *bytes);
/* Removes it. Frees w. */
void pd_abandon(struct pd_writer *w);

#endif
