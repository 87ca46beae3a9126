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
#define H_EXACT		(1ul << (63 - 24))
#define H_READ_4	(1ul << (63 - 26))
#define H_AVPN		(1ul << (63 - 32))
#define H_ANDCOND	(1ul << (63 - 33))
#define H_VPA_FUNC_SHIFT	(63 - 18)
#define H_VPA_FUNC_MASK	7ul
#define H_VPA_REG_VPA	1ul
#define H_VPA_REG_DTL	2ul
#define H_VPA_REG_SLB	3ul
#define H_VPA_DEREG_VPA	5ul
#define H_VPA_DEREG_DTL	6ul
#define H_VPA_DEREG_SLB	7ul
#define MAX_HCALL_OPCODE	H_GUEST_DELETE	/* the highest that KVM_CAP_PPC_ENABLE_HCALL knows */

#endif
