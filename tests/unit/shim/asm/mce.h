/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_MCE_H
#define SHIM_MCE_H

#include <linux/types.h>

#define MAX_MC_EVT	10

enum MCE_Version { MCE_V1 = 1 };
enum MCE_Disposition { MCE_DISPOSITION_RECOVERED = 0, MCE_DISPOSITION_NOT_RECOVERED = 1 };

enum MCE_ErrorType {
	MCE_ERROR_TYPE_UNKNOWN = 0,
	MCE_ERROR_TYPE_UE = 1,
	MCE_ERROR_TYPE_SLB = 2,
	MCE_ERROR_TYPE_ERAT = 3,
};

struct machine_check_event {
	enum MCE_Version version;
	u8 in_use;
	enum MCE_Disposition disposition;
	enum MCE_ErrorType error_type;
	u64 srr0;
};

struct mce_info {
	int mce_nest_count;
	struct machine_check_event mce_event[MAX_MC_EVT];
};

void machine_check_print_event_info(struct machine_check_event *evt, bool user_mode, bool in_guest);

#endif
