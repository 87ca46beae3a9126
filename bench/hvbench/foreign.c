// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../tools/common/util.h"
#include "foreign.h"

const char *const foreign[] = {
	"kernel", "kernel_build", "kernel_config_sha256", "emulator", "compiler", "payload_sha256", "guest_qemu", "processor",
	"revision", "mmu", "page_size", "cpus", "tracing", "hvbench", NULL
};

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char *values_of(const json_t *result, bool (*wanted)(const json_t *run, const void *arg), const void *arg, const char *key, size_t *n)
{
	const json_t *runs = json_object_get(result, "runs"), *run;
	const char **v = hv_alloc((json_array_size(runs) + 1) * sizeof(*v));
	size_t i, all = 0, once = 0, bytes = 1;
	char *text, *end;

	json_array_foreach(runs, i, run) {
		if (!wanted(run, arg))
			continue;
		v[all] = json_string_value(json_object_get(json_object_get(run, "environment"), key));
		if (!v[all] || !*v[all])
			v[all] = "(not told)";
		bytes += strlen(v[all++]) + 2;
	}
	if (all)
		qsort(v, all, sizeof(*v), by_name);
	text = end = hv_alloc(bytes);
	for (i = 0; i < all; i++)
		if (!i || strcmp(v[i], v[i - 1]))
			end += sprintf(end, "%s%s", once++ ? ", " : "", v[i]);
	free(v);
	hv_printable(text);
	if (n)
		*n = once;
	return text;
}
