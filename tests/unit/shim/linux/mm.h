/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_MM_H
#define SHIM_MM_H
#include <stdlib.h>
#define alloc_pages_exact(size, gfp)	calloc(1, size)
#define free_pages_exact(p, size)	free(p)

struct page;
#define FOLL_WRITE	1
int get_user_pages_fast(unsigned long start, int n, unsigned int flags, struct page **pages);
int set_page_dirty_lock(struct page *page);
void put_page(struct page *page);
void *page_address(const struct page *page);
#endif
