// SPDX-License-Identifier: GPL-2.0
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>
#include "settle.h"

#define LOOK_US	500000
#define LOOKS	120
#define QUIET	3	/* looks one after the other */

/*
 * The processors' time since boot and how much of it no task had, in clock ticks.
 * Interrupts are no task's: a host that idles still has its timer (3 % on an
 * emulated POWER8), and no waiting makes that less.
 */
static bool cpu_times(unsigned long long *all, unsigned long long *idle)
{
	unsigned long long t[8];	/* user nice system idle iowait irq softirq steal */
	FILE *f = fopen("/proc/stat", "re");
	bool ok;

	if (!f)
		return false;
	ok = fscanf(f, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &t[0], &t[1], &t[2], &t[3], &t[4], &t[5], &t[6], &t[7]) == 8;
	fclose(f);
	*all = 0;
	for (int i = 0; ok && i < 8; i++)
		*all += t[i];
	*idle = ok ? t[3] + t[4] + t[5] + t[6] : 0;
	return ok;
}

int settle(void)
{
	unsigned long long all, idle, was_all, was_idle;
	int busy = -1;

	for (int looks = 0, quiet = 0; looks < LOOKS && quiet < QUIET; looks++) {
		if (!cpu_times(&was_all, &was_idle))
			return -1;
		usleep(LOOK_US);
		if (!cpu_times(&all, &idle))
			return -1;
		busy = 100;
		if (all > was_all && idle >= was_idle && idle - was_idle <= all - was_all)
			busy = 100 - (int)(100 * (idle - was_idle) / (all - was_all));
		quiet = busy <= SETTLED_PERCENT ? quiet + 1 : 0;
	}
	return busy;
}
