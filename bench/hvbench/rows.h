/* SPDX-License-Identifier: GPL-2.0 */
/* The rows that hvbench knows: those of the guest (../rows.h) and the workloads. */
#ifndef HVBENCH_ROWS_H
#define HVBENCH_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum group { GROUP_CONTROL, GROUP_HCALL, GROUP_HPT, GROUP_FAULT, GROUP_MMU, GROUP_PRIV, GROUP_TIMER, GROUP_IO, GROUP_IRQ };

enum setup_id {
#define HV_BENCH_SETUP(id, ...) SETUP_##id,
#include "../rows.h"
	NR_SETUPS
};

struct setup {
	const char *name, *options, *what;
};

struct row {
	const char *name, *unit, *dall, *what;
	enum group group;
	enum setup_id setup;
};

struct workload {
	const char *name, *unit, *what;
};

#define BOOT_SWITCHES "boot-switches"	/* the one row of the suite switches */

extern const struct workload workloads[];	/* the boot first, which hvwork does not run */
extern const size_t nr_workloads;
extern const struct setup setups[NR_SETUPS];
extern const struct row bench_rows[];
extern const size_t nr_rows;

const struct row *row_find(const char *name);
const struct workload *workload_find(const char *name);
const char *group_name(enum group group);

#endif
