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
#include "hv.h"

#undef TRACE_SYSTEM
#define TRACE_SYSTEM kvm_hv
#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE kvm_hv_trace

/* ring.c: somebody begins to listen to an event, or nobody does any more */
int hv_listen(void);
void hv_unlisten(void);
int hv_listen_singly(void);
void hv_unlisten_singly(void);

/* When a guest is about to be entered. where the exit before was acted on; ticks from it: partition switch out, module, user space, idle. */
TRACE_EVENT_FN(kvm_guest_enter,
	TP_PROTO(struct kvm_vcpu *vcpu, unsigned long pc, u64 tb, const struct hv_phase *ph),
	TP_ARGS(vcpu, pc, tb, ph),
	TP_STRUCT__entry(
		__field(int,		vcpu_id)
		__field(unsigned long,	pc)
		__field(unsigned long,	pending_exceptions)
		__field(u8,		ceded)
		__field(u32,		lpid)
		__field(u64,		tb)
		__field(u64,		out)
		__field(u64,		module)
		__field(u64,		user)
		__field(u64,		idle)
		__field(u8,		where)
	),
	TP_fast_assign(
		__entry->vcpu_id = vcpu->vcpu_id;
		__entry->pc = pc;
		__entry->pending_exceptions = vcpu->arch.pending_exceptions;
		__entry->ceded = vcpu->arch.ceded;
		__entry->lpid = vcpu->kvm->arch.lpid;
		__entry->tb = tb;
		__entry->out = ph ? ph->out : 0;
		__entry->module = ph ? ph->module : 0;
		__entry->user = ph ? ph->user : 0;
		__entry->idle = ph ? ph->idle : 0;
		__entry->where = !ph ? HV_WHERE_REAL_MODE : ph->user ? HV_WHERE_USER : HV_WHERE_MODULE;
	),
	TP_printk("VCPU %d: pc=0x%lx pexcp=0x%lx ceded=%d lpid=%u tb=%llu out=%llu module=%llu user=%llu idle=%llu where=%d",
		  __entry->vcpu_id, __entry->pc, __entry->pending_exceptions,
		  __entry->ceded, __entry->lpid, __entry->tb, __entry->out,
		  __entry->module, __entry->user, __entry->idle, __entry->where),
	hv_listen_singly, hv_unlisten_singly
);

/* After every exit; tb is when the interrupt was taken, dar and dsisr are HDAR and HDSISR, where: the image acted on it, or it came to the module. */
TRACE_EVENT_FN(kvm_guest_exit,
	TP_PROTO(struct kvm_vcpu *vcpu, const u64 *r),
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
		__field(u8,		where)
	),
	TP_fast_assign(
		__entry->vcpu_id = vcpu->vcpu_id;
		__entry->trap = HV_REC_TRAP(r[1]);
		__entry->pc = r[2];
		__entry->msr = r[3];
		__entry->ceded = vcpu->arch.ceded;
		__entry->lpid = vcpu->kvm->arch.lpid;
		__entry->tb = r[0];
		__entry->dar = __entry->trap == BOOK3S_INTERRUPT_H_DATA_STORAGE ? r[4] : 0;
		__entry->dsisr = __entry->trap == BOOK3S_INTERRUPT_H_DATA_STORAGE ? r[5] : 0;
		__entry->where = HV_REC_KIND(r[1]) == HV_REC_STAYED ? HV_WHERE_REAL_MODE : HV_WHERE_MODULE;
	),
	TP_printk("VCPU %d: trap=%s pc=0x%lx msr=0x%lx, ceded=%d lpid=%u tb=%llu dar=0x%llx dsisr=0x%x where=%d",
		  __entry->vcpu_id,
		  __print_symbolic(__entry->trap, hv_exit_symbols),
		  __entry->pc, __entry->msr, __entry->ceded, __entry->lpid,
		  __entry->tb, __entry->dar, __entry->dsisr, __entry->where),
	hv_listen_singly, hv_unlisten_singly
);

/* Registers as the guest left them; 0 where the hypercall has no such argument. */
TRACE_EVENT_FN(kvm_hcall_enter,
	TP_PROTO(struct kvm_vcpu *vcpu, const u64 *r),
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
		__field(u64,		gpr8)
		__field(u64,		gpr9)
		__field(u64,		gpr10)
		__field(u64,		gpr11)
	),
	TP_fast_assign(
		__entry->vcpu_id = vcpu->vcpu_id;
		__entry->req = r[4];
		__entry->gpr4 = hv_record_arg(r, 0);
		__entry->gpr5 = hv_record_arg(r, 1);
		__entry->gpr6 = hv_record_arg(r, 2);
		__entry->gpr7 = hv_record_arg(r, 3);
		__entry->lpid = vcpu->kvm->arch.lpid;
		__entry->tb = r[0];
		__entry->gpr8 = hv_record_arg(r, 4);
		__entry->gpr9 = hv_record_arg(r, 5);
		__entry->gpr10 = hv_record_arg(r, 6);
		__entry->gpr11 = hv_record_arg(r, 7);
	),
	TP_printk("VCPU %d: hcall=%s GPR4-7=0x%lx,0x%lx,0x%lx,0x%lx lpid=%u tb=%llu",
		  __entry->vcpu_id,
		  __print_symbolic(__entry->req, hv_hcall_symbols),
		  __entry->gpr4, __entry->gpr5, __entry->gpr6, __entry->gpr7,
		  __entry->lpid, __entry->tb),
	hv_listen_singly, hv_unlisten_singly
);

/* ret is what the handler told the run loop (RESUME_*); hcall_rc is the guest's r3, H_TOO_HARD when user space answers (kvm_hcall_user then has the answer). */
TRACE_EVENT_FN(kvm_hcall_exit,
	TP_PROTO(struct kvm_vcpu *vcpu, int ret, unsigned long req, unsigned long rc, u64 tb, u8 where),
	TP_ARGS(vcpu, ret, req, rc, tb, where),
	TP_STRUCT__entry(
		__field(int,		vcpu_id)
		__field(unsigned long,	ret)
		__field(unsigned long,	hcall_rc)
		__field(u32,		lpid)
		__field(u64,		req)
		__field(u64,		tb)
		__field(u8,		where)
	),
	TP_fast_assign(
		__entry->vcpu_id = vcpu->vcpu_id;
		__entry->ret = ret;
		__entry->hcall_rc = rc;
		__entry->lpid = vcpu->kvm->arch.lpid;
		__entry->req = req;
		__entry->tb = tb;
		__entry->where = where;
	),
	/* req stays a number here: with both tables the format is longer than sparse can read */
	TP_printk("VCPU %d: ret=%s hcall_rc=%s lpid=%u req=0x%llx tb=%llu where=%d",
		  __entry->vcpu_id,
		  __print_symbolic(__entry->ret,
				   { RESUME_GUEST, "RESUME_GUEST" },
				   { RESUME_HOST, "RESUME_HOST" }),
		  __print_symbolic((long)__entry->hcall_rc, hv_hcall_rc_symbols),
		  __entry->lpid, __entry->req, __entry->tb, __entry->where),
	hv_listen_singly, hv_unlisten_singly
);

/* User space is back with its answer to a hypercall. */
TRACE_EVENT_FN(kvm_hcall_user,
	TP_PROTO(struct kvm_vcpu *vcpu, unsigned long req, unsigned long rc, u64 tb),
	TP_ARGS(vcpu, req, rc, tb),
	TP_STRUCT__entry(
		__field(int,		vcpu_id)
		__field(u64,		req)
		__field(unsigned long,	hcall_rc)
		__field(u32,		lpid)
		__field(u64,		tb)
	),
	TP_fast_assign(
		__entry->vcpu_id = vcpu->vcpu_id;
		__entry->req = req;
		__entry->hcall_rc = rc;
		__entry->lpid = vcpu->kvm->arch.lpid;
		__entry->tb = tb;
	),
	TP_printk("VCPU %d: req=0x%llx hcall_rc=%ld lpid=%u tb=%llu",
		  __entry->vcpu_id, __entry->req, (long)__entry->hcall_rc, __entry->lpid, __entry->tb),
	hv_listen_singly, hv_unlisten_singly
);

/* An HDSI or HISI: HPTE that was found, its second word as the guest wrote it, all 0 if none was. dsisr: HDSISR, of an HISI the same bits of HSRR1. tb: of the exit. */
TRACE_EVENT_FN(kvm_page_fault_enter,
	TP_PROTO(struct kvm_vcpu *vcpu, u64 tb, const u64 *f, u8 where),
	TP_ARGS(vcpu, tb, f, where),
	TP_STRUCT__entry(
		__field(int,		vcpu_id)
		__field(unsigned long,	hpte_v)
		__field(unsigned long,	hpte_r)
		__field(unsigned long,	gpte_r)
		__field(unsigned long,	ea)
		__field(u64,		base_gfn)
		__field(u32,		slot_flags)
		__field(u32,		dsisr)
		__field(u32,		lpid)
		__field(u64,		tb)
		__field(u64,		gpa)
		__field(u8,		where)
	),
	TP_fast_assign(
		__entry->vcpu_id = vcpu->vcpu_id;
		__entry->hpte_v = f[HV_FAULT_V];
		__entry->hpte_r = f[HV_FAULT_R];
		__entry->gpte_r = f[HV_FAULT_GR];
		__entry->ea = f[HV_FAULT_EA];
		__entry->base_gfn = f[HV_FAULT_BASE_GFN];
		__entry->slot_flags = f[HV_FAULT_HOW] >> 40;
		__entry->dsisr = f[HV_FAULT_HOW];
		__entry->lpid = vcpu->kvm->arch.lpid;
		__entry->tb = tb;
		__entry->gpa = f[HV_FAULT_GPA];
		__entry->where = where;
	),
	TP_printk("VCPU %d: hpte=0x%lx:0x%lx guest=0x%lx ea=0x%lx,%x slot=0x%llx,0x%x lpid=%u tb=%llu gpa=0x%llx where=%d",
		  __entry->vcpu_id, __entry->hpte_v, __entry->hpte_r, __entry->gpte_r, __entry->ea,
		  __entry->dsisr, __entry->base_gfn, __entry->slot_flags, __entry->lpid,
		  __entry->tb, __entry->gpa, __entry->where),
	hv_listen_singly, hv_unlisten_singly
);

/* What became of it; ret: RESUME_* or -errno, outcome: 1 mapped, 2 the guest got its storage interrupt, 3 MMIO, 4 the host has no page. */
TRACE_EVENT_FN(kvm_page_fault_exit,
	TP_PROTO(struct kvm_vcpu *vcpu, u64 tb, const u64 *f, long ret, u8 where),
	TP_ARGS(vcpu, tb, f, ret, where),
	TP_STRUCT__entry(
		__field(int,		vcpu_id)
		__field(unsigned long,	hpte_v)
		__field(unsigned long,	hpte_r)
		__field(long,		ret)
		__field(u32,		lpid)
		__field(u64,		tb)
		__field(u8,		outcome)
		__field(u8,		where)
	),
	TP_fast_assign(
		__entry->vcpu_id = vcpu->vcpu_id;
		__entry->hpte_v = f[HV_FAULT_V];
		__entry->hpte_r = f[HV_FAULT_R];
		__entry->ret = ret;
		__entry->lpid = vcpu->kvm->arch.lpid;
		__entry->tb = tb;
		__entry->outcome = f[HV_FAULT_HOW] >> 32;
		__entry->where = where;
	),
	TP_printk("VCPU %d: hpte=0x%lx:0x%lx ret=0x%lx lpid=%u tb=%llu outcome=%d where=%d",
		  __entry->vcpu_id, __entry->hpte_v, __entry->hpte_r, __entry->ret,
		  __entry->lpid, __entry->tb, __entry->outcome, __entry->where),
	hv_listen_singly, hv_unlisten_singly
);

/* An access to a device, done; where: in the kernel (1), or by user space (2). Of a vector access that user space does in parts, the first. */
TRACE_EVENT_FN(kvm_mmio,
	TP_PROTO(struct kvm_vcpu *vcpu, u64 gpa, u64 value, u32 len, bool write, u64 tb, u8 where),
	TP_ARGS(vcpu, gpa, value, len, write, tb, where),
	TP_STRUCT__entry(
		__field(int,		vcpu_id)
		__field(u8,		write)
		__field(u8,		where)
		__field(u32,		len)
		__field(u64,		gpa)
		__field(u64,		value)
		__field(u32,		lpid)
		__field(u64,		tb)
	),
	TP_fast_assign(
		__entry->vcpu_id = vcpu->vcpu_id;
		__entry->write = write;
		__entry->where = where;
		__entry->len = len;
		__entry->gpa = gpa;
		__entry->value = value;
		__entry->lpid = vcpu->kvm->arch.lpid;
		__entry->tb = tb;
	),
	TP_printk("VCPU %d: %s gpa=0x%llx len=%u value=0x%llx where=%d lpid=%u tb=%llu",
		  __entry->vcpu_id, __entry->write ? "write" : "read", __entry->gpa, __entry->len,
		  __entry->value, __entry->where, __entry->lpid, __entry->tb),
	hv_listen_singly, hv_unlisten_singly
);

/* Many records of one vCPU at once, as tracepoints/records.h describes them: what hvtrace record reads. */
TRACE_EVENT_FN(kvm_records,
	TP_PROTO(const struct hv_owner *owner, const u64 *words, u32 n),
	TP_ARGS(owner, words, n),
	TP_STRUCT__entry(
		__field(int,		vcpu_id)
		__field(u32,		lpid)
		__field(int,		pid)
		__field(int,		tid)
		__dynamic_array(u64,	words,	n)
	),
	TP_fast_assign(
		__entry->vcpu_id = owner->vcpu_id;
		__entry->lpid = owner->lpid;
		__entry->pid = owner->pid;
		__entry->tid = owner->tid;
		memcpy(__get_dynamic_array(words), words, n * sizeof(u64));
	),
	TP_printk("VCPU %d: lpid=%u pid=%d tid=%d: %d words",
		  __entry->vcpu_id, __entry->lpid, __entry->pid, __entry->tid,
		  __get_dynamic_array_len(words) / (int)sizeof(u64)),
	hv_listen, hv_unlisten
);

/* One per direction: leaving partition from_lpid for to_lpid took from tb_start to tb_end. */
TRACE_EVENT_FN(kvm_partition_switch,
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
		  __entry->tb_start, __entry->tb_end),
	hv_listen_singly, hv_unlisten_singly
);

#endif

#include <trace/define_trace.h>
