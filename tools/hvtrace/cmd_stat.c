// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#include "../common/child.h"
#include "../common/snapshot.h"
#include "../common/source.h"
#include "../common/util.h"
#include "options.h"
#include "report.h"

enum { OPT_JSON = OPT_OWN };

struct stat {
	bool all, json;
	pid_t pid;
	double seconds;		/* 0: until something else ends it */
	double interval;	/* seconds; 0: only the total is printed */
	char **cmd;
	struct hv_child child;
	int dev;		/* the backend's own statistics; -1: trace events */
	struct hv_snapshot was, is;	/* when it began, and when the last interval ended */
	struct hv_source source;
	struct hv_stats *stats;	/* of the interval */
	struct hv_sums total;
	struct timespec start;
	double until;		/* seconds after start: when the last interval ended */
	unsigned long long lost;	/* up to then */
};

static volatile sig_atomic_t stop;

static void on_signal(int sig)
{
	if (sig != SIGCHLD)	/* that one only has to wake us */
		stop = 1;
}

static int on_item(const struct hv_item *item, void *arg)
{
	struct stat *s = arg;

	if (item->lost)
		hv_stats_lost(s->stats, item->r.cpu);
	else if (hv_stats_add(s->stats, &item->r))
		return hv_error("stat: more vCPUs or exit reasons than any machine has");
	return 0;
}

static double elapsed(const struct stat *s)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - s->start.tv_sec + (now.tv_nsec - s->start.tv_nsec) / 1e9;
}

static bool is_gone(pid_t pid)
{
	return kill(pid, 0) && errno == ESRCH;
}

/* As hv_source_wait(). Signals wake it: the command's end too. */
static int wait_a_bit(struct stat *s, int milliseconds)
{
	if (s->dev < 0)
		return hv_source_wait(&s->source, milliseconds);
	nanosleep(&(struct timespec){ .tv_nsec = milliseconds * 1000000l }, NULL);
	return s->pid && is_gone(s->pid);
}

/* With a command: the VMs that have come since it was started. */
static bool is_wanted(const struct hv_stats_vcpu *v, void *arg)
{
	const struct stat *s = arg;

	if (s->pid)
		return v->pid == s->pid;
	return s->all || !s->cmd || v->created >= s->was.head.tb;
}

static void count(struct stat *s, const struct hv_snapshot *since)
{
	hv_stats_free(s->stats);
	s->stats = hv_snapshot_stats(since, &s->is, is_wanted, s);
}

/* What happened since the last interval's end. -1 after an error message. */
static int collect(struct stat *s, bool last)
{
	struct hv_snapshot since = s->is;
	int ret;

	if (s->dev < 0) {
		if (!last)	/* lets go what the last round brought */
			return hv_source_wait(&s->source, 0);
		hv_session_disable(s->source.session);
		return hv_source_finish(&s->source);
	}
	ret = hv_snapshot_read(s->dev, &s->is);
	if (!ret)
		count(s, since.data ? &since : &s->was);
	hv_snapshot_free(&since);
	return ret;
}

static void add_vcpus(struct hv_sums *sums, const struct hv_stats *stats)
{
	for (size_t i = 0; i < stats->nr_vcpus; i++)
		hv_sums_add(sums, stats->vcpus[i]);
}

static void print_lost(unsigned long long lost)
{
	if (lost)
		printf("LOST: %llu events. Counts are too low.\n", lost);
}

static void print_interval(const struct stat *s, double from)
{
	struct hv_json j = { .out = stdout, .depth = 100 };	/* on one line */
	unsigned long long lost = s->source.lost - s->lost;
	struct hv_sums sums = { 0 };

	add_vcpus(&sums, s->stats);
	if (s->json) {
		hv_json_open(&j, NULL, '{');
		hv_json_real(&j, "from", from);
		hv_json_real(&j, "seconds", s->until - from);
		if (s->dev < 0)
			hv_json_uint(&j, "lost", lost);
		json_sums(&j, &sums);
		hv_json_close(&j, '}');
	} else {
		print_lost(lost);
		printf("-- %.3f to %.3f s: ", from, s->until);
		print_sums_text(&sums);
	}
	putchar('\n');
	hv_sums_free(&sums);
}

static int end_interval(struct stat *s, bool last)
{
	double from = s->until;

	s->until = elapsed(s);
	if (collect(s, last) < 0)
		return -1;
	if (s->interval)
		print_interval(s, from);
	s->lost = s->source.lost;
	if (s->dev < 0) {
		add_vcpus(&s->total, s->stats);
		hv_stats_restart(s->stats, NULL);
	} else if (last) {
		count(s, &s->was);
		add_vcpus(&s->total, s->stats);
	}
	return fflush(stdout) ? -1 : 0;
}

/* Seconds after the start: when the interval is over, or all is. */
static double next_end(const struct stat *s)
{
	double end = s->interval ? s->interval * (floor(s->until / s->interval) + 1) : INFINITY;

	return s->seconds && s->seconds < end ? s->seconds : end;
}

static int watch(struct stat *s)
{
	bool done = false;

	clock_gettime(CLOCK_MONOTONIC, &s->start);
	while (!done && !stop) {
		double left = next_end(s) - elapsed(s);
		int ret = wait_a_bit(s, left < 0 ? 0 : left < 0.25 ? (int)ceil(left * 1000) : 250);

		if (ret < 0)
			return -1;
		done = ret || (s->seconds && elapsed(s) >= s->seconds) || (s->cmd && hv_child_exited(&s->child));
		if (!done && !stop && elapsed(s) >= next_end(s) && end_interval(s, false))
			return -1;
	}
	return end_interval(s, true);
}

/* One bar per power of two of nanoseconds. */
static void print_histogram(const struct hist *h)
{
	uint64_t most = 0;

	for (int o = 0; o < HIST_OCTAVES; o++)
		if (hist_octave(h, o) > most)
			most = hist_octave(h, o);
	if (most)
		puts("\nhow long exits take:");
	for (int o = 0; most && o < HIST_OCTAVES; o++) {
		uint64_t n = hist_octave(h, o);

		if (n)
			printf("%s%12.3f us %10" PRIu64 " %.*s\n", o ? ">=" : " <", (o ? 16ull << o : HIST_SUB) / 1e3, n,
			       1 + (int)(39 * n / most), "########################################");
	}
}

static void print_result(struct stat *s)
{
	struct hv_json j = { .out = stdout, .depth = s->interval ? 100 : 0 };
	struct hist all = { 0 };
	const char *backend = s->dev < 0 ? s->source.backend : HV_OUR_BACKEND;

	for (size_t i = 0; i < s->total.exits.nr_reasons; i++)
		hist_merge(&all, &s->total.exits.reasons[i].hist);
	if (s->json) {
		hv_json_open(&j, NULL, '{');
		hv_json_real(&j, "seconds", s->until);
		hv_json_string(&j, "backend", backend);
		hv_json_string(&j, "source", s->dev < 0 ? "trace events" : "statistics");
		if (s->dev < 0) {
			hv_json_uint(&j, "events", s->stats->records);
			hv_json_uint(&j, "lost", s->source.lost);
		}
		hv_json_uint(&j, "vcpus", s->stats->nr_vcpus);
		json_sums(&j, &s->total);
		hv_json_close(&j, '}');
		if (s->interval)
			putchar('\n');
	} else {
		printf("%.3f s, %s, %zu vCPU%s, ", s->until, backend, s->stats->nr_vcpus, s->stats->nr_vcpus == 1 ? "" : "s");
		if (s->dev < 0)
			printf("%" PRIu64 " events\n", s->stats->records);
		else
			puts("by statistics");
		print_lost(s->source.lost);
		print_sums_text(&s->total);
		print_histogram(&all);
	}
	hist_free(&all);
}

/* The backend's own statistics, if it keeps some. 1: they are there, 0: no, -1 after an error message. */
static int open_statistics(struct stat *s)
{
	s->dev = hv_dev_open(false);
	if (s->dev < 0)
		return errno == ENOENT || errno == ENXIO || errno == ENODEV ? 0 : hv_dev_error(errno);
	if (hv_snapshot_read(s->dev, &s->was))
		return -1;
	if (s->was.head.enabled)
		return 1;
	close(s->dev);
	s->dev = -1;
	return 0;
}

static int open_events(struct stat *s)
{
	struct hv_target target = { .pid = s->pid };

	if (s->cmd && !s->all && !s->pid) {
		target.pid = s->child.pid;
		target.is_waiting_child = true;
	}
	if (hv_source_open(&s->source, &target, on_item, s))
		return -1;
	hv_stats_setup(s->stats, s->source.decoder, &HV_CLOCK_POWER);
	/* What is watched must not keep the watcher from its turn: a ring would run full. */
	setpriority(PRIO_PROCESS, 0, -20);
	if (!target.is_waiting_child)
		hv_session_enable(s->source.session);
	return 0;
}

static int measure(struct stat *s)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGCHLD };
	struct sigaction sa = { .sa_handler = on_signal };
	int ret;

	if (s->pid && is_gone(s->pid))
		return hv_error("no process %d", s->pid);
	ret = open_statistics(s);
	if (ret < 0 || (!ret && open_events(s)))
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		sigaction(signals[i], &sa, NULL);
	if (s->cmd && hv_child_start(&s->child, s->cmd[0]))
		return -1;
	return watch(s);
}

static int stat_run(struct stat *s)
{
	int ret, status = 0;

	if (s->cmd && hv_child_prepare(&s->child, s->cmd))
		return 1;
	s->stats = hv_stats_new();
	ret = measure(s);
	if (!ret)
		print_result(s);
	if (s->cmd)
		status = hv_child_end(&s->child);
	hv_source_close(&s->source);
	if (s->dev >= 0)
		close(s->dev);
	hv_snapshot_free(&s->was);
	hv_snapshot_free(&s->is);
	hv_sums_free(&s->total);
	hv_stats_free(s->stats);
	return finish_output() || ret ? 1 : status;
}

static int take_option(struct stat *s, int opt)
{
	long long n = 0;
	char *end;

	switch (opt) {
	case 'a':
		s->all = true;
		return 1;
	case 'p':
		if (parse_number(&cmd_stat, "-p", optarg, 1, INT32_MAX, &n))
			return -1;
		s->pid = n;
		return 1;
	case 'd':
		s->seconds = strtod(optarg, &end);
		if (*end || end == optarg || !(s->seconds > 0 && s->seconds <= 1e6))
			return hv_error("stat: -d %s: needs seconds, above 0, at most 1000000", optarg);
		return 1;
	case 'I':
		if (parse_number(&cmd_stat, "-I", optarg, 1, 1000000000, &n))
			return -1;
		s->interval = n / 1e3;
		return 1;
	case 'i':
		return hv_error("stat: -i %s: takes no recording, only what happens meanwhile (hvtrace report reads recordings)", optarg);
	case OPT_JSON:
		s->json = true;
		return 1;
	}
	return 0;
}

static int run_stat(int argc, char *argv[])
{
	static const struct option options[] = {
		{ "help", no_argument, NULL, 'h' },
		{ "json", no_argument, NULL, OPT_JSON }, { 0 }
	};
	struct stat s = { .dev = -1 };
	int opt, taken;

	opterr = 0;
	while ((opt = getopt_long(argc, argv, "+:ap:d:I:i:h", options, NULL)) != -1) {
		taken = take_option(&s, opt);
		if (taken < 0)
			return 1;
		if (!taken)
			return opt == 'h' ? print_help(&cmd_stat) : bad_option(&cmd_stat, argv, opt);
	}
	if (s.all && s.pid) {
		hv_error("stat: -a and -p exclude each other");
		return 1;
	}
	if (optind < argc)
		s.cmd = argv + optind;
	return stat_run(&s);
}

const struct command cmd_stat = {
	.name = "stat",
	.summary = "counts, durations and a histogram of a command or a time, without a file",
	.help = "[-a | -p PID] [-d SECONDS] [-I MSEC] [--json] [-- CMD [ARG...]]\n\n"
		"Prints what report would of a recording, for all VMs together, and a histogram of how long\n"
		"exits take, but keeps nothing. Ends as record does; with CMD, its exit status is returned.\n"
		"By the statistics that this project's backend always keeps, without tracing: min and max are\n"
		"not known then, percentiles are interpolated between powers of two, and with CMD the VMs\n"
		"that were created since it started are counted. By trace events on other backends.\n\n"
		"  -a          all processes (the default if neither -p nor CMD is given)\n"
		"  -p PID      only this process, now and its threads to come\n"
		"  -d SECONDS  end after so long; CMD is ended too\n"
		"  -I MSEC     also what happened in every so many milliseconds, as soon as they are over\n"
		"  --json      for programs; durations are in nanoseconds. With -I an object per line\n",
	.run = run_stat,
};
