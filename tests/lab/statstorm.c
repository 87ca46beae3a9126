// SPDX-License-Identifier: GPL-2.0
/*
 * statstorm SECONDS: reads the statistics as fast as it can and switches them off and on meanwhile. No
 * counter may go back, no vCPU's times may be longer than its life, and of one that is gone rows and sums
 * agree: but for the last exit before each time that counting ended. Prints reads, switches, and how many
 * vCPUs went.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "kvm_hv_dev.h"

#define KNOB	"/sys/module/kvm_hv/parameters/statistics"
#define ROWS	128
#define VCPUS	64

struct seen {
	struct hv_stats_vcpu v;
	struct hv_stats_row rows[ROWS];
	unsigned int nr_rows;
};

static char buf[1 << 22];
static struct seen seen[VCPUS];
static unsigned int nr_seen;
static unsigned long switches;
static int wrong;

static void bad(const struct hv_stats_vcpu *v, const char *what, uint64_t was, uint64_t is)
{
	if (wrong++ < 10)
		fprintf(stderr, "statstorm: VM %u vCPU %u: %s: %" PRIu64 " and %" PRIu64 "\n", v->lpid, v->vcpu_id, what, was, is);
}

static int open_or_die(const char *path, int flags)
{
	int fd = open(path, flags);

	if (fd < 0) {
		fprintf(stderr, "statstorm: %s: %s\n", path, strerror(errno));
		exit(2);
	}
	return fd;
}

static size_t read_all(int fd)
{
	size_t have = 0;
	ssize_t n;

	lseek(fd, 0, SEEK_SET);
	while ((n = read(fd, buf + have, sizeof(buf) - have)) > 0)
		have += n;
	return have;
}

static struct seen *find(const struct hv_stats_vcpu *v)
{
	for (unsigned int i = 0; i < nr_seen; i++)
		if (seen[i].v.created == v->created && seen[i].v.lpid == v->lpid && seen[i].v.vcpu_id == v->vcpu_id)
			return &seen[i];
	if (nr_seen == VCPUS)
		return NULL;
	seen[nr_seen].v = *v;
	return &seen[nr_seen++];
}

static uint64_t check_row(struct seen *s, const struct hv_stats_row *r)
{
	struct hv_stats_row *old;
	uint64_t exits = 0;
	unsigned int i = 0;

	while (i < s->nr_rows && (s->rows[i].kind != r->kind || s->rows[i].number != r->number))
		i++;
	if (i == ROWS)
		return 0;
	old = &s->rows[i];
	if (i == s->nr_rows) {
		s->nr_rows++;
		*old = *r;
	}
	if (r->stayed_ticks < old->stayed_ticks || r->left_ticks < old->left_ticks)
		bad(&s->v, "a row's ticks go back", old->stayed_ticks + old->left_ticks, r->stayed_ticks + r->left_ticks);
	for (unsigned int k = 0; k < HV_STATS_BUCKETS; k++) {
		if (r->bucket[k] < old->bucket[k])
			bad(&s->v, "a bucket goes back", old->bucket[k], r->bucket[k]);
		exits += r->bucket[k];
	}
	*old = *r;
	return exits;
}

static void check_vcpu(const struct hv_stats_vcpu *v, const struct hv_stats_row *rows, uint64_t now)
{
	struct seen *s = find(v);
	uint64_t exits = 0;

	if (!s)
		return;
	for (unsigned int i = 0; i < v->rows; i++)
		exits += check_row(s, &rows[i]);
#define FORTH(field) \
	do { if (v->field < s->v.field) bad(v, #field " goes back", s->v.field, v->field); } while (0)
	FORTH(stays);
	FORTH(stayed);
	FORTH(guest);
	FORTH(switches);
	FORTH(user);
	FORTH(idle);
	if (v->guest + v->switches + v->user + v->idle > now - v->created)
		bad(v, "more time than it lived", now - v->created, v->guest + v->switches + v->user + v->idle);
	if (v->state == HV_STATE_GONE && v->stays + v->stayed - exits > switches / 2 + 1)
		bad(v, "rows and sums differ", exits, v->stays + v->stayed);
	s->v = *v;
}

static void read_and_check(int fd)
{
	size_t size = read_all(fd);
	const struct hv_stats_head *h = (const void *)buf;
	struct hv_stats_head later = *h;
	size_t at;

	lseek(fd, 0, SEEK_SET);
	if (read(fd, &later, sizeof(later)) < 0)
		later.tb = 0;
	for (at = h->size; at < size; ) {
		const struct hv_stats_vcpu *v = (const void *)(buf + at);

		check_vcpu(v, (const void *)(buf + at + v->size), later.tb);
		at += v->size + v->rows * v->row_size;
	}
}

int main(int argc, char **argv)
{
	time_t end = time(NULL) + (argc > 1 ? atoi(argv[1]) : 1);
	int fd = open_or_die("/dev/kvm-hv", O_RDONLY), knob = open_or_die(KNOB, O_WRONLY);
	unsigned long reads = 0, gone = 0;

	while (time(NULL) < end) {
		read_and_check(fd);
		if (++reads % 4)
			continue;
		if (pwrite(knob, ++switches % 2 ? "0" : "1", 1, 0) != 1)
			bad(&seen[0].v, "the parameter can't be set", 0, errno);
	}
	if (pwrite(knob, "1", 1, 0) != 1)
		wrong++;
	read_and_check(fd);
	for (unsigned int i = 0; i < nr_seen; i++)
		gone += seen[i].v.state == HV_STATE_GONE;
	printf("%lu %lu %lu\n", reads, switches, gone);
	return wrong != 0;
}
