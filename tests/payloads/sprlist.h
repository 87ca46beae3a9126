/* SPDX-License-Identifier: GPL-2.0 */
/* tracepoints/sprs.h as a guest uses it: who has which register. */
#ifndef SPRLIST_H
#define SPRLIST_H

#include "payload.h"

#define HV_P7	(1 << 7)
#define HV_P8	(1 << 8)
#define HV_P9	(1 << 9)
#define HV_P10	(1 << 10)
#define HV_ALL	(HV_P7 | HV_P8 | HV_P9 | HV_P10)
#define HV_P8UP	(HV_P8 | HV_P9 | HV_P10)
#define HV_P9UP	(HV_P9 | HV_P10)
#define HV_DAWR	(HV_P8 | HV_P10)

#endif
