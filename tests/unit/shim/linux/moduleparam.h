/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_MODULEPARAM_H
#define SHIM_MODULEPARAM_H
#define module_param(name, type, mode)	extern int shim_param_##name
#define MODULE_PARM_DESC(name, text)	extern int shim_desc_##name
#endif
