/* SPDX-License-Identifier: GPL-2.0 */
/* An open perf.data file, as those see it who read it: perfdata_*.c. */
#ifndef HV_PERFDATA_FILE_H
#define HV_PERFDATA_FILE_H

#include "perfdata_read.h"

/* No record is longer than 64 kB. */
#define PD_WINDOW	(1u << 20)

#define PD_LAST_IDS	64

struct pd_id {
	uint64_t id;
	uint32_t attr;
};

struct pd_file {
	char *path;
	int in;
	uint64_t size;
	bool swap;
	struct pd_header h;
	struct hv_layout *layouts;	/* one per attr */
	uint64_t *tracepoints;		/* ids of those attrs that are trace events */
	size_t nr_tracepoints;
	size_t nr_attrs;
	struct pd_id *ids;		/* sorted */
	struct pd_id last[PD_LAST_IDS];	/* those found last, so that they need not be searched for */
	size_t nr_ids;
	int id_in_sample, id_in_trailer;
	uint64_t pos;			/* of the next record */
	uint64_t features_at;		/* the list of their sections */
	bool is_unfinished;		/* its records end where they make no sense any more */
	/* a window of the file */
	uint64_t window;		/* where it starts */
	size_t in_window;
	char buf[PD_WINDOW];
};

static inline uint64_t pd_get64(const struct pd_file *f, const void *p)
{
	return hv_get64(p, f->swap);
}

/* 0, or -1 after an error message if the section is not in the file. */
int pd_check_section(const struct pd_file *f, const struct pd_section *s, const char *what);
/* Of a file whose header says that it has no data: what there is. 0, or -1 after an error message. */
int pd_begin_unfinished(struct pd_file *f);

#endif
