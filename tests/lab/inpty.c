// SPDX-License-Identifier: GPL-2.0
/*
 * inpty LINES COLUMNS COMMAND...: COMMAND in a pseudo-terminal of that size, on which nobody types. What
 * it shows comes out here. Ends with COMMAND's status.
 */
#include <errno.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
	struct winsize size = { 0 };
	char buf[4096];
	int master, status;
	ssize_t n;
	pid_t pid;

	if (argc < 4 || (size.ws_row = atoi(argv[1])) == 0 || (size.ws_col = atoi(argv[2])) == 0) {
		fprintf(stderr, "usage: inpty LINES COLUMNS COMMAND...\n");
		return 2;
	}
	pid = forkpty(&master, NULL, NULL, &size);
	if (pid < 0) {
		perror("inpty: no pseudo-terminal");
		return 2;
	}
	if (!pid) {
		execvp(argv[3], argv + 3);
		perror(argv[3]);
		_exit(127);
	}
	/* EIO: its other end is closed */
	while ((n = read(master, buf, sizeof(buf))) > 0 || (n < 0 && errno == EINTR))
		if (n > 0 && fwrite(buf, 1, n, stdout) != (size_t)n)
			break;
	fflush(stdout);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
