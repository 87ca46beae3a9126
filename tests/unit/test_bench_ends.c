// SPDX-License-Identifier: GPL-2.0
/* hvbench ended by a signal: what it has started ends too, and no part of a result is left. argv[1] is hvbench. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include "check.h"

static const char *hvbench;
static const int ends[] = { SIGHUP, SIGINT, SIGTERM };
static const size_t nr_ends = sizeof(ends) / sizeof(ends[0]);

static void put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	assert_int_equal(chmod(path, 0755), 0);
}

static struct {
	pid_t pid;
	int err;	/* its standard error, which all that it starts has too */
} run;

/*
 * On any machine the first thing that "run" starts is sha256sum: here it is this script, which
 * says "started" and then takes a minute.
 */
static void start(const char *script, void (*first)(void))
{
	char line[8];
	int p[2];

	put("sha256sum", script);
	assert_int_equal(pipe2(p, O_CLOEXEC), 0);
	run.pid = fork();
	if (!run.pid) {
		dup2(p[1], STDERR_FILENO);
		for (size_t i = 0; i < nr_ends; i++)
			signal(ends[i], SIG_DFL);	/* a test in the background ignores SIGINT */
		if (first)
			first();
		execl(hvbench, "hvbench", "run", "--payload", "sha256sum", "-o", "r.json", (char *)NULL);
		_exit(127);
	}
	close(p[1]);
	run.err = p[0];
	assert_int_equal(read(run.err, line, sizeof(line)), sizeof(line));
	assert_memory_equal(line, "started\n", sizeof(line));
}

/* Nobody has the other end of its standard error any more. */
static bool all_ended(void)
{
	struct pollfd p = { .fd = run.err, .events = POLLIN };
	char c;

	return poll(&p, 1, 10000) == 1 && read(run.err, &c, 1) == 0;
}

static void ended_by(int sig)
{
	int status;

	assert_int_equal(waitpid(run.pid, &status, 0), run.pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), sig);
	assert_true(all_ended());
	close(run.err);
	assert_int_equal(access("r.json", F_OK), -1);
	assert_int_equal(access("r.json.part", F_OK), -1);
}

static void signals(void **state)
{
	(void)state;
	for (size_t i = 0; i < nr_ends; i++) {
		start("#!/bin/sh\nsleep 60 &\necho started >&2\nwait\n", NULL);
		kill(run.pid, ends[i]);
		ended_by(ends[i]);
	}
}

static void asked_in_vain(void **state)
{
	(void)state;
	start("#!/bin/sh\ntrap '' HUP INT TERM\necho started >&2\nsleep 60\nsleep 60\n", NULL);
	kill(run.pid, SIGTERM);
	ended_by(SIGTERM);
}

/* It has time for what it does then. */
static void asked_first(void **state)
{
	(void)state;
	start("#!/bin/sh\ntrap 'echo >tidy; exit' TERM\nsleep 60 &\necho started >&2\nwait\n", NULL);
	kill(run.pid, SIGTERM);
	ended_by(SIGTERM);
	assert_int_equal(access("tidy", F_OK), 0);
}

static void killed(void **state)
{
	(void)state;
	start("#!/bin/sh\necho started >&2\nexec sleep 60\n", NULL);
	kill(run.pid, SIGKILL);
	ended_by(SIGKILL);
}

static void ignore_hangup(void)
{
	signal(SIGHUP, SIG_IGN);
}

/* nohup's: of two signals that wait the one with the smaller number comes first */
static void ignored(void **state)
{
	(void)state;
	start("#!/bin/sh\necho started >&2\nexec sleep 60\n", ignore_hangup);
	kill(run.pid, SIGHUP);
	kill(run.pid, SIGTERM);
	ended_by(SIGTERM);
}

/* So large that to write it takes a while */
static void write_large(const char *path)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fprintf(f, "{\"schema\": \"kvm-hv-bench\", \"version\": 1, \"runs\": [{\"suite\": \"exits\", "
		"\"date\": \"d\", \"boot\": \"b\", \"run\": 1, \"machine\": \"power9\", \"backend\": \"hv\", "
		"\"mitigations\": \"off\", \"emulated\": true, \"timebase_hz\": 512000000, \"instructions_per_tick\": 1, "
		"\"environment\": {}, \"rows\": [{\"row\": \"H_ENTER\", \"unit\": \"call\", \"counts\": [1");
	for (int i = 1; i < 200000; i++)
		fputs(", 1", f);
	fputs("], \"ticks\": [100", f);
	for (int i = 1; i < 200000; i++)
		fputs(", 100", f);
	fputs("]}]}]}\n", f);
	fclose(f);
}

static pid_t merge(const char *output)
{
	pid_t pid = fork();

	if (!pid) {
		execl(hvbench, "hvbench", "merge", "-o", output, "large.json", (char *)NULL);
		_exit(127);
	}
	return pid;
}

/* A signal while a result is written: it is written first. */
static void whole(void **state)
{
	pid_t pid;

	(void)state;
	write_large("large.json");
	assert_int_equal(waitpid(merge("whole.json"), NULL, 0) > 0, 1);
	pid = merge("out.json");
	while (access("out.json.part", F_OK) && access("out.json", F_OK))
		usleep(100);
	kill(pid, SIGTERM);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(access("out.json.part", F_OK), -1);
	assert_int_equal(system("cmp out.json whole.json"), 0);
}

int main(int argc, char *argv[])
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(signals), cmocka_unit_test(asked_in_vain), cmocka_unit_test(asked_first), cmocka_unit_test(killed),
		cmocka_unit_test(ignored), cmocka_unit_test(whole),
	};
	char dir[] = "/tmp/test_bench_ends.XXXXXX", path[4096];
	int failed;

	hvbench = argc == 2 ? realpath(argv[1], NULL) : NULL;
	if (!hvbench || !mkdtemp(dir) || chdir(dir))
		return 1;
	snprintf(path, sizeof(path), "%s:%s", dir, getenv("PATH"));
	setenv("PATH", path, 1);
	setenv("DIR", dir, 1);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	return system("rm -rf $DIR") || failed;
}
