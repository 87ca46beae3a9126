// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <errno.h>
#include <perf/core.h>
#include <perf/cpumap.h>
#include <perf/event.h>
#include <perf/evlist.h>
#include <perf/evsel.h>
#include <perf/mmap.h>
#include <perf/threadmap.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <time.h>
#include <unistd.h>
#include "session.h"
#include "util.h"

/*
 * 16 MB of ring per CPU hold about 0.2 s of the densest trace there is (one
 * event every 1.5 us) while the reader waits for its turn. All rings together
 * take at most 1/16 of the memory.
 */
#define RING_BYTES	(16ul << 20)
#define MIN_RING_BYTES	(512ul << 10)

/* libperf has it, but in a header of its own that it does not install whole. */
int perf_evsel__apply_filter(struct perf_evsel *evsel, const char *filter);

static int no_libperf_messages(enum libperf_print_level level, const char *fmt, va_list ap)
{
	(void)level, (void)fmt, (void)ap;
	return 0;
}

static struct perf_event_attr make_attr(const struct hv_tracepoint *tp, const struct hv_target *target,
					size_t ring, bool first)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT,
		.size = sizeof(attr),
		.config = tp->id,
		.sample_period = 1,
		/* as perf orders them: IDENTIFIER first, so that any reader finds the event */
		.sample_type = PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_TID | PERF_SAMPLE_TIME |
			       PERF_SAMPLE_CPU | PERF_SAMPLE_RAW,
		.read_format = PERF_FORMAT_ID | PERF_FORMAT_LOST,
		/*
		 * All events are one group that the first one switches on and
		 * off, so that none sees an exit whose hypercall another missed.
		 */
		.disabled = first,
		.enable_on_exec = first && target->is_waiting_child,
		.sample_id_all = 1,
		.inherit = target->pid != 0,
		.watermark = 1,
		.wakeup_watermark = ring / 8,
		/* processes' names come along with one of the events */
		.comm = first,
		.comm_exec = first,
		.task = first,
	};

	return attr;
}

static size_t ring_size(int nr_cpus)
{
	size_t page = sysconf(_SC_PAGESIZE), ring = RING_BYTES;
	struct sysinfo si;

	if (!sysinfo(&si))
		while (ring > MIN_RING_BYTES && ring * nr_cpus > si.totalram / 16 * si.mem_unit)
			ring /= 2;
	return ring < page ? page : ring;
}

static struct perf_thread_map *threads_of(pid_t pid)
{
	struct perf_thread_map *map;
	pid_t *tids = NULL;
	char path[64];
	struct dirent *e;
	size_t nr = 0;
	DIR *dir;

	if (!pid)
		return perf_thread_map__new_dummy();
	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	dir = opendir(path);
	while (dir && (e = readdir(dir))) {
		if (e->d_name[0] == '.')
			continue;
		tids = hv_grow(tids, nr + 1, sizeof(*tids));
		tids[nr++] = atoi(e->d_name);
	}
	if (dir)
		closedir(dir);
	map = nr ? perf_thread_map__new_array(nr, tids) : NULL;
	free(tids);
	if (!map)
		hv_error("no process %d", pid);
	return map;
}

/* Every event takes one file descriptor per CPU and thread. */
static void raise_open_files(void)
{
	struct rlimit limit;

	if (!getrlimit(RLIMIT_NOFILE, &limit)) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

static int open_events(struct hv_session *s, const struct hv_tracepoints *t)
{
	int err = -perf_evlist__open(s->evlist);

	if (!err)
		return 0;
	if (err == EACCES || err == EPERM)
		return hv_error("not allowed to record trace events: this needs root");
	if (err == ESRCH)
		return hv_error("the process to watch is gone");
	if (err == EMFILE)
		return hv_error("too many open files for %zu events on %d CPUs: raise it with ulimit -n",
				t->nr, s->nr_cpus);
	return hv_error("the kernel refuses to record %s:%s: %s", t->tp[0].system, t->tp[0].name, strerror(err));
}

/* *too_large: smaller ones may do; no error message then. */
static int map_rings(struct hv_session *s, size_t ring, bool *too_large)
{
	size_t least = ring < MIN_RING_BYTES ? ring : MIN_RING_BYTES;

	s->ring_bytes = ring;
	if (!perf_evlist__mmap(s->evlist, ring / sysconf(_SC_PAGESIZE)))
		return 0;
	*too_large = (errno == EPERM || errno == ENOMEM) && ring / 2 >= least;
	return *too_large ? -1 : hv_error("cannot map the trace rings: %s", strerror(errno));
}

static int apply_filters(struct hv_session *s, const struct hv_tracepoints *t)
{
	for (size_t i = 0; i < s->nr_events; i++)
		if (t->tp[i].filter && perf_evsel__apply_filter(s->events[i].evsel, t->tp[i].filter))
			return hv_error("the kernel refuses the filter %s for %s:%s: %s", t->tp[i].filter,
					t->tp[i].system, t->tp[i].name, strerror(errno));
	return 0;
}

static int read_ids(struct hv_session *s)
{
	for (size_t i = 0; i < s->nr_events; i++) {
		struct hv_session_event *e = &s->events[i];
		struct perf_cpu_map *cpus = perf_evsel__cpus(e->evsel);
		struct perf_thread_map *threads = perf_evsel__threads(e->evsel);

		e->nr_ids = s->nr_cpus * s->nr_threads;
		e->ids = hv_alloc(e->nr_ids * sizeof(*e->ids));
		for (int cpu = 0; cpu < s->nr_cpus; cpu++) {
			for (int t = 0; t < s->nr_threads; t++) {
				struct hv_session_id *id = &e->ids[cpu * s->nr_threads + t];
				struct perf_counts_values v;

				if (perf_evsel__read(e->evsel, cpu, t, &v))
					return hv_error("cannot read an event's id: %s", strerror(errno));
				id->id = v.id;
				id->cpu = perf_cpu_map__cpu(cpus, cpu).cpu;
				id->tid = perf_thread_map__pid(threads, t);
			}
		}
	}
	return 0;
}

static void add_events(struct hv_session *s, const struct hv_tracepoints *t,
		       const struct hv_target *target, size_t ring)
{
	s->events = hv_alloc(t->nr * sizeof(*s->events));
	for (size_t i = 0; i < t->nr; i++) {
		struct hv_session_event *e = &s->events[s->nr_events++];

		e->attr = make_attr(&t->tp[i], target, ring, i == 0);
		e->evsel = perf_evsel__new(&e->attr);
		if (!e->evsel) {
			hv_error("out of memory");
			exit(1);
		}
		perf_evlist__add(s->evlist, e->evsel);
	}
}

/* The events ask to wake us when a ring is filled by a part: smaller rings need other events. */
static struct hv_session *open_with(const struct hv_tracepoints *t, const struct hv_target *target,
				    struct perf_cpu_map *cpus, struct perf_thread_map *threads, size_t ring, bool *too_large)
{
	struct hv_session *s = hv_alloc(sizeof(*s));

	s->evlist = perf_evlist__new();
	if (!s->evlist) {
		hv_error("out of memory");
		exit(1);
	}
	s->nr_cpus = perf_cpu_map__nr(cpus);
	s->nr_threads = perf_thread_map__nr(threads);
	add_events(s, t, target, ring);
	perf_evlist__set_leader(s->evlist);
	perf_evlist__set_maps(s->evlist, cpus, threads);
	if (!open_events(s, t) && !apply_filters(s, t) && !map_rings(s, ring, too_large) && !read_ids(s))
		return s;
	hv_session_close(s);
	return NULL;
}

struct hv_session *hv_session_open(const struct hv_tracepoints *t, const struct hv_target *target)
{
	struct perf_thread_map *threads = threads_of(target->pid);
	struct perf_cpu_map *cpus;
	struct hv_session *s;
	bool too_large;
	size_t ring;

	if (!threads)
		return NULL;
	raise_open_files();
	libperf_init(no_libperf_messages);
	cpus = perf_cpu_map__new_online_cpus();
	if (!cpus) {
		hv_error("out of memory");
		exit(1);
	}
	ring = target->ring_bytes ? target->ring_bytes : ring_size(perf_cpu_map__nr(cpus));
	do {
		too_large = false;
		s = open_with(t, target, cpus, threads, ring, &too_large);
		ring /= 2;
	} while (too_large);
	if (s && s->ring_bytes < target->ring_bytes)
		hv_warn("rings of %zu KB per CPU: the kernel gives no larger ones (memory, or ulimit -l)", s->ring_bytes >> 10);
	perf_cpu_map__put(cpus);
	perf_thread_map__put(threads);
	return s;
}

void hv_session_close(struct hv_session *s)
{
	perf_evlist__delete(s->evlist);
	for (size_t i = 0; i < s->nr_events; i++)
		free(s->events[i].ids);
	free(s->events);
	free(s);
}

void hv_session_enable(struct hv_session *s)
{
	perf_evlist__enable(s->evlist);
}

void hv_session_disable(struct hv_session *s)
{
	perf_evlist__disable(s->evlist);
}

int hv_session_wait(struct hv_session *s, int milliseconds)
{
	struct timespec start, end;
	long waited;

	clock_gettime(CLOCK_MONOTONIC, &start);
	if (perf_evlist__poll(s->evlist, milliseconds) <= 0)
		return 1;
	if (!perf_evlist__filter_pollfd(s->evlist, POLLERR | POLLHUP))
		return 0;
	/* A thread that is gone makes poll() return at once for ever; do not spin. */
	clock_gettime(CLOCK_MONOTONIC, &end);
	waited = (end.tv_sec - start.tv_sec) * 1000000000 + end.tv_nsec - start.tv_nsec;
	if (waited < 1000000)
		nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
	return 1;
}

/* Given back to the kernel at once: few calls, and most of a ring stays free for what comes. */
#define GIVEN_BACK(ring_bytes)	((ring_bytes) / 16)

long hv_session_drain(struct hv_session *s, hv_session_fn fn, void *arg)
{
	struct perf_mmap *map;
	union perf_event *event;
	long nr = 0;

	perf_evlist__for_each_mmap(s->evlist, map, false) {
		size_t bytes = 0, given_back = 0;

		if (perf_mmap__read_init(map) < 0)
			continue;
		/*
		 * A ring's worth of bytes is all that can have been in it when
		 * this pass began. Going on for as long as more comes would
		 * leave the other CPUs' rings to overflow.
		 */
		while (bytes < s->ring_bytes && (event = perf_mmap__read_event(map))) {
			int ret = fn(&event->header, arg);

			if (ret < 0)
				return ret;
			nr++;
			bytes += event->header.size;
			if (bytes - given_back < GIVEN_BACK(s->ring_bytes))
				continue;
			given_back = bytes;
			perf_mmap__consume(map);
		}
		/* Not perf_mmap__read_done(): it would pass over what came meanwhile. */
		perf_mmap__consume(map);
	}
	return nr;
}

int hv_session_lost(struct hv_session *s)
{
	for (size_t i = 0; i < s->nr_events; i++) {
		struct hv_session_event *e = &s->events[i];

		for (int n = 0; n < (int)e->nr_ids; n++) {
			struct perf_counts_values v;

			if (perf_evsel__read(e->evsel, n / s->nr_threads, n % s->nr_threads, &v))
				return -1;
			e->ids[n].lost = v.lost;
		}
	}
	return 0;
}

struct hv_layout hv_session_layout(const struct hv_session *s)
{
	struct hv_layout l = {
		.sample_type = s->events[0].attr.sample_type,
		.read_format = s->events[0].attr.read_format,
		.sample_id_all = true,
	};

	hv_layout_places(&l);
	return l;
}
