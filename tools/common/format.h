/* SPDX-License-Identifier: GPL-2.0 */
/* Records as text. The libtraceevent plug-in prints the same lines. */
#ifndef HV_FORMAT_H
#define HV_FORMAT_H

#include "decode.h"

#define HV_LINE_MAX 1024

/*
 * What the event says: first what the kernel's own event of that name prints,
 * to the letter, so that scripts that read it go on working; then our fields,
 * and what the numbers mean.
 */
void hv_format_record(char *buf, size_t size, const struct hv_record *r);
/* One field's value; "" if the record does not have it. */
void hv_format_field(char *buf, size_t size, const struct hv_record *r, enum hv_field f);

#endif
