/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The hypercalls that the module answers, besides H_RTAS, which may be kvm.ko's.
 * Include it with one or both of these defined:
 *
 *   HV_ANSWERED(NAME, function, STOCK)
 *   HV_REFUSED(NAME, rc)	what guests of a kind not supported would ask for
 *
 * NAME is a row of tracepoints/hcalls.h; function is called as
 * function(vcpu, H_NAME, gprs) and returns r3, or H_TOO_HARD: the VMM's. STOCK
 * says what the kernel's own kvm-hv does with the call, and so which ones a new
 * VM has switched on (KVM_CAP_PPC_ENABLE_HCALL):
 *
 *   ON   answers it, switched on in a new VM
 *   OFF  answers it, once the VMM has switched it on
 *   NO   gives it to the VMM; here the VMM may switch it on
 */
#ifndef HV_ANSWERED
#define HV_ANSWERED(...)
#endif
#ifndef HV_REFUSED
#define HV_REFUSED(...)
#endif

HV_ANSWERED(REMOVE,		hv_hpt_hcall,	ON)
HV_ANSWERED(ENTER,		hv_hpt_hcall,	ON)
HV_ANSWERED(READ,		hv_hpt_hcall,	ON)
HV_ANSWERED(CLEAR_MOD,		hv_hpt_hcall,	OFF)
HV_ANSWERED(CLEAR_REF,		hv_hpt_hcall,	OFF)
HV_ANSWERED(PROTECT,		hv_hpt_hcall,	ON)
HV_ANSWERED(BULK_REMOVE,	hv_hpt_hcall,	ON)
HV_ANSWERED(CEDE,		hv_hcall_cpu,	ON)
HV_ANSWERED(PROD,		hv_hcall_cpu,	ON)
HV_ANSWERED(CONFER,		hv_hcall_cpu,	ON)
HV_ANSWERED(EOI,		hv_hcall_xics,	ON)
HV_ANSWERED(CPPR,		hv_hcall_xics,	ON)
HV_ANSWERED(IPI,		hv_hcall_xics,	ON)
HV_ANSWERED(IPOLL,		hv_hcall_xics,	ON)
HV_ANSWERED(XIRR,		hv_hcall_xics,	ON)
HV_ANSWERED(XIRR_X,		hv_hcall_xics,	ON)
HV_ANSWERED(REGISTER_VPA,	hv_hcall_vpa,	ON)
HV_ANSWERED(SET_MODE,		hv_hcall_mode,	OFF)
HV_ANSWERED(SET_DABR,		hv_hcall_mode,	ON)
HV_ANSWERED(SET_XDABR,		hv_hcall_mode,	ON)
HV_ANSWERED(SET_SPRG0,		hv_hcall_mode,	NO)
HV_ANSWERED(PAGE_INIT,		hv_hcall_mem,	OFF)
HV_ANSWERED(LOGICAL_CI_LOAD,	hv_hcall_mem,	OFF)
HV_ANSWERED(LOGICAL_CI_STORE,	hv_hcall_mem,	OFF)
#ifdef CONFIG_SPAPR_TCE_IOMMU
HV_ANSWERED(GET_TCE,		hv_hcall_tce,	ON)
HV_ANSWERED(PUT_TCE,		hv_hcall_tce,	ON)
HV_ANSWERED(PUT_TCE_INDIRECT,	hv_hcall_tce,	OFF)
HV_ANSWERED(STUFF_TCE,		hv_hcall_tce,	OFF)
#endif
HV_ANSWERED(RANDOM,		hv_hcall_other,	OFF)
HV_ANSWERED(RPT_INVALIDATE,	hv_hcall_other,	OFF)

/* Secure guests: the ultravisor's calls */
HV_REFUSED(SVM_PAGE_IN,		H_UNSUPPORTED)
HV_REFUSED(SVM_PAGE_OUT,	H_UNSUPPORTED)
HV_REFUSED(SVM_INIT_START,	H_UNSUPPORTED)
HV_REFUSED(SVM_INIT_DONE,	H_UNSUPPORTED)
HV_REFUSED(SVM_INIT_ABORT,	H_UNSUPPORTED)
/* Nested guests */
HV_REFUSED(SET_PARTITION_TABLE,	H_FUNCTION)
HV_REFUSED(ENTER_NESTED,	H_FUNCTION)
HV_REFUSED(TLB_INVALIDATE,	H_FUNCTION)
HV_REFUSED(COPY_TOFROM_GUEST,	H_FUNCTION)

#undef HV_ANSWERED
#undef HV_REFUSED
