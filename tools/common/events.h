/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The trace events (system kvm_hv) and the fields of theirs that the tools
 * understand. Offsets and sizes come from the event's own format, so a field
 * that an event or a backend does not have is simply absent. Include it with
 * HV_EVENT and HV_FIELD defined:
 *
 *   HV_EVENT(name)      HV_FIELD(name)
 */
#ifdef HV_EVENT
HV_EVENT(kvm_guest_enter)
HV_EVENT(kvm_guest_exit)
HV_EVENT(kvm_hcall_enter)
HV_EVENT(kvm_hcall_exit)
HV_EVENT(kvm_partition_switch)
#undef HV_EVENT
#endif

#ifdef HV_FIELD
HV_FIELD(vcpu_id)
HV_FIELD(trap)
HV_FIELD(req)
HV_FIELD(lpid)
HV_FIELD(tb)
HV_FIELD(to_guest)
HV_FIELD(from_lpid)
HV_FIELD(to_lpid)
HV_FIELD(tb_start)
HV_FIELD(tb_end)
#undef HV_FIELD
#endif
