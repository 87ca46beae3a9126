/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The layout of a perf.data file (tools/perf/Documentation/perf.data-file-format.txt
 * in the kernel source). What the kernel itself puts into records is in
 * <linux/perf_event.h>; what perf adds is in libperf's <perf/event.h>.
 */
#ifndef HV_PERFDATA_H
#define HV_PERFDATA_H

#include <stdint.h>

#define PD_MAGIC	0x32454c4946524550ULL	/* "PERFILE2", read as little endian */
#define PD_FEATURE_BITS	256

enum pd_feature {
	PD_TRACING_DATA	= 1,
	PD_HOSTNAME	= 3,
	PD_OSRELEASE	= 4,
	PD_VERSION	= 5,
	PD_ARCH		= 6,
	PD_NRCPUS	= 7,
	PD_CMDLINE	= 11,
	PD_EVENT_DESC	= 12,
};

struct pd_section {
	uint64_t offset, size;
};

struct pd_header {
	uint64_t magic, size, attr_size;
	struct pd_section attrs, data, event_types;
	uint64_t features[PD_FEATURE_BITS / 64];
};

/* Strings in feature sections are padded to this. */
#define PD_STRING_ALIGN	64

/* The start of the tracing data section, before its version string. */
#define PD_TRACING_MAGIC	"\027\010\104tracing"

#endif
