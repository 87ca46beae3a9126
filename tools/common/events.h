/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The trace events and the fields of theirs that the tools understand. Offsets and sizes come from the event's own format, so a field
 * that an event or a backend does not have is simply absent. Include it with
 * HV_EVENT and HV_FIELD defined:
 *
 *   HV_EVENT(system, name)      HV_FIELD(name, KIND)
 *
 * KIND is how the field is shown: DEC (signed), HEX, or by the name of what its
 * number stands for. The batch event is not among them: what it carries comes out
 * as records of these (batch.h).
 */
#ifdef HV_EVENT
HV_EVENT(kvm_hv, kvm_guest_enter)
HV_EVENT(kvm_hv, kvm_guest_exit)
HV_EVENT(kvm_hv, kvm_hcall_enter)
HV_EVENT(kvm_hv, kvm_hcall_exit)
HV_EVENT(kvm_hv, kvm_partition_switch)
HV_EVENT(kvm_hv, kvm_page_fault_enter)
HV_EVENT(kvm_hv, kvm_page_fault_exit)
HV_EVENT(kvm_hv, kvm_mmio)
HV_EVENT(kvm_hv, kvm_hcall_user)
/* what the kernel's own backend has besides */
HV_EVENT(kvm_hv, kvmppc_vcore_blocked)
HV_EVENT(kvm_hv, kvmppc_run_vcpu_enter)
HV_EVENT(kvm_hv, kvmppc_run_vcpu_exit)
/* kvm-pr's; none of these says which vCPU it is about: it is the thread's */
HV_EVENT(kvm_pr, kvm_exit)
HV_EVENT(kvm_pr, kvm_book3s_reenter)
HV_EVENT(kvm, kvm_vcpu_wakeup)
#undef HV_EVENT
#endif

#ifdef HV_FIELD
/* The ones that most records have come first: order.c copies no more than it has to. */
HV_FIELD(vcpu_id, DEC)
HV_FIELD(trap, TRAP)
HV_FIELD(req, HCALL)
HV_FIELD(lpid, DEC)
HV_FIELD(tb, DEC)
HV_FIELD(to_guest, DEC)
HV_FIELD(from_lpid, DEC)
HV_FIELD(to_lpid, DEC)
HV_FIELD(tb_start, DEC)
HV_FIELD(tb_end, DEC)
HV_FIELD(pc, HEX)
HV_FIELD(msr, MSR)
HV_FIELD(pending_exceptions, HEX)
HV_FIELD(ceded, DEC)
HV_FIELD(dar, HEX)
HV_FIELD(dsisr, DSISR)
HV_FIELD(where, WHERE)
HV_FIELD(ret, DEC)
HV_FIELD(hcall_rc, HCALL_RC)
HV_FIELD(out, DEC)
HV_FIELD(module, DEC)
HV_FIELD(user, DEC)
HV_FIELD(idle, DEC)
HV_FIELD(gpr4, HEX)
HV_FIELD(gpr5, HEX)
HV_FIELD(gpr6, HEX)
HV_FIELD(gpr7, HEX)
HV_FIELD(gpr8, HEX)
HV_FIELD(gpr9, HEX)
HV_FIELD(gpr10, HEX)
HV_FIELD(gpr11, HEX)
HV_FIELD(gpr12, HEX)
HV_FIELD(exit, DEC)
HV_FIELD(runner_vcpu, DEC)
HV_FIELD(tgid, DEC)
HV_FIELD(hpte_v, HEX)
HV_FIELD(hpte_r, HEX)
HV_FIELD(gpte_r, HEX)
HV_FIELD(ea, HEX)
HV_FIELD(base_gfn, HEX)
HV_FIELD(slot_flags, HEX)
HV_FIELD(outcome, OUTCOME)
HV_FIELD(gpa, HEX)
HV_FIELD(value, HEX)
HV_FIELD(len, DEC)
HV_FIELD(write, DEC)
HV_FIELD(exit_nr, TRAP)
HV_FIELD(last_inst, HEX)
HV_FIELD(r, DEC)
HV_FIELD(ns, DEC)
#undef HV_FIELD
#endif
