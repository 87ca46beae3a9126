// SPDX-License-Identifier: GPL-2.0
/*
 * The build machine's side of a lab: starts the emulator, talks to the agent in
 * the lab (agent.c), passes output on, copies files, ends it all in time. In a
 * lab host lab-guest calls it for a guest.
 *
 *   lab-run [-t SECONDS] [-i] [-w WHAT] [-b BOOT-SECONDS] -l LOG [-p FILE DEST]...
 *           [-g PATH]... -n N -- CMD... QEMU...
 *
 * N is how many arguments CMD has, WHAT what messages call the emulated machine.
 *
 * Called by hv only, which has checked the arguments.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>

#include "wire.h"

#define MAX_FILES 256
#define ST_TIMEOUT 124	/* as timeout(1) */
#define ST_LAB 125

static struct {
	int limit, boot_limit, tty, nput, nget, ncmd;
	const char *log, *what;
	char *put[MAX_FILES][2], *get[MAX_FILES];
	char **cmd, **qemu;
} opt = {
	.limit = 600,
	.boot_limit = 400,	/* seconds; a slow machine needs 40, more if it stands still */
	.what = "the lab host",
};

static int port, booted;
static int cmd_status;	/* once CMD ended; what fails after that does not hide it */
static pid_t qemu;
static time_t start;
static char frame[WIRE_MAX + 1];
static struct termios saved;
static int raw;		/* saved is to be restored */
static volatile sig_atomic_t resized;

static time_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

static void end_qemu(void)
{
	if (raw)
		tcsetattr(0, TCSAFLUSH, &saved);
	raw = 0;
	if (qemu > 0) {
		kill(qemu, SIGKILL);
		waitpid(qemu, NULL, 0);
	}
}

/* The last lines of the log, and the line that tells of a panic if any. */
static void show_log(const char *what)
{
	static char ring[20][512];
	char line[512], panic[512] = "";
	FILE *f = fopen(opt.log, "r");
	unsigned int n = 0;

	while (f && fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\r\n")] = 0;
		if (strstr(line, "Kernel panic") || strstr(line, "BUG:"))
			strcpy(panic, line);
		strcpy(ring[n++ % 20], line);
	}
	if (f)
		fclose(f);
	fprintf(stderr, "hv: %s%s%s; the end of %s:\n", what, *panic ? ": " : "", panic, opt.log);
	for (unsigned int i = n > 20 ? n - 20 : 0; i < n; i++)
		fprintf(stderr, "  | %s\n", ring[i % 20]);
}

static void __attribute__((noreturn)) lab_died(void)
{
	char msg[128];
	int st = 0;

	/* the port closes a moment before the process is gone */
	for (int i = 0; i < 100 && waitpid(qemu, &st, WNOHANG) == 0; i++)
		usleep(20000);
	end_qemu();
	snprintf(msg, sizeof(msg), "%s %s", opt.what, booted ? "died" : "did not boot");
	show_log(msg);
	exit(ST_LAB);
}

static void __attribute__((noreturn, format(printf, 2, 3))) die(int status, const char *fmt, ...)
{
	va_list ap;

	end_qemu();
	va_start(ap, fmt);
	fprintf(stderr, "hv: ");
	vfprintf(stderr, fmt, ap);
	fprintf(stderr, "\n");
	va_end(ap);
	exit(status);
}

static void check_time(void)
{
	char msg[128];
	time_t t = now() - start;

	if (t >= opt.limit)
		snprintf(msg, sizeof(msg), "time is up after %d s (--timeout)", opt.limit);
	else if (!booted && t >= opt.boot_limit)
		snprintf(msg, sizeof(msg), "%s did not boot in %d s", opt.what, opt.boot_limit);
	else
		return;
	end_qemu();
	show_log(msg);
	exit(t >= opt.limit ? ST_TIMEOUT : ST_LAB);
}

int wire_interrupted(void)
{
	check_time();
	return 0;
}

static void on_signal(int sig)
{
	end_qemu();
	signal(sig, SIG_DFL);
	raise(sig);
}

static void on_tick(int sig)
{
	if (sig == SIGWINCH)
		resized = 1;
}

static void catch_signals(void)
{
	/* a tick interrupts whatever blocks, so that time is looked at */
	struct sigaction tick = { .sa_handler = on_tick };
	struct sigaction quit = { .sa_handler = on_signal, .sa_flags = SA_NODEFER };
	struct itimerval it = { { 1, 0 }, { 1, 0 } };

	sigaction(SIGALRM, &tick, NULL);
	sigaction(SIGWINCH, &tick, NULL);
	sigaction(SIGINT, &quit, NULL);
	sigaction(SIGTERM, &quit, NULL);
	sigaction(SIGHUP, &quit, NULL);
	signal(SIGPIPE, SIG_IGN);
	setitimer(ITIMER_REAL, &it, NULL);
}

static void start_qemu(void)
{
	static char chardev[64];
	int s[2], log, n = 0;
	char *argv[256];
	pid_t parent = getpid();

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, s))
		die(ST_LAB, "socketpair: %s", strerror(errno));
	log = open(opt.log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (log < 0)
		die(ST_LAB, "%s: %s", opt.log, strerror(errno));
	while (opt.qemu[n] && n < 250) {
		argv[n] = opt.qemu[n];
		n++;
	}
	snprintf(chardev, sizeof(chardev), "socket,id=lab,fd=%d", s[1]);
	argv[n++] = "-chardev";
	argv[n++] = chardev;
	argv[n] = NULL;
	qemu = fork();
	if (qemu < 0)
		die(ST_LAB, "fork: %s", strerror(errno));
	if (!qemu) {
		/* no emulator outlives us, however we end */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(1);
		setpgid(0, 0);
		dup2(open("/dev/null", O_RDONLY), 0);
		dup2(log, 1);
		dup2(log, 2);
		fcntl(s[1], F_SETFD, 0);
		execvp(argv[0], argv);
		dprintf(2, "%s: %s\n", argv[0], strerror(errno));
		_exit(127);
	}
	close(s[1]);
	close(log);
	port = s[0];
}

/* The next frame; a failure in the lab ends here. */
static uint32_t recv_frame(uint32_t *len)
{
	struct wire_hdr h;

	if (wire_recv(port, &h, frame) <= 0)
		lab_died();
	if (h.type == WIRE_FAIL && !booted) {
		end_qemu();
		frame[strcspn(frame, "\n")] = 0;
		show_log(frame);
		exit(ST_LAB);
	}
	if (h.type == WIRE_FAIL)
		die(cmd_status ? cmd_status : ST_LAB, "%s", frame);
	*len = h.len;
	return h.type;
}

static void send_frame(uint32_t type, const void *data, uint32_t len)
{
	if (wire_send(port, type, data, len)) {
		if (errno == EMSGSIZE)
			die(ST_LAB, "the command line is longer than %d bytes", WIRE_MAX);
		lab_died();
	}
}

static pid_t tar(char *const argv[], int dir, int *fd)
{
	int p[2];
	pid_t pid;

	if (pipe2(p, O_CLOEXEC))
		die(ST_LAB, "pipe: %s", strerror(errno));
	pid = fork();
	if (pid < 0)
		die(ST_LAB, "fork: %s", strerror(errno));
	if (!pid) {
		signal(SIGPIPE, SIG_DFL);
		dup2(p[dir], dir);
		execvp(argv[0], argv);
		_exit(127);
	}
	close(p[dir]);
	*fd = p[!dir];
	return pid;
}

static int tar_status(pid_t pid)
{
	int st;

	while (waitpid(pid, &st, 0) < 0)
		if (errno != EINTR)
			return -1;
	return st;
}

static void put(char *file, const char *dest)
{
	char path[PATH_MAX], path2[PATH_MAX];
	ssize_t n;
	uint32_t len;
	int fd;
	pid_t pid;

	if (!realpath(file, path))
		die(ST_LAB, "--put %s: %s", file, strerror(errno));
	strcpy(path2, path);
	send_frame(WIRE_PUT, dest, strlen(dest) + 1);
	pid = tar((char *[]){ "tar", "-cSf", "-", "-C", dirname(path), "--", basename(path2), NULL }, 1, &fd);
	do {
		n = read(fd, frame, WIRE_MAX);
		if (n < 0 && errno == EINTR) {
			check_time();
			n = 1;
			continue;
		}
		send_frame(WIRE_PUT_DATA, frame, n > 0 ? n : 0);
	} while (n > 0);
	close(fd);
	if (tar_status(pid))
		die(ST_LAB, "--put %s: could not read all of it", file);
	if (recv_frame(&len) != WIRE_OK)
		die(ST_LAB, "--put %s: unexpected answer from the lab", file);
}

static void get(const char *path)
{
	uint32_t len, type;
	int fd;
	pid_t pid;

	send_frame(WIRE_GET, path, strlen(path) + 1);
	type = recv_frame(&len);
	pid = tar((char *[]){ "tar", "-xpf", "-", "--no-same-owner", NULL }, 0, &fd);
	while (type == WIRE_GET_DATA && len) {
		if (wire_write(fd, frame, len))
			die(ST_LAB, "--get %s: could not write it here (disk full?)", path);
		type = recv_frame(&len);
	}
	close(fd);
	if (tar_status(pid))
		die(ST_LAB, "--get %s: could not write it here", path);
}

static void winsize(struct wire_run *w)
{
	struct winsize ws = { 24, 80, 0, 0 };

	ioctl(0, TIOCGWINSZ, &ws);
	*w = (struct wire_run){ .tty = opt.tty, .rows = ws.ws_row, .cols = ws.ws_col };
}

static void send_cmd(void)
{
	struct wire_run w;
	size_t len = sizeof(w);

	winsize(&w);
	memcpy(frame, &w, len);
	for (int i = 0; i < opt.ncmd; i++) {
		size_t n = strlen(opt.cmd[i]) + 1;

		if (len + n > WIRE_MAX)
			die(ST_LAB, "the command line is longer than %d bytes", WIRE_MAX);
		memcpy(frame + len, opt.cmd[i], n);
		len += n;
	}
	send_frame(WIRE_RUN, frame, len);
}

/* Shell only: the terminal's input and size go to the lab. */
static void terminal_input(void)
{
	for (;;) {
		struct pollfd p[] = { { 0, POLLIN, 0 }, { port, POLLIN, 0 } };
		ssize_t n;

		if (resized) {
			struct wire_run w;

			resized = 0;
			winsize(&w);
			send_frame(WIRE_WINSIZE, &w, sizeof(w));
		}
		if (poll(p, 2, -1) < 0) {
			check_time();
			continue;
		}
		if (p[0].revents) {
			n = read(0, frame, 1024);
			if (n > 0)
				send_frame(WIRE_STDIN, frame, n);
			else if (n == 0 || errno != EINTR)
				send_frame(WIRE_STDIN, "\004", 1);
		}
		if (p[1].revents)
			return;
	}
}

static void relay(void)
{
	uint32_t type, len, status;

	for (;;) {
		if (opt.tty)
			terminal_input();
		type = recv_frame(&len);
		if (type == WIRE_EXIT)
			break;
		if ((type != WIRE_OUT && type != WIRE_ERR) ||
		    !wire_write(type == WIRE_OUT ? 1 : 2, frame, len))
			continue;
		if (errno == EPIPE)
			on_signal(SIGPIPE);	/* the reader has seen enough */
		die(ST_LAB, "writing output: %s", strerror(errno));
	}
	memcpy(&status, frame, sizeof(status));
	cmd_status = status;
}

static void raw_terminal(void)
{
	struct termios t;

	if (tcgetattr(0, &saved))
		die(2, "shell needs a terminal on stdin");
	t = saved;
	cfmakeraw(&t);
	tcsetattr(0, TCSAFLUSH, &t);
	raw = 1;
}

static void parse(int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "+t:iw:b:l:p:g:n:")) != -1) {
		if (opt.nget == MAX_FILES || opt.nput == MAX_FILES)
			die(2, "more than %d --put or --get", MAX_FILES - 1);
		switch (c) {
		case 't': opt.limit = atoi(optarg); break;
		case 'i': opt.tty = 1; break;
		case 'w': opt.what = optarg; break;
		case 'b': opt.boot_limit = atoi(optarg); break;
		case 'l': opt.log = optarg; break;
		case 'g': opt.get[opt.nget++] = optarg; break;
		case 'p':
			opt.put[opt.nput][0] = optarg;
			opt.put[opt.nput++][1] = argv[optind++];
			break;
		case 'n': opt.ncmd = atoi(optarg); break;
		default: exit(2);
		}
	}
	opt.cmd = argv + optind;
	opt.qemu = opt.cmd + opt.ncmd;
	if (!opt.log || !opt.ncmd || optind + opt.ncmd >= argc)
		die(2, "lab-run is called by ./hv");
}

int main(int argc, char **argv)
{
	uint32_t len;

	parse(argc, argv);
	start = now();
	catch_signals();
	start_qemu();
	if (recv_frame(&len) != WIRE_HELLO)
		die(ST_LAB, "unexpected greeting from the lab");
	booted = 1;
	for (int i = 0; i < opt.nput; i++)
		put(opt.put[i][0], opt.put[i][1]);
	if (opt.tty)
		raw_terminal();
	send_cmd();
	relay();
	for (int i = 0; i < opt.nget; i++)
		get(opt.get[i]);
	end_qemu();
	return cmd_status;
}
