#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# timeout: 240
# The hypercalls on the hashed page table, and that they stay in the partition:
# the loop's calls need no switch to the host, but for its own interrupts.
# shellcheck disable=SC1091,SC2154
. /usr/lib/kvm-hv/tests/lib.inc

payload hpt

n=2000
stock || trace_start kvm_partition_switch
payload hpt -r r6=1 -r r7=$n
if stock; then
	skip "nine calls $n times stay in the partition" "the kernel's own backend does not tell"
else
	trace_stop trace.out
	switches=$(grep -c 'to host' trace.out)
	check "nine calls $n times stay in the partition ($switches switches to the host)" \
		test "$switches" -lt $((n / 2))
fi

# With events on, the image's records are as many.
n=500
trace_start kvm_hcall_enter
payload hpt -r r6=1 -r r7=$n
trace_stop trace.out
if stock; then
	skip "each of the nine calls is traced $n times" "the kernel's own backend answers some unseen"
else
	for h in REMOVE ENTER READ PROTECT CLEAR_MOD CLEAR_REF PROD CEDE CONFER; do
		seen=$(grep -c "hcall=\(H_\)\{0,1\}$h " trace.out)
		check "H_$h is traced $n times ($seen)" test "$seen" -ge $n
	done
fi
done_testing
