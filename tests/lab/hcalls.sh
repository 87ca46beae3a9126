#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Hypercalls of every family that is not tested elsewhere.
# shellcheck disable=SC1091,SC2154
. /usr/lib/kvm-hv/tests/lib.inc

flag=0
stock && flag=1
payload hcalls -r "r6=$flag"

hvrun -T 20 -r "r6=$flag" -r r7=1 "$payloads/hcalls.bin" >rtas.out 2>&1
status=$?
[ $status = 2 ] && grep -q 'cannot run: Bad address' rtas.out
ok $? "RTAS arguments outside memory end KVM_RUN"
[ $status = 2 ] || diag rtas.out
done_testing
