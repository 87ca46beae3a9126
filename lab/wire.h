/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the build machine (run.c) and the lab (agent.c) say to each other over
 * one virtio-serial port. A frame is a header and len bytes. One stream for
 * everything keeps the order: when EXIT arrives, all output has arrived.
 * Both ends are little-endian (amd64, ppc64le), so the header goes as it is.
 */
#ifndef LAB_WIRE_H
#define LAB_WIRE_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#define WIRE_PORT "kvm-hv.lab"
#define WIRE_MAX (32 * 1024)	/* virtio_console cuts longer writes there */

enum wire_type {
	/* build machine to lab */
	WIRE_PUT = 1,	/* name to give what follows */
	WIRE_PUT_DATA,	/* piece of a tar stream; empty: end */
	WIRE_RUN,	/* struct wire_run, then argv, NUL-terminated strings */
	WIRE_STDIN,	/* terminal input */
	WIRE_WINSIZE,	/* struct wire_run */
	WIRE_GET,	/* path to send back */
	/* lab to build machine */
	WIRE_HELLO,	/* booted, backend loaded */
	WIRE_OUT,
	WIRE_ERR,
	WIRE_EXIT,	/* uint32_t status */
	WIRE_GET_DATA,	/* piece of a tar stream; empty: end */
	WIRE_OK,	/* a put or get is complete */
	WIRE_FAIL,	/* what went wrong, text */
};

struct wire_run {
	uint16_t tty, rows, cols, pad;
};

struct wire_hdr {
	uint32_t type, len;
};

/*
 * Called when a system call was interrupted; non-zero gives up. Each side has
 * its own reason to (run.c: time is up).
 */
int wire_interrupted(void);

static inline int wire_write(int fd, const void *buf, size_t len)
{
	const char *p = buf;

	while (len) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR && !wire_interrupted())
			continue;
		if (n <= 0)
			return -1;
		p += n;
		len -= n;
	}
	return 0;
}

/* 1: got it all, 0: end of file, -1: error */
static inline int wire_read(int fd, void *buf, size_t len)
{
	char *p = buf;

	while (len) {
		ssize_t n = read(fd, p, len);

		if (n < 0 && errno == EINTR && !wire_interrupted())
			continue;
		if (n <= 0)
			return (int)n;
		p += n;
		len -= n;
	}
	return 1;
}

/* One write per frame where it fits: each write is a trip out of the lab. */
static inline int wire_send(int fd, uint32_t type, const void *data, uint32_t len)
{
	static char buf[sizeof(struct wire_hdr) + WIRE_MAX];
	struct wire_hdr h = { type, len };

	if (len > WIRE_MAX) {
		errno = EMSGSIZE;
		return -1;
	}
	memcpy(buf, &h, sizeof(h));
	if (len)
		memcpy(buf + sizeof(h), data, len);
	return wire_write(fd, buf, sizeof(h) + len);
}

/* data has room for WIRE_MAX bytes and a NUL that is always there */
static inline int wire_recv(int fd, struct wire_hdr *h, char *data)
{
	int r = wire_read(fd, h, sizeof(*h));

	if (r <= 0)
		return r;
	if (h->len > WIRE_MAX) {
		errno = EPROTO;
		return -1;
	}
	r = h->len ? wire_read(fd, data, h->len) : 1;
	data[h->len] = 0;
	return r;
}

#endif
