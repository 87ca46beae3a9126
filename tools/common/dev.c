// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include "dev.h"
#include "names.h"
#include "util.h"

/* The unit tests make one of their own. */
#ifndef HV_DEV_FILE
#define HV_DEV_FILE HV_DEV_PATH
#endif

int hv_dev_open(bool to_write)
{
	return open(HV_DEV_FILE, (to_write ? O_RDWR : O_RDONLY) | O_CLOEXEC);
}

int hv_dev_error(int err)
{
	if (err == EACCES || err == EPERM)
		return hv_error("may not open %s: run as root, or have an administrator give it to a group of yours",
				HV_DEV_FILE);
	return hv_error("cannot open %s: %s", HV_DEV_FILE, strerror(err));
}

static void set_bit(__u64 *bits, uint64_t nr)
{
	bits[nr / 64] |= 1ull << nr % 64;
}

void hv_filter_exit(struct hv_filter *f, int64_t vector)
{
	if (vector <= HV_LAST_VECTOR)
		set_bit(f->exits, vector / 0x20);
}

void hv_filter_hcall(struct hv_filter *f, int64_t number)
{
	if (number < 0x800)
		set_bit(f->hcalls, number / 4);
	else if (number >= 0xf000 && number < 0xf800)
		set_bit(f->own_hcalls, (number - 0xf000) / 4);
	else
		f->other_hcalls = 1;
}

void hv_filter_all(struct hv_filter *f)
{
	memset(f, 0xff, sizeof(*f));
	f->version = HV_DEV_VERSION;
	f->other_hcalls = 1;
}

int hv_dev_filter(int fd, const struct hv_filter *f)
{
	if (!ioctl(fd, HV_IOC_FILTER, f))
		return 0;
	if (errno == EINVAL)
		return hv_error("the backend that is loaded has another version than this hvtrace: install both anew");
	return hv_error("%s: cannot set what to record: %s", HV_DEV_FILE, strerror(errno));
}

int hv_dev_flush(int fd)
{
	return ioctl(fd, HV_IOC_FLUSH) ? hv_error("%s: cannot flush: %s", HV_DEV_FILE, strerror(errno)) : 0;
}
