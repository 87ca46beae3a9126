// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <perf/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#include "../common/child.h"
#include "../common/dev.h"
#include "../common/perfdata_write.h"
#include "../common/session.h"
#include "../common/util.h"
#include "family.h"
#include "filter.h"
#include "options.h"
#include "synth.h"

struct record {
	const char *file, *events;
	bool all;
	pid_t pid;
	double seconds;		/* 0: until something else ends it */
	size_t ring_bytes;
	struct record_filter filter;
	char **cmd;		/* NULL: none */
	struct hv_child child;
	struct hv_tracepoints tracepoints;
	struct hv_session *session;
	struct hv_layout layout;
	struct pd_writer *out;
	/* of the batch event, which is recorded on all CPUs, whoever runs there: */
	struct hv_decoder *batches;	/* NULL: it is not among the events */
	struct family family;
	int dev;
	uint64_t samples, last_time;
	struct timespec start;
	double flush_at;	/* seconds after start that the file is to have all that was recorded */
	double shown;		/* and that the progress line was last written */
	uint64_t shown_samples;
	uint64_t *lost;		/* by CPU, as the rings told */
	int nr_lost;
	uint64_t all_lost;
};

static volatile sig_atomic_t stop;

static void on_signal(int sig)
{
	if (sig != SIGCHLD)	/* that one only has to wake us */
		stop = 1;
}

static void handle_signals(void (*handler)(int))
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGCHLD };
	struct sigaction sa = { .sa_handler = handler };

	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		sigaction(signals[i], &sa, NULL);
}

static uint64_t *lost_on(struct record *r, int cpu)
{
	if (cpu < 0)
		cpu = 0;
	if (cpu >= r->nr_lost) {
		r->lost = hv_grow(r->lost, cpu + 1, sizeof(*r->lost));
		memset(r->lost + r->nr_lost, 0, (cpu + 1 - r->nr_lost) * sizeof(*r->lost));
		r->nr_lost = cpu + 1;
	}
	return &r->lost[cpu];
}

/* in_ring: not one of those that were held. */
static int write_sample(struct record *r, const struct perf_event_header *h, bool in_ring)
{
	struct hv_sample s;
	int32_t pid;

	if (hv_parse_sample(&r->layout, h + 1, h->size - sizeof(*h), &s))
		return pd_write(r->out, h, h->size);
	if (s.time > r->last_time)
		r->last_time = s.time;
	pid = r->family.nr ? hv_batch_pid(r->batches, s.raw, s.raw_size) : -1;
	if (pid >= 0 && !family_has(&r->family, pid)) {
		if (in_ring)
			family_hold(&r->family, h);
		return 0;
	}
	r->samples++;
	return pd_write(r->out, h, h->size);
}

static int write_held(const struct perf_event_header *h, void *arg)
{
	return write_sample(arg, h, false);
}

static int write_record(const struct perf_event_header *h, void *arg)
{
	struct record *r = arg;
	struct hv_sample s;

	if (h->type == PERF_RECORD_SAMPLE)
		return write_sample(r, h, true);
	if (h->type == PERF_RECORD_FORK)
		family_fork(&r->family, (const void *)h);
	else if (h->type == PERF_RECORD_LOST) {
		const struct perf_record_lost *lost = (const void *)h;

		hv_parse_trailer(&r->layout, h + 1, h->size - sizeof(*h), &s);
		*lost_on(r, s.cpu) += lost->lost;
	}
	return pd_write(r->out, h, h->size);
}

/* A full ring says so in its next record; what got lost after that only the kernel's counters know. */
static int write_last_losses(struct record *r)
{
	struct hv_session *s = r->session;
	int nr_cpus = 0;

	if (hv_session_lost(s)) {
		hv_warn("the kernel does not count lost events: some at the very end may be missing");
		return 0;
	}
	for (size_t i = 0; i < s->events[0].nr_ids; i++)
		if (s->events[0].ids[i].cpu >= nr_cpus)
			nr_cpus = s->events[0].ids[i].cpu + 1;
	for (int cpu = 0; cpu < nr_cpus; cpu++) {
		uint64_t known = *lost_on(r, cpu), lost = 0;

		for (size_t e = 0; e < s->nr_events; e++)
			for (size_t i = 0; i < s->events[e].nr_ids; i++)
				if (s->events[e].ids[i].cpu == cpu)
					lost += s->events[e].ids[i].lost;
		if (lost > known && synth_lost(r->out, &(struct synth_lost){
				s->events[0].ids[0].id, cpu, r->last_time, lost - known }))
			return -1;
		r->all_lost += lost > known ? lost : known;
	}
	return 0;
}

static int write_round(struct record *r)
{
	long nr = hv_session_drain(r->session, write_record, r);

	if (nr < 0 || family_release(&r->family, write_held, r))
		return -1;
	if (nr && synth_round(r->out))
		return -1;
	pd_mark(r->out);
	return 0;
}

static double elapsed(const struct record *r)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - r->start.tv_sec + (now.tv_nsec - r->start.tv_nsec) / 1e9;
}

/* So many seconds of a slow recording are lost at most when somebody kills us. */
#define FLUSH_SECONDS 2

static int flush_now_and_then(struct record *r)
{
	double now = elapsed(r);

	if (now < r->flush_at)
		return 0;
	r->flush_at = now + FLUSH_SECONDS;
	return pd_flush(r->out);
}

/* Once a second, on a terminal that no command writes to: how fast it grows. */
static void show_progress(struct record *r)
{
	double now = elapsed(r);
	uint64_t lost = 0;

	if (now < r->shown + 1 || !isatty(STDERR_FILENO) || (r->cmd && isatty(STDOUT_FILENO)))
		return;
	for (int cpu = 0; cpu < r->nr_lost; cpu++)
		lost += r->lost[cpu];
	fprintf(stderr, "\rhvtrace: %.0f s, %" PRIu64 " samples, %.1f MB, %.0f samples/s, %" PRIu64 " lost\033[K",
		now, r->samples, pd_written(r->out) / 1e6, (r->samples - r->shown_samples) / (now - r->shown), lost);
	r->shown = now;
	r->shown_samples = r->samples;
}

static bool is_gone(pid_t pid)
{
	return kill(pid, 0) && errno == ESRCH;
}

static int loop(struct record *r)
{
	bool done = false;

	clock_gettime(CLOCK_MONOTONIC, &r->start);
	while (!done && !stop) {
		double left = r->seconds ? r->seconds - elapsed(r) : 1;

		if (write_round(r) || flush_now_and_then(r))
			return -1;
		show_progress(r);
		done = (r->cmd && hv_child_exited(&r->child)) || left <= 0 || (r->batches && r->pid && is_gone(r->pid));
		if (!done && !hv_session_wait(r->session, left < 0.25 ? (int)ceil(left * 1000) : 250))
			done = true;
	}
	if (r->batches && hv_dev_flush(r->dev))
		return -1;
	hv_session_disable(r->session);
	if (r->shown)
		fputs("\r\033[K", stderr);
	return write_round(r) || write_last_losses(r) ? -1 : 0;
}

/*
 * Samples of the batch event come from whatever task was on the CPU: the process they are about is a
 * field of theirs, and what they carry is filtered before the backend writes it down.
 */
static int prepare_batches(struct record *r, struct hv_target *target)
{
	const struct hv_tracepoint *tp = NULL;
	struct hv_filter bits;

	for (size_t i = 0; i < r->tracepoints.nr && !tp; i++)
		if (!strcmp(r->tracepoints.tp[i].system, HV_TRACE_SYSTEM) &&
		    !strcmp(r->tracepoints.tp[i].name, HV_BATCH_EVENT))
			tp = &r->tracepoints.tp[i];
	if (!tp)
		return 0;
	r->batches = hv_decoder_new(__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__, sizeof(long));
	if (hv_decoder_add(r->batches, tp->system, tp->format, tp->format_len))
		return hv_error("cannot make sense of the format of %s:%s", tp->system, tp->name);
	if (r->pid && is_gone(r->pid))
		return hv_error("no process %d", r->pid);
	if (r->pid)
		r->filter.pid = r->pid;
	else if (target->is_waiting_child)
		family_add(&r->family, r->child.pid);
	target->pid = 0;
	target->is_waiting_child = false;
	r->dev = hv_dev_open(true);
	if (r->dev < 0)
		return hv_dev_error(errno);
	filter_bits(&r->filter, &bits);
	return hv_dev_filter(r->dev, &bits);
}

static int prepare(struct record *r)
{
	struct hv_target target = { .pid = r->pid, .ring_bytes = r->ring_bytes };

	if (r->cmd && !r->all && !r->pid) {
		target.pid = r->child.pid;
		target.is_waiting_child = true;
	}
	if (hv_tracepoints_find(r->events, &r->tracepoints) || prepare_batches(r, &target))
		return -1;
	for (size_t i = 0; i < r->tracepoints.nr; i++)
		r->tracepoints.tp[i].filter = filter_expression(&r->filter, &r->tracepoints.tp[i]);
	r->session = hv_session_open(&r->tracepoints, &target);
	if (!r->session)
		return -1;
	r->layout = hv_session_layout(r->session);
	r->out = pd_create(r->file, r->session, &r->tracepoints, hvtrace_argv);
	if (!r->out)
		return -1;
	if (synth_time_conv(r->out) || synth_comms(r->out, target.pid))
		return -1;
	/* What is recorded must not keep the recorder from its turn: a ring would run full. */
	setpriority(PRIO_PROCESS, 0, -20);
	handle_signals(on_signal);
	if (!target.is_waiting_child)
		hv_session_enable(r->session);
	return r->cmd ? hv_child_start(&r->child, r->cmd[0]) : 0;
}

/* Whatever ends it, what was recorded until then is kept. */
static int run(struct record *r)
{
	struct pd_writer *out;
	uint64_t all, bytes;
	int ret;

	if (prepare(r))
		return -1;
	ret = loop(r);
	out = r->out;
	r->out = NULL;
	all = pd_written(out);
	if (pd_finish(out, &bytes))
		return -1;
	if (ret || bytes < all)
		return hv_error("%s: ends early, with the first %.1f MB", r->file, bytes / 1e6);
	fprintf(stderr, "hvtrace: %s: %" PRIu64 " samples, %.1f MB, %" PRIu64 " lost\n",
		r->file, r->samples, bytes / 1e6, r->all_lost);
	return 0;
}

static int record(struct record *r)
{
	int ret, status = 0;

	if (r->cmd && hv_child_prepare(&r->child, r->cmd))
		return 1;
	ret = run(r);
	/* The file is safe now; if the command does not end, the next Ctrl-C ends us. */
	handle_signals(SIG_DFL);
	if (r->cmd)
		status = hv_child_end(&r->child);
	if (r->out)
		pd_abandon(r->out);
	if (r->session)
		hv_session_close(r->session);
	if (r->dev >= 0)
		close(r->dev);
	hv_tracepoints_free(&r->tracepoints);
	hv_decoder_free(r->batches);
	family_free(&r->family);
	free(r->lost);
	return ret ? 1 : status;
}

enum { OPT_EXITS = OPT_OWN, OPT_HCALLS };

/* libperf computes with 32 bits: from 4 GB on there would be no room for a single event. */
#define MAX_RING_BYTES (1ull << 30)

/* 4096, 512K, 16M, 1G */
static int parse_size(const char *text, size_t *bytes)
{
	static const char units[] = "KMG";
	long page = sysconf(_SC_PAGESIZE);
	const char *unit;
	char *end;
	unsigned long long v;

	errno = 0;
	v = strtoull(text, &end, 10);
	unit = *end ? strchr(units, *end) : NULL;
	if (unit && v <= MAX_RING_BYTES) {
		v <<= 10 * (unit - units + 1);
		end++;
	}
	if (errno || *end || text[0] == '-' || v < (unsigned long)page || v > MAX_RING_BYTES || v & (v - 1))
		return hv_error("record: -m %s: needs a power of two from %ldK to 1G", text, page >> 10);
	*bytes = v;
	return 0;
}

static int parse_duration(const char *text, double *seconds)
{
	char *end;

	*seconds = strtod(text, &end);
	if (*end || end == text || !(*seconds > 0 && *seconds <= 1e6))
		return hv_error("record: -d %s: needs seconds, above 0, at most 1000000", text);
	return 0;
}

/* -1 after an error message; 0: not an option of ours. */
static int take_option(struct record *r, int opt)
{
	long long n = 0;

	switch (opt) {
	case 'o':
		if (!strcmp(optarg, "-"))
			return hv_error("record: -o -: a recording is written to a file, not to standard output");
		r->file = optarg;
		return 1;
	case 'e':
		r->events = optarg;
		return 1;
	case 'a':
		r->all = true;
		return 1;
	case 'p':
		if (parse_number(&cmd_record, "-p", optarg, 1, INT32_MAX, &n))
			return -1;
		r->pid = n;
		return 1;
	case 'd':
		return parse_duration(optarg, &r->seconds) ? -1 : 1;
	case 'm':
		return parse_size(optarg, &r->ring_bytes) ? -1 : 1;
	case OPT_LPID:
		if (parse_number(&cmd_record, "--lpid", optarg, 0, UINT32_MAX, &n))
			return -1;
		r->filter.lpid = n;
		return 1;
	case OPT_VCPU:
		if (parse_number(&cmd_record, "--vcpu", optarg, 0, INT32_MAX, &n))
			return -1;
		r->filter.vcpu = n;
		return 1;
	case OPT_EXITS:
		return parse_exits(optarg, &r->filter.exits) ? -1 : 1;
	case OPT_HCALLS:
		return parse_names("--hcalls", optarg, hv_hcall_names, hv_nr_hcall_names, INT64_MAX, &r->filter.hcalls) ? -1 : 1;
	}
	return 0;
}

static void print_names(const char *heading, const struct hv_name *names, size_t nr)
{
	int at = printf("\n%s:", heading);

	for (size_t i = 0; i < nr; i++)
		at = print_word(at, names[i].name);
	puts("");
}

static int record_help(void)
{
	print_help(&cmd_record);
	print_names("Exits", hv_exit_names, hv_nr_exit_names);
	print_names("Hypercalls", hv_hcall_names, hv_nr_hcall_names);
	return 0;
}

static int run_record(int argc, char *argv[])
{
	static const struct option options[] = {
		{ "help", no_argument, NULL, 'h' },
		{ "lpid", required_argument, NULL, OPT_LPID },
		{ "vcpu", required_argument, NULL, OPT_VCPU },
		{ "exits", required_argument, NULL, OPT_EXITS },
		{ "hcalls", required_argument, NULL, OPT_HCALLS }, { 0 }
	};
	struct record r = { .file = DEFAULT_FILE, .filter = { .lpid = -1, .vcpu = -1, .pid = -1 }, .dev = -1 };
	int opt, taken;

	opterr = 0;
	while ((opt = getopt_long(argc, argv, "+:o:e:ap:d:m:h", options, NULL)) != -1) {
		taken = take_option(&r, opt);
		if (taken < 0)
			return 1;
		if (taken)
			continue;
		return opt == 'h' ? record_help() : bad_option(&cmd_record, argv, opt);
	}
	if (r.all && r.pid) {
		hv_error("record: -a and -p exclude each other");
		return 1;
	}
	if (optind < argc)
		r.cmd = argv + optind;
	return record(&r);
}

const struct command cmd_record = {
	.name = "record",
	.summary = "record trace events into a file",
	.help = "[OPTION]... [-- CMD [ARG...]]\n\n"
		"Records guest exits, hypercalls and partition switches into a file, which perf and\n"
		"all other commands of hvtrace can read, until CMD ends, the process is gone, the time\n"
		"is over, or Ctrl-C. With CMD, its exit status is returned. Until then the file is FILE.part,\n"
		"which can be read as well: so can what is left if hvtrace is killed.\n\n"
		"  -o FILE    write to FILE (default: " DEFAULT_FILE ")\n"
		"  -e EVENTS  comma-separated events: NAME of ours, SYSTEM:NAME or SYSTEM:*\n"
		"             (default: all of the backend's that hvtrace makes use of, in batches\n"
		"             where it has them)\n"
		"  -a         all processes (the default if neither -p nor CMD is given)\n"
		"  -p PID     only this process, now and its threads to come\n"
		"  -d SECONDS end after so long; CMD is ended too\n"
		"  -m SIZE    ring per CPU, such as 512K or 64M (default: 16M, less on small machines)\n\n"
		"Filters, applied before anything is written:\n"
		"  --lpid LPID     the VM of this partition number\n"
		"  --vcpu NUMBER   vCPUs of this number\n"
		"  --exits NAMES   comma-separated exits, such as H_DATA_STORAGE or 0xe20; hypercalls\n"
		"                  only with SYSCALL or --hcalls\n"
		"  --hcalls NAMES  comma-separated hypercalls, such as H_ENTER,H_CEDE or 0xf000;\n"
		"                  other exits only with --exits\n",
	.run = run_record,
};
