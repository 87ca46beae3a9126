/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_MODULE_H
#define SHIM_MODULE_H

struct module;
#define THIS_MODULE	((struct module *)0)
void __module_get(struct module *m);
void module_put(struct module *m);

#endif
