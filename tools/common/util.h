/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HV_UTIL_H
#define HV_UTIL_H

#include <stddef.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* One line on stderr, after the program's name. Returns -1, for "return hv_error(...)". */
int hv_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void hv_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* While a terminal shows something else: the last message waits until now. */
void hv_messages_later(void);
void hv_messages_now(void);

/* Out of memory ends the program with one clear line. */
void *hv_alloc(size_t size);
/* p, which is not NULL: what else has just been allocated */
void *hv_checked(void *p);
void *hv_grow(void *p, size_t nr, size_t size);
char *hv_strdup(const char *s);
/* Text from a file or another process: what a terminal might act on becomes '?'. */
void hv_printable(char *s);

/*
 * The whole file, NUL-terminated; NULL and errno if it can't be read. Files of
 * /proc and tracefs have no size that one could ask for.
 */
char *hv_read_file(const char *path, size_t *len);

/* "--version" of all tools. */
int hv_print_version(void);

#endif
