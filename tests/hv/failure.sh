#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# boots: yes
# timeout: 900
# ./hv exec when the lab fails; nothing is left running.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.inc"

# long enough for a boot
for t in 30 120 300; do
	hv exec --backend none --append HV_TEST=$$ --timeout $t -- sh -c 'echo begun; sleep 1000'
	[ ! -s out ] || break
done
ok "timeout: status 124" status_is 124
ok "timeout: says so" err_has "time is up after $t s"
ok "timeout: output until then" [ "$(cat out)" = begun ]
ok "timeout: emulator gone" no_qemu $$

hv exec --backend none --append HV_TEST=$$ -- sh -c 'echo c >/proc/sysrq-trigger; sleep 1000'
ok "panic: status 125" status_is 125
ok "panic: says so" err_has "Kernel panic - not syncing: sysrq triggered crash"
ok "panic: the log's end" err_has "  | "
ok "panic: emulator gone" no_qemu $$

hv exec --backend none --qemu-arg -nosuchoption -- true
ok "emulator that does not start: status 125" status_is 125
ok "emulator that does not start: its words" err_has nosuchoption

hv exec --backend none --append "rdinit=/nosuchinit init=/nosuch" -- true
ok "failed boot: status 125" status_is 125
ok "failed boot: says so" err_has "did not boot"

"$HV" exec --backend none --append HV_TEST=$$ -- sleep 1000 >out 2>err &
pid=$!
n=0
while no_qemu $$ && [ $n -lt 300 ]; do sleep 0.2; n=$((n + 1)); done
ok "caller: has an emulator" [ $n -lt 300 ]
kill -KILL $pid
n=0
until no_qemu $$ || [ $n -ge 300 ]; do sleep 0.2; n=$((n + 1)); done
ok "caller killed: emulator gone" no_qemu $$
finish
