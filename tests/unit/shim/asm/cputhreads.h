/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_CPUTHREADS_H
#define SHIM_CPUTHREADS_H

extern int threads_per_core, threads_per_subcore;

#endif
