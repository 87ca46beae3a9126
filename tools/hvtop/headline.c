// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <stdio.h>
#include <time.h>
#include "top.h"

void top_headline(const struct top *t, char *buf, size_t size)
{
	char clock[32];
	time_t now = time(NULL);
	size_t at;

	strftime(clock, sizeof(clock), "%H:%M:%S", localtime(&now));
	if (t->table && t->table->at >= 0)
		snprintf(clock, sizeof(clock), "%.3f s", t->table->at);
	at = snprintf(buf, size, "hvtop %s%s%s", clock, t->over ? ", THE END" : "", t->paused ? ", PAUSED" : "");
	if (!t->table) {
		snprintf(buf + at, size - at, ", first numbers in %g s", t->delay);
		return;
	}
	at += snprintf(buf + at, size - at, ", %s, by %s, %zu VM%s", t->table->backend, t->table->source,
		       t->table->nr_vms, t->table->nr_vms == 1 ? "" : "s");
	if (at < size && t->table->lost)
		snprintf(buf + at, size - at, ", LOST %llu events", t->table->lost);
}

/* All VMs together; their time is what their vCPUs' rows say, weighed by nothing: a vCPU is a vCPU, once it has run. */
void top_summary(const struct top *t, char *buf, size_t size)
{
	double exits = 0, hcalls = 0, guest = 0, real = 0, hypervisor = 0, user = 0, idle = 0;
	size_t vcpus = 0, seen = 0, told = 0, at;

	for (size_t i = 0; i < t->table->nr; i++) {
		const struct live_row *r = &t->table->rows[i];

		if (r->is_vm)
			continue;
		vcpus++;
		exits += r->row.exits_rate;
		hcalls += r->row.hcalls_rate;
		guest += r->row.guest;
		real += r->row.real;
		hypervisor += r->row.hypervisor;
		user += fmax(r->row.user, 0);
		idle += r->row.idle;
		seen += r->row.guest + r->row.share > 0;
		told += r->row.user >= 0;
	}
	at = *t->filter ? snprintf(buf, size, "filter: %s; ", t->filter) : 0;
	at += snprintf(buf + at, size - at, "%zu vCPU%s: %.0f exits/s, %.0f hcalls/s", vcpus, vcpus == 1 ? "" : "s", exits, hcalls);
	if (!seen)
		return;
	at += snprintf(buf + at, size - at, "; guest %.0f%% real %.0f%% hv %.0f%%", 100 * guest / seen, 100 * real / seen,
		       100 * hypervisor / seen);
	if (told)
		at += snprintf(buf + at, size - at, " user %.0f%%", 100 * user / seen);
	snprintf(buf + at, size - at, " idle %.0f%%", 100 * idle / seen);
}
