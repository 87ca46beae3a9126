// SPDX-License-Identifier: GPL-2.0
/*
 * Is vmlinux laid out as the headers say that we were built with?
 * kvmppc_p9_enter_guest addresses the PACA and struct kvm_vcpu by offsets that
 * were fixed when vmlinux was built; ours come from the headers. Module
 * versions catch most mismatches, the code itself catches the rest.
 */
#include <linux/kvm_host.h>
#include <asm/paca.h>
#include "hv.h"

#define INSN_STD(rs, ra, off)	(0xf8000000u | (rs) << 21 | (ra) << 16 | ((off) & 0xfffc))
#define INSN_LD(rt, ra, off)	(0xe8000000u | (rt) << 21 | (ra) << 16 | ((off) & 0xfffc))

bool hv_layout_matches(const u32 *entry)
{
	const u32 want[] = {
		INSN_STD(1, 13, offsetof(struct paca_struct, kvm_hstate.host_r1)),
		INSN_LD(4, 3, offsetof(struct kvm_vcpu, arch.regs.link)),
		INSN_LD(31, 3, offsetof(struct kvm_vcpu, arch.regs.gpr[31])),
		INSN_LD(1, 3, offsetof(struct kvm_vcpu, arch.regs.ccr)),
	};
	int i, k;

	for (i = 0; i < ARRAY_SIZE(want); i++) {
		for (k = 0; k < HV_ENTRY_WORDS && entry[k] != want[i]; k++)
			;
		if (k == HV_ENTRY_WORDS)
			return false;
	}
	return true;
}
