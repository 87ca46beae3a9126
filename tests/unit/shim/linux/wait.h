/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_WAIT_H
#define SHIM_WAIT_H
typedef struct { int shim; } wait_queue_head_t;
#endif
