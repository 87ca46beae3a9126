// SPDX-License-Identifier: GPL-2.0
#include <string.h>
#include "rows.h"

#define STR(x) #x

const struct setup setups[NR_SETUPS] = {
#define HV_BENCH_SETUP(id, options, what) { STR(id), options, what },
#include "../rows.h"
};

const struct row bench_rows[] = {
#define HV_BENCH_ROW(id, name, group, setup, unit, dall, what) { name, unit, dall, what, GROUP_##group, SETUP_##setup },
#include "../rows.h"
};

const struct workload workloads[] = {
	{ "boot", "boot", "from the start of QEMU to the first command in a Debian guest" },
#define HV_BENCH_WORKLOAD(id, count, unit, what) { #id, unit, what },
#include "../rows.h"
};

const size_t nr_workloads = sizeof(workloads) / sizeof(workloads[0]);
const size_t nr_rows = sizeof(bench_rows) / sizeof(bench_rows[0]);

const struct row *row_find(const char *name)
{
	for (size_t i = 0; i < nr_rows; i++)
		if (!strcmp(bench_rows[i].name, name))
			return &bench_rows[i];
	return NULL;
}

const struct workload *workload_find(const char *name)
{
	for (size_t i = 0; i < nr_workloads; i++)
		if (!strcmp(workloads[i].name, name))
			return &workloads[i];
	return NULL;
}

const char *group_name(enum group group)
{
	static const char *const names[] = {
		[GROUP_CONTROL] = "control", [GROUP_HCALL] = "hypercalls", [GROUP_HPT] = "hashed page table",
		[GROUP_FAULT] = "faults", [GROUP_MMU] = "translation", [GROUP_PRIV] = "privileged instructions",
		[GROUP_TIMER] = "timers", [GROUP_IO] = "I/O", [GROUP_IRQ] = "interrupts and switches",
	};

	return names[group];
}
