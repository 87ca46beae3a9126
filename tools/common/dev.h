/* SPDX-License-Identifier: GPL-2.0 */
/* /dev/kvm-hv, where our backend tells its statistics and takes what is to be recorded. */
#ifndef HV_DEV_H
#define HV_DEV_H

#include <stdbool.h>
#include <stdint.h>
#include "kvm_hv_dev.h"

/* A file descriptor; -1 and errno. */
int hv_dev_open(bool to_write);
/* One line about an errno of the above; returns -1. */
int hv_dev_error(int err);
#define HV_LAST_VECTOR	0x1fff	/* as far as a filter goes */
/* The bits of exits and hypercalls in a filter. */
void hv_filter_all(struct hv_filter *f);
void hv_filter_exit(struct hv_filter *f, int64_t vector);
void hv_filter_hcall(struct hv_filter *f, int64_t number);
/* Both: -1 after an error message. */
int hv_dev_filter(int fd, const struct hv_filter *f);
int hv_dev_flush(int fd);

#endif
