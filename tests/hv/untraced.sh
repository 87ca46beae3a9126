#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# boots: yes
# timeout: 600
# What tracing costs while nobody listens: the module as it is and one built without it, on one host, the
# same guests. Statistics are on, as by default. The cheapest sample of five runs of each: one without the host's ticks.
# shellcheck disable=SC2016 source-path=SCRIPTDIR
. "$(dirname "$0")/lib.inc"
root=$(dirname "$HV")

cat >inside.sh <<'INSIDE'
run() {
	for i in 1 2 3 4 5; do
		hvrun -T 100 -r r6=100 -r r7=100 -r r8=0x14 /usr/lib/kvm-hv/payloads/bench.bin >$1.$i 2>&1 || exit 1
	done
	awk -v what="$1" '$1 == "sample" { c = $4 / $3 * 1e9 / 512e6; if (!($2 in least) || c < least[$2]) least[$2] = c }
		END { for (r in least) print what, r, least[r] }' "$1".*
}
run with
rmmod kvm_hv && insmod ./kvm-hv.ko && run without
INSIDE
KBUILD_ARGS="KCFLAGS=-DHV_UNTRACED=1" sh "$root/kvm-hv/build.sh" "$HV_KERNEL_DIR" "$root" build build.dep >build.log 2>&1
ok "a module without tracing builds" [ -s build/kvm-hv.ko ]
hv exec --machine power9 --icount --append mitigations=off --put inside.sh --put build/kvm-hv.ko -- sh inside.sh
ok "both run" status_is 0
# cost ROW: with less without
cost() {
	awk -v row="$1" '$2 == row { c[$1] = $3 } END { if (c["with"] && c["without"]) printf "%.1f", c["with"] - c["without"] }' out
}
while read -r row limit; do
	c=$(cost "$row")
	ok "$row: tracing that is off costs at most $limit instructions (${c:-not measured})" \
		awk "BEGIN { exit !(\"$c\" != \"\" && ${c:-0} <= $limit) }"
done <<LIMITS
H_REMOVE-none 1
hcall-user 3
LIMITS
sed 's/^/# /' out
finish
