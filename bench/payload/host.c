// SPDX-License-Identifier: GPL-2.0
/* What only hvrun can do for a guest: see bench/hvrun/hcall.c. */
#include "payload.h"

static void must(long rc, const char *what)
{
	if (rc) {
		printf("Bail out! %s returns %ld\n", what, rc);
		payload_exit(1);
	}
}

void host_sleep(u64 ms)
{
	must(HCALL(H_HVRUN_SLEEP, ms), "H_HVRUN_SLEEP");
}

void host_discard(void *start, u64 len)
{
	must(HCALL(H_HVRUN_DISCARD, (u64)start, len), "H_HVRUN_DISCARD");
}

u64 host_resident(void *start, u64 len)
{
	u64 args[9] = { (u64)start, len };

	must(hcall_raw(H_HVRUN_RESIDENT, args), "H_HVRUN_RESIDENT");
	return args[0];
}

long host_get_reg(u64 one_reg, u64 *value)
{
	u64 args[9] = { one_reg };
	long rc = hcall_raw(H_HVRUN_GET_REG, args);

	*value = args[0];
	return rc;
}

long host_set_reg(u64 one_reg, u64 value)
{
	return HCALL(H_HVRUN_SET_REG, one_reg, value);
}
