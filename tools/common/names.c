// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <stdio.h>
#include "names.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

const struct hv_name hv_exit_names[] = {
#define HV_EXIT(nr, name, help) { nr, #name, help },
#include "exits.h"
};
const size_t hv_nr_exit_names = COUNT(hv_exit_names);

const struct hv_name hv_hcall_names[] = {
#define HV_HCALL(nr, name, family) { nr, "H_" #name, #family },
#include "hcalls.h"
};
const size_t hv_nr_hcall_names = COUNT(hv_hcall_names);

const struct hv_name hv_hcall_rc_names[] = {
#define HV_HCALL_RC(nr, name) { nr, "H_" #name, "" },
#include "hcall_rcs.h"
};
const size_t hv_nr_hcall_rc_names = COUNT(hv_hcall_rc_names);

static const char *find(const struct hv_name *names, size_t nr_names, int64_t nr)
{
	for (size_t i = 0; i < nr_names; i++)
		if (names[i].nr == nr)
			return names[i].name;
	return NULL;
}

/* Numbers are looked up once per table row, not per event: a linear search will do. */
const char *hv_exit_name(int64_t trap, char buf[HV_NAME_MAX])
{
	const char *name = find(hv_exit_names, hv_nr_exit_names, trap);

	if (name)
		return name;
	snprintf(buf, HV_NAME_MAX, "trap 0x%" PRIx64, (uint64_t)trap);
	return buf;
}

const char *hv_hcall_name(int64_t req, char buf[HV_NAME_MAX])
{
	const char *name = find(hv_hcall_names, hv_nr_hcall_names, req);

	if (name)
		return name;
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
