// SPDX-License-Identifier: GPL-2.0
/*
 * hvwork SAMPLES: the benchmark's whole workloads, in a Linux guest. Marks where each
 * sample begins and ends for the emulator's plug-in (count.c) and prints, in the
 * same order, a line "workload NAME COUNT TICKS" for each. Started as the guest's
 * first command, so that its own start is the end of the boot; 0 samples: the boot is all.
 */
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include "marks.h"
#include "settle.h"

extern char **environ;
static const char *self;

static void fail(const char *what)
{
	fprintf(stderr, "hvwork: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void wait_for(pid_t pid)
{
	int status;

	if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
		fail("a child failed");
}

static void run_syscall(long n)
{
	for (long i = 0; i < n; i++)
		syscall(SYS_getppid);
}

static void run_fork(long n)
{
	for (long i = 0; i < n; i++) {
		pid_t pid = fork();

		if (!pid)
			_exit(0);
		wait_for(pid);
	}
}

static void spawn(char *const argv[])
{
	pid_t pid;

	errno = posix_spawn(&pid, argv[0], NULL, NULL, argv, environ);
	if (errno)
		fail(argv[0]);
	wait_for(pid);
}

static void run_exec(long n)
{
	char *argv[] = { (char *)self, "nothing", NULL };

	for (long i = 0; i < n; i++)
		spawn(argv);
}

/* A byte there and back: two context switches. */
static void run_pipe(long n)
{
	int to[2], from[2];
	char c = 0;
	pid_t pid;

	if (pipe(to) || pipe(from))
		fail("pipe");
	pid = fork();
	if (!pid) {
		close(to[1]);
		while (read(to[0], &c, 1) == 1)
			if (write(from[1], &c, 1) != 1)
				_exit(1);
		_exit(0);
	}
	for (long i = 0; i < n; i++)
		if (write(to[1], &c, 1) != 1 || read(from[0], &c, 1) != 1)
			fail("pipe");
	close(to[1]);
	wait_for(pid);
	close(to[0]);
	close(from[0]);
	close(from[1]);
}

/* Fresh pages, one store each, given back */
static void run_fault(long n)
{
	size_t page = sysconf(_SC_PAGESIZE), size = n * page;
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		fail("mmap");
	madvise(p, size, MADV_NOHUGEPAGE);
	for (long i = 0; i < n; i++)
		p[i * page] = 1;
	munmap(p, size);
}

static void run_compile(long n)
{
	static const char source[] =
		"#include <stdio.h>\n"
		"static unsigned long f(unsigned n) { return n < 2 ? n : f(n - 1) + f(n - 2); }\n"
		"int main(void) { for (int i = 0; i < 20; i++) printf(\"%d %lu\\n\", i, f(i)); return 0; }\n";
	char *argv[] = { "/usr/bin/gcc-" COMPILER, "-O2", "-o", "/tmp/hvwork-a.out", "/tmp/hvwork.c", NULL };
	FILE *f = fopen("/tmp/hvwork.c", "w");

	if (!f || fputs(source, f) < 0 || fclose(f))
		fail("/tmp/hvwork.c");
	for (long i = 0; i < n; i++)
		spawn(argv);
}

/* Primes by the sieve: integers, branches, 1 MB of memory, no system call */
static void run_cpu(long n)
{
	static char composite[1 << 20];
	unsigned long primes = 0;

	for (long k = 0; k < n; k++) {
		memset(composite, 0, sizeof(composite));
		for (unsigned long i = 2; i < sizeof(composite); i++) {
			if (composite[i])
				continue;
			primes++;
			for (unsigned long j = i * i; j < sizeof(composite); j += i)
				composite[j] = 1;
		}
	}
	if (primes != 82025ul * n)	/* pi(2^20) */
		fail("wrong number of primes");
}

static const struct workload {
	const char *name;
	void (*run)(long n);
	long count;
} workloads[] = {
#define HV_BENCH_WORKLOAD(id, count, ...) { #id, run_##id, count },
#include "../rows.h"
};

static unsigned long timebase(void)
{
	unsigned long tb;

	asm volatile("mfspr %0, 268" : "=r" (tb));
	return tb;
}

static void sample(const struct workload *w)
{
	unsigned long start;

	fflush(stdout);
	MARK(MARK_BEGIN);
	start = timebase();
	w->run(w->count);
	start = timebase() - start;
	MARK(MARK_END);
	printf("workload %s %ld %lu\n", w->name, w->count, start);
}

int main(int argc, char *argv[])
{
	char *end = "";
	long samples = argc == 2 ? strtol(argv[1], &end, 10) : -1;

	self = argv[0];
	if (argc == 2 && !strcmp(argv[1], "nothing"))
		return 0;
	if (samples < 0 || *end)
		return fprintf(stderr, "usage: hvwork SAMPLES\n"), 2;
	MARK(MARK_END);		/* of the boot: hvbench marks its begin */
	puts("booted");
	if (samples && settle() > SETTLED_PERCENT)
		fprintf(stderr, "hvwork: this guest does not come to rest\n");
	for (size_t i = 0; samples && i < sizeof(workloads) / sizeof(workloads[0]); i++) {
		workloads[i].run(workloads[i].count);	/* warms up */
		for (long k = 0; k < samples; k++)
			sample(&workloads[i]);
	}
	return 0;
}
