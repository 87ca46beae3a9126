/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HV_NAMES_H
#define HV_NAMES_H

#include <stddef.h>
#include <stdint.h>

struct hv_name {
	int64_t nr;
	const char *name;
	const char *help;	/* one-line meaning, or the hcall's family */
};

extern const struct hv_name hv_exit_names[];
extern const size_t hv_nr_exit_names;
extern const struct hv_name hv_hcall_names[];
extern const size_t hv_nr_hcall_names;
extern const struct hv_name hv_hcall_rc_names[];
extern const size_t hv_nr_hcall_rc_names;

#define HV_NAME_MAX 48

/* The number's name, or the number itself, written to buf, if it has none. */
const char *hv_exit_name(int64_t trap, char buf[HV_NAME_MAX]);
const char *hv_hcall_name(int64_t req, char buf[HV_NAME_MAX]);
const char *hv_hcall_rc_name(int64_t rc, char buf[HV_NAME_MAX]);

#endif
