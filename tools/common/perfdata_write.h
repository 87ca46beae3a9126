/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Writes perf.data files. Until pd_finish() the file is FILE.part, with a
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
uint64_t pd_written(const struct pd_writer *w);
/* Adds what perf calls features, and gives the file its name. Frees w. */
int pd_finish(struct pd_writer *w, char *const argv[]);
/* Removes it. Frees w. */
void pd_abandon(struct pd_writer *w);

#endif
