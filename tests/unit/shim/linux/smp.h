/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_SMP_H
#define SHIM_SMP_H

int smp_processor_id(void);

#endif
