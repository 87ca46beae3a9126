// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <perf/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include "../common/child.h"
#include "../common/perfdata_write.h"
#include "../common/session.h"
#include "../common/util.h"
#include "cmd.h"
#include "synth.h"

struct record {
	const char *file, *events;
	bool all;
	pid_t pid;
	char **cmd;		/* NULL: none */
	struct hv_child child;
	struct hv_tracepoints tracepoints;
	struct hv_session *session;
	struct hv_layout layout;
	struct pd_writer *out;
	uint64_t samples, last_time;
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

static int write_record(const struct perf_event_header *h, void *arg)
{
	struct record *r = arg;
	struct hv_sample s;

	if (h->type == PERF_RECORD_SAMPLE) {
		r->samples++;
		if (!hv_parse_sample(&r->layout, h + 1, h->size - sizeof(*h), &s) && s.time > r->last_time)
			r->last_time = s.time;
	} else if (h->type == PERF_RECORD_LOST) {
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

	if (nr < 0)
		return -1;
	return nr ? synth_round(r->out) : 0;
}

static int loop(struct record *r)
{
	bool done = false;

	while (!done && !stop) {
		if (write_round(r))
			return -1;
		done = r->cmd && hv_child_exited(&r->child);
		if (!done && !hv_session_wait(r->session, 250))
			done = true;
	}
	hv_session_disable(r->session);
	return write_round(r) || write_last_losses(r) ? -1 : 0;
}

static int prepare(struct record *r)
{
	struct hv_target target = { .pid = r->pid };

	if (r->cmd && !r->all && !r->pid)
		target = (struct hv_target){ r->child.pid, true };
	if (hv_tracepoints_find(r->events, &r->tracepoints))
		return -1;
	r->session = hv_session_open(&r->tracepoints, &target);
	if (!r->session)
		return -1;
	r->layout = hv_session_layout(r->session);
	r->out = pd_create(r->file, r->session, &r->tracepoints);
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

static int run(struct record *r)
{
	uint64_t bytes;

	if (prepare(r) || loop(r))
		return -1;
	bytes = pd_written(r->out);
	if (pd_finish(r->out, hvtrace_argv)) {
		r->out = NULL;
		return -1;
	}
	r->out = NULL;
	fprintf(stderr, "hvtrace: %s: %" PRIu64 " events, %.1f MB, %" PRIu64 " lost\n",
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
	hv_tracepoints_free(&r->tracepoints);
	free(r->lost);
	return ret ? 1 : status;
}

static int parse_pid(const char *text, pid_t *pid)
{
	char *end;
	long v = strtol(text, &end, 10);

	if (*end || end == text || v <= 0 || v > INT32_MAX)
		return hv_error("record: -p %s: not a process number", text);
	*pid = v;
	return 0;
}

static int run_record(int argc, char *argv[])
{
	static const struct option options[] = { { "help", no_argument, NULL, 'h' }, { 0 } };
	struct record r = { .file = DEFAULT_FILE };
	int opt;

	opterr = 0;
	while ((opt = getopt_long(argc, argv, "+:o:e:ap:h", options, NULL)) != -1) {
		switch (opt) {
		case 'o':
			r.file = optarg;
			break;
		case 'e':
			r.events = optarg;
			break;
		case 'a':
			r.all = true;
			break;
		case 'p':
			if (parse_pid(optarg, &r.pid))
				return 1;
			break;
		case 'h':
			return print_help(&cmd_record);
		default:
			return bad_option(&cmd_record, argv, opt);
		}
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
	.help = "[-o FILE] [-e EVENTS] [-a | -p PID] [-- CMD [ARG...]]\n\n"
		"Records guest exits, hypercalls and partition switches into FILE, which perf and\n"
		"hvtrace report can read, until CMD ends, the process is gone, or Ctrl-C.\n"
		"With CMD, its exit status is returned.\n\n"
		"  -o FILE    write to FILE (default: " DEFAULT_FILE ")\n"
		"  -e EVENTS  comma-separated events: NAME of ours, SYSTEM:NAME or SYSTEM:*\n"
		"             (default: all of kvm_hv that hvtrace report makes use of)\n"
		"  -a         all processes (the default if neither -p nor CMD is given)\n"
		"  -p PID     only this process, now and its threads to come\n",
	.run = run_record,
};
