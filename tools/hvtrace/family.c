// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>
#include "../common/util.h"
#include "family.h"

/* More processes than that no command starts to look at its guests; what is beyond is not recorded. */
#define MAX_MEMBERS	(1u << 20)

void family_add(struct family *f, pid_t pid)
{
	if (f->nr == MAX_MEMBERS)
		return;
	f->members = hv_grow(f->members, f->nr + 1, sizeof(*f->members));
	f->members[f->nr++] = pid;
}

/* The last ones are the likely ones. */
static bool is_member(const struct family *f, pid_t pid)
{
	for (size_t i = f->nr; i--; )
		if (f->members[i] == pid)
			return true;
	return false;
}

bool family_has(const struct family *f, pid_t pid)
{
	return !f->nr || is_member(f, pid);
}

void family_fork(struct family *f, const struct perf_record_fork *fork)
{
	if (f->nr && fork->pid != fork->ppid && is_member(f, fork->ppid) && !is_member(f, fork->pid))
		family_add(f, fork->pid);
}

void family_hold(struct family *f, const struct perf_event_header *h)
{
	if (f->held_bytes + h->size > f->room) {
		f->room = 2 * (f->held_bytes + h->size);
		f->held = hv_grow(f->held, f->room, 1);
	}
	memcpy(f->held + f->held_bytes, h, h->size);
	f->held_bytes += h->size;
}

int family_release(struct family *f, int (*fn)(const struct perf_event_header *h, void *arg), void *arg)
{
	const struct perf_event_header *h;
	int ret = 0;

	/* perf's records are multiples of 8 bytes. */
	for (size_t at = 0; !ret && at < f->held_bytes; at += h->size) {
		h = (const void *)(f->held + at);
		ret = fn(h, arg);
	}
	f->held_bytes = 0;
	return ret;
}

void family_free(struct family *f)
{
	free(f->members);
	free(f->held);
}
