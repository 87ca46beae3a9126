// SPDX-License-Identifier: GPL-2.0
/* caps MACHINE: capabilities of a VM compared with caps.h, and what it is refused, as TAP. MACHINE: 8, 9 or 10. */
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

static const struct {
	const char *name;
	int number, want[3];
} caps[] = {
#define HV_CAP(name, p8, p9, p10, text) { #name, KVM_CAP_##name, { p8, p9, p10 } },
#include "caps.h"
};

#define NCAPS (sizeof(caps) / sizeof(caps[0]))

static unsigned int tests, failed;

static void result(bool ok, const char *what, int got, int want)
{
	failed += !ok;
	printf("%sok %u - %s is %d (expected %d)\n", ok ? "" : "not ", ++tests, what, got, want);
}

static void refused(int vm, unsigned long call, void *arg, const char *what, int want)
{
	int got = ioctl(vm, call, arg) ? errno : 0;

	result(got == want, what, got, want);
}

/* interfaces.sh looks for what the module says to these. */
static void refusals(int vm, int machine)
{
	struct kvm_ppc_mmuv3_cfg radix = { .flags = KVM_PPC_MMUV3_RADIX, .process_table = 1ull << 63 };
	struct kvm_enable_cap nested = { .cap = KVM_CAP_PPC_NESTED_HV, .args = { 1 } };
	struct kvm_enable_cap secure = { .cap = KVM_CAP_PPC_SECURE_GUEST, .args = { 1 } };

	refused(vm, KVM_PPC_CONFIGURE_V3_MMU, &radix, "errno for a radix guest", machine > 8 ? EINVAL : ENODEV);
	refused(vm, KVM_ENABLE_CAP, &nested, "errno for nested guests", ENODEV);
	refused(vm, KVM_ENABLE_CAP, &secure, "errno for a secure guest", EINVAL);
}

int main(int argc, char **argv)
{
	int machine = argc == 2 ? atoi(argv[1]) : 0;
	int kvm, vm;

	if (machine < 8 || machine > 10) {
		fprintf(stderr, "usage: caps 8|9|10\n");
		return 2;
	}
	kvm = open("/dev/kvm", O_RDWR);
	vm = kvm < 0 ? -1 : ioctl(kvm, KVM_CREATE_VM, 1);
	if (vm < 0) {
		perror("caps: no VM");
		return 2;
	}
	for (size_t i = 0; i < NCAPS; i++) {
		int got = ioctl(vm, KVM_CHECK_EXTENSION, caps[i].number);
		int want = caps[i].want[machine - 8];
		char name[64];

		snprintf(name, sizeof(name), "KVM_CAP_%s", caps[i].name);
		result(got == want, name, got, want);
	}
	refusals(vm, machine);
	printf("1..%u\n", tests);
	return failed != 0;
}
