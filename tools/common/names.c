// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <stdio.h>
#include "names.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

const struct hv_name hv_exit_names[] = {
#define HV_EXIT(nr, name, help) { nr, #name, help, NULL },
#include "exits.h"
};
const size_t hv_nr_exit_names = COUNT(hv_exit_names);

const struct hv_name hv_hcall_names[] = {
#define HV_HCALL(nr, name, family, ...) { nr, "H_" #name, #family, "" __VA_ARGS__ },
#include "hcalls.h"
};
const size_t hv_nr_hcall_names = COUNT(hv_hcall_names);

const struct hv_name hv_hcall_rc_names[] = {
#define HV_HCALL_RC(nr, name) { nr, "H_" #name, "", NULL },
#include "hcall_rcs.h"
};
const size_t hv_nr_hcall_rc_names = COUNT(hv_hcall_rc_names);

const struct hv_name hv_msr_bits[] = {
#define HV_MSR_BIT(bit, name) { bit, #name, "", NULL },
#include "bits.h"
};
const size_t hv_nr_msr_bits = COUNT(hv_msr_bits);

const struct hv_name hv_dsisr_bits[] = {
#define HV_DSISR_BIT(bit, name, help) { bit, #name, help, NULL },
#include "bits.h"
};
const size_t hv_nr_dsisr_bits = COUNT(hv_dsisr_bits);

static const struct hv_name *find_row(const struct hv_name *names, size_t nr_names, int64_t nr)
{
	for (size_t i = 0; i < nr_names; i++)
		if (names[i].nr == nr)
			return &names[i];
	return NULL;
}

static const char *find(const struct hv_name *names, size_t nr_names, int64_t nr)
{
	const struct hv_name *row = find_row(names, nr_names, nr);

	return row ? row->name : NULL;
}

static const char others[] = "(others)";

const char *hv_exit_name(int64_t trap, char buf[HV_NAME_MAX])
{
	const char *name = find(hv_exit_names, hv_nr_exit_names, trap);

	if (name || trap == HV_OTHERS)
		return name ? name : others;
	snprintf(buf, HV_NAME_MAX, "trap 0x%" PRIx64, (uint64_t)trap);
	return buf;
}

const char *hv_hcall_name(int64_t req, char buf[HV_NAME_MAX])
{
	const char *name = find(hv_hcall_names, hv_nr_hcall_names, req);

	if (name || req == HV_OTHERS)
		return name ? name : others;
	snprintf(buf, HV_NAME_MAX, "hcall 0x%" PRIx64, (uint64_t)req);
	return buf;
}

const char *hv_hcall_rc_name(int64_t rc, char buf[HV_NAME_MAX])
{
	const char *name = find(hv_hcall_rc_names, hv_nr_hcall_rc_names, rc);

	if (name)
		return name;
	snprintf(buf, HV_NAME_MAX, "%" PRId64, rc);
	return buf;
}

const char *hv_hcall_args(int64_t req)
{
	const struct hv_name *row = find_row(hv_hcall_names, hv_nr_hcall_names, req);

	return row ? row->args : "";
}

const char *hv_bit_names(uint64_t value, const struct hv_name *bits, size_t nr, char *buf, size_t size)
{
	size_t at = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < nr && at < size; i++) {
		if (!(value >> bits[i].nr & 1))
			continue;
		at += snprintf(buf + at, size - at, "%s%s", at ? "|" : "", bits[i].name);
		value &= ~(1ull << bits[i].nr);
	}
	if (value && at < size)
		snprintf(buf + at, size - at, "%s0x%" PRIx64, at ? "|" : "", value);
	return buf;
}
