// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/wait.h>
#include "bench_rig.h"

char output[65536];

static const char *hvbench;

void write_result(const char *path, double h_enter, const char *payload, const char *icount, const char *emulated)
{
	static const char *const names[] = { "H_REMOVE-none", "H_ENTER", "page-fault" };
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fprintf(f, "{\"schema\": \"kvm-hv-bench\", \"version\": 1, \"runs\": [");
	for (int boot = 0; boot < 2; boot++) {
		const char *comma = strchr(payload, ',');
		const char *of_boot = comma && boot ? comma + 1 : payload;

		fprintf(f, "%s{\"suite\": \"exits\", \"date\": \"2026-01-01T00:00:00Z\", \"boot\": \"boot-%d\", \"run\": 1, "
			"\"machine\": \"power9\", \"backend\": \"hv\", \"mitigations\": \"off\", \"emulated\": %s, "
			"\"timebase_hz\": 512000000, \"instructions_per_tick\": %s, \"environment\": {\"payload_sha256\": \"%.*s\", "
			"\"kernel\": \"6.12\"}, \"rows\": [", boot ? "," : "", boot, emulated, icount,
			(int)strcspn(of_boot, ","), of_boot);
		for (int r = 0; r < 3; r++) {
			double v = r == 1 ? h_enter : 100 * (r + 1);

			fprintf(f, "%s{\"row\": \"%s\", \"unit\": \"call\", \"counts\": [100, 100, 100, 100, 100, 100, 100, 100], "
				"\"ticks\": [%.0f, %.0f, %.0f, %.0f, %.0f, %.0f, %.0f, %.0f]}", r ? "," : "", names[r], 100 * v,
				100 * v + 1, 100 * v, 100 * v - 1, 110 * v, 100 * v, 100 * v + 1, 100 * v - 1);
		}
		fprintf(f, "]}");
	}
	fprintf(f, "]}\n");
	fclose(f);
}

void write_switches(const char *path, const char *backend, int n)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fprintf(f, "{\"schema\": \"kvm-hv-bench\", \"version\": 1, \"runs\": [{\"suite\": \"switches\", "
		"\"date\": \"2026-01-01T00:00:00Z\", \"boot\": \"%s\", \"run\": 1, \"machine\": \"power9\", \"backend\": \"%s\", "
		"\"mitigations\": \"auto\", \"emulated\": true, \"timebase_hz\": 512000000, \"instructions_per_tick\": null, "
		"\"environment\": {}, \"rows\": [{\"row\": \"boot-switches\", \"unit\": \"boot\", \"counts\": [1], "
		"\"switches\": [%d]}]}]}", backend, backend, n);
	fclose(f);
}

void write_row(const char *path, const char *row, const char *rest)
{
	FILE *f = fopen(path, "w");
	static int nr;

	assert_non_null(f);
	fprintf(f, "{\"schema\": \"kvm-hv-bench\", \"version\": 1, \"runs\": [{\"suite\": \"exits\", "
		"\"date\": \"2026-01-01T00:00:00Z\", \"boot\": \"b\", \"run\": %d, \"machine\": \"power9\", \"backend\": \"hv\", "
		"\"mitigations\": \"off\", \"emulated\": true, \"timebase_hz\": 512000000, \"instructions_per_tick\": 1.953125, "
		"\"environment\": {\"kernel\": \"6.12\\u001b[31m\"}, \"rows\": [{\"row\": \"%s\", \"unit\": \"call\", %s}]}]}", ++nr, row, rest);
	fclose(f);
}

void put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

int run_to(const char *args, const char *elsewhere)
{
	char command[1024];
	size_t n;
	FILE *p;

	snprintf(command, sizeof(command), "%s %s 2>&1 %s", hvbench, args, elsewhere);
	p = popen(command, "r");
	assert_non_null(p);
	n = fread(output, 1, sizeof(output) - 1, p);
	output[n] = '\0';
	return WEXITSTATUS(pclose(p));
}

int run(const char *args)
{
	return run_to(args, "");
}

int bench_begin(const char *path)
{
	static char dir[] = "/tmp/test_bench.XXXXXX";

	hvbench = realpath(path, NULL);
	if (!hvbench || !mkdtemp(dir) || chdir(dir))
		return -1;
	return setenv("HVBENCH", hvbench, 1) || setenv("DIR", dir, 1);
}

int bench_end(void **state)
{
	(void)state;
	return system("rm -rf $DIR");
}
