// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "check.h"
#include "tool.h"

char tool_dir[] = "/tmp/hvtrace-test.XXXXXX";
char tool_output[1 << 20];

int tool_begin(void)
{
	/* libtraceevent (1.7) leaks when it parses a format. */
	setenv("LSAN_OPTIONS", "detect_leaks=0", 1);
	if (mkdtemp(tool_dir))
		return 0;
	perror(tool_dir);
	return 1;
}

int tool_end(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", tool_dir);
	return system(command);
}

int tool_run(const char *tool, const char *args)
{
	char command[1024];
	size_t n;
	FILE *p;
	int status;

	snprintf(command, sizeof(command), "cd %s && %s %s 2>&1", tool_dir, tool, args);
	p = popen(command, "r");
	assert_non_null(p);
	n = fread(tool_output, 1, sizeof(tool_output) - 1, p);
	tool_output[n] = '\0';
	status = pclose(p);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

void tool_write(const char *name, const void *data, size_t len)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", tool_dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, len, f), len);
	fclose(f);
}

void tool_save(struct gen *g, const char *name)
{
	gen_finish(g);
	tool_write(name, g->data, g->len);
	gen_free(g);
}
