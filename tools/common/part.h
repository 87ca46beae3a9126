/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A file that gets its name when it is whole: until then it is FILE.part, which nobody else writes meanwhile.
 */
#ifndef HV_PART_H
#define HV_PART_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

struct hv_part {
	char *path, *part;
	FILE *out;		/* NULL: not open */
};

/*
 * What a program that was killed has left is written over. Writing more than the file may grow to
 * (setrlimit) is an error from then on (EFBIG), and no signal's business. -1 after an error message.
 */
int hv_part_open(struct hv_part *p, const char *path, mode_t mode);
/* Only its owner may read it, as perf's: it has addresses of guests and host. */
#define HV_PART_PRIVATE 0600
/* keep: gives it its name, unless something could not be written. Else it goes. -1 after an error message. */
int hv_part_close(struct hv_part *p, bool keep);
/* Closes it; it stays FILE.part. */
void hv_part_leave(struct hv_part *p);
/* It is there, and it is that file, whatever both are called. */
bool hv_same_file(const char *a, const char *b);

#endif
