// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include "../../tools/common/util.h"
#include "child.h"

static volatile pid_t running[2];	/* a guest and its peer; 0: none */

/* To all that the command has started as well. Waits for the command itself, two seconds at most. */
static void end_by(pid_t pid, int sig)
{
	const struct timespec look = { .tv_nsec = 20000000 };
	siginfo_t info = { 0 };

	kill(-pid, sig);
	for (int i = 0; i < 100 && !waitid(P_PID, pid, &info, WEXITED | WNOHANG | WNOWAIT) && !info.si_pid; i++)
		nanosleep(&look, NULL);
}

static void on_signal(int sig)
{
	for (size_t i = 0; i < ARRAY_SIZE(running); i++)
		if (running[i]) {
			end_by(running[i], SIGTERM);
			end_by(running[i], SIGKILL);
		}
	raise(sig);	/* comes when this returns, and ends us */
}

/* What is ignored (nohup) stays so. */
static void catch_signals(void)
{
	static const int signals[] = { SIGHUP, SIGINT, SIGTERM };
	struct sigaction sa = { .sa_handler = on_signal, .sa_flags = SA_RESETHAND }, was;

	sigfillset(&sa.sa_mask);
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		if (!sigaction(signals[i], NULL, &was) && was.sa_handler != SIG_IGN)
			sigaction(signals[i], &sa, NULL);
}

static void __attribute__((noreturn)) run_command(char *const argv[], void (*first)(void), pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);
	setpgid(0, 0);
	/* whoever reads a terminal from a process group of his own is stopped */
	if (isatty(STDIN_FILENO))
		dup2(open("/dev/null", O_RDONLY | O_CLOEXEC), STDIN_FILENO);
	if (first)
		first();
	execvp(argv[0], argv);
	hv_error("%s: %s", argv[0], strerror(errno));
	_exit(127);
}

int child_start(char *const argv[], void (*first)(void), struct child *c)
{
	pid_t parent = getpid();
	sigset_t all, old;
	int out[2];

	if (pipe(out))
		return hv_error("no pipe: %s", strerror(errno));
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &old);
	catch_signals();
	c->pid = fork();
	if (!c->pid) {
		sigprocmask(SIG_SETMASK, &old, NULL);
		dup2(out[1], STDOUT_FILENO);
		close(out[0]);
		close(out[1]);
		run_command(argv, first, parent);
	}
	if (c->pid > 0) {
		setpgid(c->pid, c->pid);	/* here too, as on_signal() goes by it */
		running[running[0] != 0] = c->pid;
	}
	sigprocmask(SIG_SETMASK, &old, NULL);
	close(out[1]);
	if (c->pid < 0) {
		close(out[0]);
		return hv_error("cannot start %s: %s", argv[0], strerror(errno));
	}
	c->out = fdopen(out[0], "r");
	return 0;
}

int child_end(struct child *c)
{
	siginfo_t info;
	int status;

	fclose(c->out);
	/* on_signal() must not take another process for it, which may have its number once it is waited for */
	waitid(P_PID, c->pid, &info, WEXITED | WNOWAIT);
	running[running[0] != c->pid] = 0;
	waitpid(c->pid, &status, 0);
	return status;
}

void child_fixed_layout(void)
{
	personality(ADDR_NO_RANDOMIZE);
}
