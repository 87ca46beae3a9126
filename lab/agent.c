// SPDX-License-Identifier: GPL-2.0
/*
 * The lab's process 1: loads the backend, then does what run.c asks for over
 * the virtio-serial port: unpack files, run one command, send files back.
 * The command gets pipes (or a pseudo-terminal), not the port itself, because
 * a port can't be opened twice and programs do open /dev/stderr.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include "wire.h"

#define WORK "/work"

static int port;
static char frame[WIRE_MAX + 1];

int wire_interrupted(void)
{
	return 0;
}

/* Nothing is left to do: run.c ends the emulator when the port says so. */
static void __attribute__((noreturn, format(printf, 1, 2))) fail(const char *fmt, ...)
{
	char msg[4096];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	fprintf(stderr, "lab: %s\n", msg);
	if (port > 0)
		wire_send(port, WIRE_FAIL, msg, strlen(msg));
	for (;;)
		pause();
}

static int open_port(void)
{
	char path[512], name[64];
	struct dirent *d;
	DIR *dir = opendir("/sys/class/virtio-ports");
	int fd = -1;

	while (dir && fd < 0 && (d = readdir(dir))) {
		FILE *f;

		snprintf(path, sizeof(path), "/sys/class/virtio-ports/%s/name", d->d_name);
		f = fopen(path, "r");
		if (!f)
			continue;
		if (fgets(name, sizeof(name), f) && !strcmp(name, WIRE_PORT "\n")) {
			snprintf(path, sizeof(path), "/dev/%s", d->d_name);
			fd = open(path, O_RDWR | O_CLOEXEC);
		}
		fclose(f);
	}
	if (dir)
		closedir(dir);
	return fd;
}

/* The name shows up a moment after the device does. */
static int wait_for_port(void)
{
	for (int i = 0; i < 500; i++) {
		int fd = open_port();

		if (fd >= 0)
			return fd;
		usleep(20000);
	}
	return -1;
}

/* Starts argv with fd as its standard input (dir 0) or output (dir 1). */
static pid_t spawn(char *const argv[], int dir, int *fd)
{
	int p[2];
	pid_t pid;

	if (pipe2(p, O_CLOEXEC))
		fail("pipe: %s", strerror(errno));
	pid = fork();
	if (pid < 0)
		fail("fork: %s", strerror(errno));
	if (!pid) {
		if (dir)
			dup2(open("/dev/null", O_RDONLY), 0);
		dup2(p[dir], dir);
		execvp(argv[0], argv);
		_exit(127);
	}
	close(p[dir]);
	*fd = p[!dir];
	return pid;
}

static int wait_for(pid_t pid)
{
	int st;

	while (waitpid(pid, &st, 0) < 0)
		if (errno != EINTR)
			return 255;
	return WIFEXITED(st) ? WEXITSTATUS(st) : 128 + WTERMSIG(st);
}

/* Backend and file systems; the script's words are the reason if it fails. */
static void setup(void)
{
	char *argv[] = { "/bin/sh", "/usr/lib/kvm-hv/lab-setup", NULL };
	char out[2048];
	size_t len = 0;
	ssize_t n;
	int fd;
	pid_t pid = spawn(argv, 1, &fd);

	while (len < sizeof(out) - 1 && (n = read(fd, out + len, sizeof(out) - 1 - len)) > 0)
		len += n;
	out[len] = 0;
	close(fd);
	if (wait_for(pid))
		fail("%s", len ? out : "lab-setup failed");
}

static void put(const char *name)
{
	char dest[WIRE_MAX + 1];
	char *argv[] = { "/bin/sh", "/usr/lib/kvm-hv/lab-put", dest, NULL };
	struct wire_hdr h;
	int fd, st, broken = 0;
	pid_t pid;

	strcpy(dest, name);
	pid = spawn(argv, 0, &fd);
	do {
		if (wire_recv(port, &h, frame) <= 0 || h.type != WIRE_PUT_DATA)
			fail("the stream of %s broke off", dest);
		if (h.len && !broken && wire_write(fd, frame, h.len))
			broken = 1;	/* the script says why; drain the rest */
	} while (h.len);
	close(fd);
	st = wait_for(pid);
	if (st)
		fail("could not unpack %s in the lab (disk full?)", dest);
	wire_send(port, WIRE_OK, NULL, 0);
}

static void get(const char *path)
{
	char src[WIRE_MAX + 1];
	char *argv[] = { "/bin/sh", "/usr/lib/kvm-hv/lab-get", src, NULL };
	ssize_t n;
	int fd;
	pid_t pid;

	strcpy(src, path);
	if (access(src, F_OK)) {
		int len = snprintf(frame, sizeof(frame), "--get %s: no such file in the lab", src);

		wire_send(port, WIRE_FAIL, frame, len);
		return;
	}
	pid = spawn(argv, 1, &fd);
	while ((n = read(fd, frame, WIRE_MAX)) > 0)
		wire_send(port, WIRE_GET_DATA, frame, n);
	close(fd);
	if (wait_for(pid))
		fail("could not read all of %s", src);
	wire_send(port, WIRE_GET_DATA, NULL, 0);
}

/* Copies what is there; 0 when fd has ended. */
static int relay(int fd, int type)
{
	static char buf[WIRE_MAX];
	ssize_t n = read(fd, buf, sizeof(buf));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return 1;
	if (n <= 0)
		return 0;	/* a pty whose other end is gone says EIO */
	if (wire_send(port, type, buf, n))
		fail("port: %s", strerror(errno));
	return 1;
}

static void to_terminal(int tty)
{
	struct wire_hdr h;

	if (wire_recv(port, &h, frame) <= 0)
		fail("port closed");
	if (h.type == WIRE_STDIN) {
		wire_write(tty, frame, h.len);
	} else if (h.type == WIRE_WINSIZE) {
		struct wire_run *w = (void *)frame;
		struct winsize ws = { .ws_row = w->rows, .ws_col = w->cols };

		ioctl(tty, TIOCSWINSZ, &ws);
	}
}

static void __attribute__((noreturn)) exec_cmd(char **argv)
{
	signal(SIGPIPE, SIG_DFL);
	execvp(argv[0], argv);
	dprintf(2, "hv: %s: %s\n", argv[0], strerror(errno));
	_exit(errno == ENOENT ? 127 : 126);
}

static pid_t start_piped(char **argv, int out[2])
{
	int o[2], e[2];
	pid_t pid;

	if (pipe2(o, O_CLOEXEC) || pipe2(e, O_CLOEXEC))
		fail("pipe: %s", strerror(errno));
	pid = fork();
	if (pid < 0)
		fail("fork: %s", strerror(errno));
	if (!pid) {
		setsid();
		dup2(open("/dev/null", O_RDONLY), 0);
		dup2(o[1], 1);
		dup2(e[1], 2);
		exec_cmd(argv);
	}
	close(o[1]);
	close(e[1]);
	out[0] = o[0];
	out[1] = e[0];
	return pid;
}

static pid_t start_tty(const struct wire_run *w, char **argv, int *tty)
{
	struct winsize ws = { .ws_row = w->rows, .ws_col = w->cols };
	pid_t pid = forkpty(tty, NULL, NULL, &ws);

	if (pid < 0)
		fail("forkpty: %s", strerror(errno));
	if (!pid)
		exec_cmd(argv);
	return pid;
}

/*
 * Waits for pid, sweeping up orphans. When it ended, everything it left
 * behind ends too, so that its pipes do: the lab is only there for it.
 */
static int reap(pid_t pid, int *status)
{
	int st, done = 0;
	pid_t p;

	while ((p = waitpid(-1, &st, WNOHANG)) > 0)
		if (p == pid) {
			*status = WIFEXITED(st) ? WEXITSTATUS(st) : 128 + WTERMSIG(st);
			kill(-1, SIGKILL);
			done = 1;
		}
	return done;
}

static int sigpipe[2];

static void on_child(int sig)
{
	int e = errno;

	(void)sig;
	if (write(sigpipe[1], "", 1) < 0)
		errno = e;
	errno = e;
}

static void run(const struct wire_run *w, char **argv)
{
	int fd[2] = { -1, -1 }, status = 0, running = 1;
	pid_t pid;

	if (pipe2(sigpipe, O_CLOEXEC | O_NONBLOCK))
		fail("pipe: %s", strerror(errno));
	signal(SIGCHLD, on_child);
	if (w->tty)
		pid = start_tty(w, argv, &fd[0]);
	else
		pid = start_piped(argv, fd);

	while (running || fd[0] >= 0 || fd[1] >= 0) {
		struct pollfd p[] = {
			{ .fd = fd[0], .events = POLLIN },
			{ .fd = fd[1], .events = POLLIN },
			{ .fd = sigpipe[0], .events = POLLIN },
			{ .fd = w->tty && running ? port : -1, .events = POLLIN },
		};
		char buf[64];

		if (poll(p, 4, -1) < 0 && errno != EINTR)
			fail("poll: %s", strerror(errno));
		for (int i = 0; i < 2; i++)
			if (p[i].revents && !relay(fd[i], i ? WIRE_ERR : WIRE_OUT)) {
				close(fd[i]);
				fd[i] = -1;
			}
		while (read(sigpipe[0], buf, sizeof(buf)) > 0)
			;
		if (running && reap(pid, &status))
			running = 0;
		if (p[3].revents && fd[0] >= 0)
			to_terminal(fd[0]);
	}
	signal(SIGCHLD, SIG_DFL);
	wire_send(port, WIRE_EXIT, &status, sizeof(uint32_t));
}

static void run_frame(uint32_t len)
{
	static char *argv[WIRE_MAX / 2 + 2];
	static char args[WIRE_MAX + 1];
	struct wire_run w;
	int n = 0;

	if (len < sizeof(w))
		fail("short run request");
	memcpy(&w, frame, sizeof(w));
	memcpy(args, frame + sizeof(w), len - sizeof(w) + 1);
	for (char *a = args; a < args + len - sizeof(w); a += strlen(a) + 1)
		argv[n++] = a;
	argv[n] = NULL;
	run(&w, argv);
}

int main(void)
{
	struct wire_hdr h;

	signal(SIGPIPE, SIG_IGN);
	port = wait_for_port();
	if (port < 0)
		fail("no virtio-serial port named " WIRE_PORT);
	setup();
	if (chdir(WORK))
		fail(WORK ": %s", strerror(errno));
	wire_send(port, WIRE_HELLO, NULL, 0);
	while (wire_recv(port, &h, frame) > 0) {
		if (h.type == WIRE_PUT)
			put(frame);
		else if (h.type == WIRE_RUN)
			run_frame(h.len);
		else if (h.type == WIRE_GET)
			get(frame);
	}
	fail("port closed");
}
