/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_XICS_H
#define SHIM_XICS_H

#define XICS_IPI	2
#define IPI_PRIORITY	4
#define XICS_MFRR	0xc

#endif
