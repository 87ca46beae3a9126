// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <perf/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../common/util.h"
#include "synth.h"

/* What sample_id_all puts behind every record, for the sample_type that session.c asks for. */
struct trailer {
	uint32_t pid, tid;
	uint64_t time;
	uint32_t cpu, reserved;
	uint64_t id;
};

static int synth_comm(struct pd_writer *out, pid_t pid, pid_t tid)
{
	struct {
		struct perf_event_header header;
		uint32_t pid, tid;
		char comm[16];
		struct trailer trailer;
	} rec = {
		.header = { .type = PERF_RECORD_COMM, .size = sizeof(rec) },
		.pid = pid, .tid = tid, .trailer = { .pid = pid, .tid = tid },
	};
	char path[64], *comm;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/comm", pid, tid);
	comm = hv_read_file(path, NULL);
	if (!comm)	/* it is gone: nothing lost */
		return 0;
	comm[strcspn(comm, "\n")] = '\0';
	strncpy(rec.comm, comm, sizeof(rec.comm) - 1);
	free(comm);
	return pd_write(out, &rec, sizeof(rec));
}

static int for_each_number(const char *path, int (*fn)(struct pd_writer *, pid_t, pid_t),
			   struct pd_writer *out, pid_t pid)
{
	DIR *dir = opendir(path);
	struct dirent *e;
	int ret = 0;

	while (!ret && dir && (e = readdir(dir))) {
		pid_t nr = atoi(e->d_name);

		if (nr > 0)
			ret = fn(out, pid ? pid : nr, nr);
	}
	if (dir)
		closedir(dir);
	return ret;
}

static int synth_process(struct pd_writer *out, pid_t pid, pid_t unused)
{
	char path[64];

	(void)unused;
	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	return for_each_number(path, synth_comm, out, pid);
}

int synth_comms(struct pd_writer *out, pid_t pid)
{
	return pid ? synth_process(out, pid, pid) : for_each_number("/proc", synth_process, out, 0);
}

static uint64_t timebase_frequency(void)
{
	char *cpuinfo = hv_read_file("/proc/cpuinfo", NULL), *line;
	uint64_t hz = 0;

	line = cpuinfo ? strstr(cpuinfo, "\ntimebase") : NULL;
	if (line && (line = strchr(line, ':')))
		hz = strtoull(line + 1, NULL, 10);
	free(cpuinfo);
	return hz;
}

int synth_time_conv(struct pd_writer *out)
{
	uint64_t hz = timebase_frequency();
	struct perf_record_time_conv rec = {
		.header = { .type = PERF_RECORD_TIME_CONV, .size = sizeof(rec) },
		.time_shift = 32,
		.time_mult = hz ? (1000000000ull << 32) / hz : 0,
	};

	return hz ? pd_write(out, &rec, sizeof(rec)) : 0;
}

int synth_round(struct pd_writer *out)
{
	struct perf_event_header h = { .type = PERF_RECORD_FINISHED_ROUND, .size = sizeof(h) };

	return pd_write(out, &h, sizeof(h));
}

int synth_lost(struct pd_writer *out, const struct synth_lost *lost)
{
	struct {
		struct perf_event_header header;
		uint64_t id, lost;
		struct trailer trailer;
	} rec = {
		.header = { .type = PERF_RECORD_LOST, .size = sizeof(rec) },
		.id = lost->id, .lost = lost->lost,
		.trailer = { .time = lost->time, .cpu = lost->cpu, .id = lost->id },
	};

	return pd_write(out, &rec, sizeof(rec));
}
