/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What KVM_CHECK_EXTENSION of a VM answers, in the lab (hash host on POWER8,
 * radix on the others, one thread to a core). Most of it is kvm.ko's answer,
 * whatever the backend. Include it with HV_CAP defined:
 *
 *   HV_CAP(NAME, on POWER8, POWER9, POWER10, what it means here)
 *
 * tests/lab/caps.c compares; docs/interfaces.md has the table.
 */
HV_CAP(PPC_PAPR,	1, 1, 1, "PAPR guests; the only kind there is")
HV_CAP(PPC_SEGSTATE,	1, 1, 1, "`KVM_SET_SREGS`: the host's PVR only (`-cpu host`)")
HV_CAP(PPC_HIOR,	1, 1, 1, "settable to 0 only")
HV_CAP(ONE_REG,		1, 1, 1, "see below")
HV_CAP(ENABLE_CAP,	1, 1, 1, "")
HV_CAP(PPC_ENABLE_HCALL, 1, 1, 1, "see below")
HV_CAP(PPC_FIXUP_HCALL,	1, 1, 1, "byte order of `sc 1` in a KVM PR guest: nothing to do with HV")
HV_CAP(PPC_UNSET_IRQ,	1, 1, 1, "`KVM_INTERRUPT` of an interrupt controller in QEMU")
HV_CAP(PPC_IRQ_LEVEL,	1, 1, 1, "")
HV_CAP(IRQ_XICS,	1, 1, 1, "kvm.ko's XICS; on POWER9 and POWER10 it runs on XIVE")
HV_CAP(PPC_IRQ_XIVE,	0, 1, 1, "kvm.ko's native XIVE")
HV_CAP(PPC_RTAS,	1, 1, 1, "RTAS calls of interrupt sources, in kvm.ko")
HV_CAP(IOEVENTFD,	1, 1, 1, "")
HV_CAP(IMMEDIATE_EXIT,	1, 1, 1, "")
HV_CAP(SYNC_MMU,	1, 1, 1, "guest memory follows the host's page tables")
HV_CAP(PPC_GET_SMMU_INFO, 1, 1, 1, "segments of 256 MB and 1 TB, pages of 4K, 64K, 16M")
HV_CAP(PPC_ALLOC_HTAB,	1, 1, 1, "")
HV_CAP(PPC_HTAB_FD,	1, 1, 1, "")
HV_CAP(SPAPR_RESIZE_HPT, 1, 1, 1, "")
HV_CAP(PPC_MMU_HASH_V3,	0, 1, 1, "`KVM_PPC_CONFIGURE_V3_MMU` for hash")
HV_CAP(PPC_MMU_RADIX,	0, 1, 1, "**kvm.ko's answer on a radix host; there are no radix guests.** QEMU offers radix to the guest, and a guest that takes it gets H_PARAMETER from H_REGISTER_PROC_TBL. Linux 6.12 then ends in a BUG() (`pseries_lpar_register_process_table()`: read, not tried). Boot it with `disable_radix`, or start QEMU with `max-cpu-compat=power8`")
HV_CAP(PPC_SMT,		1, 1, 1, "one vCPU to a virtual core")
HV_CAP(PPC_SMT_POSSIBLE, 1, 15, 15, "on POWER9 and later kvm.ko offers the modes that the kernel emulates")
HV_CAP(PPC_HTM,		0, 0, 0, "no transactional memory (`cap-htm=off`). kvm.ko says 1 in a kernel built with it")
HV_CAP(PPC_DAWR1,	0, 0, 1, "second watchpoint, `cap-dawr1=on`")
HV_CAP(PPC_AIL_MODE_3,	1, 1, 1, "")
HV_CAP(PPC_FWNMI,	1, 1, 1, "machine checks leave as `KVM_EXIT_NMI`")
HV_CAP(PPC_GET_CPU_CHAR, 1, 1, 1, "kvm.ko tells what firmware says; QEMU's firmware says little, hence `cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken`")
HV_CAP(PPC_HWRNG,	0, 1, 1, "H_RANDOM; QEMU's POWER8 has no generator")
HV_CAP(SPAPR_TCE,	1, 1, 1, "")
HV_CAP(SPAPR_TCE_64,	1, 1, 1, "")
HV_CAP(SPAPR_MULTITCE,	1, 1, 1, "")
HV_CAP(SPAPR_TCE_VFIO,	1, 1, 1, "**kvm.ko's answer; there is no passthrough.** A guest's TCE calls for a VFIO device fail with H_HARDWARE, and the host's log says why")
HV_CAP(PPC_RPT_INVALIDATE, 1, 1, 1, "kvm.ko's answer; H_RPT_INVALIDATE is for radix guests, a hash guest gets H_UNSUPPORTED")
HV_CAP(PPC_NESTED_HV,	0, 0, 0, "QEMU refuses `cap-nested-hv=on`")
HV_CAP(PPC_SECURE_GUEST, 0, 0, 0, "a guest that asks the ultravisor stays a normal one")
HV_CAP(SET_GUEST_DEBUG,	1, 1, 1, "software breakpoints")
HV_CAP(PPC_GUEST_DEBUG_SSTEP, 0, 0, 0, "QEMU steps by breakpoints")
HV_CAP(PPC_GET_PVINFO,	0, 0, 0, "KVM PR's, by which QEMU tells the two")
HV_CAP(PPC_PAIRED_SINGLES, 0, 0, 0, "")
HV_CAP(PPC_OSI,		0, 0, 0, "")

#undef HV_CAP
