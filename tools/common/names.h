/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HV_NAMES_H
#define HV_NAMES_H

#include <stddef.h>
#include <stdint.h>

struct hv_name {
	int64_t nr;
	const char *name;
	const char *help;	/* one-line meaning, or the hcall's family */
	const char *args;	/* names of the hcall's arguments, r4 first, with blanks between */
};

enum hv_hcall_nr {
#define HV_HCALL(nr, name, ...) HV_H_##name = nr,
#include "hcalls.h"
};

extern const struct hv_name hv_exit_names[];
extern const size_t hv_nr_exit_names;
extern const struct hv_name hv_hcall_names[];
extern const size_t hv_nr_hcall_names;
extern const struct hv_name hv_hcall_rc_names[];
extern const size_t hv_nr_hcall_rc_names;

#define HV_NAME_MAX 48
/* Not a number, but what statistics have no row for and count together. */
#define HV_OTHERS INT64_MIN

/* The number's name, or the number itself, written to buf, if it has none. */
const char *hv_exit_name(int64_t trap, char buf[HV_NAME_MAX]);
const char *hv_hcall_name(int64_t req, char buf[HV_NAME_MAX]);
const char *hv_hcall_rc_name(int64_t rc, char buf[HV_NAME_MAX]);
/* Names of an hcall's arguments, or "" if they are not known. */
const char *hv_hcall_args(int64_t req);

/* A register's bits, the highest first; "nr" is the bit's number. */
extern const struct hv_name hv_msr_bits[];
extern const size_t hv_nr_msr_bits;
extern const struct hv_name hv_dsisr_bits[];
extern const size_t hv_nr_dsisr_bits;
/* Names of the bits that are set, with '|' between; bits without a name come last, as one number. */
const char *hv_bit_names(uint64_t value, const struct hv_name *bits, size_t nr, char *buf, size_t size);

#endif
