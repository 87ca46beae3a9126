// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "format.h"
#include "names.h"
#include "records.h"

const char *const hv_event_systems[HV_NR_EVENTS] = {
#define HV_EVENT(system, name) #system,
#include "events.h"
};

const char *const hv_event_names[HV_NR_EVENTS] = {
#define HV_EVENT(system, name) #name,
#include "events.h"
};

const char *const hv_field_names[HV_NR_FIELDS] = {
#define HV_FIELD(name, kind) #name,
#include "events.h"
};

const enum hv_kind hv_field_kinds[HV_NR_FIELDS] = {
#define HV_FIELD(name, kind) HV_KIND_##kind,
#include "events.h"
};

struct out {
	char *buf;
	size_t size, at;
};

static void put(struct out *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void put(struct out *o, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (o->at >= o->size)
		return;
	va_start(ap, fmt);
	n = vsnprintf(o->buf + o->at, o->size - o->at, fmt, ap);
	va_end(ap);
	o->at += n;
}

/* asm/kvm_book3s.h of every kernel: what a handler tells the run loop. */
static void put_resume(struct out *o, uint64_t ret)
{
	if (ret == 0 || ret == HV_RET_HOST)
		put(o, "%s", ret ? "RESUME_HOST" : "RESUME_GUEST");
	else
		put(o, "0x%" PRIx64, ret);
}

static void put_bits(struct out *o, uint64_t value, const struct hv_name *bits, size_t nr)
{
	char names[512];

	if (value)
		put(o, "(%s)", hv_bit_names(value, bits, nr, names, sizeof(names)));
}

/* As the kernel's __print_symbolic shows a number that has no name. */
static void put_name(struct out *o, const char *name, const char *buf, uint64_t nr)
{
	if (name == buf)
		put(o, "0x%" PRIx64, nr);
	else
		put(o, "%s", name);
}

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char *const places[] = {
	[HV_IN_REAL_MODE] = "real mode", [HV_IN_MODULE] = "module", [HV_IN_USER_SPACE] = "user space"
};

static const char *const outcomes[] = {
	[HV_FAULT_MAPPED] = "mapped", [HV_FAULT_REFLECTED] = "reflected", [HV_FAULT_MMIO] = "mmio",
	[HV_FAULT_FAILED] = "failed"
};

static void put_choice(struct out *o, uint64_t v, const char *const *names, size_t nr)
{
	if (v < nr && names[v])
		put(o, "%s", names[v]);
	else
		put(o, "%" PRIu64, v);
}

static void put_value(struct out *o, const struct hv_record *r, enum hv_field f)
{
	uint64_t v = r->field[f];
	char buf[HV_NAME_MAX];

	switch (hv_field_kinds[f]) {
	case HV_KIND_DEC:
		put(o, "%" PRId64, (int64_t)v);
		break;
	case HV_KIND_HEX:
		put(o, "0x%" PRIx64, v);
		break;
	case HV_KIND_TRAP:
		put_name(o, hv_exit_name(v, buf), buf, v);
		break;
	case HV_KIND_HCALL:
		put_name(o, hv_hcall_name(v, buf), buf, v);
		break;
	case HV_KIND_HCALL_RC:
		put_name(o, hv_hcall_rc_name(v, buf), buf, v);
		break;
	case HV_KIND_WHERE:
		put_choice(o, v, places, COUNT(places));
		break;
	case HV_KIND_OUTCOME:
		put_choice(o, v, outcomes, COUNT(outcomes));
		break;
	case HV_KIND_MSR:
		put(o, "0x%" PRIx64, v);
		put_bits(o, v, hv_msr_bits, hv_nr_msr_bits);
		break;
	case HV_KIND_DSISR:
		put(o, "0x%" PRIx64, v);
		put_bits(o, v, hv_dsisr_bits, hv_nr_dsisr_bits);
		break;
	}
}

static void put_named(struct out *o, const struct hv_record *r, enum hv_field f)
{
	if (!hv_has(r, f))
		return;
	put(o, " %s=", hv_field_names[f]);
	put_value(o, r, f);
}

static void put_ours(struct out *o, const struct hv_record *r)
{
	put_named(o, r, HV_F_lpid);
	put_named(o, r, HV_F_tb);
	put_named(o, r, HV_F_where);
}

#define VCPU(r)		((int)(r)->field[HV_F_vcpu_id])

static void put_guest_enter(struct out *o, const struct hv_record *r)
{
	put(o, "VCPU %d: pc=0x%" PRIx64 " pexcp=0x%" PRIx64 " ceded=%d", VCPU(r), r->field[HV_F_pc],
	    r->field[HV_F_pending_exceptions], (int)r->field[HV_F_ceded]);
	put_ours(o, r);
	for (int f = HV_F_out; f <= HV_F_idle; f++)
		put_named(o, r, f);
}

static void put_guest_exit(struct out *o, const struct hv_record *r)
{
	put(o, "VCPU %d: trap=", VCPU(r));
	put_value(o, r, HV_F_trap);
	put(o, " pc=0x%" PRIx64 " msr=0x%" PRIx64 ", ceded=%d", r->field[HV_F_pc], r->field[HV_F_msr],
	    (int)r->field[HV_F_ceded]);
	put_named(o, r, HV_F_lpid);
	put_named(o, r, HV_F_tb);
	put_named(o, r, HV_F_dar);
	put_named(o, r, HV_F_dsisr);
	put_named(o, r, HV_F_where);
	if (r->field[HV_F_msr])
		put(o, " MSR");
	put_bits(o, r->field[HV_F_msr], hv_msr_bits, hv_nr_msr_bits);
}

static void put_args(struct out *o, const struct hv_record *r)
{
	const char *name = hv_hcall_args(r->field[HV_F_req]);

	for (int f = HV_F_gpr4; f <= HV_F_gpr12 && *name && (f <= HV_F_gpr7 || hv_has(r, f)); f++) {
		int len = strcspn(name, " ");

		put(o, " %.*s=0x%" PRIx64, len, name, r->field[f]);
		name += len + (name[len] == ' ');
	}
}

static void put_hcall_enter(struct out *o, const struct hv_record *r)
{
	put(o, "VCPU %d: hcall=", VCPU(r));
	put_value(o, r, HV_F_req);
	put(o, " GPR4-7=0x%" PRIx64 ",0x%" PRIx64 ",0x%" PRIx64 ",0x%" PRIx64, r->field[HV_F_gpr4],
	    r->field[HV_F_gpr5], r->field[HV_F_gpr6], r->field[HV_F_gpr7]);
	put_ours(o, r);
	put_args(o, r);
}

static void put_hcall_exit(struct out *o, const struct hv_record *r)
{
	put(o, "VCPU %d: ret=", VCPU(r));
	put_resume(o, r->field[HV_F_ret]);
	put(o, " hcall_rc=");
	if (r->field[HV_F_ret] & HV_RET_HOST)
		put(o, "H_TOO_HARD");
	else
		put_value(o, r, HV_F_hcall_rc);
	put_named(o, r, HV_F_lpid);
	put_named(o, r, HV_F_req);
	put_named(o, r, HV_F_tb);
	put_named(o, r, HV_F_where);
}

static void put_hcall_user(struct out *o, const struct hv_record *r)
{
	put(o, "VCPU %d: hcall=", VCPU(r));
	put_value(o, r, HV_F_req);
	put_named(o, r, HV_F_hcall_rc);
	put_ours(o, r);
}

static void put_switch(struct out *o, const struct hv_record *r)
{
	uint64_t start = r->field[HV_F_tb_start], end = r->field[HV_F_tb_end];

	put(o, "VCPU %d: %s lpid %" PRIu64 " -> %" PRIu64 " tb_start=%" PRIu64 " tb_end=%" PRIu64 " ticks=%" PRIu64,
	    VCPU(r), r->field[HV_F_to_guest] ? "to guest" : "to host", r->field[HV_F_from_lpid],
	    r->field[HV_F_to_lpid], start, end, end >= start ? end - start : 0);
}

static void put_fault_enter(struct out *o, const struct hv_record *r)
{
	put(o, "VCPU %d: hpte=0x%" PRIx64 ":0x%" PRIx64 " guest=0x%" PRIx64 " ea=0x%" PRIx64 ",%" PRIx64
	    " slot=0x%" PRIx64 ",0x%" PRIx64, VCPU(r), r->field[HV_F_hpte_v], r->field[HV_F_hpte_r],
	    r->field[HV_F_gpte_r], r->field[HV_F_ea], r->field[HV_F_dsisr], r->field[HV_F_base_gfn],
	    r->field[HV_F_slot_flags]);
	put_bits(o, r->field[HV_F_dsisr], hv_dsisr_bits, hv_nr_dsisr_bits);
	put_named(o, r, HV_F_gpa);
	put_ours(o, r);
}

static void put_fault_exit(struct out *o, const struct hv_record *r)
{
	put(o, "VCPU %d: hpte=0x%" PRIx64 ":0x%" PRIx64 " ret=0x%" PRIx64, VCPU(r), r->field[HV_F_hpte_v],
	    r->field[HV_F_hpte_r], r->field[HV_F_ret]);
	put_named(o, r, HV_F_outcome);
	put_ours(o, r);
}

static void put_mmio(struct out *o, const struct hv_record *r)
{
	put(o, "VCPU %d: %s gpa=0x%" PRIx64 " len=%d value=0x%" PRIx64, VCPU(r),
	    r->field[HV_F_write] ? "write" : "read", r->field[HV_F_gpa], (int)r->field[HV_F_len],
	    r->field[HV_F_value]);
	put_ours(o, r);
}

static void put_blocked(struct out *o, const struct hv_record *r)
{
	put(o, "%s runner_vcpu=%d tgid=%d", r->field[HV_F_where] ? "Exit" : "Enter",
	    (int)r->field[HV_F_runner_vcpu], (int)r->field[HV_F_tgid]);
}

static void put_run_enter(struct out *o, const struct hv_record *r)
{
	put(o, "VCPU %d: tgid=%d", VCPU(r), (int)r->field[HV_F_tgid]);
}

static void put_run_exit(struct out *o, const struct hv_record *r)
{
	put(o, "VCPU %d: exit=%d, ret=%d", VCPU(r), (int)r->field[HV_F_exit], (int)r->field[HV_F_ret]);
}

static void put_pr_exit(struct out *o, const struct hv_record *r)
{
	put(o, "exit=");
	put_value(o, r, HV_F_exit_nr);
	put_named(o, r, HV_F_pc);
	put_named(o, r, HV_F_msr);
	put_named(o, r, HV_F_dar);
	put_named(o, r, HV_F_last_inst);
}

static void put_pr_reenter(struct out *o, const struct hv_record *r)
{
	put(o, "r=%d", (int)r->field[HV_F_r]);
	put_named(o, r, HV_F_pc);
}

static void put_wakeup(struct out *o, const struct hv_record *r)
{
	put(o, "ns=%" PRIu64, r->field[HV_F_ns]);
}

static void (*const line[HV_NR_EVENTS])(struct out *o, const struct hv_record *r) = {
	[HV_kvm_guest_enter]		= put_guest_enter,
	[HV_kvm_guest_exit]		= put_guest_exit,
	[HV_kvm_hcall_enter]		= put_hcall_enter,
	[HV_kvm_hcall_exit]		= put_hcall_exit,
	[HV_kvm_partition_switch]	= put_switch,
	[HV_kvm_page_fault_enter]	= put_fault_enter,
	[HV_kvm_page_fault_exit]	= put_fault_exit,
	[HV_kvm_mmio]			= put_mmio,
	[HV_kvm_hcall_user]		= put_hcall_user,
	[HV_kvmppc_vcore_blocked]	= put_blocked,
	[HV_kvmppc_run_vcpu_enter]	= put_run_enter,
	[HV_kvmppc_run_vcpu_exit]	= put_run_exit,
	[HV_kvm_exit]			= put_pr_exit,
	[HV_kvm_book3s_reenter]		= put_pr_reenter,
	[HV_kvm_vcpu_wakeup]		= put_wakeup,
};

void hv_format_record(char *buf, size_t size, const struct hv_record *r)
{
	struct hv_record copy = *r;
	struct out o = { buf, size, 0 };

	/* What is absent shows as 0. */
	for (int f = 0; f < HV_NR_FIELDS; f++)
		if (!hv_has(r, f))
			copy.field[f] = 0;
	buf[0] = '\0';
	line[r->event](&o, &copy);
}

void hv_format_field(char *buf, size_t size, const struct hv_record *r, enum hv_field f)
{
	struct out o = { buf, size, 0 };

	buf[0] = '\0';
	if (hv_has(r, f))
		put_value(&o, r, f);
}
