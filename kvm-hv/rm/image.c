// SPDX-License-Identifier: GPL-2.0
/*
 * The image is one translation unit, compiled with -fwhole-program: what has one
 * caller is inlined, and nothing needs a TOC. hpte.c, map.c and hcall_hpt.c are the module's own files
 * once more, see ../mmu.h. hv_rm_run is entry.S's.
 */
#undef CONFIG_PROVE_RCU		/* a kernel that has it asks vmlinux at each rcu_dereference_raw_check() */
#include "xics.c"
#include "hcall.c"
#include "handle.c"
#include "regs.c"
#include "switch.c"
#include "../hpte.c"
#include "../map.c"
#include "../hcall_hpt.c"
