#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# timeout: 240
# Interrupts and idle vCPUs, one host CPU: through the kernel's XICS, through
# the external line that user space drives.
# shellcheck disable=SC1091,SC2154
. /usr/lib/kvm-hv/tests/lib.inc

if stock && [ "$HV_MACHINE" = 10 ]; then
	# measured: it sleeps over an interrupt that was presented before H_CEDE
	skip "interrupts through an XICS" "the kernel's own backend loses wake-ups on POWER10"
else
	payload irq -c 2 --xics -r r6=1 -r r7=300
fi
payload irq -c 2 -r r6=0 -r r7=300
# POWER8: none of the 8000 calls leaves the partition; the host's ticks do.
if [ "$HV_MACHINE" = 8 ] && ! stock; then
	trace_start kvm_partition_switch
	payload irq --xics -r r6=2 -r r7=2000
	trace_stop switches
	check "$(($(wc -l <switches) / 2)) switches to the guest for 8000 presentation calls" \
		test "$(wc -l <switches)" -gt 1 -a "$(wc -l <switches)" -lt 4000
fi
# A guest that ends with a doorbell pending, and the next one.
if stock && [ "$HV_MACHINE" = 8 ]; then
	skip "doorbells" "the kernel wants as many threads of the host as of the guest's core"
elif [ "$HV_MACHINE" = 8 ]; then
	# nothing would keep a guest's msgsndp from the host's own threads
	hvrun -c 4 --threads 2 "$payloads/doorbell.bin" >out 2>&1
	check "a second thread in a guest's core is refused" test $? -ne 0
	check "... hvrun says why" grep -qi 'invalid argument' out
	check "... and so does the log" sh -c 'dmesg | grep -q "threads=1"'
	check "the first of eight runs" hvrun --threads 8 "$payloads/hello.bin"
else
	payload doorbell -c 4 --threads 2
	payload doorbell -c 4 --threads 2
fi
done_testing
