#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# boots: yes
# timeout: 7200
# Only with HV_LONG=1 in the environment of ./hv test (half an hour): hvtrace report beside perf kvm
# stat report on 1 GB of real events, of the 2 million hypercalls of one long run. Both in the lab, for perf on
# this machine finds no exits in a POWER host's recording. One instruction is one nanosecond there.
# shellcheck disable=SC2016 source-path=SCRIPTDIR
. "$(dirname "$0")/lib.inc"

if [ "${HV_LONG:-}" != 1 ]; then
	echo "1..0 # SKIP HV_LONG is not set"
	exit 0
fi
cat >inside.sh <<'END'
timed() {
	start=$(date +%s%N)
	"$@" >text 2>&1 || echo "failed: $*"
	end=$(date +%s%N)
	echo "$1 $(awk '$1 == "SYSCALL" { print $2; exit }' text) $((end - start))"
}
hvtrace record -o t.data -e kvm_guest_enter,kvm_guest_exit,kvm_hcall_enter,kvm_hcall_exit,kvm_partition_switch -- \
	hvrun -T 2000 -r r6=1 -r r7=236000 /usr/lib/kvm-hv/payloads/hpt.bin >guest.out || exit 1
echo "bytes $(wc -c <t.data)"
timed hvtrace report -i t.data
timed perf kvm -i t.data stat report
ulimit -v 262144	# kB
timed hvtrace report -i t.data
END
hv exec --machine power9 --icount --mem 4G --timeout 7000 --put inside.sh -- sh inside.sh
ok "recorded, and read by both" status_is 0
sed 's/^/# /' out
ok "1 GB" awk '$1 == "bytes" && $2 > 1e9 { found = 1 } END { exit !found }' out
ok "both found the same exits" awk '$1 == "hvtrace" { ours = $2 } $1 == "perf" { theirs = $2 }
	END { exit !(ours > 2e6 && ours - theirs <= 1 && theirs - ours <= 1) }' out
ok "hvtrace report takes a third of perf's instructions at most" awk '$1 == "hvtrace" { ours = $3 } $1 == "perf" { theirs = $3 }
	END { exit !(ours > 0 && 3 * ours <= theirs) }' out
ok "... and has enough with 256 MB of memory" awk '/^failed/ { bad = 1 } $1 == "hvtrace" { n++ } END { exit bad || n != 2 }' out
finish
