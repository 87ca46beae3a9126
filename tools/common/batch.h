/* SPDX-License-Identifier: GPL-2.0 */
/* The stream of words that the batch event carries (records.h), as the single events tell the same. */
#ifndef HV_BATCH_H
#define HV_BATCH_H

#include "decode.h"

struct hv_batch {
	const void *words;
	size_t nr;
	bool swap;		/* they are of the other endianness */
};

/*
 * Calls fn for each record. r: with all that the sample itself tells, vCPU and partition among its
 * fields. As hv_decode(); what comes before the damage is handed out.
 */
int hv_batch_each(const struct hv_batch *b, struct hv_record *r, hv_record_fn fn, void *arg);
/* The fields that records of this event have when they come from a batch; 0: none comes. */
uint64_t hv_batch_fields(enum hv_event e);

#endif
