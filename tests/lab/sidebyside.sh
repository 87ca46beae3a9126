#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# host: --kernel lab
# timeout: 1800
# HV and PR VMs at the same time, chosen by KVM_CREATE_VM: neither disturbs the other.
# One CPU: kvm-pr drops a hypervisor doorbell that ends its guest's run (its exit path
# hands external, decrementer, PMU and directed privileged doorbell interrupts to the
# host's handlers, not 0xe80), so that IPIs between the CPUs of a POWER9 host get lost.
# shellcheck disable=SC1091,SC2154
. /usr/lib/kvm-hv/tests/lib.inc

modprobe kvm-pr 2>err || { diag err; ok 1 "kvm-pr loads beside kvm-hv"; done_testing; exit 1; }
ok 0 "kvm-pr loads beside kvm-hv"

# kinds OPTION...: which backend ran that guest, by the trace events it made
kinds() {
	for e in kvm_hv/kvm_guest_enter kvm_pr/kvm_exit; do
		echo 1 >"$tracing/events/$e/enable"
	done
	echo >"$tracing/trace"
	echo 1 >"$tracing/tracing_on"
	hvrun -T 60 "$@" "$payloads/hello.bin" >hello.out 2>&1 || echo failed
	echo 0 >"$tracing/tracing_on"
	for e in kvm_hv/kvm_guest_enter kvm_pr/kvm_exit; do
		echo 0 >"$tracing/events/$e/enable"
	done
	for e in kvm_guest_enter kvm_exit; do
		! grep -q " $e: " "$tracing/trace" || echo "$e"
	done
	echo >"$tracing/trace"
}
check "type 1 is HV" test "$(kinds -t hv)" = kvm_guest_enter
check "type 2 is PR" test "$(kinds -t pr)" = kvm_exit
check "type 0 is HV while there is one" test "$(kinds)" = kvm_guest_enter

# guests of both kinds, which check their results, at the same time
pair() {
	hvrun -T 300 -t pr -c 2 -r r6=5 "$payloads/demo.bin" >pr.out 2>&1 &
	pr=$!
	hvrun -T 300 -t hv -c 2 -r r6=5 "$payloads/demo.bin" >hv.out 2>&1 &
	hv=$!
	hvrun -T 300 -t pr "$payloads/paging.bin" >paging.out 2>&1
	take_tap "PR paging beside others" paging.out $?
	hvrun -T 300 -t hv "$payloads/paging.bin" >paging.out 2>&1
	take_tap "HV paging beside others" paging.out $?
	wait $pr
	ok $? "a PR guest with two vCPUs: $(tail -n 1 pr.out)"
	wait $hv
	ok $? "an HV guest with two vCPUs: $(tail -n 1 hv.out)"
}
pair
pair

# start TYPE: a guest that lives until it is ended; its process is $guest
start() {
	: >"long.$1"
	hvrun -T 600 -t "$1" -r r6=600 "$payloads/demo.bin" >"long.$1" 2>&1 &
	guest=$!
	wait_for 60 grep -q 'vCPU 0' "long.$1"
}

# goes_on FILE: the guest prints its next line
goes_on() {
	before=$(wc -l <"$1")
	wait_for 60 sh -c "[ \$(wc -l <'$1') -gt $((before + 1)) ]"
}

# stays TYPE OTHER: a VM of one type while the other's module and VM come and go
stays() {
	start "$1"
	one=$guest
	start "$2"
	two=$guest
	rmmod "kvm_$2" 2>/dev/null
	check "kvm-$2 is not removed while it has a VM" grep -q "^kvm_$2 " /proc/modules
	kill -9 $two
	wait $two 2>/dev/null
	check "a VM of type $1 goes on when one of type $2 is killed" goes_on "long.$1"
	rmmod "kvm_$2"
	check "kvm-$2 is removed while a VM of type $1 runs" test "$? $(grep -c "^kvm_$2 " /proc/modules)" = "0 0"
	check "which goes on" goes_on "long.$1"
	hvrun -t "$2" "$payloads/hello.bin" >refused 2>&1
	check "type $2 is then refused" grep -q 'no such backend is loaded' refused
	hvrun -T 60 "$payloads/hello.bin" >any.out 2>&1
	ok $? "type 0 takes what is left"
	modprobe "kvm-$2"
	hvrun -T 60 -t "$2" "$payloads/hello.bin" >again.out 2>&1
	ok $? "kvm-$2 comes back and runs a guest"
	check "while the VM of type $1 goes on" goes_on "long.$1"
	kill $one
	wait $one 2>/dev/null
}
stays hv pr
stays pr hv

# Linux 6.12's kvm-pr does not count POWER10 among the processors with pages of 64 KiB (kvmppc_set_pvr_pr), and with
# pages of 4 KiB QEMU finds a Debian guest's HPT too small for its VRMA.
if [ "$HV_MACHINE" = 10 ]; then
	skip "a Debian guest of kvm-pr boots from its disk" "QEMU does not start one on POWER10"
	done_testing
	exit
fi
env HV_BACKEND=pr lab-guest --timeout 1000 -- true >debian.out 2>&1
status=$?
diag debian.out
ok $status "a Debian guest of kvm-pr boots from its disk"
done_testing
