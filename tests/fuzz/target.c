// SPDX-License-Identifier: GPL-2.0
/* Any bytes, read as a recording: every command's way through it, with no more than one line of error message. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include "../../tools/common/format.h"
#include "../../tools/hvtrace/report.h"
#include "target.h"

/* libtraceevent (1.7) itself forgets a few strings of an event format that it cannot parse. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libtraceevent";
}

static int file = -1, messages;
static char path[64];

static int format_item(const struct hv_item *item, void *arg)
{
	char text[HV_LINE_MAX];

	(void)arg;
	if (!item->lost)
		hv_format_record(text, sizeof(text), &item->r);
	return 0;
}

static void read_records(void)
{
	struct hv_reader *rd = hv_reader_open(path);

	if (!rd)
		return;
	hv_reader_run(rd, format_item, NULL);
	hv_reader_close(rd);
}

/* stderr goes to a file whose lines are counted, stdout nowhere. */
static void setup(void)
{
	file = memfd_create("recording", 0);
	messages = memfd_create("messages", 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	if (!freopen("/dev/null", "w", stdout))
		abort();
}

static void check_messages(int saved)
{
	char text[4096];
	ssize_t n = pread(messages, text, sizeof(text), 0);
	int lines = 0;

	for (ssize_t i = 0; i < n; i++)
		lines += text[i] == '\n';
	dup2(saved, STDERR_FILENO);
	close(saved);
	if (lines > 1) {
		fprintf(stderr, "%d lines of error message:\n%.*s", lines, (int)n, text);
		abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct recording *r;
	int saved;

	if (file < 0)
		setup();
	if (ftruncate(file, 0) || pwrite(file, data, size, 0) != (ssize_t)size || ftruncate(messages, 0))
		abort();
	saved = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 100);
	dup2(messages, STDERR_FILENO);
	lseek(messages, 0, SEEK_SET);
	r = recording_read(path, &HV_SELECT_ALL, NULL);
	if (r) {
		report_text(r, path);
		report_json(r, path);
		recording_free(r);
	}
	check_messages(saved);
	saved = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 100);
	dup2(messages, STDERR_FILENO);
	read_records();
	dup2(saved, STDERR_FILENO);
	close(saved);
	return 0;
}
