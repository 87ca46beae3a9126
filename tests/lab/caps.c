// SPDX-License-Identifier: GPL-2.0
/* caps MACHINE: capabilities of a VM compared with caps.h, as TAP. MACHINE: 8, 9 or 10. */
#include <fcntl.h>
#include <linux/kvm.h>
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

int main(int argc, char **argv)
{
	int machine = argc == 2 ? atoi(argv[1]) : 0;
	int failed = 0, kvm, vm;

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

		failed += got != want;
		printf("%sok %zu - KVM_CAP_%s is %d (expected %d)\n", got == want ? "" : "not ", i + 1,
		       caps[i].name, got, want);
	}
	printf("1..%zu\n", NCAPS);
	return failed != 0;
}
