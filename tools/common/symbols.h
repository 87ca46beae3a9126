/* SPDX-License-Identifier: GPL-2.0 */
/* Names of a guest kernel's addresses, from its System.map or its vmlinux. */
#ifndef HV_SYMBOLS_H
#define HV_SYMBOLS_H

#include <stddef.h>
#include <stdint.h>

struct hv_symbols;

/* NULL after an error message. */
struct hv_symbols *hv_symbols_read(const char *path);
void hv_symbols_free(struct hv_symbols *s);
/*
 * The function that an address is in, or NULL. With the MMU off a guest's kernel
 * runs at its real addresses, which are found too.
 */
const char *hv_symbols_find(const struct hv_symbols *s, uint64_t addr);

#endif
