/* SPDX-License-Identifier: GPL-2.0 */
/* Numbers and return codes of hypercalls: from the project's own lists. */
#ifndef SHIM_HVCALL_H
#define SHIM_HVCALL_H

enum {
#define HV_HCALL(number, name, ...) H_##name = number,
#include "hcalls.h"
#define HV_HCALL_RC(value, name) H_##name = value,
#include "hcall_rcs.h"
};
#define MAX_HCALL_OPCODE	H_GUEST_DELETE	/* the highest that KVM_CAP_PPC_ENABLE_HCALL knows */

#endif
