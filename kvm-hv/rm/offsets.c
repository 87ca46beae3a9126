// SPDX-License-Identifier: GPL-2.0
/* Offsets of the C structures that the image's assembly uses; becomes rm/offsets.h. */
#include <linux/kbuild.h>
#include <linux/stddef.h>
#include <asm/paca.h>
#include "header.h"

int main(void);
int main(void)
{
	OFFSET(RM_RETURN_NIP, hv_rm_ctx, return_nip);
	OFFSET(RM_RETURN_MSR, hv_rm_ctx, return_msr);
	OFFSET(PACA_HOST_R1, paca_struct, kvm_hstate.host_r1);
	return 0;
}
