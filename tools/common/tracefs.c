// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "decode.h"
#include "tracefs.h"
#include "util.h"

const char *hv_tracefs(void)
{
	static const char *const places[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		char path[64];

		snprintf(path, sizeof(path), "%s/events", places[i]);
		if (!access(path, R_OK | X_OK))
			return places[i];
	}
	if (geteuid())
		hv_error("cannot read /sys/kernel/tracing: tracing needs root");
	else
		hv_error("no tracefs: mount it with  mount -t tracefs tracefs /sys/kernel/tracing");
	return NULL;
}

static char *event_file(const char *system, const char *name, const char *file, size_t *len)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/events/%s/%s/%s", hv_tracefs(), system, name, file);
	return hv_read_file(path, len);
}

static bool already(const struct hv_tracepoints *t, const char *system, const char *name)
{
	for (size_t i = 0; i < t->nr; i++)
		if (!strcmp(t->tp[i].system, system) && !strcmp(t->tp[i].name, name))
			return true;
	return false;
}

/* 1: added, 0: the kernel has no such event. */
static int add(struct hv_tracepoints *t, const char *system, const char *name)
{
	struct hv_tracepoint tp = { 0 };
	char *id;

	if (already(t, system, name))
		return 1;
	id = event_file(system, name, "id", NULL);
	if (!id)
		return 0;
	tp.id = strtoull(id, NULL, 10);
	free(id);
	tp.format = event_file(system, name, "format", &tp.format_len);
	if (!tp.format)
		return 0;
	tp.system = hv_strdup(system);
	tp.name = hv_strdup(name);
	t->tp = hv_grow(t->tp, t->nr + 1, sizeof(*t->tp));
	t->tp[t->nr++] = tp;
	return 1;
}

static int add_system(struct hv_tracepoints *t, const char *system)
{
	size_t before = t->nr;
	char path[512];
	struct dirent *e;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/events/%s", hv_tracefs(), system);
	dir = opendir(path);
	if (!dir)
		return hv_error("this kernel has no trace events %s:*", system);
	while ((e = readdir(dir)))
		if (e->d_name[0] != '.')
			add(t, system, e->d_name);
	closedir(dir);
	if (t->nr == before)
		return hv_error("this kernel has no trace events %s:*", system);
	return 0;
}

static int add_one(struct hv_tracepoints *t, char *event)
{
	char *colon = strchr(event, ':');
	const char *system = colon ? event : HV_TRACE_SYSTEM, *name = colon ? colon + 1 : event;

	if (colon)
		*colon = '\0';
	if (!*system || !*name || strchr(event, '/') || strchr(name, '/'))
		return hv_error("-e: an empty or malformed event name");
	if (!strcmp(name, "*"))
		return add_system(t, system);
	if (!add(t, system, name))
		return hv_error("this kernel has no trace event %s:%s", system, name);
	return 0;
}

static bool has_pr(void)
{
	size_t len;
	char *id = event_file(hv_event_systems[HV_kvm_exit], hv_event_names[HV_kvm_exit], "id", &len);

	free(id);
	return id;
}

/* The batch event carries what the others tell; kvm-pr's have no time but the sample's, and would spoil the clock. */
static int add_ours(struct hv_tracepoints *t)
{
	bool batch = add(t, HV_TRACE_SYSTEM, HV_BATCH_EVENT);

	for (int e = 0; e < HV_NR_EVENTS; e++)
		if (!hv_is_pr(e))
			add(t, hv_event_systems[e], hv_event_names[e]);
	if (!batch && has_pr())
		for (int e = 0; e < HV_NR_EVENTS; e++)
			if (hv_is_pr(e))
				add(t, hv_event_systems[e], hv_event_names[e]);
	if (!t->nr)
		return hv_error("no KVM backend that traces its guests' exits: load one first (modprobe kvm-hv)");
	if (batch) {
		t->nr_described = t->nr - 1;
		t->nr = 1;
	}
	return 0;
}

int hv_tracepoints_find(const char *events, struct hv_tracepoints *found)
{
	char *list, *at, *event;
	int ret = 0;

	*found = (struct hv_tracepoints){ 0 };
	if (!hv_tracefs())
		return -1;
	if (!events)
		return add_ours(found);
	at = list = hv_strdup(events);
	while (!ret && (event = strsep(&at, ",")))
		ret = add_one(found, event);
	free(list);
	if (ret)
		hv_tracepoints_free(found);
	return ret;
}

static void free_one(struct hv_tracepoint *tp)
{
	free(tp->system);
	free(tp->name);
	free(tp->format);
	free(tp->filter);
}

void hv_tracepoints_single(struct hv_tracepoints *t)
{
	if (!t->nr_described)
		return;
	free_one(t->tp);
	memmove(t->tp, t->tp + 1, t->nr_described * sizeof(*t->tp));
	t->nr = t->nr_described;
	t->nr_described = 0;
}

void hv_tracepoints_free(struct hv_tracepoints *t)
{
	for (size_t i = 0; i < t->nr + t->nr_described; i++)
		free_one(&t->tp[i]);
	free(t->tp);
	*t = (struct hv_tracepoints){ 0 };
}
