/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_RATELIMIT_H
#define SHIM_RATELIMIT_H

void shim_log(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
#define pr_err_ratelimited(fmt, ...)	shim_log(pr_fmt(fmt), ##__VA_ARGS__)

#endif
