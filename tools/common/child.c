// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "child.h"
#include "util.h"

static void wait_and_exec(int go, int failed, char *const argv[])
{
	char byte;
	int err;

	if (read(go, &byte, 1) != 1)	/* the parent gave up */
		_exit(1);
	execvp(argv[0], argv);
	err = errno;
	if (write(failed, &err, sizeof(err)) != sizeof(err))
		_exit(126);
	_exit(127);
}

int hv_child_prepare(struct hv_child *c, char *const argv[])
{
	int go[2], failed[2];

	*c = (struct hv_child){ 0 };
	if (pipe2(go, O_CLOEXEC) || pipe2(failed, O_CLOEXEC))
		return hv_error("cannot make a pipe: %s", strerror(errno));
	c->pid = fork();
	if (c->pid < 0)
		return hv_error("cannot fork: %s", strerror(errno));
	if (!c->pid) {
		close(go[1]);
		close(failed[0]);
		wait_and_exec(go[0], failed[1], argv);
	}
	close(go[0]);
	close(failed[1]);
	c->go = go[1];
	c->failed = failed[0];
	return 0;
}

int hv_child_start(struct hv_child *c, const char *name)
{
	int err = 0;
	ssize_t n = write(c->go, "", 1);

	close(c->go);
	c->go = -1;
	/* Ends with nothing read when exec closes the other end. */
	if (n == 1)
		n = read(c->failed, &err, sizeof(err));
	close(c->failed);
	if (n == sizeof(err))
		return hv_error("cannot run %s: %s", name, strerror(err));
	return 0;
}

bool hv_child_exited(struct hv_child *c)
{
	if (!c->exited)
		c->exited = waitpid(c->pid, &c->status, WNOHANG) == c->pid;
	return c->exited;
}

int hv_child_end(struct hv_child *c)
{
	if (!hv_child_exited(c)) {
		kill(c->pid, SIGTERM);
		while (waitpid(c->pid, &c->status, 0) < 0 && errno == EINTR)
			;
		c->exited = true;
	}
	return WIFEXITED(c->status) ? WEXITSTATUS(c->status) : 128 + WTERMSIG(c->status);
}
