// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "commands.h"

char *hvtrace;

int run(const char *args)
{
	return tool_run(hvtrace, args);
}

void shows(const char *args, const char *text)
{
	if (run(args))
		fail_msg("hvtrace %s: %s", args, tool_output);
	if (!strstr(tool_output, text))
		fail_msg("hvtrace %s: no \"%s\" in: %s", args, text, tool_output);
}

void hides(const char *args, const char *text)
{
	if (run(args))
		fail_msg("hvtrace %s: %s", args, tool_output);
	if (strstr(tool_output, text))
		fail_msg("hvtrace %s: \"%s\" in: %s", args, text, tool_output);
}

void make_two(const char *name, bool big, bool tb)
{
	struct gen g;

	gen_start(&g, big, tb);
	gen_time_conv(&g, 512000000);
	gen_comm(&g, 77, "hvrun");
	gen_comm(&g, 88, "qemu, \"x\"");
	gen_hcalls(&g, 0, 0x8, 5);
	gen_hcalls(&g, 1, 0xe0, 3);
	g.pid = 88;
	g.lpid = 4;
	gen_hcalls(&g, 0, 0xf7fc, 4);
	gen_round(&g);
	tool_save(&g, name);
}

void make_times_py(void)
{
	static const char times[] =
		"import struct, sys\n"
		"b = open(sys.argv[1], 'rb').read()\n"
		"e = '<' if b[:8] == b'PERFILE2' else '>'\n"
		"at, size = struct.unpack_from(e + '2Q', b, 40)\n"
		"end, first = at + size, None\n"
		"while at < end:\n"
		"    kind, misc, n = struct.unpack_from(e + 'IHH', b, at)\n"
		"    if kind == 9:\n"
		"        t = struct.unpack_from(e + 'Q', b, at + 24)[0]\n"
		"        first = first or t\n"
		"        print('%d.%09d' % divmod(t - first, 10 ** 9))\n"
		"    at += n\n";

	tool_write("times.py", times, strlen(times));
}

int commands_begin(int argc, char *argv[])
{
	hvtrace = argc == 2 ? realpath(argv[1], NULL) : NULL;
	if (!hvtrace || tool_begin()) {
		fprintf(stderr, "usage: %s HVTRACE\n", argv[0]);
		return -1;
	}
	setenv("HVTRACE", hvtrace, 1);
	return 0;
}

int commands_end(void **state)
{
	(void)state;
	free(hvtrace);
	return tool_end();
}
