/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The one list of guest exits: interrupts that reach the hypervisor while a
 * guest runs (Power ISA v3.1B III, "Interrupt Definitions"; numbers are the interrupt
 * vectors). Include it with HV_EXIT defined:
 *
 *   HV_EXIT(vector, NAME, "meaning")
 *
 * NAME is what the kernel's own kvm_guest_exit event prints where it has a
 * name for the vector, so that existing scripts keep working.
 */
HV_EXIT(0x0100, SYSTEM_RESET,    "system reset (NMI)")
HV_EXIT(0x0200, MACHINE_CHECK,   "machine check")
HV_EXIT(0x0300, DATA_STORAGE,    "data storage interrupt")
HV_EXIT(0x0380, DATA_SEGMENT,    "data segment interrupt")
HV_EXIT(0x0400, INST_STORAGE,    "instruction storage interrupt")
HV_EXIT(0x0480, INST_SEGMENT,    "instruction segment interrupt")
HV_EXIT(0x0500, EXTERNAL,        "external interrupt for the host")
HV_EXIT(0x0502, EXTERNAL_HV,     "external interrupt for the host, through HSRR0/1")
HV_EXIT(0x0600, ALIGNMENT,       "alignment interrupt")
HV_EXIT(0x0700, PROGRAM,         "program interrupt")
HV_EXIT(0x0800, FP_UNAVAIL,      "floating-point unavailable")
HV_EXIT(0x0900, DECREMENTER,     "decrementer")
HV_EXIT(0x0980, HV_DECREMENTER,  "hypervisor decrementer (HDEC): the host's timer or time slice")
HV_EXIT(0x0a00, DOORBELL,        "directed privileged doorbell")
HV_EXIT(0x0c00, SYSCALL,         "hypercall (sc 1)")
HV_EXIT(0x0d00, TRACE,           "trace interrupt")
HV_EXIT(0x0e00, H_DATA_STORAGE,  "hypervisor data storage (HDSI): guest data access not mapped")
HV_EXIT(0x0e20, H_INST_STORAGE,  "hypervisor instruction storage (HISI): guest fetch not mapped")
HV_EXIT(0x0e40, H_EMUL_ASSIST,   "hypervisor emulation assistance (HEAI): illegal instruction")
HV_EXIT(0x0e60, HMI,             "hypervisor maintenance interrupt")
HV_EXIT(0x0e80, H_DOORBELL,      "directed hypervisor doorbell: a host CPU wants this one")
HV_EXIT(0x0ea0, H_VIRT,          "hypervisor virtualization interrupt: device interrupt for the host")
HV_EXIT(0x0f00, PERFMON,         "performance monitor")
HV_EXIT(0x0f20, ALTIVEC,         "vector unavailable")
HV_EXIT(0x0f40, VSX,             "VSX unavailable")
HV_EXIT(0x0f60, FAC_UNAVAIL,     "facility unavailable")
HV_EXIT(0x0f80, H_FAC_UNAVAIL,   "hypervisor facility unavailable: guest used what HFSCR withholds")
HV_EXIT(0x1500, SOFTPATCH,       "soft patch: denormal assist or TM assist")

#undef HV_EXIT
