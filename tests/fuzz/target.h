/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FUZZ_TARGET_H
#define FUZZ_TARGET_H

#include <stddef.h>
#include <stdint.h>

/* What libFuzzer calls, and our own driver where there is no clang: any bytes, read as a recording. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
