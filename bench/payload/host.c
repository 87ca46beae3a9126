// SPDX-License-Identifier: GPL-2.0
/* What only hvrun can do for a guest: see bench/hvrun/hcall.c. */
#include <linux/kvm.h>
#include "payload.h"

long host_call(u64 number, u64 args[9])
{
	long rc = hcall_raw(number, args);

	if (rc) {
		printf("Bail out! the VMM answers %#lx with %ld\n", number, rc);
		payload_exit(1);
	}
	return args[0];
}

static void must(long rc, const char *what)
{
	if (rc) {
		printf("Bail out! %s returns %ld\n", what, rc);
		payload_exit(1);
	}
}

void host_sleep(u64 ms)
{
	must(HCALL(H_HVRUN_SLEEP, ms), "H_HVRUN_SLEEP");
}

void host_discard(void *start, u64 len)
{
	must(HCALL(H_HVRUN_DISCARD, (u64)start, len), "H_HVRUN_DISCARD");
}

u64 host_resident(void *start, u64 len)
{
	u64 args[9] = { (u64)start, len };

	must(hcall_raw(H_HVRUN_RESIDENT, args), "H_HVRUN_RESIDENT");
	return args[0];
}

long host_get_reg(u64 one_reg, u64 *value)
{
	u64 args[9] = { one_reg };
	long rc = hcall_raw(H_HVRUN_GET_REG, args);

	*value = args[0];
	return rc;
}

long host_vm_ioctl(u64 request, const void *arg)
{
	u64 args[9] = { request, (u64)arg };

	must(hcall_raw(H_HVRUN_VM_IOCTL, args), "H_HVRUN_VM_IOCTL");
	return args[0];
}

void host_enable_hcall(u64 number, bool on)
{
	struct kvm_enable_cap cap = { .cap = le32(KVM_CAP_PPC_ENABLE_HCALL), .args = { le64(number), le64(on) } };

	must(host_vm_ioctl(KVM_ENABLE_CAP, &cap), "KVM_CAP_PPC_ENABLE_HCALL");
}

u64 host_event_counter(u64 fd)
{
	u64 args[9] = { fd };

	must(hcall_raw(H_HVRUN_EVENT_COUNTER, args), "H_HVRUN_EVENT_COUNTER");
	return args[0];
}

long host_set_reg(u64 one_reg, u64 value)
{
	return HCALL(H_HVRUN_SET_REG, one_reg, value);
}
