// SPDX-License-Identifier: GPL-2.0
/*
 * canary MEGABYTES: memory of the host that no guest owns, with a pattern that
 * names each place. On SIGUSR1 all of it is looked at; on SIGTERM too, then it
 * ends: status 1 if anything changed. Half is anonymous memory, half is page
 * cache (a file in the current folder).
 */
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/mman.h>

#include "canary.h"

static void *map(int fd, size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED, fd, 0);

	if (p == MAP_FAILED) {
		perror("canary");
		exit(2);
	}
	return p;
}

static unsigned int changed(const uint64_t *p, size_t words, const char *what)
{
	unsigned int n = 0;

	for (size_t i = 0; i < words; i++) {
		if (p[i] == CANARY(i))
			continue;
		if (n++ < 4)
			printf("%s memory changed at byte 0x%zx: 0x%llx\n", what, i * 8,
			       (unsigned long long)p[i]);
	}
	return n;
}

int main(int argc, char **argv)
{
	size_t size = (argc > 1 ? strtoul(argv[1], NULL, 0) : 64) << 19, words = size / 8;
	int fd = open("canary.mem", O_RDWR | O_CREAT | O_TRUNC, 0600), sig = 0;
	uint64_t *own, *file;
	sigset_t set;

	if (!size || fd < 0 || ftruncate(fd, size)) {
		fprintf(stderr, "usage: canary [MEGABYTES] (in a folder that it may write to)\n");
		return 2;
	}
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	own = map(-1, size);
	file = map(fd, size);
	for (size_t i = 0; i < words; i++)
		own[i] = file[i] = CANARY(i);
	puts("canary lives");
	fflush(stdout);
	do {
		sigwait(&set, &sig);
		if (changed(own, words, "anonymous") + changed(file, words, "page cache"))
			return 1;
	} while (sig != SIGTERM);
	puts("canary unharmed");
	return 0;
}
