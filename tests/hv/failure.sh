#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# boots: yes
# timeout: 400
# ./hv exec when the lab fails; nothing is left running.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.inc"

hv exec --backend none --append HV_TEST=$$ --timeout 30 -- sh -c 'echo begun; sleep 1000'
ok "timeout: status 124" status_is 124
ok "timeout: says so" err_has "time is up after 30 s"
ok "timeout: output until then" [ "$(cat out)" = begun ]
ok "timeout: emulator gone" no_qemu $$

hv exec --backend none --append HV_TEST=$$ --timeout 100 -- sh -c 'echo c >/proc/sysrq-trigger; sleep 100'
ok "panic: status 125" status_is 125
ok "panic: says so" err_has "Kernel panic - not syncing: sysrq triggered crash"
ok "panic: the log's end" err_has "  | "
ok "panic: emulator gone" no_qemu $$

hv exec --backend none --timeout 60 --qemu-arg -nosuchoption -- true
ok "emulator that does not start: status 125" status_is 125
ok "emulator that does not start: its words" err_has nosuchoption

hv exec --backend none --timeout 100 --append "rdinit=/nosuchinit init=/nosuch" -- true
ok "failed boot: status 125" status_is 125
ok "failed boot: says so" err_has "did not boot"

"$HV" exec --backend none --append HV_TEST=$$ --timeout 100 -- sleep 1000 >out 2>err &
pid=$!
n=0
while no_qemu $$ && [ $n -lt 100 ]; do sleep 0.2; n=$((n + 1)); done
kill -KILL $pid
sleep 2
ok "caller killed: emulator gone" no_qemu $$
finish
