/* SPDX-License-Identifier: GPL-2.0 */
/* What all forms of the report share. */
#ifndef HVTRACE_REPORT_H
#define HVTRACE_REPORT_H

#include "../common/columns.h"
#include "../common/names.h"
#include "recording.h"

typedef const char *(*name_fn)(int64_t nr, char buf[HV_NAME_MAX]);

bool several_vms(const struct hv_stats *s);

/* Tables of one VM or vCPU, the rows in order. fn gets table names as JSON has them. */
typedef void (*table_row_fn)(const char *table, int64_t nr, const struct hv_row *row, void *arg);
void for_each_row(struct hv_sums *s, table_row_fn fn, void *arg);
/* The rows of the VM's guest addresses. */
void for_each_pc(const struct recording *r, const struct hv_vcpu *v, uint64_t outside, table_row_fn fn, void *arg);

void report_text(struct recording *r, const char *path);
void report_json(struct recording *r, const char *path);
void report_csv(struct recording *r);

/* Also for hvtrace stat, which has no file. */
void print_sums_text(struct hv_sums *s);
void json_sums(struct hv_json *j, struct hv_sums *s);

#endif
