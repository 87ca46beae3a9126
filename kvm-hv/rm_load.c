// SPDX-License-Identifier: GPL-2.0
/*
 * Puts the real-mode image where code can run with the MMU off, after checking
 * that vmlinux is laid out as the headers say that we were built with.
 */
#include <linux/module.h>
#include <linux/gfp.h>
#include <linux/utsname.h>
#include <asm/cacheflush.h>
#include "hv.h"

extern char hv_rm_blob[], hv_rm_blob_end[];
extern void kvmppc_p9_enter_guest(struct kvm_vcpu *vcpu);

unsigned long hv_rm_image;
static unsigned int image_order;

/* Once, when the module is loaded; process context. -ENOEXEC, -ENOMEM */
int hv_rm_load(void)
{
	size_t size = hv_rm_blob_end - hv_rm_blob;

	if (!hv_layout_matches((const u32 *)kvmppc_p9_enter_guest)) {
		pr_err("this kernel's kvmppc_p9_enter_guest is not laid out as the headers say that this module was built with; rebuild the module for %s\n",
		       init_utsname()->release);
		return -ENOEXEC;
	}
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
