// SPDX-License-Identifier: GPL-2.0
/*
 * filterstorm COMMAND...: while COMMAND runs, what is recorded changes as fast as it can: hypercalls, and
 * nothing, in turn, and now and then (no filter) everything. COMMAND starts in the midst of that. Prints
 * how often it changed; fails as COMMAND does.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include "kvm_hv_dev.h"

static int open_device(void)
{
	int fd = open("/dev/kvm-hv", O_RDWR | O_CLOEXEC);

	if (fd < 0) {
		fprintf(stderr, "filterstorm: /dev/kvm-hv: %s\n", strerror(errno));
		exit(2);
	}
	return fd;
}

static pid_t start(char **argv)
{
	pid_t pid = fork();

	if (pid < 0) {
		perror("filterstorm: fork");
		exit(2);
	}
	if (!pid) {
		execvp(argv[0], argv);
		fprintf(stderr, "filterstorm: %s: %s\n", argv[0], strerror(errno));
		_exit(127);
	}
	return pid;
}

int main(int argc, char **argv)
{
	struct hv_filter nothing = { .version = HV_DEV_VERSION }, hcalls = nothing;
	int fd = open_device(), status = 0;
	unsigned long n = 0;
	pid_t child = 0;

	if (argc < 2)
		return fprintf(stderr, "usage: filterstorm COMMAND...\n"), 2;
	memset(hcalls.hcalls, 0xff, sizeof(hcalls.hcalls));
	memset(hcalls.exits, 0xff, sizeof(hcalls.exits));
	while (!child || !waitpid(child, &status, WNOHANG)) {
		if (!(++n % 1000)) {
			close(fd);
			fd = open_device();
		}
		if (ioctl(fd, HV_IOC_FILTER, n % 2 ? &nothing : &hcalls)) {
			fprintf(stderr, "filterstorm: HV_IOC_FILTER: %s\n", strerror(errno));
			return 1;
		}
		if (n == 1500)
			child = start(argv + 1);
	}
	printf("%lu\n", n);
	return status ? 1 : 0;
}
