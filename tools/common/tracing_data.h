/* SPDX-License-Identifier: GPL-2.0 */
/* The event formats inside a perf.data file: its tracing data section. */
#ifndef HV_TRACING_DATA_H
#define HV_TRACING_DATA_H

#include <stdio.h>
#include "decode.h"
#include "tracefs.h"

/* A decoder that knows the section's events; NULL if the section is damaged. */
struct hv_decoder *hv_tracing_data_parse(const void *data, size_t len);
/* The section for these events, by this machine's tracefs. -1 after an error message. */
int hv_tracing_data_write(FILE *out, const struct hv_tracepoints *t);

#endif
