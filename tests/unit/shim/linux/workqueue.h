/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_WORKQUEUE_H
#define SHIM_WORKQUEUE_H
struct work_struct { int shim; };
struct delayed_work { struct work_struct work; };
#endif
