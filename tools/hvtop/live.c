// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "../common/names.h"
#include "../common/reader.h"
#include "../common/snapshot.h"
#include "../common/source.h"
#include "../common/util.h"
#include "live.h"

struct live {
	pid_t pid;
	struct hv_stats *stats;
	struct live_table table;
	/* live: the backend's statistics, or trace events */
	int dev;		/* -1: trace events */
	struct hv_snapshot was;
	struct hv_source source;
	struct timespec start;	/* of the interval */
	/* a recording */
	struct hv_reader *reader;
	uint64_t interval, until;	/* ns; until: the end of the interval that is being read */
	struct hv_item *pending;	/* read, but later than that */
	size_t nr_pending, room;
	bool over;
};

static int add_item(struct live *l, const struct hv_item *item)
{
	if (item->lost)
		hv_stats_lost(l->stats, item->r.cpu);
	else if (hv_stats_add(l->stats, &item->r))
		return hv_error("more than %d vCPUs or %d exit reasons", HV_MAX_VCPUS, HV_MAX_REASONS);
	return 0;
}

static int on_item(const struct hv_item *item, void *arg)
{
	return add_item(arg, item);
}

/* What the recording's order lets through is taken in at once, or kept for a later interval. */
static int on_recorded(const struct hv_item *item, void *arg)
{
	struct live *l = arg;

	if (item->r.when < l->until && !l->nr_pending)
		return add_item(l, item);
	if (l->nr_pending == l->room) {
		l->room = l->room ? 2 * l->room : 1024;
		l->pending = hv_grow(l->pending, l->room, sizeof(*l->pending));
	}
	l->pending[l->nr_pending++] = *item;
	return 0;
}

/* Nobody looks at so many tables of nothing: a damaged time. */
#define MAX_EMPTY 1000000

static int read_interval(struct live *l)
{
	size_t used = 0;
	int ret = 1;

	if (l->nr_pending && l->pending[0].r.when > l->until && (l->pending[0].r.when - l->until) / l->interval > MAX_EMPTY)
		return hv_error("%s: nothing in it for %.0f s, then more: its times are damaged, or -d has to be longer",
				l->reader->path, (l->pending[0].r.when - l->until) / 1e9);
	l->until += l->interval;
	for (; used < l->nr_pending && l->pending[used].r.when < l->until; used++)
		if (add_item(l, &l->pending[used]))
			return -1;
	l->nr_pending -= used;
	if (used)
		memmove(l->pending, l->pending + used, l->nr_pending * sizeof(*l->pending));
	while (!l->nr_pending && !l->over && ret == 1) {
		ret = hv_reader_step(l->reader);
		if (ret < 0)
			return -1;
		l->over = !ret;
	}
	l->table.lost = hv_reader_lost(l->reader);
	return 0;
}

static bool gone(pid_t pid)
{
	return kill(pid, 0) && errno == ESRCH;
}

int live_wait(struct live *l, int milliseconds)
{
	bool over = l->pid && gone(l->pid);

	if (l->reader) {
		nanosleep(&(struct timespec){ milliseconds / 1000, milliseconds % 1000 * 1000000 }, NULL);
		return l->over && !l->nr_pending;
	}
	/* A process that is dead but not yet buried makes every wait end at once. */
	if (over)
		milliseconds = 0;
	if (l->dev >= 0) {
		nanosleep(&(struct timespec){ milliseconds / 1000, milliseconds % 1000 * 1000000 }, NULL);
		return over;
	}
	switch (hv_source_wait(&l->source, milliseconds)) {
	case 1:
		nanosleep(&(struct timespec){ .tv_nsec = 50000000 }, NULL);
		return over;
	case 0:
		l->table.lost = l->source.lost;
		return over;
	}
	return -1;
}

bool live_is_replay(const struct live *l)
{
	return l->reader;
}

/* 1: the backend counts; 0: not ours, or it has been told not to; -1 after an error message. */
static int open_statistics(struct live *l)
{
	l->dev = hv_dev_open(false);
	if (l->dev < 0)
		return errno == ENOENT || errno == ENXIO || errno == ENODEV ? 0 : hv_dev_error(errno);
	if (hv_snapshot_read(l->dev, &l->was))
		return -1;
	if (l->was.head.enabled) {
		l->table.backend = HV_OUR_BACKEND;
		l->table.source = "statistics";
		l->table.at = -1;
		return 1;
	}
	close(l->dev);
	l->dev = -1;
	hv_snapshot_free(&l->was);
	return 0;
}

struct live *live_open(pid_t pid)
{
	struct live *l;
	int ret;

	if (pid && gone(pid)) {
		hv_error("no process %d", pid);
		return NULL;
	}
	l = hv_alloc(sizeof(*l));
	l->pid = pid;
	l->stats = hv_stats_new();
	ret = open_statistics(l);
	if (ret > 0)
		return l;
	if (ret < 0) {
		live_close(l);
		return NULL;
	}
	if (hv_source_open(&l->source, &(struct hv_target){ .pid = pid }, on_item, l)) {
		live_close(l);
		return NULL;
	}
	hv_stats_setup(l->stats, l->source.decoder, &HV_CLOCK_POWER);
	l->table.backend = l->source.backend;
	l->table.hides_switches = !hv_decoder_knows(l->source.decoder, HV_kvm_partition_switch);
	l->table.source = "trace events";
	l->table.at = -1;
	hv_session_enable(l->source.session);
	clock_gettime(CLOCK_MONOTONIC, &l->start);
	return l;
}

struct live *live_replay(const char *path, pid_t pid, double seconds)
{
	struct live *l = hv_alloc(sizeof(*l));

	l->dev = -1;
	l->stats = hv_stats_new();
	l->reader = hv_reader_open(path);
	if (!l->reader) {
		live_close(l);
		return NULL;
	}
	hv_reader_warn(l->reader);
	l->reader->select.pid = pid;
	hv_stats_setup(l->stats, l->reader->decoder, &l->reader->clock);
	hv_reader_begin(l->reader, on_recorded, l);
	l->interval = seconds * 1e9;
	l->until = l->reader->start;
	l->table.backend = hv_backend_name(l->reader->decoder);
	l->table.hides_switches = !hv_decoder_knows(l->reader->decoder, HV_kvm_partition_switch);
	l->table.source = path;
	return l;
}

void live_close(struct live *l)
{
	hv_source_close(&l->source);
	if (l->dev >= 0)
		close(l->dev);
	hv_snapshot_free(&l->was);
	if (l->reader)
		hv_reader_close(l->reader);
	hv_stats_free(l->stats);
	table_free(&l->table);
	free(l->pending);
	free(l);
}

/* The process' name, or the last one known if it is gone. */
static void learn_comms(struct live *l)
{
	for (size_t i = 0; i < l->stats->nr_vcpus; i++) {
		struct hv_vcpu *v = l->stats->vcpus[i];
		char path[64], *text;

		if (l->reader) {
			const char *comm = hv_reader_comm(l->reader, v->pid);

			snprintf(v->comm, sizeof(v->comm), "%s", comm ? comm : "-");
			continue;
		}
		snprintf(path, sizeof(path), "/proc/%d/comm", v->pid);
		text = hv_read_file(path, NULL);
		if (text)
			snprintf(v->comm, sizeof(v->comm), "%.*s", (int)strcspn(text, "\n"), text);
		free(text);
		hv_printable(v->comm);
	}
}

static bool still_there(const struct hv_vcpu *v)
{
	return v->pid > 0 && !gone(v->pid);
}

/* Nobody says when a process in a recording ended; what has been silent for an interval, and does not sleep, is over. */
static bool did_something(const struct hv_vcpu *v)
{
	const struct hv_span *hcall = &v->open[HV_SPAN_HCALL];

	return v->enters || v->exits.nr_reasons || v->open[HV_SPAN_GUEST].open || v->open[HV_SPAN_IDLE].open ||
		(hcall->open && hcall->nr == HV_H_CEDE);
}

/* An exit that lasts is counted when it ends, be that of a VM that is taken for over. */
static bool may_go_on(const struct hv_vcpu *v)
{
	return did_something(v) || v->open[HV_SPAN_EXIT].open;
}

static void count_silence(struct hv_stats *s)
{
	for (size_t i = 0; i < s->nr_vcpus; i++)
		s->vcpus[i]->silent = did_something(s->vcpus[i]) ? 0 : s->vcpus[i]->silent + 1;
}

static bool is_wanted(const struct hv_stats_vcpu *v, void *arg)
{
	const struct live *l = arg;

	return (!l->pid || v->pid == l->pid) && v->state != HV_STATE_GONE;
}

/* The interval is as long as the backend's clock says. */
static int next_snapshot(struct live *l)
{
	struct hv_snapshot is;

	if (hv_snapshot_read(l->dev, &is)) {
		hv_snapshot_free(&is);
		return -1;
	}
	hv_stats_free(l->stats);
	l->stats = hv_snapshot_stats(&l->was, &is, is_wanted, l);
	l->table.seconds = (double)(is.head.tb - l->was.head.tb) / is.head.tb_hz;
	if (l->table.seconds <= 0)
		l->table.seconds = 1e-9;
	hv_snapshot_free(&l->was);
	l->was = is;
	return 0;
}

/* The last interval is over when the recording is. */
static uint64_t end_of_interval(const struct live *l)
{
	bool ends = l->over && !l->nr_pending && l->reader->last_time > l->until - l->interval;

	return ends && l->reader->last_time < l->until ? l->reader->last_time : l->until;
}

const struct live_table *live_next(struct live *l)
{
	struct live_table *t = &l->table;
	struct timespec now;
	uint64_t end;

	if (l->reader) {
		if (read_interval(l))
			return NULL;
		end = end_of_interval(l);
		t->seconds = (end - (l->until - l->interval)) / 1e9;
		t->at = (end - l->reader->start) / 1e9;
	} else if (l->dev >= 0) {
		if (next_snapshot(l))
			return NULL;
	} else {
		clock_gettime(CLOCK_MONOTONIC, &now);
		t->seconds = (now.tv_sec - l->start.tv_sec) + (now.tv_nsec - l->start.tv_nsec) / 1e9;
		l->start = now;
		if (t->seconds <= 0)
			t->seconds = 1e-9;
	}
	table_free(t);
	hv_stats_sort(l->stats);
	learn_comms(l);
	if (l->reader)
		count_silence(l->stats);
	table_add_vms(t, l->stats);
	if (l->dev < 0)
		hv_stats_restart(l->stats, l->reader ? may_go_on : still_there);
	return t;
}
