// SPDX-License-Identifier: GPL-2.0
/*
 * filterstorm SECONDS: what is recorded changes as fast as it can: hypercalls, and nothing, in turn,
 * and now and then (no filter) everything. Prints how often.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/ioctl.h>

#include "kvm_hv_dev.h"

static int open_device(void)
{
	int fd = open("/dev/kvm-hv", O_RDWR);

	if (fd < 0) {
		fprintf(stderr, "filterstorm: /dev/kvm-hv: %s\n", strerror(errno));
		exit(2);
	}
	return fd;
}

int main(int argc, char **argv)
{
	struct hv_filter nothing = { .version = HV_DEV_VERSION }, hcalls = nothing;
	time_t end = time(NULL) + (argc > 1 ? atoi(argv[1]) : 1);
	unsigned long n = 0;
	int fd = open_device();

	memset(hcalls.hcalls, 0xff, sizeof(hcalls.hcalls));
	memset(hcalls.exits, 0xff, sizeof(hcalls.exits));
	while (time(NULL) < end) {
		if (!(++n % 1000)) {
			close(fd);
			fd = open_device();
		}
		if (ioctl(fd, HV_IOC_FILTER, n % 2 ? &nothing : &hcalls)) {
			fprintf(stderr, "filterstorm: HV_IOC_FILTER: %s\n", strerror(errno));
			return 1;
		}
	}
	printf("%lu\n", n);
	return 0;
}
