// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "part.h"
#include "util.h"

static void on_signal(int sig)
{
	(void)sig;
}

static int cannot_create(const struct hv_part *p)
{
	return hv_error("%s: cannot create: %s", p->part, strerror(errno));
}

/* The file that has the name is the open one: its last writer has not renamed it while we waited for our turn. */
static bool is_current(const struct hv_part *p, int fd)
{
	struct stat opened, named;

	return !fstat(fd, &opened) && !lstat(p->part, &named) && opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

/* The file, locked; -1 after an error message. A file system that knows no locks does without. */
static int open_locked(const struct hv_part *p)
{
	int fd;

	for (;;) {
		fd = open(p->part, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
		if (fd < 0)
			return cannot_create(p);
		if (flock(fd, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK) {
			close(fd);
			return hv_error("%s: another program is writing it", p->part);
		}
		if (is_current(p, fd))
			return fd;
		close(fd);
	}
}

static int open_empty(struct hv_part *p, mode_t mode)
{
	int fd = open_locked(p);

	if (fd < 0)
		return -1;
	if (fchmod(fd, mode) || ftruncate(fd, 0) || !(p->out = fdopen(fd, "w"))) {
		cannot_create(p);
		close(fd);
		return -1;
	}
	return 0;
}

int hv_part_open(struct hv_part *p, const char *path, mode_t mode)
{
	/* not SIG_IGN: a command that we run would inherit that */
	const struct sigaction sa = { .sa_handler = on_signal };
	struct stat st;

	*p = (struct hv_part){ 0 };
	if (!*path)
		return hv_error("the name of the file to write is empty");
	/* The finished file is renamed onto the name: that must not hit a device. */
	if (!stat(path, &st) && !S_ISREG(st.st_mode))
		return hv_error("%s: exists and is not a regular file", path);
	if (asprintf(&p->part, "%s.part", path) < 0) {
		p->part = NULL;
		return hv_error("out of memory");
	}
	p->path = hv_strdup(path);
	sigaction(SIGXFSZ, &sa, NULL);
	if (!open_empty(p, mode))
		return 0;
	hv_part_close(p, false);
	return -1;
}

static int give_name(const struct hv_part *p)
{
	if (fflush(p->out) || ferror(p->out))
		return hv_error("%s: cannot write: %s", p->part, strerror(errno));
	if (rename(p->part, p->path))
		return hv_error("%s: cannot rename to %s: %s", p->part, p->path, strerror(errno));
	return 0;
}

int hv_part_close(struct hv_part *p, bool keep)
{
	int ret = 0;

	if (p->out) {
		ret = keep ? give_name(p) : 0;
		if (!keep || ret)
			unlink(p->part);
	}
	hv_part_leave(p);
	return ret;
}

void hv_part_leave(struct hv_part *p)
{
	if (p->out)
		fclose(p->out);
	free(p->path);
	free(p->part);
	*p = (struct hv_part){ 0 };
}

bool hv_same_file(const char *a, const char *b)
{
	struct stat s, t;

	return !stat(a, &s) && !stat(b, &t) && s.st_dev == t.st_dev && s.st_ino == t.st_ino;
}
