/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The one list of rows of the benchmark, in the order in which tables show them.
 * Include it with HV_BENCH_ROW defined:
 *
 *   HV_BENCH_ROW(id, "name", GROUP, SETUP, "unit", "Dall's name", "what it measures")
 *
 * bench/suite has a struct row of that id. SETUP is the guest it needs, see
 * below; which backend can run a row shows when it is prepared: one that can't is
 * skipped with a reason. The unit is what one count of it is. Dall's name is
 * that of the same row in C. Dall et al., "ARM Virtualization: Performance and
 * Architectural Implications", ISCA 2016, or "".
 *
 * HV_BENCH_WORKLOAD(id, count, "unit", "what it does"): of a Linux guest, in the order
 * in which workloads/hvwork.c runs them; a sample is count units.
 *
 * HV_BENCH_SETUP(ID, hvrun's options, "what the guest is"). At most 64 rows: a
 * payload gets those it is to run as a mask.
 */
#ifndef HV_BENCH_ROW
#define HV_BENCH_ROW(...)
#endif
#ifndef HV_BENCH_WORKLOAD
#define HV_BENCH_WORKLOAD(...)
#endif
#ifndef HV_BENCH_SETUP
#define HV_BENCH_SETUP(...)
#endif

HV_BENCH_SETUP(PLAIN, "", "one vCPU, no interrupt controller in the kernel")
HV_BENCH_SETUP(XICS, "--xics", "one vCPU, XICS in the kernel")
HV_BENCH_SETUP(PAIR, "--xics --cpus 2", "two vCPUs on one host CPU, XICS in the kernel")
HV_BENCH_SETUP(SMP, "--xics --cpus 2 --pin", "two vCPUs, each on a host CPU of its own, XICS in the kernel")
HV_BENCH_SETUP(PEER, "--peer", "two VMs of one vCPU on one host CPU")

HV_BENCH_ROW(empty_loop, "empty-loop", CONTROL, PLAIN, "pass", "", "the loop around a hypercall, without it: nine instructions")
HV_BENCH_ROW(timer_read, "timer-read", CONTROL, PLAIN, "pair", "", "two reads of the timebase: part of every row that times each of its events")

HV_BENCH_ROW(h_remove_none, "H_REMOVE-none", HCALL, PLAIN, "call", "Hypercall", "H_REMOVE of an entry that is not there: a hypercall that every backend answers itself")
HV_BENCH_ROW(h_confer_any, "H_CONFER-any", HCALL, PLAIN, "call", "", "H_CONFER to nobody in particular; problem-state KVM leaves it to the VMM")
HV_BENCH_ROW(hcall_user, "hcall-user", HCALL, PLAIN, "call", "", "a hypercall that the VMM answers")
HV_BENCH_ROW(h_enter, "H_ENTER", HPT, PLAIN, "call", "", "H_ENTER of a 4 KiB page of touched memory")
HV_BENCH_ROW(h_read, "H_READ", HPT, PLAIN, "call", "", "H_READ of one entry")
HV_BENCH_ROW(h_protect, "H_PROTECT", HPT, PLAIN, "call", "", "H_PROTECT of an entry in use, the rights it has")
HV_BENCH_ROW(h_remove, "H_REMOVE", HPT, PLAIN, "call", "", "H_REMOVE of an entry in use, TLB invalidation included")
HV_BENCH_ROW(h_bulk_remove, "H_BULK_REMOVE-4", HPT, PLAIN, "call", "", "H_BULK_REMOVE of four entries in use")

HV_BENCH_ROW(host_page_fault, "page-fault", FAULT, PLAIN, "fault", "", "a store of a guest in real mode to memory for which the host has no page")
HV_BENCH_ROW(hpt_miss, "hpt-miss", FAULT, PLAIN, "fault", "", "a load for which the guest's HPT has no entry: to the guest's handler, which skips it")
HV_BENCH_ROW(guest_page_fault, "guest-page-fault", FAULT, PLAIN, "fault", "", "a store, the guest's handler enters the page by H_ENTER, the store succeeds")

HV_BENCH_ROW(slbmte, "slbmte", MMU, PLAIN, "instruction", "", "slbmte of a segment that is there already")
HV_BENCH_ROW(slb_miss, "slb-miss", MMU, PLAIN, "miss", "", "slbie, a load, the guest's handler puts the segment back, the load succeeds")
HV_BENCH_ROW(context_switch, "context-switch", MMU, PLAIN, "switch", "", "four segments of one address space give way to those of another, a load in each")
HV_BENCH_ROW(tlbie, "tlbie", MMU, PLAIN, "instruction", "", "tlbie by the guest, where it may")

HV_BENCH_ROW(mfmsr, "mfmsr", PRIV, PLAIN, "instruction", "", "mfmsr")
HV_BENCH_ROW(mtmsrd, "mtmsrd", PRIV, PLAIN, "instruction", "", "mtmsrd of what MSR has")
HV_BENCH_ROW(mtmsrd_ee, "mtmsrd-EE", PRIV, PLAIN, "pair", "", "mtmsrd L=1: MSR[EE] on and off")
HV_BENCH_ROW(mfsprg, "mfspr-SPRG", PRIV, PLAIN, "instruction", "", "mfspr of SPRG2")
HV_BENCH_ROW(mtsprg, "mtspr-SPRG", PRIV, PLAIN, "instruction", "", "mtspr of SPRG2")
HV_BENCH_ROW(mtsrr, "mtspr-SRR0", PRIV, PLAIN, "instruction", "", "mtspr of SRR0")
HV_BENCH_ROW(mfdar, "mfspr-DAR", PRIV, PLAIN, "instruction", "", "mfspr of DAR")
HV_BENCH_ROW(mtdec, "mtspr-DEC", PRIV, PLAIN, "instruction", "", "mtspr of the decrementer")
HV_BENCH_ROW(rfid, "rfid", PRIV, PLAIN, "instruction", "", "rfid to the next instruction")
HV_BENCH_ROW(guest_syscall, "guest-syscall", PRIV, PLAIN, "call", "", "sc of guest problem state to a handler that is one rfid")

HV_BENCH_ROW(decrementer, "decrementer", TIMER, PLAIN, "interrupt", "", "from the decrementer's expiry in a busy guest to its handler")
HV_BENCH_ROW(host_tick, "host-tick", TIMER, PLAIN, "interrupt", "", "what a busy guest loses to an interrupt of the host's: the exit, the host's work, the entry")
HV_BENCH_ROW(prod_cede, "H_PROD+H_CEDE", TIMER, PLAIN, "pair", "", "H_PROD to itself, and H_CEDE, which then does not wait")
HV_BENCH_ROW(cede_decrementer, "cede-decrementer", TIMER, PLAIN, "wake-up", "", "H_CEDE: from the decrementer's expiry to the guest's handler")

HV_BENCH_ROW(mmio_read, "mmio-read", IO, PLAIN, "load", "", "a load from a device that the VMM emulates")
HV_BENCH_ROW(mmio_write, "mmio-write", IO, PLAIN, "store", "", "a store to a device that the VMM emulates")
HV_BENCH_ROW(io_out, "io-out", IO, PLAIN, "store", "I/O Latency Out", "from a store to a device to the VMM that sees it")
HV_BENCH_ROW(io_in, "io-in", IO, XICS, "interrupt", "I/O Latency In", "from the VMM that raises an interrupt, on the vCPU's own thread, to the guest's handler")
HV_BENCH_ROW(rtas, "rtas", IO, XICS, "call", "", "H_RTAS, ibm,get-xive, which kvm.ko answers")

HV_BENCH_ROW(h_ipoll, "H_IPOLL", IRQ, XICS, "call", "Interrupt Controller Trap", "H_IPOLL: what is pending at the interrupt controller")
HV_BENCH_ROW(h_eoi, "H_EOI", IRQ, XICS, "call", "Virtual IRQ Completion", "H_EOI of an interrupt that was accepted")
HV_BENCH_ROW(self_ipi, "self-ipi", IRQ, XICS, "interrupt", "", "H_IPI to itself until the handler runs")
HV_BENCH_ROW(virtual_ipi, "virtual-ipi", IRQ, SMP, "interrupt", "Virtual IPI", "H_IPI to a vCPU that runs on another CPU until its handler has run and that is seen")
HV_BENCH_ROW(ipi_wake, "ipi-wake", IRQ, PAIR, "wake-up", "", "H_IPI wakes an idle vCPU on the same CPU, one way of a ping-pong")
HV_BENCH_ROW(prod_wake, "prod-wake", IRQ, PAIR, "wake-up", "", "H_PROD wakes an idle vCPU on the same CPU, one way of a ping-pong")
HV_BENCH_ROW(vm_switch, "vm-switch", IRQ, PEER, "switch", "VM Switch", "from a VM that waits to another that goes on, on the same CPU, through both VMMs")

HV_BENCH_WORKLOAD(syscall, 20000, "call", "getppid")
HV_BENCH_WORKLOAD(fork, 100, "child", "fork, exit, wait")
HV_BENCH_WORKLOAD(exec, 40, "program", "posix_spawn of a small static program, wait")
HV_BENCH_WORKLOAD(pipe, 1000, "round trip", "a byte through a pipe to another process and back")
HV_BENCH_WORKLOAD(fault, 1024, "page", "a store to a fresh page of the guest kernel's, given back in the end")
HV_BENCH_WORKLOAD(cpu, 1, "sieve", "primes below 2^20, no system call")
HV_BENCH_WORKLOAD(compile, 1, "program", "gcc -O2 of a program of three lines, linked")

#undef HV_BENCH_ROW
#undef HV_BENCH_WORKLOAD
#undef HV_BENCH_SETUP
