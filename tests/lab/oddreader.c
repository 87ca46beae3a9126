// SPDX-License-Identifier: GPL-2.0
/*
 * oddreader gone PID: reads the statistics in small pieces, and has a VMM killed, whose vCPU it has not come to yet. Prints
 * "LPID STATE" of every vCPU that it was told of.
 * oddreader odd: /dev/kvm-hv for who may only read it, and with arguments that nobody sane would have. Prints what is wrong.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kvm_hv_dev.h"

#define FIRST	sizeof(struct hv_stats_head)
#define SIZE	(1u << 22)

static char buf[SIZE], other[SIZE];
static int wrong;

static int open_or_die(int flags)
{
	int fd = open(HV_DEV_PATH, flags);

	if (fd < 0) {
		fprintf(stderr, "oddreader: %s: %s\n", HV_DEV_PATH, strerror(errno));
		exit(2);
	}
	return fd;
}

/* From .have on, in pieces, until there are .want bytes or the end */
static size_t read_until(int fd, char *to, size_t have, size_t want)
{
	ssize_t n = 1;

	while (have < want && n > 0) {
		n = read(fd, to + have, want - have < 64 ? want - have : 64);
		have += n > 0 ? n : 0;
	}
	return have;
}

static size_t after(const struct hv_stats_vcpu *v)
{
	return v->size + (size_t)v->rows * v->row_size;
}

static int is_gone(pid_t pid)
{
	int fd = open_or_die(O_RDONLY), gone = 0;
	size_t have = read_until(fd, other, 0, SIZE);
	const struct hv_stats_vcpu *v;

	for (size_t at = FIRST; at < have; at += after(v)) {
		v = (const void *)(other + at);
		gone |= v->pid == pid && v->state == HV_STATE_GONE;
	}
	close(fd);
	return gone;
}

static void read_while_it_goes(pid_t pid)
{
	int fd = open_or_die(O_RDONLY);
	const struct hv_stats_vcpu *v = (const void *)(buf + FIRST);
	size_t have = read_until(fd, buf, 0, FIRST + sizeof(*v));

	have = read_until(fd, buf, have, FIRST + after(v) - 1);	/* the kernel is ahead by one when nothing is left */
	kill(pid, SIGKILL);
	for (int i = 0; !is_gone(pid); i++) {
		if (i == 6000) {
			fprintf(stderr, "oddreader: no vCPU of process %d is gone\n", pid);
			exit(2);
		}
		usleep(10000);
	}
	have = read_until(fd, buf, have, SIZE);
	for (size_t at = FIRST; at < have; at += after(v)) {
		v = (const void *)(buf + at);
		printf("%u %u\n", v->lpid, v->state);
	}
}

static void expect(const char *what, long got, int err)
{
	if (got == -1 && errno == err)
		return;
	wrong = 1;
	printf("%s: %ld, %s\n", what, got, got == -1 ? strerror(errno) : "no error");
}

static void odd_ioctls(int reader, int writer)
{
	static const unsigned long commands[] = { 0, ~0ul, HV_IOC_FILTER + 1, HV_IOC_FLUSH + 1, _IOW('h', 0xa0, char) };
	static void *const args[] = { NULL, (void *)1, (void *)-1, (void *)0xc000000000000000 };
	struct hv_filter f = { .version = HV_DEV_VERSION };

	expect("a filter of who may only read", ioctl(reader, HV_IOC_FILTER, &f), EBADF);
	expect("a flush of who may only read", ioctl(reader, HV_IOC_FLUSH), EBADF);
	f.version++;
	expect("a filter of another version", ioctl(writer, HV_IOC_FILTER, &f), EINVAL);
	for (unsigned int i = 0; i < sizeof(args) / sizeof(args[0]); i++) {
		expect("a filter that is nowhere", ioctl(writer, HV_IOC_FILTER, args[i]), EFAULT);
		for (unsigned int k = 0; k < sizeof(commands) / sizeof(commands[0]); k++)
			expect("an unknown ioctl", ioctl(writer, commands[k], args[i]), ENOTTY);
	}
}

static void odd_reads(int fd)
{
	static const off_t at[] = { 1, 39, 41, 1 << 20, LLONG_MAX / 2, LLONG_MAX - 1 };

	expect("a read to nowhere", read(fd, (void *)0xc000000000000000, 4096), EFAULT);
	expect("a seek to before the start", lseek(fd, -1, SEEK_SET), EINVAL);
	expect("a read from before the start", pread(fd, buf, 10, -1), EINVAL);
	expect("a write", write(fd, buf, 1), EINVAL);
	expect("a mapping", (long)mmap(NULL, 65536, PROT_READ, MAP_PRIVATE, fd, 0), ENODEV);
	for (unsigned int i = 0; i < sizeof(at) / sizeof(at[0]); i++)
		for (size_t n = 0; n <= 3; n++)
			if (pread(fd, buf, n, at[i]) > (ssize_t)n)
				expect("a read of more than was asked for", 0, 0);
	for (int i = 0; i < 1000 && open(HV_DEV_PATH, O_RDWR) >= 0; i++)
		;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "gone")) {
		read_while_it_goes(atoi(argv[2]));
	} else {
		odd_ioctls(open_or_die(O_RDONLY), open_or_die(O_RDWR));
		odd_reads(open_or_die(O_RDWR));
	}
	return wrong;
}
