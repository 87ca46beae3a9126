// SPDX-License-Identifier: GPL-2.0
/* The smallest payload: says who it is and ends with the status in r6. */
#include "payload.h"

int main(void)
{
	printf("hello from a guest on POWER%d: %lu MiB, %lu vCPU(s)\n", power_generation(),
	       boot_args.mem_size >> 20, boot_args.ncpus);
	return boot_args.arg[0];
}
