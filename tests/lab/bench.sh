#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# host: --icount --append mitigations=off
# timeout: 600
# hvbench in a lab host, in short (./hv bench has the whole of it): every row runs
# and says so in a result file that hvbench can read.
# shellcheck disable=SC1091
. /usr/lib/kvm-hv/tests/lib.inc

hvbench run --quick -o a.json 2>err
ok $? "hvbench run --quick"
diag err
hvbench show -f csv a.json >a.csv
ok $? "hvbench show reads what it wrote"
rows=$(hvbench rows | sed '/^workloads/,$d' | grep -c '^  ')
check "all $rows rows are in it" test "$(tail -n +2 a.csv | wc -l)" -eq "$rows"
# neither may a guest with an HPT, nor is there a second CPU; the kernel's own loses wake-ups on POWER10
not_run='tlbie|virtual-ipi'
! stock || [ "$HV_MACHINE" != 10 ] || not_run="$not_run|io-in|self-ipi|ipi-wake"
awk -F, -v ok="^($not_run)\$" 'NR > 1 && $9 == 0 && $6 !~ ok { print "# not run: " $6 ": " $NF; bad = 1 } END { exit bad }' a.csv
ok $? "and all of them were run, but for those that can't ($not_run)"
awk -F, 'NR > 1 && $9 && $8 != "instructions"' a.csv >wrong
check "figures are instructions" test ! -s wrong
hvbench compare a.json a.json >same
ok $? "a result compared with itself is the same"
hvbench run --rows H_REMOVE-none,empty-loop --runs 2 --samples 3 -o b.json 2>err && hvbench compare a.json b.json >b.out
ok $? "H_REMOVE-none and empty-loop again are the same within 1 %"
hvbench run --rows mfmsr --type hv --backend "${HV_BACKEND:-hv}" -o - 2>/dev/null | grep -q "\"backend\": \"${HV_BACKEND:-hv}\""
ok $? "a result on standard output, the backend as told"
hvbench run --cycles --rows hcall-user -o cycles.json 2>/dev/null && hvbench show -f csv cycles.json |
	awk -F, '$6 == "hcall-user" { n = $21 } END { exit !(n > 1000) }'
ok $? "--cycles counts those of the host's thread"
hvbench run --rows mfmsr -o c.json 2>/dev/null
check "which backend it is is found out" grep -q "\"backend\": \"${HV_BACKEND:-hv}\"" c.json
env -u HV_ICOUNT hvbench run --rows mfmsr -o ticks.json 2>/dev/null && hvbench show ticks.json | grep -q 'without --icount mean nothing'
ok $? "an emulator's time is not shown"
hvbench run --payload /no/such/file 2>err
check "no payload: status 2, one line" test "$? $(wc -l <err)" = "2 1"
# a payload of another version
printf '#!/bin/sh\necho done\n' >mute && chmod +x mute
hvbench run --rows mfmsr --hvrun ./mute -o mute.json 2>err
check "a row that the guest says nothing of: status 2, no file" test "$? $(ls mute.json 2>/dev/null)" = "2 "
check "... which is said" grep -q 'did not run mfmsr' err
# Ended, it takes with it what it runs.
printf '#!/bin/sh\necho >started\nexec sleep 1800\n' >slow && chmod +x slow
ends() { # SIGNAL STATUS ARG...
	sig=$1 want=$2
	shift 2
	rm -f started
	hvbench "$@" 2>err &
	until [ -e started ]; do sleep 0.1; done
	kill "-$sig" $!
	wait $!
	got=$?
	sleep 1
	check "$1, SIG$sig: status $want, no file" test "$got $(ls ended.json* 2>/dev/null)" = "$want "
	! grep -qsxz '180[0]' /proc/[0-9]*/cmdline
	ok $? "... and no guest"
}
ends TERM 143 run --rows mfmsr --hvrun ./slow -o ended.json
ends KILL 137 run --rows vm-switch --hvrun ./slow -o ended.json
ends TERM 143 workloads -o ended.json -- ./slow
ends KILL 137 workloads -o ended.json -- ./slow
cp /usr/lib/kvm-hv/payloads/bench.bin "my payload" && hvbench run --rows mfmsr --payload "my payload" -o my.json 2>err
ok $? "a payload with a blank in its name"

# Whole workloads: what hvbench asks of the command that boots a guest, and takes from it. (tests/hv/bench.sh boots one.)
cat >fake-guest <<'EOF'
#!/bin/sh
echo "$*" >>asked
echo booted
for i in $(seq "$2"); do
	hvbench rows | sed '1,/^workloads/d; s/^  \([^ ]*\) .*/\1/' | grep -v boot | sed 's/.*/workload & 10 1000/'
done
EOF
chmod +x fake-guest
hvbench workloads --runs 2 --samples 3 -o w.json -- ./fake-guest word 2>err
ok $? "hvbench workloads"
diag err
check "a boot to warm up, and two guests with samples" test "$(tr '\n' ,  <asked)" = "word 0,word 3,word 3,"
hvbench show -f csv w.json | awk -F, 'NR > 1 { print $6, $9, $11 }' >w.rows
check "the first boot is not in the result" grep -qx "boot 2 2" w.rows
check "... but each sample is, by its run" test "$(grep -c ' 6 2$' w.rows)" = $(($(wc -l <w.rows) - 1)) -a "$(wc -l <w.rows)" -gt 5
cat >fewer <<'EOF'
#!/bin/sh
./fake-guest "$@" | awk 'NR != 5'
EOF
chmod +x fewer
hvbench workloads --samples 3 -o fewer.json -- ./fewer word 2>err
check "a sample too few: status 2, no file" test "$? $(ls fewer.json 2>/dev/null)" = "2 "
check "... which is said" grep -q '21 of 22 samples' err
hvbench workloads -o none.json -- false 2>err
check "a guest that does not boot: status 2, one line, no file" test "$? $(wc -l <err) $(ls none.json 2>/dev/null)" = "2 1 "
hvbench workloads --runs 0 -- ./fake-guest 2>err
check "--runs 0: status 2, one line" test "$? $(wc -l <err)" = "2 1"
done_testing
