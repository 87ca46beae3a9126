/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_RATELIMIT_H
#define SHIM_RATELIMIT_H

extern int shim_messages;	/* how many more the kernel's log takes; time stands still */
#define DEFINE_RATELIMIT_STATE(name, interval, burst)	int name __attribute__((unused))
#define __ratelimit(name)	(shim_messages > 0 && shim_messages--)

void shim_log(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
#define pr_err_ratelimited(fmt, ...)	shim_log(pr_fmt(fmt), ##__VA_ARGS__)

#endif
