/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Trace events of the backend. Those that the kernel's own kvm-hv has keep its
 * names and its leading fields, so that perf kvm stat and existing scripts
 * work unchanged; our fields follow. Times are host timebase ticks (512 MHz).
 */
#if !defined(KVM_HV_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define KVM_HV_TRACE_H

#include <linux/tracepoint.h>
#include <linux/kvm_host.h>
#include "hv_symbols.h"
#include "rm/header.h"

#undef TRACE_SYSTEM
#define TRACE_SYSTEM kvm_hv
#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE kvm_hv_trace

/* records.c: the rings for what the image records, from the first time somebody wants an event */
int hv_ring_alloc(void);

/* When a guest is about to be entered. */
TRACE_EVENT_FN(kvm_guest_enter,
	TP_PROTO(struct kvm_vcpu *vcpu, unsigned long pc, u64 tb),
	TP_ARGS(vcpu, pc, tb),
	TP_STRUCT__entry(
		__field(int,		vcpu_id)
		__field(unsigned long,	pc)
		__field(unsigned long,	pending_exceptions)
		__field(u8,		ceded)
		__field(u32,		lpid)
		__field(u64,		tb)
	),
	TP_fast_assign(
		__entry->vcpu_id = vcpu->vcpu_id;
		__entry->pc = pc;
		__entry->pending_exceptions = vcpu->arch.pending_exceptions;
		__entry->ceded = vcpu->arch.ceded;
		__entry->lpid = vcpu->kvm->arch.lpid;
		__entry->tb = tb;
	),
	TP_printk("VCPU %d: pc=0x%lx pexcp=0x%lx ceded=%d lpid=%u tb=%llu",
		  __entry->vcpu_id, __entry->pc, __entry->pending_exceptions,
		  __entry->ceded, __entry->lpid, __entry->tb),
	hv_ring_alloc, NULL
);

/* After every exit; tb is when the interrupt was taken, dar and dsisr are HDAR and HDSISR. */
TRACE_EVENT_FN(kvm_guest_exit,
	TP_PROTO(struct kvm_vcpu *vcpu, const struct hv_record *r),
	TP_ARGS(vcpu, r),
	TP_STRUCT__entry(
		__field(int,		vcpu_id)
		__field(int,		trap)
		__field(unsigned long,	pc)
		__field(unsigned long,	msr)
		__field(u8,		ceded)
		__field(u32,		lpid)
		__field(u64,		tb)
		__field(u64,		dar)
		__field(u32,		dsisr)
	),
	TP_fast_assign(
		__entry->vcpu_id = vcpu->vcpu_id;
		__entry->trap = r->trap;
		__entry->pc = r->pc;
		__entry->msr = r->msr;
		__entry->ceded = vcpu->arch.ceded;
		__entry->lpid = vcpu->kvm->arch.lpid;
		__entry->tb = r->tb_exit;
		__entry->dar = r->dar;
		__entry->dsisr = r->dsisr;
	),
	TP_printk("VCPU %d: trap=%s pc=0x%lx msr=0x%lx, ceded=%d lpid=%u tb=%llu dar=0x%llx dsisr=0x%x",
		  __entry->vcpu_id,
		  __print_symbolic(__entry->trap, hv_exit_symbols),
		  __entry->pc, __entry->msr, __entry->ceded, __entry->lpid,
		  __entry->tb, __entry->dar, __entry->dsisr),
	hv_ring_alloc, NULL
);

/* r: of the exit, with the registers as the guest left them. */
TRACE_EVENT_FN(kvm_hcall_enter,
	TP_PROTO(struct kvm_vcpu *vcpu, const struct hv_record *r),
	TP_ARGS(vcpu, r),
	TP_STRUCT__entry(
		__field(int,		vcpu_id)
		__field(unsigned long,	req)
		__field(unsigned long,	gpr4)
		__field(unsigned long,	gpr5)
		__field(unsigned long,	gpr6)
		__field(unsigned long,	gpr7)
		__field(u32,		lpid)
		__field(u64,		tb)
	),
	TP_fast_assign(
		__entry->vcpu_id = vcpu->vcpu_id;
		__entry->req = r->gpr[0];
		__entry->gpr4 = r->gpr[1];
		__entry->gpr5 = r->gpr[2];
		__entry->gpr6 = r->gpr[3];
		__entry->gpr7 = r->gpr[4];
		__entry->lpid = vcpu->kvm->arch.lpid;
		__entry->tb = r->tb_exit;
	),
	TP_printk("VCPU %d: hcall=%s GPR4-7=0x%lx,0x%lx,0x%lx,0x%lx lpid=%u tb=%llu",
		  __entry->vcpu_id,
		  __print_symbolic(__entry->req, hv_hcall_symbols),
		  __entry->gpr4, __entry->gpr5, __entry->gpr6, __entry->gpr7,
		  __entry->lpid, __entry->tb),
	hv_ring_alloc, NULL
);

/* ret is what the handler told the run loop (RESUME_*); hcall_rc is the guest's r3, H_TOO_HARD when user space answers. */
TRACE_EVENT_FN(kvm_hcall_exit,
	TP_PROTO(struct kvm_vcpu *vcpu, int ret, unsigned long req, unsigned long rc, u64 tb),
	TP_ARGS(vcpu, ret, req, rc, tb),
	TP_STRUCT__entry(
		__field(int,		vcpu_id)
		__field(unsigned long,	ret)
		__field(unsigned long,	hcall_rc)
		__field(u32,		lpid)
		__field(u64,		req)
		__field(u64,		tb)
	),
	TP_fast_assign(
		__entry->vcpu_id = vcpu->vcpu_id;
		__entry->ret = ret;
		__entry->hcall_rc = ret & RESUME_FLAG_HOST ? H_TOO_HARD : rc;
		__entry->lpid = vcpu->kvm->arch.lpid;
		__entry->req = req;
		__entry->tb = tb;
	),
	/* req stays a number here: with both tables the format is longer than sparse can read */
	TP_printk("VCPU %d: ret=%s hcall_rc=%s lpid=%u req=0x%llx tb=%llu",
		  __entry->vcpu_id,
		  __print_symbolic(__entry->ret,
				   { RESUME_GUEST, "RESUME_GUEST" },
				   { RESUME_HOST, "RESUME_HOST" }),
		  __print_symbolic((long)__entry->hcall_rc, hv_hcall_rc_symbols),
		  __entry->lpid, __entry->req, __entry->tb),
	hv_ring_alloc, NULL
);

/* One per direction: leaving partition from_lpid for to_lpid took from tb_start to tb_end. */
TRACE_EVENT(kvm_partition_switch,
	TP_PROTO(struct kvm_vcpu *vcpu, bool to_guest, u64 tb_start, u64 tb_end),
	TP_ARGS(vcpu, to_guest, tb_start, tb_end),
	TP_STRUCT__entry(
		__field(int,		vcpu_id)
		__field(u8,		to_guest)
		__field(u32,		from_lpid)
		__field(u32,		to_lpid)
		__field(u64,		tb_start)
		__field(u64,		tb_end)
	),
	TP_fast_assign(
		__entry->vcpu_id = vcpu->vcpu_id;
		__entry->to_guest = to_guest;
		__entry->from_lpid = to_guest ? 0 : vcpu->kvm->arch.lpid;
		__entry->to_lpid = to_guest ? vcpu->kvm->arch.lpid : 0;
		__entry->tb_start = tb_start;
		__entry->tb_end = tb_end;
	),
	TP_printk("VCPU %d: %s lpid %u -> %u tb_start=%llu tb_end=%llu",
		  __entry->vcpu_id, __entry->to_guest ? "to guest" : "to host",
		  __entry->from_lpid, __entry->to_lpid,
		  __entry->tb_start, __entry->tb_end)
);

#endif

#include <trace/define_trace.h>
