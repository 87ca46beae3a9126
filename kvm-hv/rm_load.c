// SPDX-License-Identifier: GPL-2.0
/*
 * Puts the real-mode image where code can run with the MMU off, after checking
 * that vmlinux is laid out as the headers say that we were built with.
 */
#include <linux/module.h>
#include <linux/gfp.h>
#include <linux/utsname.h>
#include <asm/cacheflush.h>
#include <asm/paca.h>
#include "hv.h"

extern char hv_rm_blob[], hv_rm_blob_end[];
extern void kvmppc_p9_enter_guest(struct kvm_vcpu *vcpu);

unsigned long hv_rm_image;
static unsigned int image_order;

#define INSN_STD(rs, ra, off)	(0xf8000000u | (rs) << 21 | (ra) << 16 | ((off) & 0xfffc))
#define INSN_LD(rt, ra, off)	(0xe8000000u | (rt) << 21 | (ra) << 16 | ((off) & 0xfffc))
#define ENTRY_WORDS		64	/* kvmppc_p9_enter_guest has about 70 instructions before its hrfid */

static bool entry_has(u32 op)
{
	const u32 *p = (const u32 *)kvmppc_p9_enter_guest;
	int i;

	for (i = 0; i < ENTRY_WORDS; i++)
		if (p[i] == op)
			return true;
	return false;
}

/*
 * kvmppc_p9_enter_guest addresses the PACA and struct kvm_vcpu by offsets that
 * were fixed when vmlinux was built; ours come from the headers. Module
 * versions catch most mismatches, the code itself catches the rest.
 */
static int check_layout(void)
{
	if (entry_has(INSN_STD(1, 13, offsetof(struct paca_struct, kvm_hstate.host_r1))) &&
	    entry_has(INSN_LD(4, 3, offsetof(struct kvm_vcpu, arch.regs.link))) &&
	    entry_has(INSN_LD(31, 3, offsetof(struct kvm_vcpu, arch.regs.gpr[31]))) &&
	    entry_has(INSN_LD(1, 3, offsetof(struct kvm_vcpu, arch.regs.ccr))))
		return 0;
	pr_err("this kernel's kvmppc_p9_enter_guest is not laid out as the headers say that this module was built with; rebuild the module for %s\n",
	       init_utsname()->release);
	return -ENOEXEC;
}

/* Once, when the module is loaded; process context. -ENOEXEC, -ENOMEM */
int hv_rm_load(void)
{
	size_t size = hv_rm_blob_end - hv_rm_blob;
	int err = check_layout();

	if (err)
		return err;
	image_order = get_order(size);
	hv_rm_image = __get_free_pages(GFP_KERNEL, image_order);
	if (!hv_rm_image)
		return -ENOMEM;
	memcpy((void *)hv_rm_image, hv_rm_blob, size);
	flush_icache_range(hv_rm_image, hv_rm_image + size);
	return 0;
}

void hv_rm_unload(void)
{
	free_pages(hv_rm_image, image_order);
}
