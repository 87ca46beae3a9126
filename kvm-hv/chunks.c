// SPDX-License-Identifier: GPL-2.0
/* Big arrays in pieces of the linear map (mmu.h). Process context. */
#include <linux/gfp.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include "hv.h"

#define CHUNK_ORDER	get_order(HV_CHUNK_SIZE)

/* Zeroed, charged to the caller's cgroup; NULL: no memory, or the caller is being killed. */
struct hv_chunks *hv_chunks_alloc(u64 bytes)
{
	u64 n = DIV_ROUND_UP_ULL(bytes, HV_CHUNK_SIZE);
	struct hv_chunks *c;

	if (n > (KMALLOC_MAX_SIZE - sizeof(*c)) / sizeof(c->at[0]))
		return NULL;
	c = kzalloc(struct_size(c, at, n), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!c)
		return NULL;
	while (c->n < n && !fatal_signal_pending(current)) {
		void *p = (void *)__get_free_pages(GFP_KERNEL_ACCOUNT | __GFP_ZERO | __GFP_NOWARN |
						   __GFP_RETRY_MAYFAIL, CHUNK_ORDER);

		if (!p)
			break;
		c->at[c->n++] = p;
		cond_resched();
	}
	if (c->n == n)
		return c;
	hv_chunks_free(c);
	return NULL;
}

void hv_chunks_zero(struct hv_chunks *c)
{
	unsigned long i;

	for (i = 0; i < c->n; i++) {
		memset(c->at[i], 0, HV_CHUNK_SIZE);
		cond_resched();
	}
}

void hv_chunks_free(struct hv_chunks *c)
{
	if (!c)
		return;
	while (c->n)
		free_pages((unsigned long)c->at[--c->n], CHUNK_ORDER);
	kfree(c);
}
